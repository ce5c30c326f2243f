"""What a person can do with aliases: see which there are, and the names that one stands for."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

from storage.database import Database
from storage.errors import QueryError, SettingsError
from storage.query.aliases import AliasPack, alias, find_alias
from storage.query.parser import parse
from storage.query.tree import Alias, Near, Node, leaves


@dataclass(frozen=True, slots=True)
class ListedAlias:
    """An alias pack that is in force, shipped or the operator's own."""

    pack: AliasPack
    is_own: bool


@dataclass(frozen=True, slots=True)
class Aliases:
    """The packs in force, and what is wrong with files of the operator's own."""

    every: tuple[ListedAlias, ...]
    problems: tuple[SettingsError, ...]


async def listing(database: Database) -> Aliases:
    """All alias packs in force."""
    found = await asyncio.to_thread(lambda: database.aliases.in_force)
    own = {pack.name for pack in found.own}
    return Aliases(tuple(ListedAlias(pack, pack.name in own) for pack in found.every), tuple(found.problems))


async def named_in(database: Database, query: str) -> tuple[AliasPack, ...]:
    """The packs that a query names, each once; none of a query that cannot be read."""
    found = await asyncio.to_thread(lambda: database.aliases.in_force)
    try:
        asked = [leaf.name for leaf in named(parse(query))]
    except QueryError:
        return ()
    return tuple({pack.name: pack for name in asked if (pack := find_alias(name, found.packs))}.values())


def named(tree: Node) -> Iterator[Alias]:
    """Where a query names an alias, from left to right. Pure."""
    for leaf in leaves(tree):
        yield from (part for part in (leaf.parts if isinstance(leaf, Near) else (leaf,)) if isinstance(part, Alias))


async def show(database: Database, name: str) -> ListedAlias:
    """The alias of that name, or with that synonym. Raises `QueryError`."""
    found = await asyncio.to_thread(lambda: database.aliases.in_force)
    pack = alias(name, found.packs)
    return ListedAlias(pack, any(own.name == pack.name for own in found.own))
