"""JSON: the answer of an API, or what a page has for its scripts. Found by structure. Pure.

A list of objects is one of statements if most of them have a title, an address and a date; without dates, if their
titles read like headlines. The list that says most wins.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any
from urllib.parse import urlsplit

from crawler.dates import DateReader
from crawler.listing.answer import Answer
from crawler.listing.feeds.json_feed import is_json_feed, read_json_feed
from crawler.listing.json_lists.addresses import addresses_of
from crawler.listing.json_lists.embedded_state import states
from crawler.listing.json_lists.fields import published_of, summary_of, title_of, without_invented_times
from crawler.listing.json_lists.objects import Fields, Object, fields_of, kind_of, lists
from crawler.listing.json_lists.parsing import is_json, parse
from storage.errors import UnreadableError
from storage.identity import identity_key
from storage.types import Entry, Listing, Page, Reason, Shape, SourceSpec

ENTRIES = 2_000
_SAMPLE = 50
"""Objects of a list that decide whether it is one of statements."""
_LEAST_UNDATED = 3
_HEADLINE, _SHORT_HEADLINE = 25, 10
"""Characters of titles, on average: of a list without dates, and of one with."""
_FULL_TITLE = 60
_UNDATED, _FOREIGN_HOST, _GUESSED = 0.15, 0.3, 0.7
"""What a row is worth, against one that is dated, of the page's own host, at an address that is told."""

_NO_STATEMENTS = frozenset(
    (
        "Organization", "GovernmentOrganization", "NewsMediaOrganization", "WebSite", "WebPage", "CollectionPage",
        "Person", "ImageObject", "SearchAction", "BreadcrumbList", "Place", "PostalAddress", "ContactPoint",
        "SiteNavigationElement", "VideoObject", "AudioObject", "Product", "JobPosting", "Question", "Answer",
        "Language", "ReadAction", "Comment",
    )
)  # fmt: skip
"""Types of schema.org that are no statements; what has no type may be one."""


@dataclass(frozen=True, slots=True)
class _JsonList:
    """A list of statements in JSON, and how much it says."""

    entries: tuple[Entry, ...]
    worth: float


def read_json(answer: Answer, spec: SourceSpec) -> Listing | None:
    """The entries of a JSON Feed, or of an API's answer. None if the answer is no JSON, or none that was asked for.

    Raises `UnreadableError` where JSON was asked for, or the answer can be nothing else, and it is damaged.
    """
    if not is_json(answer.text, answer.page.content_type):
        return None
    try:
        value = parse(answer.text)
    except ValueError as error:
        if spec.shape is Shape.AUTO and "<" in answer.text:
            return None  # a page whose text happens to begin like JSON
        raise UnreadableError(Reason.UNREADABLE, str(error)) from error
    if is_json_feed(value):
        return read_json_feed(value, answer.page, spec)
    return _read_api(value, answer.page, spec) if spec.shape in (Shape.AUTO, Shape.JSON) else None


def _read_api(value: Any, page: Page, spec: SourceSpec) -> Listing:
    found = _best([value], page.address, "", spec)
    if found is None:
        return Listing((), "json", Reason.EMPTY, f"no list of statements in the JSON of {page.address}")
    return Listing(found.entries, "json")


def read_states(answer: Answer, spec: SourceSpec) -> Listing:
    """The entries of the JSON in a page: its structured data, or the state of its scripts."""
    found: dict[str, _JsonList] = {}
    of_kind: dict[str, list[Any]] = defaultdict(list)
    for kind, value in states(answer.text):
        of_kind[kind].append(value)
    for kind, values in of_kind.items():
        if best := _best(values, answer.base, answer.text, spec, answer.page.address):
            found[kind] = best
    if not found:
        return Listing((), "json-state", Reason.EMPTY, f"no list of statements in the JSON of {answer.page.address}")
    kind = max(found, key=lambda kind: found[kind].worth)
    return Listing(found[kind].entries, kind)


def _best(values: Sequence[Any], base: str, source: str, spec: SourceSpec, here: str = "") -> _JsonList | None:
    together = [lists(value) for value in values]
    alone = [one for one in values if isinstance(one, dict)]
    candidates = [objects for found in together for objects in found] + ([alone] if len(alone) > 1 else [])
    found = [
        one for objects in candidates for group in _alike(objects) if (one := _read(group, base, source, spec, here))
    ]
    return max(found, key=lambda one: one.worth, default=None)


def _alike(objects: Sequence[Object]) -> Iterable[Sequence[Object]]:
    """The objects by their type, those that can be statements."""
    groups: dict[str, list[Object]] = defaultdict(list)
    for one in objects:
        groups[kind_of(one.get("@type"))].append(one)
    return (group for kind, group in groups.items() if kind not in _NO_STATEMENTS)


def _read(objects: Sequence[Object], base: str, source: str, spec: SourceSpec, here: str) -> _JsonList | None:
    languages = spec.languages
    sample = [fields for one in objects[:_SAMPLE] if title_of(fields := fields_of(one, languages), languages)]
    if not sample or 2 * len(sample) < min(len(objects), _SAMPLE):
        return None
    addresses = addresses_of(sample, base, source)
    if addresses is None:
        return None
    rows = [fields_of(one, languages) for one in objects[:ENTRIES]]
    dates = DateReader(spec.languages, spec.zone, spec.day_first)
    claims = [published_of(fields, dates) for fields in rows]
    published = without_invented_times([claim for claim, _ in claims], spec.zone)
    entries: dict[str, Entry] = {}
    for fields, when in zip(rows, published, strict=True):
        address, title = addresses.of(fields), title_of(fields, languages)
        if address and title and not _is_same(address, here):
            entries.setdefault(address, Entry(address, title, when, summary_of(fields, languages), _id(fields)))
    told = sum(is_told for _, is_told in claims) * 2 >= len(claims)
    return _judged(tuple(entries.values()), base, told=told, is_guess=addresses.is_guess)


def _judged(entries: tuple[Entry, ...], base: str, *, told: bool, is_guess: bool) -> _JsonList | None:
    """The entries and what they say, or None where they are no statements."""
    if not entries:
        return None
    own = [_host(entry.address) == _host(base) for entry in entries]
    kind = _kind(entries, fmean(own), told=told, is_guess=is_guess)
    rows = sum(
        min(len(entry.title), _FULL_TITLE) / _FULL_TITLE * (1 if is_own else _FOREIGN_HOST)
        for entry, is_own in zip(entries, own, strict=True)
    )
    return _JsonList(entries, kind * rows * (_GUESSED if is_guess else 1)) if kind else None


def _kind(entries: Sequence[Entry], own: float, *, told: bool, is_guess: bool) -> float:
    """What rows of a kind are worth: dated ones, or undated headlines of the host; 0 where they are no statements."""
    length = fmean(len(entry.title) for entry in entries)
    if 2 * sum(entry.published.day is not None for entry in entries) >= len(entries):
        return 1.0 if length >= _HEADLINE or (told and length >= _SHORT_HEADLINE) else 0.0
    is_list = len(entries) >= _LEAST_UNDATED and length >= _HEADLINE
    return _UNDATED if is_list and own >= 0.5 and not is_guess else 0.0


def _host(address: str) -> str:
    return (urlsplit(address).hostname or "").removeprefix("www.")


def _is_same(address: str, here: str) -> bool:
    try:
        return bool(here) and identity_key(address) == identity_key(here)
    except ValueError:
        return False


def _id(fields: Fields) -> str:
    return next(
        (str(fields[path]) for path in (("id",), ("guid",), ("uuid",), ("nid",), ("@id",)) if path in fields), ""
    )
