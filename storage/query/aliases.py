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

A name that begins with `=` counts in exactly this form and with these capitals. A `*` after a word stands for any
ending: for languages without stems. A name that is an ordinary word elsewhere counts in statements of some languages
only, and in those whose language is not known: `{ name = "=UN", languages = ["en"] }`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from storage.errors import NEAR, QueryError, SettingsError
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
    """What a thing is called in one language. A word in `text` that a `*` follows is what words begin with."""

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

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of its names, each once, as the pack has them."""
        return tuple(dict.fromkeys(name.language for name in self.names))


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
        examples=(*_examples(table, "matches"), *_examples(table, "misses")),
    )
    unknown = table.keys() - {"name", "description", "synonyms", "names", "matches", "misses"}
    if unknown:
        raise ValueError(f"it has {', '.join(sorted(unknown))}, which means nothing")
    if not pack.names:
        raise ValueError("it has no names")
    return pack


def _list(listed: Any) -> list[Any]:
    if not isinstance(listed, list):
        raise ValueError("the names and the sentences of a language must be a list")
    return listed


def _examples(table: dict[str, Any], kind: str) -> Iterator[Example]:
    for language, sentences in table.get(kind, {}).items():
        for sentence in _list(sentences):
            if not isinstance(sentence, str):
                raise ValueError(f"{kind}.{language}: {sentence!r} is no sentence")
            yield Example(sentence, language, kind == "matches")


def _begins(text: str) -> bool:
    """Whether what stands before a `*` ends with enough of a word."""
    return bool(words(text[-1:])) and len(words(text)[-1]) >= 3


def _name(language: str, entry: Any) -> AliasName:
    table = {"name": entry} if isinstance(entry, str) else entry
    if not isinstance(table, dict) or table.keys() - {"name", "languages"} or not isinstance(table["name"], str):
        raise ValueError(
            f'names.{language}: {entry!r} is no name; write "CIS" or {{ name = "=CIS", languages = ["en"] }}'
        )
    text = table["name"].removeprefix("=")
    exact = text != table["name"]
    if not words(text) or (exact and "*" in text) or not all(map(_begins, text.split("*")[:-1])):
        problem = "must be a word or a phrase; * stands after at least 3 letters, and = before a name without *"
        raise ValueError(f"names.{language}: {table['name']!r} {problem}")
    only = table.get("languages", [])
    if not isinstance(only, list) or not all(isinstance(code, str) and code for code in only):
        raise ValueError(f'names.{language}: the languages of {text!r} must be a list such as ["en"]')
    return AliasName(text, language, exact, tuple(only))


def read_packs(folder: Path) -> tuple[list[AliasPack], list[SettingsError]]:
    """The packs of a folder's TOML files, and what is wrong with the others. A folder that is not there has none."""
    packs: list[AliasPack] = []
    problems: list[SettingsError] = []
    taken: dict[str, Path] = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            pack = read_pack(path)
            for title in (pack.name, *pack.synonyms):
                first = taken.setdefault(title.casefold(), path)
                if first != path:
                    mend = "give it another name, or remove one of the two files"
                    raise SettingsError(f"{path}: {title!r} is what {first.name} calls its pack", mend=mend)
        except SettingsError as error:
            problems.append(error)
        else:
            packs.append(pack)
    return packs, problems


def by_name(packs: Iterable[AliasPack]) -> dict[str, AliasPack]:
    """The packs by what they are called. A later pack takes the place of an earlier one of its name, with all names."""
    named: dict[str, AliasPack] = {}
    for pack in packs:
        replaced = named.get(pack.name.casefold())
        named = {title: other for title, other in named.items() if other is not replaced}
        named |= {title.casefold(): pack for title in (pack.name, *pack.synonyms)}
    return named


@cache
def shipped_packs() -> Packs:
    """The packs that come with presswatch. Raises `SettingsError` where one is damaged."""
    packs, problems = read_packs(SHIPPED)
    if problems:
        raise problems[0]
    return by_name(packs)


def find_alias(name: str, packs: Packs | None = None) -> AliasPack | None:
    """The pack of this name or synonym in any case, or None."""
    return (shipped_packs() if packs is None else packs).get(name.strip().casefold())


def alias(name: str, packs: Packs | None = None) -> AliasPack:
    """The pack of this name or synonym in any case. Raises `QueryError` that names the nearest one."""
    packs = shipped_packs() if packs is None else packs
    pack = find_alias(name, packs)
    if pack is None:
        known = sorted({pack.name for pack in packs.values()})
        near = get_close_matches(name.casefold(), packs, n=1, cutoff=NEAR)
        mend = f"did you mean {packs[near[0]].name}?" if near else f"there are {', '.join(known[:8])} and others;"
        raise QueryError(
            f"there is no alias {name}",
            mend=f"{mend} see all of them with: presswatch aliases list; or write the words out",
        )
    return pack
