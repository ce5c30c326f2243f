"""Alias packs: word groups that mean one thing in many languages. Standard library only.

A pack is a TOML file. `names` lists, under each language's ISO 639-1 code, the words and phrases that mean the thing;
stems find inflected forms, and a language without a stemmer lists them. `synonyms` are further names by which a query
may call the pack. The examples say what the pack must match and what it must not: they are its test.

    name = "CSTO"
    description = "..."
    synonyms = ["ODKB"]

    [names]
    en = ["CSTO", "Collective Security Treaty Organization"]
    ky = ["Жамааттык коопсуздук келишим уюм*"]

A name that begins with `=` counts in exactly this form and with these capitals; one that ends with `*` is what the last
word begins with. A name that is an ordinary word elsewhere counts in statements of some languages only, and in those
whose language is not known: `{ name = "=UN", languages = ["en"] }`.

    [[example]]
    language = "en"
    text = "..."
    matches = true
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from storage.errors import QueryError, SettingsError
from storage.query.words import words

SHIPPED = Path(__file__).parent.parent / "aliases"


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence that a pack must match, or must not."""

    text: str
    language: str
    matches: bool


@dataclass(frozen=True, slots=True)
class AliasName:
    """What a thing is called in one language. `text` may end with `*`."""

    text: str
    language: str
    exact: bool = False
    only: tuple[str, ...] = ()
    """Languages of the statements in which it counts; none stands for all."""


@dataclass(frozen=True, slots=True)
class AliasPack:
    """A thing, and what it is called."""

    name: str
    description: str
    names: tuple[AliasName, ...]
    synonyms: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()


Packs = Mapping[str, AliasPack]
"""Packs by their names and synonyms, case-folded."""


def read_pack(path: Path) -> AliasPack:
    """Read a pack. Raises `SettingsError` for a file that is none."""
    try:
        return _pack(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        reason = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise SettingsError(
            f"{path} is not an alias pack: {reason}", mend=f"compare it with {SHIPPED / 'csto.toml'}"
        ) from error


def _pack(table: dict[str, Any]) -> AliasPack:
    """Raises `ValueError`, `KeyError`, `TypeError` or `AttributeError` for a table that is no pack."""
    titles: list[Any] = [table["name"], *table.get("synonyms", ())]
    if not all(isinstance(title, str) and title.strip() for title in titles):
        raise ValueError("name and synonyms must be text")
    pack = AliasPack(
        name=table["name"],
        description=table["description"],
        names=tuple(_name(language, name) for language, names in table["names"].items() for name in _list(names)),
        synonyms=tuple(table.get("synonyms", ())),
        examples=tuple(Example(**example) for example in table.get("example", ())),
    )
    if not pack.names:
        raise ValueError("it has no names")
    return pack


def _list(names: Any) -> list[Any]:
    if not isinstance(names, list):
        raise ValueError("the names of a language must be a list")
    return names


def _name(language: str, entry: Any) -> AliasName:
    table = {"name": entry} if isinstance(entry, str) else entry
    if not isinstance(table, dict) or table.keys() - {"name", "languages"} or not isinstance(table["name"], str):
        raise ValueError(
            f'names.{language}: {entry!r} is no name; write "CIS" or {{ name = "=CIS", languages = ["en"] }}'
        )
    text = table["name"].removeprefix("=")
    exact = text != table["name"]
    if not words(text) or "*" in text[:-1] or (exact and "*" in text) or not words(text.removesuffix("*")[-1:]):
        raise ValueError(f"names.{language}: {table['name']!r} must be a word or a phrase, with * at its end only")
    only = table.get("languages", [])
    if not isinstance(only, list) or not all(isinstance(code, str) and code for code in only):
        raise ValueError(f'names.{language}: the languages of {text!r} must be a list such as ["en"]')
    return AliasName(text, language, exact, tuple(only))


def load_packs(*folders: Path) -> Packs:
    """The packs of the folders' TOML files. Of two that share a name the later folder's stands.

    Raises `SettingsError` for a file that is none.
    """
    packs: dict[str, AliasPack] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.toml")):
            pack = read_pack(path)
            packs |= {name.casefold(): pack for name in (pack.name, *pack.synonyms)}
    return packs


@cache
def shipped_packs() -> Packs:
    """The packs that come with presswatch."""
    return load_packs(SHIPPED)


def find_alias(name: str, packs: Packs | None = None) -> AliasPack | None:
    """The pack of this name or synonym in any case, or None."""
    return (shipped_packs() if packs is None else packs).get(name.strip().casefold())


def alias(name: str, packs: Packs | None = None) -> AliasPack:
    """The pack of this name or synonym in any case. Raises `QueryError` that names the nearest ones."""
    packs = shipped_packs() if packs is None else packs
    pack = find_alias(name, packs)
    if pack is None:
        known = sorted({pack.name for pack in packs.values()})
        near = [packs[key].name for key in get_close_matches(name.casefold(), packs)] or known
        raise QueryError(f"there is no alias {name}", mend=f"perhaps {', '.join(near[:5])}; or write the words out")
    return pack
