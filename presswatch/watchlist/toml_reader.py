"""TOML becomes a watchlist, and every mistake in it is told, not only the first. Pure.

A kind of which the file has no table is not spoken of; `topic = []` says that there is none.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Required

from pydantic import Strict

from crawler.catalog import find
from crawler.catalog.fields import fields_of, table
from crawler.catalog.mistakes import read as read_table
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
from storage.codec import from_json
from storage.errors import InvalidInputError, NotFoundError, PresswatchError
from storage.outbox import canaries
from storage.people import rhythms, subscriptions
from storage.types import Rhythm, SourceSpec

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
    wrong = [_unknown_table(name) for name in document if name not in list(Kind)]
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
    said = _read(WantedTopic, row, place, wrong)
    return WantedTopic(**said, place=place) if said else None


def _subscription(row: Mapping[str, Any], place: str, wrong: list[PresswatchError]) -> WantedSubscription | None:
    said = _read(WantedSubscription, row, place, wrong)
    if "://" in str(row.get("channel")):
        wrong.append(
            InvalidInputError(
                f"{place}: channel: an address has secrets, and does not belong into a file",
                mend="save it with: presswatch channels add NAME ADDRESS, and write its name here",
            )
        )
    elif said:
        try:
            if "canary" in said:
                _check_canary(said["canary"], said["topic"])
            events = rhythms.events_of(said["on"]) if "on" in said else subscriptions.PUBLISHED
            canary = said.get("canary", 0)
            return WantedSubscription(said["topic"], said["channel"], _rhythm(said), canary, events, place)
        except PresswatchError as error:
            wrong.append(at(place, error))
    return None


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
        _read(WantedSwitch, {"enabled": True} | {name: row[name] for name in row if name == "key"}, place, wrong)
        return None
    if key in of_catalogue or set(row) <= _SWITCH:
        return _switch(key, row, place, wrong, of_catalogue)
    return _own(key, row, place, wrong)


def _switch(
    key: str, row: Mapping[str, Any], place: str, wrong: list[PresswatchError], of_catalogue: Collection[str]
) -> WantedSwitch | None:
    before = len(wrong)
    if key not in of_catalogue:
        wrong.append(_not_of_catalogue(key, place))
    elif more := sorted(set(row) - _SWITCH):
        mend = "leave key and enabled alone, or give a source of your own another key"
        wrong.append(InvalidInputError(f"{place}: {more[0]}: the catalogue says that of it", mend=mend))
    said = _read(WantedSwitch, {name: row[name] for name in _SWITCH & set(row)}, place, wrong)
    return None if len(wrong) > before else WantedSwitch(**said, place=place)


def _not_of_catalogue(key: str, place: str) -> PresswatchError:
    try:
        find(key)
    except NotFoundError as error:
        return at(place, error)
    mend = "say its name and address too: here it is a source of your own"
    return InvalidInputError(f"{place}: {key} is not the catalogue's", mend=mend)


def _own(key: str, row: Mapping[str, Any], place: str, wrong: list[PresswatchError]) -> WantedSource | None:
    before = len(wrong)
    said = _read(WantedSource, row, place, wrong)
    try:
        check_key(key)
    except InvalidInputError as error:
        wrong.append(at(place, error))
    if len(wrong) > before:
        return None
    alert_first = said.pop("alert_first", False)
    return WantedSource(from_json(SourceSpec, said), alert_first, place)


# -- fields ------------------------------------------------------------------------------------------------------------


_OURS = frozenset({"spec", "place"})
"""What of a dataclass no table of the file says."""

_WRITTEN_OTHERWISE: Mapping[type, Mapping[str, Any]] = {
    WantedSubscription: {"rhythm": str, "zone": str, "quiet": str, "cap": Annotated[int, Strict()], "on": str},
    WantedSource: {"key": Required[str]},
}
"""What is written otherwise than the dataclass keeps it; a key of one's own may be any that `check_key` takes."""


@cache
def _table(kind: type) -> type[dict[str, Any]]:
    """What a table of the file may say: the fields of the dataclass that is made of it, or of a source's spec."""
    inner = fields_of(SourceSpec) if kind is WantedSource else {}
    said = {**inner, **fields_of(kind), **_WRITTEN_OTHERWISE.get(kind, {})}
    made: type[dict[str, Any]] = table(kind.__name__, {name: said[name] for name in said if name not in _OURS})
    return made


def _read(kind: type, row: Mapping[str, Any], place: str, wrong: list[PresswatchError]) -> dict[str, Any]:
    """What the row says, or nothing after all that is wrong with it was added.

    Values are repeated of sources alone: elsewhere they may be an address with secrets.
    """
    said, mistakes = read_table(_table(kind), row, secret=kind is not WantedSource)
    wrong += [InvalidInputError(f"{place}: {each}", mend=each.mend) for each in mistakes]
    return said


def _unknown_table(name: str) -> PresswatchError:
    near = difflib.get_close_matches(name, names := list(map(str, Kind)), n=1)
    mend = f"did you mean {near[0]}?" if near else f"use {', '.join(names)}"
    return InvalidInputError(f"{name}: there is no such table", mend=mend)
