"""Which field of an object is its title, its date, its summary. Pure.

Known by the words of its name, however they are joined, by how deep it stands, and by what it holds: a date that can be
read, a title that has letters. Nothing here knows one site.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from crawler.dates import DateReader
from crawler.listing.json_lists.objects import Fields, Path, words
from crawler.listing.texts.plain_text import plain
from crawler.listing.texts.timestamps import read_stamp
from storage.types import Published

_WRAPPERS = frozenset(
    (
        "attributes", "node", "item", "fields", "data", "_source", "document", "doc", "article", "news", "post",
        "entity", "properties", "frontmatter", "content", "translation", "translations", "record", "object",
    )
)  # fmt: skip
"""What an object may be wrapped in. What stands in anything else is of another thing: the title of its category."""
_VALUES = frozenset(
    (
        "rendered", "value", "text", "html", "plain", "und", "processed", "default", "$t", "#text", "_text", "$date",
        "date", "iso", "formatted", "seconds", "_seconds", "timestamp", "@value", "raw",
    )
)  # fmt: skip
"""What a value may be wrapped in."""

_TITLES = (
    "title", "headline", "heading", "header", "titre", "titel", "titulo", "tytul", "zagolovok", "name", "subject",
    "caption", "label", "nazvanie", "naimenovanie", "nazva", "ad", "baslik",
)  # fmt: skip
_SUMMARIES = (
    "summary", "excerpt", "description", "lead", "announce", "annotation", "anons", "intro", "teaser", "preview",
    "abstract", "short", "subtitle", "snippet", "deck", "brief",
)  # fmt: skip
_PUBLISHED = frozenset(
    (
        "published", "publish", "publication", "pub", "pubdate", "publishdate", "released", "release", "posted",
        "issued", "publicated", "publicationdate", "publisheddate", "datepublished", "onair",
    )
)  # fmt: skip
_DATED = frozenset(("date", "datetime", "day", "data", "datum", "fecha", "active", "from", "news", "newsdate", "tarih"))
_CREATED = frozenset(("created", "creation", "inserted", "added", "timestamp", "time", "ts", "createdat", "uploaded"))
_OTHER_TIMES = frozenset(
    (
        "updated", "update", "modified", "modification", "changed", "expires", "expire", "expiry", "end", "until",
        "edited", "deleted", "to", "unpublish", "unpublished", "updatedat", "birth", "close", "deadline", "reading",
        "duration", "now", "server", "crawl", "cached", "generated",
    )
)  # fmt: skip
_TIME_OF_DAY = re.compile(r"\d{1,2}:\d{2}(:\d{2})?")
_DOT_NET = re.compile(r"/Date\((-?\d+)(?:[+-]\d{4})?\)/")
_LONGEST_TITLE = 500
_SUMMARY = 1_000


def title_of(fields: Fields, languages: Sequence[str]) -> str:
    """What the object is called."""
    return next((text for path in _ranked(fields, _title_rank(languages)) if (text := _title(fields[path]))), "")


def summary_of(fields: Fields, languages: Sequence[str]) -> str:
    """What the object says it is about, in short."""
    for path in _ranked(fields, lambda name: _rank(name, _SUMMARIES, languages)):
        if isinstance(fields[path], str) and (text := plain(fields[path])):
            return text[:_SUMMARY]
    return ""


def published_of(fields: Fields, dates: DateReader) -> tuple[Published, bool]:
    """When the object was published, and whether a field of its own says so: some only say when it was made."""
    for path in _ranked(fields, _date_rank):
        published = _read(fields[path], dates)
        if published.day is not None and published.at is None:
            published = _with_time_of_day(published, fields, path, dates)
        if published.day is not None:
            return published, _date_rank(_name(path)) < 2
    return Published(zone=dates.zone), False


def without_invented_times(claims: Sequence[Published], zone: str) -> list[Published]:
    """The claims; where all say midnight, of the source's zone or of UTC, their makers knew the day alone."""
    times = {(claim.at.hour, claim.at.minute) for claim in claims if claim.at is not None}
    local = {text[11:16] for claim in claims if claim.at is not None and (text := str(claim))}
    if times and (times == {(0, 0)} or local == {"00:00"}):
        return [
            replace(claim, day=claim.at.date() if times == {(0, 0)} else claim.day, at=None) if claim.at else claim
            for claim in claims
        ]
    return list(claims)


# -- names -----------------------------------------------------------------------------------------------------------

Ranker = Callable[[str], float]
_NEVER = 99.0


def _ranked(fields: Fields, rank: Ranker) -> Iterator[Path]:
    """The paths whose names rank, the best first, those that stand outside before those that stand deeper."""
    ranked = [
        (value, len(path), number, path) for number, path in enumerate(fields) if (value := _of(path, rank)) < _NEVER
    ]
    return (path for *_, path in sorted(ranked, key=lambda one: one[:3]))


def _of(path: Path, rank: Ranker) -> float:
    name = _name(path)
    return rank(name) if name else _NEVER


def _name(path: Path) -> str:
    """What a field is called, without what it is wrapped in; nothing where it belongs to another thing."""
    around = [part for part in path[:-1] if part.lower() not in _WRAPPERS]
    if not around:
        return path[-1]
    if len(around) > 1:
        return ""
    if _is_language(path[-1]):
        return f"{around[0]}_{path[-1]}"
    return around[0] if path[-1].lower() in _VALUES else ""


def _is_language(name: str) -> bool:
    return len(name) == 2 and name.isalpha() and name.islower()


def _rank(name: str, names: Sequence[str], languages: Sequence[str]) -> float:
    """How well a name says one of `names`: alone, with a language (the source's first), or with other words."""
    said = words(name)
    for number, wanted in enumerate(names):
        if said == (wanted,):
            return number
        if len(said) == 2 and said[0] == wanted and _is_language(said[1]):
            return number + (0.1 if said[1] in languages else 0.3)
    return next(
        (number + len(names) for number, wanted in enumerate(names) if wanted in said and len(said) <= 3), _NEVER
    )


def _title_rank(languages: Sequence[str]) -> Ranker:
    def rank(name: str) -> float:
        said = words(name)
        if not {"seo", "meta", "og", "sub", "alt", "short", "site", "author", "category", "file", "user"}.isdisjoint(
            said
        ):
            return _NEVER
        return _rank(name, _TITLES, languages)

    return rank


def _date_rank(name: str) -> float:
    said = frozenset(words(name))
    if said & _OTHER_TIMES:
        return _NEVER
    if said & _PUBLISHED:
        return 0 if said != {"published"} else 0.5
    if said & _DATED and not said & _CREATED:
        return 1
    return 2 if said & _CREATED else _NEVER


# -- values ----------------------------------------------------------------------------------------------------------


def _title(value: object) -> str:
    if not isinstance(value, str):
        return ""
    text = plain(value)
    is_title = len(text) <= _LONGEST_TITLE and any(map(str.isalpha, text)) and "://" not in text.partition(" ")[0]
    return text if is_title else ""


def _read(value: object, dates: DateReader) -> Published:
    if isinstance(value, float):
        value = int(value) if abs(value) < 1e15 else ""
    if isinstance(value, int) and not 100_000_000 <= value < 10**14:
        return Published(zone=dates.zone)
    text = str(value)[:200]
    if found := _DOT_NET.search(text):
        text = found[1]
    return read_stamp(text if isinstance(value, int) else plain(text), dates)


def _with_time_of_day(published: Published, fields: Fields, path: Path, dates: DateReader) -> Published:
    """A date and its time of day in two fields, side by side."""
    for other, value in fields.items():
        is_beside = other[:-1] == path[:-1] and other != path and "time" in words(other[-1])
        if is_beside and isinstance(value, str) and _TIME_OF_DAY.fullmatch(value.strip()):
            both = read_stamp(f"{published.day} {value.strip()}", dates)
            return both if both.at is not None else published
    return published
