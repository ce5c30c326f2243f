"""The fields of a source in the catalogue: how each is read, and the same rule as JSON Schema. Standard library only.

A reader takes the value as TOML gives it and returns it as `SourceSpec` has it. It raises `ValueError` with the reason,
or `KeyError` or `OSError` for a time zone that is not known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from storage.types import ArticleSelectors, ListingSelectors, SearchForm, Shape, TransportExceptions

Read = Callable[[Any], Any]
Rule = dict[str, Any]

_NAME = "[a-z0-9]+(-[a-z0-9]+)*"


@dataclass(frozen=True, slots=True)
class Field:
    """One field: how it is read, and what a JSON Schema can say of it."""

    read: Read
    rule: Rule


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{value!r} is not a text")
    return value


def _matching(pattern: str, example: str) -> Field:
    def read(value: Any) -> str:
        if not re.fullmatch(pattern, _text(value)):
            raise ValueError(f"{value!r} is not written like {example}")
        return str(value)

    return Field(read, {"type": "string", "pattern": f"^{pattern}$"})


def _list_of(each: Field, example: str) -> Field:
    def read(value: Any) -> tuple[str, ...]:
        if not isinstance(value, list) or not value:
            raise ValueError(f"{value!r} is not a list like {example}")
        return tuple(map(each.read, value))

    return Field(read, {"type": "array", "minItems": 1, "items": each.rule})


def _address(value: Any) -> str:
    parts = urlsplit(_text(value))
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{value!r} is not an http or https address")
    return str(value)


def _zone(value: Any) -> str:
    return ZoneInfo(_text(value)).key


def _shape(value: Any) -> Shape:
    return Shape(_text(value))


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{value!r} is neither true nor false")
    return value


def _whole(least: int, most: int) -> Field:
    def read(value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise ValueError(f"{value!r} is not a whole number from {least} to {most}")
        return value

    return Field(read, {"type": "integer", "minimum": least, "maximum": most})


def _seconds(value: Any) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 3600:
        raise ValueError(f"{value!r} is not a number of seconds from 0 to 3600")
    return float(value)


def _table_of(selectors: type[ListingSelectors] | type[ArticleSelectors]) -> Field:
    def read(value: Any) -> Any:
        if not isinstance(value, dict):
            raise ValueError(f"{value!r} is not a table of selectors")
        return value

    known = {name: {"type": "string"} for name in selectors.__dataclass_fields__}
    return Field(read, {"type": "object", "additionalProperties": False, "properties": known})


def _transport(value: Any) -> TransportExceptions:
    if not isinstance(value, dict):
        raise ValueError(f"{value!r} is not a table of exceptions")
    for name, one in value.items():
        if name not in _EXCEPTIONS:
            raise ValueError(f"there is no exception {name!r}; there are {', '.join(_EXCEPTIONS)}")
        (_truth if _EXCEPTIONS[name] == "boolean" else _text)(one)
    if not value.get("why"):
        raise ValueError("an exception needs its reason in `why`")
    return TransportExceptions(**value)


def _search(value: Any) -> SearchForm:
    if not isinstance(value, dict) or not isinstance(value.get("fields"), dict) or not value["fields"]:
        raise ValueError("a search form needs a table of its `fields`")
    for name, one in value.items():
        if name not in _SEARCH:
            raise ValueError(f"a search form has no {name!r}; it has {', '.join(_SEARCH)}")
        if name != "fields":
            _SEARCH[name].read(one)
    fields = tuple((name, _form_value(one)) for name, one in value["fields"].items())
    wanted = {"{from}", "{to}"} | ({"{token}"} if value.get("token") else set())
    if missing := [each for each in sorted(wanted) if not any(each in one for _, one in fields)]:
        raise ValueError(f"no field of the search form sends {missing[0]}")
    return SearchForm(**{**value, "fields": fields})


def _form_value(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not a text")
    if unknown := set(re.findall(r"\{[^{}]*\}", value)) - _PLACES:
        raise ValueError(f"{min(unknown)} is not known; known are {', '.join(sorted(_PLACES))}")
    return value


_PLACES = frozenset({"{from}", "{to}", "{page}", "{token}"})
_EXCEPTIONS = {"ca_file": "string", "legacy_tls": "boolean", "plain_http": "boolean", "why": "string"}
_WORDS = Field(_text, {"type": "string", "pattern": r"\S"})
_TRUTH = Field(_truth, {"type": "boolean"})
_ADDRESS = Field(_address, {"type": "string", "pattern": "^https?://[^/]"})
_SEARCH = {
    "address": _ADDRESS,
    "fields": Field(dict, {"type": "object"}),
    "date_format": _WORDS,
    "token": _WORDS,
    "good": _WORDS,
    "most": _whole(1, 1000),
}

FIELDS: Mapping[str, Field] = {
    "key": _matching(f"{_NAME}/{_NAME}", "mfa-by/news-en"),
    "name": _WORDS,
    "address": _ADDRESS,
    "organisation": _WORDS,
    "country": _matching("[A-Z]{2}", "BY"),
    "languages": _list_of(_matching("[a-z]{2}", "en"), "['en']"),
    "zone": Field(_zone, {"type": "string", "pattern": "^[A-Z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$"}),
    "day_first": _TRUTH,
    "shape": Field(_shape, {"enum": [str(shape) for shape in Shape]}),
    "listing": _table_of(ListingSelectors),
    "article": _table_of(ArticleSelectors),
    "interval": _whole(30, 86_400),
    "slowest": _whole(30, 604_800),
    "delay": Field(_seconds, {"type": "number", "minimum": 0, "maximum": 3600}),
    "browser": _TRUTH,
    "transport": Field(
        _transport,
        {
            "type": "object",
            "additionalProperties": False,
            "required": ["why"],
            "properties": {name: {"type": kind} for name, kind in _EXCEPTIONS.items()},
        },
    ),
    "search": Field(
        _search,
        {
            "type": "object",
            "additionalProperties": False,
            "required": ["fields"],
            "properties": {name: field.rule for name, field in _SEARCH.items()},
        },
    ),
    "enabled": _TRUTH,
    "verified": _TRUTH,
    "fact_year": _whole(2000, 2100),
    "packs": _list_of(_matching(_NAME, "csto"), "['csto']"),
    "note": _WORDS,
}
"""What a source may say; a field that is not here is refused."""

OWN = frozenset({"key", "name", "address"})
"""What each source must say itself."""
