"""The catalogue: sources as data, one TOML file a country or organisation. Standard library only.

A file has one table `[organisation]` and a list `[[source]]`. A source has a `key` (`mfa-by/news-en`), a `name` and an
`address`; every other field of `storage.types.SourceSpec` may stand in the source, or in `[organisation]` for all
sources of the file, with its `name` as theirs of the organisation. `listing` and `article` are tables of CSS selectors.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from storage.errors import NotFoundError, SettingsError
from storage.types import ArticleSelectors, ListingSelectors, Shape, SourceSpec

FOLDER = Path(__file__).parent

_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*/[a-z0-9]+(-[a-z0-9]+)*")
_OWN_FIELDS = frozenset({"key", "name", "address"})

Selectors = TypeVar("Selectors", ListingSelectors, ArticleSelectors)


class CatalogueError(SettingsError):
    """A file of the catalogue is wrong; the message names the file, the source and the field."""


@cache
def catalogue() -> tuple[SourceSpec, ...]:
    """All sources of the catalogue, by file and then in the file's order. Raises `CatalogueError`."""
    return read_folder(FOLDER)


def find(key: str) -> SourceSpec:
    """The catalogue's source of that key. Raises `NotFoundError` with the nearest key, and `CatalogueError`."""
    specs = {spec.key: spec for spec in catalogue()}
    if key not in specs:
        near = difflib.get_close_matches(key, specs, n=1, cutoff=0.4)
        raise NotFoundError(
            f"the catalogue has no source {key!r}", mend=f"did you mean {near[0]}?" if near else "see: sources list"
        )
    return specs[key]


def read_folder(folder: Path) -> tuple[SourceSpec, ...]:
    """The sources of all `*.toml` files of a folder. Raises `CatalogueError`, also for a key that stands twice."""
    specs: dict[str, SourceSpec] = {}
    for path in sorted(folder.glob("*.toml")):
        for spec in read_file(path):
            if spec.key in specs:
                raise CatalogueError(f"{path.name}: {spec.key}: key: there is already a source of that key")
            specs[spec.key] = spec
    return tuple(specs.values())


def read_file(path: Path) -> tuple[SourceSpec, ...]:
    """The sources of one file. Raises `CatalogueError`."""
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{path.name}: not TOML: {error}") from error
    unknown = set(content) - {"organisation", "source"}
    if unknown:
        raise CatalogueError(f"{path.name}: unknown table {min(unknown)!r}", mend="use [organisation] and [[source]]")
    organisation, sources = content.get("organisation", {}), content.get("source", [])
    if not isinstance(organisation, dict) or not isinstance(sources, list) or not sources:
        raise CatalogueError(f"{path.name}: needs one [organisation] and at least one [[source]]")
    shared = {name: value for name, value in organisation.items() if name != "name"}
    if "name" in organisation:
        shared["organisation"] = organisation["name"]
    for name in sorted(_OWN_FIELDS & set(shared)):
        raise CatalogueError(f"{path.name}: organisation: {name}: belongs into each [[source]]")
    return tuple(_source(shared, source, f"{path.name}: source {number}") for number, source in enumerate(sources, 1))


# -- one source ------------------------------------------------------------------------------------------------------


def _source(shared: Mapping[str, Any], own: Mapping[str, Any], place: str) -> SourceSpec:
    place = f"{place} ({own['key']})" if isinstance(own.get("key"), str) else place
    for name in sorted(_OWN_FIELDS - set(own)):
        raise CatalogueError(f"{place}: {name}: is missing")
    values = {name: _value(name, value, place) for name, value in {**shared, **own}.items()}
    listing, article = ({**shared.get(name, {}), **own.get(name, {})} for name in ("listing", "article"))
    values["listing"] = _selectors(ListingSelectors, listing, f"{place}: listing")
    values["article"] = _selectors(ArticleSelectors, article, f"{place}: article")
    return SourceSpec(**values)


def _value(name: str, value: Any, place: str) -> Any:
    """A field as the spec takes it. Raises `CatalogueError`."""
    read = _FIELDS.get(name)
    if read is None:
        near = difflib.get_close_matches(name, _FIELDS, n=1)
        mend = f"did you mean {near[0]}?" if near else f"the fields are {', '.join(sorted(_FIELDS))}"
        raise CatalogueError(f"{place}: {name}: there is no such field", mend=mend)
    try:
        return read(value)
    except (ValueError, KeyError, OSError) as error:
        reason = error.args[0] if isinstance(error, ValueError) and error.args else f"{value!r} is not known"
        raise CatalogueError(f"{place}: {name}: {reason}") from error


def _selectors(make: type[Selectors], values: Mapping[str, Any], place: str) -> Selectors:
    for name, value in values.items():
        if name not in make.__dataclass_fields__:
            known = ", ".join(make.__dataclass_fields__)
            raise CatalogueError(f"{place}: {name}: there is no such selector", mend=f"the selectors are {known}")
        if not isinstance(value, str):
            raise CatalogueError(f"{place}: {name}: {value!r} is not a text")
    return make(**values)


# -- the fields ------------------------------------------------------------------------------------------------------


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{value!r} is not a text")
    return value


def _matching(pattern: str, example: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if not re.fullmatch(pattern, _text(value)):
            raise ValueError(f"{value!r} is not written like {example}")
        return str(value)

    return read


def _address(value: Any) -> str:
    parts = urlsplit(_text(value))
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{value!r} is not an http or https address")
    return str(value)


def _languages(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise ValueError(f"{value!r} is not a list of language codes like ['en']")
    return tuple(_matching("[a-z]{2}", "en")(language) for language in value)


def _zone(value: Any) -> str:
    return ZoneInfo(_text(value)).key


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{value!r} is neither true nor false")
    return value


def _whole(least: int, most: int) -> Callable[[Any], int]:
    def read(value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise ValueError(f"{value!r} is not a whole number from {least} to {most}")
        return value

    return read


def _seconds(value: Any) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 3600:
        raise ValueError(f"{value!r} is not a number of seconds from 0 to 3600")
    return float(value)


def _table(value: Any) -> Any:
    if not isinstance(value, dict):
        raise ValueError(f"{value!r} is not a table of selectors")
    return value


_FIELDS: Mapping[str, Callable[[Any], Any]] = {
    "key": _matching(_KEY.pattern, "mfa-by/news-en"),
    "name": _text,
    "address": _address,
    "organisation": _text,
    "country": _matching("[A-Z]{2}", "BY"),
    "languages": _languages,
    "zone": _zone,
    "day_first": _truth,
    "shape": Shape,
    "listing": _table,
    "article": _table,
    "interval": _whole(30, 86_400),
    "delay": _seconds,
    "enabled": _truth,
    "verified": _truth,
    "fact_year": _whole(2000, 2100),
    "note": _text,
}
"""How each field is read; a field that is not here is refused."""
