"""What a saved source reads otherwise than before, each with its mend. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from crawler.fetching.failures import REMEDIES
from storage.identity import identity_key
from storage.sources.sightings import KnownEntries
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
    found = []
    if not listing.reason.healthy:
        found.append(Drift(f"{listing.reason}: {listing.detail}", REMEDIES.get(listing.reason, "")))
    entries = listing.entries
    if habits and habits.reader and listing.reader and habits.reader != listing.reader and entries:
        again = f"if what is read is wrong, add it anew: sources add {spec.address}"
        found.append(Drift(f"it is read as {listing.reader}, before as {habits.reader}", again))
    usual = median(habits.entries) if habits and habits.entries else 0
    if usual and len(entries) < _FEWER * usual and listing.reason is not Reason.EMPTY:
        found.append(Drift(f"it shows {len(entries)} entries, usually {usual:g}", _LOOK))
    if entries and len(before.keys) >= _LEAST:
        found += _in_entries(spec, before, entries)
    if article and len(before.languages) >= _LANGUAGES and article.language not in (*before.languages, *spec.languages):
        said = ", ".join(dict.fromkeys(before.languages))
        mend = "look whether the section has another address now; its language decides how dates are read"
        found.append(
            Drift(f"its newest statement is in {article.language or 'no known language'}, before {said}", mend)
        )
    return tuple(found)


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
