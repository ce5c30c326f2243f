"""What a person can do with sources: look at a section, watch it, check those watched, write one for the catalogue."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from presswatch.actions.crawling import with_a_crawl
from storage.clock import now
from storage.database import Database
from storage.errors import InvalidInputError, UnreadableError
from storage.sources import sightings, sources
from storage.types import ListingSelectors, Page, Source, SourceSpec

if TYPE_CHECKING:
    from crawler.discovery.discover import Fetcher, Proposal
    from crawler.discovery.drift import Drift
    from crawler.reading.process import ReadingProcess
    from presswatch.actions.new_source import Made
    from presswatch.settings import Settings


@dataclass(frozen=True, slots=True)
class NewSource:
    """What a person says of a source to be watched. What is empty is found out."""

    address: str
    key: str = ""
    name: str = ""
    interval: int = 300
    zone: str = ""
    entry: str = ""
    date: str = ""
    slowest: int = 3600
    browser: bool = False


def propose(
    database: Database, wanted: NewSource, settings: Settings, told: Callable[[str], None] = lambda address: None
) -> Proposal:
    """Look at a section and say how it would be watched; nothing is stored. `told` hears each address looked at.

    Raises `InvalidInputError`, `AddressRefusedError`, `UnreadableError`.
    """
    from crawler.catalog import catalogue
    from crawler.discovery import discover

    spec = _wanted_spec(wanted, settings)
    database.read(sources.refuse_watched, spec)
    proposal = with_a_crawl(
        database,
        settings,
        lambda fetch, reading: discover.propose(spec, fetch, reading, catalogue=catalogue(), told=told),
        in_browser={host_of(spec)} if wanted.browser else (),
    )
    return replace(proposal, spec=replace(proposal.spec, key=_free_key(database, proposal.spec.key)))


def add_source(database: Database, proposal: Proposal, *, alert_first: bool) -> Source:
    """Watch a proposed source from now on. Raises `InvalidInputError` where it is watched already."""
    return database.write(sources.add, proposal.spec, alert_first=alert_first, now=now())


@dataclass(frozen=True, slots=True)
class Checked:
    """A watched source as it reads now, and what of it is otherwise than before."""

    source: Source
    answer: Proposal | UnreadableError
    drift: tuple[Drift, ...]


def check_sources(database: Database, keys: Sequence[str], settings: Settings) -> list[Checked]:
    """Read watched sources as a poll would, all enabled ones if none is named, and compare them with what is stored.

    Raises `NotFoundError`.
    """
    from crawler.discovery.drift import Drift, drifted

    chosen = [database.read(sources.get, key) for key in keys] or [
        source for source in database.read(sources.every) if source.enabled
    ]
    checked = []
    for source, answer in zip(chosen, examine(database, [one.spec for one in chosen], settings), strict=True):
        if isinstance(answer, UnreadableError):
            drift: tuple[Drift, ...] = (Drift(f"{answer.reason}: {answer}", answer.mend),)
        else:
            before = database.read(sightings.shown, source.id)
            drift = drifted(source.spec, source.habits, before, answer.listing, answer.article)
        checked.append(Checked(source, answer, drift))
    return checked


def examine(database: Database, specs: Sequence[SourceSpec], settings: Settings) -> list[Proposal | UnreadableError]:
    """Read watched sections once each, as a poll would; nothing is stored. In place of one unreadable is its error."""
    from crawler.discovery import discover

    async def one(spec: SourceSpec, fetch: Fetcher, reading: ReadingProcess) -> Proposal | UnreadableError:
        try:
            return await discover.examine(spec, fetch, reading)
        except UnreadableError as error:
            return error

    async def all_of_them(fetch: Fetcher, reading: ReadingProcess) -> list[Proposal | UnreadableError]:
        return await asyncio.gather(*(one(spec, fetch, reading) for spec in specs))

    in_browser = {host_of(spec) for spec in specs if spec.browser}
    return with_a_crawl(database, settings, all_of_them, in_browser=in_browser)


def new_source(
    database: Database,
    place: str,
    key: str,
    into: Path,
    settings: Settings,
    *,
    url: str = "",
    told: Callable[[str], None] = lambda address: None,
) -> Made:
    """Make a source's entry for the catalogue, its saved page with other words, and its failing test, below `into`.

    `place` is an address, or a saved page that came from `url`. Raises `InvalidInputError`, `AddressRefusedError`,
    `UnreadableError`.
    """
    from crawler.catalog import catalogue
    from crawler.catalog.fields import KEY
    from crawler.discovery import discover
    from presswatch.actions import new_source as files

    async def proposed(fetch: Fetcher, reading: ReadingProcess) -> tuple[Proposal, Page]:
        wanted = _wanted_spec(NewSource(place, key), settings)
        proposal = await discover.propose(wanted, fetch, reading, catalogue=catalogue(), told=told)
        return proposal, await fetch(proposal.spec.address)

    if not re.fullmatch(KEY, key):
        mend = "name it organisation/section, such as mfa-xy/news"
        raise InvalidInputError(f"the key: {key!r} is not written like mfa-by/news-en", mend=mend)
    if place.lower().startswith(("http://", "https://")):
        proposal, page = with_a_crawl(database, settings, proposed)
        return files.make(proposal.spec, page, len(proposal.listing.entries), into, now().year)
    spec, page, count = _saved_source(Path(place), key, url)
    return files.make(spec, page, count, into, now().year)


def _saved_source(file: Path, key: str, url: str) -> tuple[SourceSpec, Page, int]:
    """A source as a saved page of it tells. Raises `InvalidInputError`."""
    from crawler.catalog import catalogue
    from crawler.discovery.source_defaults import neighbours, placed
    from crawler.listing import read_listing
    from crawler.reading.saved import address_told
    from crawler.reading.site_metadata import site_metadata

    try:
        body = file.read_bytes()
    except OSError as error:
        raise InvalidInputError(
            f"{file} cannot be read: {error.strerror}", mend="give a saved page, or its address"
        ) from error
    address = url or address_told(body)
    if not address:
        raise InvalidInputError(f"{file} does not say where it came from", mend="say it with --url")
    page = Page(address, body)
    known = neighbours(address, catalogue())
    spec = placed(SourceSpec(key, "", address, zone=""), site_metadata(page), known, catalogue())
    return spec, page, len(read_listing(page, spec).entries)


def _wanted_spec(wanted: NewSource, settings: Settings) -> SourceSpec:
    """What a person said, checked; its zone is empty where nobody said one."""
    settings.policy.check_address(wanted.address)
    if wanted.browser:
        check_browser(settings)
    check_key(wanted.key)
    return SourceSpec(
        key=wanted.key,
        name=wanted.name.strip(),
        address=wanted.address,
        zone=check_zone(wanted.zone) if wanted.zone else "",
        interval=wanted.interval,
        slowest=max(wanted.interval, wanted.slowest),
        browser=wanted.browser,
        listing=ListingSelectors(entry=wanted.entry, date=wanted.date),
    )


def check_key(key: str) -> None:
    """Raise `InvalidInputError` where a person's own source cannot be called that."""
    if re.search(r"[^a-z0-9/._-]", key):
        raise InvalidInputError(
            f"{key!r} cannot be a key", mend="use small letters, digits, dots, dashes and slashes: mfa-xy/news"
        )


def check_browser(settings: Settings) -> None:
    """Raise `InvalidInputError` where pages written by scripts cannot be read, with what is to be installed."""
    from crawler.fetching.browser import missing

    if lacking := missing(settings.browser):
        raise InvalidInputError(f"pages written by scripts cannot be read: {lacking[0]}", mend=lacking[1])


def check_zone(name: str) -> str:
    """The name of a time zone as it is known. Raises `InvalidInputError`."""
    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError):
        raise InvalidInputError(f"there is no time zone {name!r}", mend="name one like Europe/Minsk") from None


def host_of(spec: SourceSpec) -> str:
    """The host of a source's section."""
    return urlsplit(spec.address).hostname or ""


def _free_key(database: Database, key: str) -> str:
    taken = {source.key for source in database.read(sources.every)}
    return next(
        name for name in (key, *(f"{key}-{number}" for number in range(2, len(taken) + 3))) if name not in taken
    )
