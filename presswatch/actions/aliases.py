"""What a person can do with aliases: see which there are, and the names that one stands for."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from storage.database import Database
from storage.errors import SettingsError
from storage.query.aliases import AliasPack, alias


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


async def show(database: Database, name: str) -> ListedAlias:
    """The alias of that name, or with that synonym. Raises `QueryError`."""
    found = await asyncio.to_thread(lambda: database.aliases.in_force)
    pack = alias(name, found.packs)
    return ListedAlias(pack, any(own.name == pack.name for own in found.own))
