"""Questions about gaps: a listing that shares nothing with the one before may have left statements out in between.

The page that may show them is written down in the transaction that writes the listing's entries: who dies in between
leaves a gap that the next poll fills.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import Connection, func, select, update

from storage.sources import sightings
from storage.tables import sightings as seen
from storage.tables import sources
from storage.types import Entry, Listing, Source

LEAST_ENTRIES = 3
FULL = 0.5
"""Fewer entries, or less than this share of what the listing usually has, say nothing of a gap: a list that was emptied
and fills again has none."""

RENAMED = 0.5
"""Where this share of the titles was known before, the statements have got other addresses, and none was missed."""

LATE = timedelta(days=2)
"""How long before the last poll a missed statement may be dated and still is news."""


def record_listing(
    connection: Connection, source: Source, listing: Listing, *, silent: bool, now: datetime
) -> tuple[int, str]:
    """Write down what a listing shows; return how many articles that leaves to fetch, and the page to fill a gap from.

    `silent` is for its entries. See `sightings.record_entries`.
    """
    unknown = sightings.record_entries(connection, source, listing.entries, silent=silent, now=now)
    page = source.gap_page
    if not page and listing.next_page and is_gap(connection, source, listing.entries, unknown, now):
        page = listing.next_page
        turn(connection, source, page)
    return unknown, page


def is_gap(connection: Connection, source: Source, entries: Sequence[Entry], unknown: int, now: datetime) -> bool:
    """Whether a listing, just written down, shares nothing with what the source showed before."""
    usual = median(source.habits.entries) if source.habits and source.habits.entries else 0
    is_full = unknown >= max(LEAST_ENTRIES, usual * FULL)
    if source.baseline_at is None or not is_full or unknown < sightings.distinct(entries):
        return False
    titles = {entry.title for entry in entries}
    before = (seen.c.source_id == source.id) & seen.c.title.in_(titles) & (seen.c.first_seen_at < now)
    known = connection.scalar(select(func.count(func.distinct(seen.c.title))).where(before)) or 0
    return known < RENAMED * len(titles)


def record_page(connection: Connection, source: Source, listing: Listing, now: datetime) -> tuple[int, str]:
    """Write down what an older page shows; return how many entries were missed, and the page to go on with.

    The way ends where an entry stands that was known before. What is dated long before the last poll is silent: it is
    no news that comes late, but an old statement under another address.
    """
    last = source.last_poll_at or now
    since = (last - LATE).date()
    old = [entry for entry in listing.entries if entry.published.day is not None and entry.published.day < since]
    fresh = [entry for entry in listing.entries if entry not in old]
    met = sightings.is_known(connection, source.id, listing.entries, before=last)
    found = sightings.record_missed(connection, source, fresh, silent=False, now=now)
    found += sightings.record_missed(connection, source, old, silent=True, now=now)
    page = "" if met or not listing.entries else listing.next_page
    turn(connection, source, page)
    return found, page


def turn(connection: Connection, source: Source, page: str) -> None:
    """Say which page is read next, or that there is none."""
    connection.execute(update(sources).where(sources.c.id == source.id).values(gap_page=page or None))
