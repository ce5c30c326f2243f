"""The catalogue: sources as data, one TOML file a country or organisation.

A file has one table `[organisation]` and a list `[[source]]`. A source has a `key` (`mfa-by/news-en`), a `name` and an
`address`; every other field of `storage.types.SourceSpec` may stand in the source, or in `[organisation]` for all
sources of the file, with its `name` as theirs of the organisation. `listing` and `article` are tables of CSS selectors,
merged one by one; `packs` of both places count. `fields.py` has the fields, `schema.json` says the same to editors.
"""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from crawler.catalog import fields
from crawler.catalog.fields import OWN
from crawler.catalog.mistakes import DOCUMENTED, read
from storage.codec import as_json, from_json
from storage.errors import NotFoundError, SettingsError, did_you_mean
from storage.types import SourceSpec

FOLDER = Path(__file__).parent


class CatalogueError(SettingsError):
    """A file of the catalogue is wrong; the message names the file, the source and the field."""

    def __init__(self, message: str, *, mend: str = DOCUMENTED) -> None:
        super().__init__(message, mend=mend)


@cache
def catalogue() -> tuple[SourceSpec, ...]:
    """All sources of the catalogue, by file and then in the file's order. Raises `CatalogueError`."""
    return read_folder(FOLDER)


def find(key: str) -> SourceSpec:
    """The catalogue's source of that key. Raises `NotFoundError` with the nearest key, and `CatalogueError`."""
    specs = {spec.key: spec for spec in catalogue()}
    if key not in specs:
        raise NotFoundError(
            f"the catalogue has no source {key!r}",
            mend=f"{did_you_mean(key, specs)}see all of them with: presswatch sources list",
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
        raise NotFoundError(
            f"there is no pack {name!r}", mend=f"{did_you_mean(name, packs())}the packs are {', '.join(packs())}"
        )
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
    for name in sorted(OWN & set(organisation) - {"name"}):
        raise CatalogueError(f"{path.name}: organisation: {name}: belongs into each [[source]]")
    shared = _said(fields.organisation(), organisation, f"{path.name}: organisation")
    if "name" in shared:
        shared["organisation"] = shared.pop("name")
    places = (f"{path.name}: source {number}" for number in itertools.count(1))
    return tuple(_source(shared, source, place) for source, place in zip(sources, places, strict=False))


# -- one source ------------------------------------------------------------------------------------------------------


def _source(shared: Mapping[str, Any], given: Any, place: str) -> SourceSpec:
    if not isinstance(given, dict):
        raise CatalogueError(f"{place}: it is not a table", mend="write each as [[source]]")
    place = f"{place} ({given['key']})" if isinstance(given.get("key"), str) else place
    own = _said(fields.source(), given, place)
    merged = {name: {**shared.get(name, {}), **own.get(name, {})} for name in ("listing", "article")}
    packs = dict.fromkeys((*shared.get("packs", ()), *own.get("packs", ())))
    return from_json(SourceSpec, {**shared, **own, **merged, "packs": list(packs)})


def _said(table: type[dict[str, Any]], given: Mapping[str, Any], place: str) -> dict[str, Any]:
    said, mistakes = read(table, given)
    for mistake in mistakes:
        raise CatalogueError(f"{place}: {mistake}", mend=mistake.mend)
    return said


def table_of(spec: SourceSpec) -> dict[str, Any]:
    """What a file says of a source, field by field: what is not as usual, and always whether it is polled."""
    whole, unusual = as_json(spec), as_json(spec, without_defaults=True)
    said = {name: unusual.get(name, value) for name, value in whole.items() if name in unusual or name == "enabled"}
    if "fields" in said.get("search", {}):
        said["search"]["fields"] = dict(said["search"]["fields"])
    return said
