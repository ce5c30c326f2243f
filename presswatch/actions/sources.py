"""What a person can do with sources: see them, poll one or a pack from now on or no longer, remove one of his own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from crawler.catalog import catalogue, find_pack
from crawler.catalog import packs as catalogue_packs
from storage.clock import now
from storage.database import Database
from storage.errors import InvalidInputError, NotFoundError
from storage.sources import polls, sources
from storage.sources.polls import EndedPoll
from storage.types import Source, SourceSpec

POLLS = 10
"""So many of its last polls are listed with a source."""


@dataclass(frozen=True, slots=True)
class ListedSource:
    """A source, how many items were first seen there, and its last polls, the newest first."""

    source: Source
    items: int
    polls: tuple[EndedPoll, ...] = ()

    @property
    def failed(self) -> int:
        """How many of these polls found that something was wrong."""
        return sum(not poll.reason.healthy for poll in self.polls)


async def listing(database: Database, pack: str | None = None, *, enabled: bool = False) -> tuple[ListedSource, ...]:
    """The sources of the catalogue and the person's own; of one pack, or only those that are polled.

    Raises `NotFoundError`.
    """
    wanted = {spec.key for spec in find_pack(pack)} if pack else None
    return tuple(
        each
        for each in await database.read_async(_listing)
        if (wanted is None or each.source.key in wanted) and (each.source.enabled or not enabled)
    )


def _listing(connection: Connection) -> tuple[ListedSource, ...]:
    items = sources.counts(connection)
    return tuple(
        ListedSource(
            source, items.get(source.id, 0), polls.recent(connection, source.id, POLLS) if source.last_poll_at else ()
        )
        for source in sources.every(connection)
    )


async def show(database: Database, key: str) -> ListedSource:
    """The source of that key. Raises `NotFoundError`."""
    return await database.read_async(_show, key)


def _show(connection: Connection, key: str) -> ListedSource:
    source = sources.get(connection, key)
    return ListedSource(source, sources.count(connection, source.id), polls.recent(connection, source.id, POLLS))


async def chosen(database: Database, keys: Sequence[str] = ()) -> tuple[Source, ...]:
    """The sources of these keys, all enabled ones if none is named. Raises `NotFoundError`."""
    return await database.read_async(_chosen, keys)


def _chosen(connection: Connection, keys: Sequence[str]) -> tuple[Source, ...]:
    if keys:
        return tuple(sources.get(connection, key) for key in keys)
    return tuple(source for source in sources.every(connection) if source.enabled)


async def switch(database: Database, key: str, enabled: bool, browser: str) -> Source:
    """Poll a source from now on, or no longer; `browser` is the setting.

    Raises `NotFoundError`, `InvalidInputError`.
    """
    if enabled and (await database.read_async(sources.get, key)).spec.browser:
        check_browser(browser)
    return await database.write_async(sources.set_enabled, key, enabled, now())


@dataclass(frozen=True, slots=True)
class ListedPack:
    """Sources of the catalogue that are enabled together, and how many of them are polled."""

    name: str
    """Of the pack; of a country its code, of organisations that are in none nothing."""
    keys: tuple[str, ...]
    enabled: int
    unverified: int = 0
    """How many of those that are not polled nobody has seen live yet."""


async def packs(database: Database) -> tuple[ListedPack, ...]:
    """The packs of the catalogue."""
    return await database.read_async(_listed, catalogue_packs())


async def countries(database: Database) -> tuple[ListedPack, ...]:
    """The catalogue by country, as packs of its sources."""
    return await database.read_async(_listed, _by_country())


def _listed(connection: Connection, groups: Mapping[str, Sequence[SourceSpec]]) -> tuple[ListedPack, ...]:
    polled = {source.key for source in sources.every(connection) if source.enabled}
    return tuple(
        ListedPack(
            name,
            tuple(spec.key for spec in specs),
            sum(spec.key in polled for spec in specs),
            sum(spec.key not in polled and not spec.verified for spec in specs),
        )
        for name, specs in groups.items()
    )


def _by_country() -> Mapping[str, Sequence[SourceSpec]]:
    found: dict[str, list[SourceSpec]] = {code: [] for code in sorted({spec.country for spec in catalogue()})}
    for spec in catalogue():
        found[spec.country].append(spec)
    return found


@dataclass(frozen=True, slots=True)
class Switched:
    """How many sources of a pack were switched, how many were so before, and how many nobody has seen live yet."""

    changed: int
    unchanged: int
    unverified: int


async def switch_pack(database: Database, pack: str, enabled: bool) -> Switched:
    """Poll all sources of a pack from now on, or no longer. Raises `NotFoundError`."""
    return await _switch_all(database, find_pack(pack), enabled)


async def switch_country(database: Database, country: str, enabled: bool) -> Switched:
    """Poll all sources that the catalogue has of a country from now on, or no longer; of none: of organisations.

    Raises `NotFoundError`.
    """
    known = _by_country()
    if country not in known:
        raise NotFoundError(
            f"the catalogue has no country {country!r}", mend=f"it has {', '.join(filter(None, known))}"
        )
    return await _switch_all(database, known[country], enabled)


async def _switch_all(database: Database, members: Sequence[SourceSpec], enabled: bool) -> Switched:
    changed = await database.write_async(sources.set_many_enabled, [spec.key for spec in members], enabled, now())
    return Switched(changed, len(members) - changed, sum(not spec.verified for spec in members))


async def remove(database: Database, key: str) -> None:
    """Watch a source of the person's own no longer; what it published stays in the history.

    Raises `NotFoundError`, `InvalidInputError` for one of the catalogue.
    """
    await database.write_async(sources.remove, key, now())


def check_key(key: str) -> None:
    """Raise `InvalidInputError` where a person's own source cannot be called that."""
    if re.search(r"[^a-z0-9/._-]", key):
        raise InvalidInputError(
            f"{key!r} cannot be a key", mend="use small letters, digits, dots, dashes and slashes: mfa-xy/news"
        )


def check_browser(browser: str) -> None:
    """Raise `InvalidInputError` where pages written by scripts cannot be read, with what is to be installed."""
    from crawler.fetching.browser import missing  # takes Scrapy, which no list of sources needs

    if lacking := missing(browser):
        raise InvalidInputError(f"pages written by scripts cannot be read: {lacking[0]}", mend=lacking[1])
