"""A listing as every database takes it. Pure.

What an entry holds goes from here into rows as it is, and one text that a database refuses would take all others of its
batch along. So it is mended where it is read, and an entry that cannot be is left out and told.
"""

from __future__ import annotations

from dataclasses import replace

from crawler.page.characters import one_line, storable
from storage.types import Entry, Listing, Reason

LONGEST_ADDRESS = 2_000
"""Characters. PostgreSQL's indexes take 2,700 bytes, browsers and servers seldom more than this."""
LONGEST_ID = 1_000
LONGEST_TITLE = 1_000
LONGEST_SUMMARY = 100_000
LONGEST_DATE = 200


def cleaned(listing: Listing) -> Listing:
    """The listing with all its texts whole, on one line and within limits; without entries of endless addresses."""
    entries = tuple(map(_cleaned, listing.entries))
    kept = tuple(one for one in entries if _length(one.address) <= LONGEST_ADDRESS)
    detail, reason = storable(listing.detail), listing.reason
    if lost := len(entries) - len(kept):
        detail = f"{detail}; {_told(lost, len(entries))}".removeprefix("; ")
        reason = Reason.EMPTY if not kept and reason is Reason.OK else reason
    next_page = storable(listing.next_page)
    next_page = next_page if _length(next_page) <= LONGEST_ADDRESS else ""
    return replace(listing, entries=kept, reason=reason, detail=detail, next_page=next_page)


def _told(lost: int, number: int) -> str:
    return f"{lost} of {number} entries left out: addresses of more than {LONGEST_ADDRESS:,} characters"


def _cleaned(entry: Entry) -> Entry:
    return replace(
        entry,
        address=storable(entry.address),
        title=one_line(entry.title, LONGEST_TITLE),
        summary=one_line(entry.summary, LONGEST_SUMMARY),
        feed_id=storable(entry.feed_id)[:LONGEST_ID],
        published=replace(entry.published, text=one_line(entry.published.text, LONGEST_DATE)),
    )


def _length(address: str) -> int:
    """Characters of an address as it is asked for: each byte that is not ASCII becomes three."""
    return len(address) if address.isascii() else sum(1 if byte < 128 else 3 for byte in address.encode())
