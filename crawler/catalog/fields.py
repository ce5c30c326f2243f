"""What a table of a file may say of a source: the fields of our dataclasses as they stand there, and rules for some.

A field that has no rule here takes whatever its type allows, so a new one is written in `storage.types` alone. What is
said is checked by pydantic as it is read; the same rules as JSON Schema are what `schema.py` writes for editors.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from typing import Annotated, Any, Required, get_type_hints
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, ConfigDict, Field, Strict, with_config
from typing_extensions import TypedDict

from storage.types import SearchForm, SourceSpec, TransportExceptions

# -- values ------------------------------------------------------------------------------------------------------------


def _like(pattern: str, example: str) -> Any:
    return Annotated[str, Field(pattern=f"^{pattern}$", examples=[example])]


def _some(each: Any) -> Any:
    return Annotated[list[each], Field(min_length=1)]


def _whole(least: int, most: int) -> Any:
    return Annotated[int, Field(ge=least, le=most, strict=True)]


def _address(value: str) -> str:
    if not urlsplit(value).hostname:
        raise ValueError(f"{value!r} has no host")
    return value


def _zone(value: str) -> str:
    try:
        return ZoneInfo(value).key
    except (KeyError, OSError):
        raise ValueError(f"{value!r} is no time zone by its IANA name") from None


def _form_value(value: str) -> str:
    if unknown := set(re.findall(r"\{[^{}]*\}", value)) - _PLACES:
        raise ValueError(f"{min(unknown)} is not known; known are {', '.join(sorted(_PLACES))}")
    return value


def _asking_for_days(form: dict[str, Any]) -> dict[str, Any]:
    """A search form's table, its fields as pairs, once it sends all that has to be sent."""
    wanted = {"{from}", "{to}"} | ({"{token}"} if "token" in form else set())
    if missing := [each for each in sorted(wanted) if not any(each in one for one in form["fields"].values())]:
        raise ValueError(f"no field of the search form sends {missing[0]}")
    return {**form, "fields": tuple(form["fields"].items())}


_NAME = "[a-z0-9]+(-[a-z0-9]+)*"
_PLACES = frozenset({"{from}", "{to}", "{page}", "{token}"})
_TEXT = Annotated[str, Field(pattern=r"\S")]
_ADDRESS = Annotated[
    str,
    Field(
        pattern="^[Hh][Tt][Tt][Pp][Ss]?://[^/]",
        description="an http or https address",
        examples=["https://mfa.example.org/news/"],
    ),
    AfterValidator(_address),
]
_FORM_FIELDS = Annotated[
    dict[str, Annotated[str, AfterValidator(_form_value)]],
    Field(
        min_length=1,
        description="a table of what the form's fields send",
        examples=[{"since": "{from}", "until": "{to}", "page": "{page}", "secret": "{token}"}],
    ),
]

KEY = f"{_NAME}/{_NAME}"
"""How the catalogue writes a source's key."""

# -- fields ------------------------------------------------------------------------------------------------------------

_RULES: Mapping[type, Mapping[str, Any]] = {
    SourceSpec: {
        "key": _like(KEY, "mfa-by/news-en"),
        "name": _TEXT,
        "address": _ADDRESS,
        "organisation": _TEXT,
        "country": _like("[A-Z]{2}", "BY"),
        "languages": _some(_like("[a-z]{2}", "en")),
        "zone": Annotated[
            _like("[A-Z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*", "Europe/Minsk"),
            AfterValidator(_zone),
        ],
        "interval": _whole(30, 86_400),
        "slowest": _whole(30, 604_800),
        "delay": Annotated[float, Field(ge=0, le=3600, strict=True, description="a number of seconds from 0 to 3600")],
        "fact_year": _whole(2000, 2100),
        "packs": _some(_like(_NAME, "csto")),
        "note": _TEXT,
    },
    TransportExceptions: {"ca_file": _TEXT, "why": Required[_TEXT]},
    SearchForm: {
        "address": _ADDRESS,
        "fields": Required[_FORM_FIELDS],
        "date_format": _TEXT,
        "token": _TEXT,
        "good": _TEXT,
        "most": _whole(1, 1000),
    },
}


@cache
def fields_of(kind: type[Any]) -> Mapping[str, Any]:
    """A dataclass's fields as the types of a table's; those without a default have to be said."""
    rules, hints = _RULES.get(kind, {}), get_type_hints(kind)
    said = {name: rules.get(name) or _by_type(hint) for name, hint in hints.items()}
    return {name: Required[rule] if name in _needed(kind) else rule for name, rule in said.items()}


def _needed(kind: Any) -> frozenset[str]:
    return frozenset(each.name for each in fields(kind) if each.default is MISSING and each.default_factory is MISSING)


def table(name: str, said: Mapping[str, Any]) -> Any:
    """The type of a table of these fields, as a `dict`: what is not said is not in it, what is unknown is refused."""
    make: Any = TypedDict  # a type checker knows none whose fields are not written out
    return with_config(ConfigDict(extra="forbid"))(make(name, said, total=False))


def _by_type(hint: Any) -> Any:
    if isinstance(hint, type) and is_dataclass(hint):
        return _table_in_a_table(hint)
    return Annotated[hint, Strict()] if hint in (bool, int, float) else hint


@cache
def _table_in_a_table(kind: Any) -> Any:
    inner = table(kind.__name__, fields_of(kind))
    return Annotated[inner, AfterValidator(_asking_for_days)] if kind is SearchForm else inner


# -- tables ------------------------------------------------------------------------------------------------------------

OWN = _needed(SourceSpec)
"""What each source must say itself."""


@cache
def source() -> Any:
    """One `[[source]]`."""
    return table("Source", fields_of(SourceSpec))


@cache
def organisation() -> Any:
    """`[organisation]`: its name, and what holds for all sources of the file."""
    known = fields_of(SourceSpec)
    shared = {name: rule for name, rule in known.items() if name not in OWN | {"organisation"}}
    return table("Organisation", {"name": known["organisation"], **shared})


def file() -> Any:
    """A whole file."""
    both = {"organisation": Required[organisation()], "source": Required[_some(source())]}
    return table("Sources of one country or organisation", both)
