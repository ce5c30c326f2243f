"""The catalogue: sources as data, one TOML file a country or organisation. Standard library only.

A file has one table `[organisation]` and a list `[[source]]`. A source has a `key` (`mfa-by/news-en`), a `name` and an
`address`; every other field of `storage.types.SourceSpec` may stand in the source, or in `[organisation]` for all
sources of the file, with its `name` as theirs of the organisation. `listing` and `article` are tables of CSS selectors,
merged one by one; `packs` of both places count. `fields.py` has the fields, `schema.json` says the same to editors.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from crawler.catalog.fields import FIELDS, OWN
from storage.errors import NotFoundError, SettingsError
from storage.types import ArticleSelectors, ListingSelectors, SourceSpec

FOLDER = Path(__file__).parent

Selectors = TypeVar("Selectors", ListingSelectors, ArticleSelectors)


class CatalogueError(SettingsError):
    """A file of the catalogue is wrong; the message names the file, the source and the field."""

    def __init__(self, message: str, *, mend: str = "write it as docs/adding-a-source.md says") -> None:
        super().__init__(message, mend=mend)


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


@cache
def packs() -> Mapping[str, tuple[SourceSpec, ...]]:
    """The packs by name, each with its sources in the catalogue's order. Raises `CatalogueError`."""
    names = sorted({name for spec in catalogue() for name in spec.packs})
    return {name: tuple(spec for spec in catalogue() if name in spec.packs) for name in names}


def find_pack(name: str) -> tuple[SourceSpec, ...]:
    """The sources of that pack. Raises `NotFoundError` with all packs there are, and `CatalogueError`."""
    if name not in packs():
        raise NotFoundError(f"there is no pack {name!r}", mend=f"the packs are {', '.join(packs())}")
    return packs()[name]


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
    given = {name: value for name, value in organisation.items() if name != "name"}
    for name in sorted(OWN & set(given)):
        raise CatalogueError(f"{path.name}: organisation: {name}: belongs into each [[source]]")
    if "name" in organisation:
        given["organisation"] = organisation["name"]
    shared = _values(given, f"{path.name}: organisation")
    return tuple(_source(shared, source, f"{path.name}: source {number}") for number, source in enumerate(sources, 1))


# -- one source ------------------------------------------------------------------------------------------------------


def mistakes_in(given: Mapping[str, Any], place: str) -> Iterator[CatalogueError]:
    """All that is wrong with a source that stands alone, field by field, but for its key, which is not among them."""
    for name in sorted(OWN - {"key"} - set(given)):
        yield _missing(name, place)
    for name, value in given.items():
        try:
            read = _value(name, value, place)
            if name == "listing":
                _selectors(ListingSelectors, read, f"{place}: listing")
            elif name == "article":
                _selectors(ArticleSelectors, read, f"{place}: article")
        except CatalogueError as error:
            yield error


def source_of(key: str, given: Mapping[str, Any], place: str) -> SourceSpec:
    """A source that stands alone, of that key and with these fields. Raises `CatalogueError` for the first mistake."""
    return _spec({}, {"key": key, **_values(given, place)}, place)


def _source(shared: Mapping[str, Any], given: Mapping[str, Any], place: str) -> SourceSpec:
    place = f"{place} ({given['key']})" if isinstance(given.get("key"), str) else place
    for name in sorted(OWN - set(given)):
        raise _missing(name, place)
    return _spec(shared, _values(given, place), place)


def _spec(shared: Mapping[str, Any], own: Mapping[str, Any], place: str) -> SourceSpec:
    listing, article = ({**shared.get(name, {}), **own.get(name, {})} for name in ("listing", "article"))
    return SourceSpec(
        **{
            **shared,
            **own,
            "packs": tuple(dict.fromkeys((*shared.get("packs", ()), *own.get("packs", ())))),
            "listing": _selectors(ListingSelectors, listing, f"{place}: listing"),
            "article": _selectors(ArticleSelectors, article, f"{place}: article"),
        }
    )


def _missing(name: str, place: str) -> CatalogueError:
    return CatalogueError(f"{place}: {name}: is missing")


def _values(given: Mapping[str, Any], place: str) -> dict[str, Any]:
    return {name: _value(name, value, place) for name, value in given.items()}


def _value(name: str, value: Any, place: str) -> Any:
    """A field as the spec takes it. Raises `CatalogueError`."""
    field = FIELDS.get(name)
    if field is None:
        near = difflib.get_close_matches(name, FIELDS, n=1)
        mend = f"did you mean {near[0]}?" if near else f"the fields are {', '.join(sorted(FIELDS))}"
        raise CatalogueError(f"{place}: {name}: there is no such field", mend=mend)
    try:
        return field.read(value)
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
