"""What a saved source reads otherwise than before, each with its mend. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from crawler.fetching.failures import REMEDIES
from storage.identity import identity_key
from storage.sources.shown import KnownEntries
from storage.types import Article, Entry, Habits, Listing, Reason, SourceSpec

_FEWER = 0.5
"""The share of its usual entries below which a listing has lost some."""
_LEAST = 5
"""Entries that were stored before, from which on they can be compared with."""
_MOST, _SOME = 0.8, 0.5
_LANGUAGES = 3
"""Statements that tell the languages of a source."""


_LOOK = "look at the page in a browser; name a row and its date by CSS selectors where too few are found"


@dataclass(frozen=True, slots=True)
class Drift:
    """One thing that is otherwise than before."""

    what: str
    mend: str


def drifted(
    spec: SourceSpec, habits: Habits | None, before: KnownEntries, listing: Listing, article: Article | None
) -> tuple[Drift, ...]:
    """What is read otherwise than it was stored; nothing of a source that was not polled yet but what is amiss now."""
    found = [] if listing.reason.healthy else [_amiss(listing)]
    if habits and listing.entries:
        found += _in_reader(spec, habits, listing)
    if habits and listing.reason is not Reason.EMPTY:
        found += _in_number(habits, listing.entries)
    if listing.entries and len(before.keys) >= _LEAST:
        found += _in_entries(spec, before, listing.entries)
    if article and len(before.languages) >= _LANGUAGES:
        found += _in_language(spec, before, article)
    return tuple(found)


def _amiss(listing: Listing) -> Drift:
    return Drift(f"{listing.reason}: {listing.detail}", REMEDIES.get(listing.reason, ""))


def _in_reader(spec: SourceSpec, habits: Habits, listing: Listing) -> list[Drift]:
    if not (habits.reader and listing.reader) or habits.reader == listing.reader:
        return []
    again = f"if what is read is wrong, add it anew: presswatch sources add {spec.address}"
    return [Drift(f"it is read as {listing.reader}, before as {habits.reader}", again)]


def _in_number(habits: Habits, entries: Sequence[Entry]) -> list[Drift]:
    usual = median(habits.entries) if habits.entries else 0
    if len(entries) >= _FEWER * usual:
        return []
    return [Drift(f"it shows {len(entries)} entries, usually {usual:g}", _LOOK)]


def _in_language(spec: SourceSpec, before: KnownEntries, article: Article) -> list[Drift]:
    if article.language in (*before.languages, *spec.languages):
        return []
    said = ", ".join(dict.fromkeys(before.languages))
    mend = "look whether the section has another address now; its language decides how dates are read"
    return [Drift(f"its newest statement is in {article.language or 'no known language'}, before {said}", mend)]


def _in_entries(spec: SourceSpec, before: KnownEntries, entries: Sequence[Entry]) -> list[Drift]:
    found = []
    selectors = "look at the page in a browser, and name a row, its title and date by CSS selectors"
    for name, was, now in (
        ("titles", before.titled, sum(bool(entry.title) for entry in entries)),
        ("dates", before.dated, sum(entry.published.day is not None for entry in entries)),
    ):
        if was >= _MOST and now < _SOME * len(entries):
            found.append(Drift(f"{now} of its {len(entries)} entries have {name}, before nearly all had", selectors))
    if not any(_key(entry.address) in before.keys for entry in entries):
        mend = "look at the page in a browser: the site may have changed all its addresses"
        found.append(Drift(f"none of its {len(entries)} addresses was seen before", mend))
    return found


def _key(address: str) -> str:
    try:
        return identity_key(address)
    except ValueError:
        return address
