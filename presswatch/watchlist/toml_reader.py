"""TOML becomes a watchlist, and every mistake in it is told, not only the first. Pure.

A kind of which the file has no table is not spoken of; `topic = []` says that there is none.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from crawler.catalog import find, mistakes_in, source_of
from presswatch.actions.sources import check_key
from presswatch.watchlist.model import (
    Kind,
    Wanted,
    WantedSource,
    WantedSubscription,
    WantedSwitch,
    WantedTopic,
    Watchlist,
)
from storage.errors import InvalidInputError, NotFoundError, PresswatchError
from storage.outbox import canaries
from storage.people import rhythms
from storage.types import Rhythm

_TYPES = {str: "a text", int: "a whole number", bool: "true or false"}
_EXAMPLES = {str: '"..."', int: "10", bool: "true"}
_FIELDS: Mapping[Kind, Mapping[str, type]] = {
    Kind.TOPIC: {"name": str, "query": str},
    Kind.SUBSCRIPTION: {
        "topic": str, "channel": str, "rhythm": str, "zone": str, "quiet": str, "cap": int, "canary": int,
    },
}  # fmt: skip
_NEEDED: Mapping[Kind, Collection[str]] = {Kind.TOPIC: ("name", "query"), Kind.SUBSCRIPTION: ("topic", "channel")}
_SWITCH = frozenset({"key", "enabled"})
"""What can be said of a source of the catalogue."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says, and what in it cannot be used."""

    watchlist: Watchlist
    mistakes: tuple[PresswatchError, ...] = ()
    topics: frozenset[str] = frozenset()
    """The names of its topics in small letters, also of those that cannot be used."""


def at(place: str, error: PresswatchError) -> PresswatchError:
    """The error with the place before what it says."""
    error.args = (f"{place}: {error}",)
    return error


def read(content: bytes, of_catalogue: Collection[str]) -> Reading:
    """What a file says. `of_catalogue` are the keys of sources that the catalogue describes.

    Raises `InvalidInputError` for what is not TOML at all.
    """
    text, document = _document(content)
    wrong = [_unknown(name, map(str, Kind)) for name in document if name not in list(Kind)]
    makers: Mapping[Kind, _Maker] = {
        Kind.TOPIC: _topic,
        Kind.SUBSCRIPTION: _subscription,
        Kind.SOURCE: lambda row, place, wrong: _source(row, place, wrong, of_catalogue),
    }
    said: dict[Kind, tuple[Any, ...] | None] = {
        kind: _wanted(kind, document[kind], text, make, wrong) if kind in document else None
        for kind, make in makers.items()
    }
    watchlist = Watchlist(said[Kind.TOPIC], said[Kind.SUBSCRIPTION], said[Kind.SOURCE])
    return Reading(watchlist, tuple(wrong), _names(document.get(Kind.TOPIC)))


def _document(content: bytes) -> tuple[str, dict[str, Any]]:
    try:
        text = content.decode("utf-8-sig")
        return text, tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise InvalidInputError(f"it is not UTF-8: {error}", mend="save it as UTF-8") from error
    except RecursionError:
        raise InvalidInputError("its tables are nested without end", mend="write it like an exported one") from None
    except ValueError as error:  # TOMLDecodeError, and numbers of thousands of digits
        raise InvalidInputError(f"it is not TOML: {error}", mend="correct it where this says") from error


def _names(tables: Any) -> frozenset[str]:
    rows = [row for row in tables if isinstance(row, dict)] if isinstance(tables, list) else []
    return frozenset(row["name"].casefold() for row in rows if isinstance(row.get("name"), str))


# -- tables ------------------------------------------------------------------------------------------------------------

_Maker = Callable[[Mapping[str, Any], str, list[PresswatchError]], Wanted | None]
"""A table and its place -> what it wants, or None after it has added what is wrong with it."""


def _wanted(kind: Kind, tables: Any, text: str, make: _Maker, wrong: list[PresswatchError]) -> tuple[Wanted, ...]:
    if not isinstance(tables, list) or not all(isinstance(row, dict) for row in tables):
        wrong.append(InvalidInputError(f"{kind}: it is not a list of tables", mend=f"write each as [[{kind}]]"))
        return ()
    places: dict[object, str] = {}
    found = []
    for row, place in zip(tables, _places(kind, tables, text), strict=True):
        if (wanted := make(row, place, wrong)) is None:
            continue
        if wanted.identity in places:
            first = places[wanted.identity]
            wrong.append(InvalidInputError(f"{place}: it stands there already: {first}", mend="leave one of them out"))
            continue
        places[wanted.identity] = place
        found.append(wanted)
    return tuple(found)


def _places(kind: Kind, tables: list[dict[str, Any]], text: str) -> list[str]:
    """Number, name and line of each table. The lines are left out where a text may only look like a table's head."""
    heads = [number for number, line in enumerate(text.split("\n"), 1) if re.match(rf"\s*\[\[\s*{kind}\s*\]\]", line)]
    lines = [f", line {number}" for number in heads] if len(heads) == len(tables) else [""] * len(tables)
    names = [row.get("name" if kind is Kind.TOPIC else "key" if kind is Kind.SOURCE else "topic") for row in tables]
    return [
        f"{kind} {number}{f' ({name})' if isinstance(name, str) else ''}{line}"
        for number, (name, line) in enumerate(zip(names, lines, strict=True), 1)
    ]


def _topic(row: Mapping[str, Any], place: str, wrong: list[PresswatchError]) -> WantedTopic | None:
    if mistakes := _mistakes(Kind.TOPIC, row, place):
        wrong += mistakes
        return None
    return WantedTopic(row["name"], row["query"], place)


def _subscription(row: Mapping[str, Any], place: str, wrong: list[PresswatchError]) -> WantedSubscription | None:
    mistakes = _mistakes(Kind.SUBSCRIPTION, row, place)
    if "://" in str(row.get("channel")):
        mistakes.append(
            InvalidInputError(
                f"{place}: channel: an address has secrets, and does not belong into a file",
                mend="save it with: channels add NAME ADDRESS, and write its name here",
            )
        )
    rhythm, canary = Rhythm(), row.get("canary", 0)
    if not mistakes:
        try:
            rhythm = _rhythm(row)
            if "canary" in row:
                _check_canary(canary, row["topic"])
        except PresswatchError as error:
            mistakes.append(at(place, error))
    wrong += mistakes
    return None if mistakes else WantedSubscription(row["topic"], row["channel"], rhythm, canary, place)


def _rhythm(row: Mapping[str, Any]) -> Rhythm:
    words = row.get("rhythm", Rhythm().written)
    return rhythms.parse(words, zone=row.get("zone", "UTC"), quiet=row.get("quiet", ""), cap=row.get("cap", 0))


def _check_canary(minutes: int, topic: str) -> None:
    canaries.check(minutes)
    if topic.casefold() != canaries.TOPIC:
        mend = f"leave canary out, or write topic = '{canaries.TOPIC}'"
        raise InvalidInputError(f"the topic {topic} has no canaries", mend=mend)


def _source(
    row: Mapping[str, Any], place: str, wrong: list[PresswatchError], of_catalogue: Collection[str]
) -> WantedSource | WantedSwitch | None:
    key = row.get("key")
    if not isinstance(key, str):
        wrong.append(_amiss("key", row, str, place))
        return None
    if key in of_catalogue or set(row) <= _SWITCH:
        return _switch(key, row, place, wrong, of_catalogue)
    return _own(key, row, place, wrong)


def _switch(
    key: str, row: Mapping[str, Any], place: str, wrong: list[PresswatchError], of_catalogue: Collection[str]
) -> WantedSwitch | None:
    mistakes: list[PresswatchError] = []
    if key not in of_catalogue:
        mistakes.append(_not_of_catalogue(key, place))
    elif more := sorted(set(row) - _SWITCH):
        mend = "leave key and enabled alone, or give a source of your own another key"
        mistakes.append(InvalidInputError(f"{place}: {more[0]}: the catalogue says that of it", mend=mend))
    if not isinstance(row.get("enabled"), bool):
        mistakes.append(_amiss("enabled", row, bool, place))
    wrong += mistakes
    return None if mistakes else WantedSwitch(key, row["enabled"], place)


def _not_of_catalogue(key: str, place: str) -> PresswatchError:
    try:
        find(key)
    except NotFoundError as error:
        return at(place, error)
    mend = "say its name and address too: here it is a source of your own"
    return InvalidInputError(f"{place}: {key} is not the catalogue's", mend=mend)


def _own(key: str, row: Mapping[str, Any], place: str, wrong: list[PresswatchError]) -> WantedSource | None:
    given = {name: value for name, value in row.items() if name not in ("key", "alert_first")}
    mistakes: list[PresswatchError] = list(mistakes_in(given, place))
    alert_first = row.get("alert_first", False)
    if not isinstance(alert_first, bool):
        mistakes.append(_amiss("alert_first", row, bool, place))
    try:
        check_key(key)
    except InvalidInputError as error:
        mistakes.append(at(place, error))
    wrong += mistakes
    return None if mistakes else WantedSource(source_of(key, given, place), alert_first, place)


# -- fields ------------------------------------------------------------------------------------------------------------


def _mistakes(kind: Kind, row: Mapping[str, Any], place: str) -> list[PresswatchError]:
    """What is missing, unknown or of the wrong kind. Values are not repeated: they may be an address with secrets."""
    known = _FIELDS[kind]
    unknown = [_unknown(name, known, place) for name in row if name not in known]
    wanted = [name for name in known if name in row or name in _NEEDED[kind]]
    return unknown + [_amiss(name, row, known[name], place) for name in wanted if not _is(known[name], row.get(name))]


def _is(kind: type, value: Any) -> bool:
    return isinstance(value, kind) and not (kind is int and isinstance(value, bool))


def _amiss(name: str, row: Mapping[str, Any], kind: type, place: str) -> PresswatchError:
    what = f"it is not {_TYPES[kind]}" if name in row else "it is missing"
    return InvalidInputError(f"{place}: {name}: {what}", mend=f"write {name} = {_EXAMPLES[kind]}")


def _unknown(name: str, known: Iterable[str], place: str = "") -> PresswatchError:
    near = difflib.get_close_matches(name, names := list(known), n=1)
    mend = f"did you mean {near[0]}?" if near else f"use {', '.join(names)}"
    what = "there is no such field" if place else "there is no such table"
    return InvalidInputError(f"{place}: {name}: {what}" if place else f"{name}: {what}", mend=mend)
