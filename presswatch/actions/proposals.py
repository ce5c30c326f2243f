"""What a person can do with a section before it is a source, or after: look at it, watch it, check those watched."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from babel import Locale
from sqlalchemy import Connection

from crawler.catalog import catalogue
from crawler.discovery import discover
from crawler.discovery.discover import Fetcher, Proposal
from crawler.discovery.drift import Drift, drifted
from crawler.reading.process import ReadingProcess
from crawler.run import Crawl
from presswatch.actions.fetching import fetcher, host_of
from presswatch.actions.sources import check_browser, check_key, chosen
from storage.clock import now
from storage.connection_guard import AddressPolicy
from storage.database import Database
from storage.errors import InvalidInputError, UnreadableError
from storage.people.rhythms import zone_named
from storage.sources import shown, sources
from storage.types import ListingSelectors, Source, SourceSpec


@dataclass(frozen=True, slots=True)
class NewSource:
    """What a person says of a source to be watched. What is empty is found out."""

    address: str
    key: str = ""
    name: str = ""
    organisation: str = ""
    interval: int = 300
    zone: str = ""
    entry: str = ""
    date: str = ""
    slowest: int = 3600
    browser: bool = False
    country: str = ""
    languages: tuple[str, ...] = ()


async def refuse(database: Database, wanted: NewSource, policy: AddressPolicy, browser: str = "") -> None:
    """Refuse what `propose` would refuse before it looks at anything.

    Raises `InvalidInputError`, `WatchedError`, `AddressRefusedError`.
    """
    await database.read_async(sources.refuse_watched, wanted_spec(wanted, policy, browser))


async def propose(
    database: Database,
    crawl: Crawl,
    wanted: NewSource,
    policy: AddressPolicy,
    browser: str = "",
    told: Callable[[str], None] = lambda address: None,
) -> Proposal:
    """Look at a section and say how it would be watched; nothing is stored. `told` hears each address looked at.

    `browser` is the setting. Raises `InvalidInputError`, `WatchedError`, `AddressRefusedError`, `NoStatementsError`,
    `UnreadableError`.
    """
    spec = wanted_spec(wanted, policy, browser)
    await database.read_async(sources.refuse_watched, spec)
    fetch = fetcher(crawl, {host_of(spec)} if wanted.browser else ())
    proposal = await discover.propose(spec, fetch, crawl.reading, catalogue=catalogue(), told=told)
    key = await database.read_async(_free_key, proposal.spec.key)
    languages = wanted.languages or proposal.spec.languages
    return replace(proposal, spec=replace(proposal.spec, key=key, languages=languages))


async def watch(database: Database, proposal: Proposal, *, alert_first: bool = False) -> Source:
    """Watch a proposed source from now on; where nobody knows whose it is, its host stands for that.

    Raises `InvalidInputError` where its key is taken, `WatchedError` where it is watched already.
    """
    spec = replace(proposal.spec, organisation=proposal.spec.organisation or whose_by_default(proposal.spec))
    return await database.write_async(sources.add, spec, alert_first=alert_first, now=now())


def whose_by_default(spec: SourceSpec) -> str:
    """What names a section's owner as a last resort."""
    return host_of(spec).removeprefix("www.")


@dataclass(frozen=True, slots=True)
class Checked:
    """A watched source as it reads now, and what of it is otherwise than before."""

    source: Source
    answer: Proposal | UnreadableError
    drift: tuple[Drift, ...]


async def check(database: Database, crawl: Crawl, keys: Sequence[str] = ()) -> list[Checked]:
    """Read watched sources as a poll would, all enabled ones if none is named, and compare them with what is stored.

    Raises `NotFoundError`.
    """
    watched = await chosen(database, keys)
    answers = await examine(crawl, [source.spec for source in watched])
    return [await _checked(database, source, answer) for source, answer in zip(watched, answers, strict=True)]


async def examine(crawl: Crawl, specs: Sequence[SourceSpec]) -> list[Proposal | UnreadableError]:
    """Read watched sections once each, as a poll would; nothing is stored. In place of one unreadable is its error."""
    fetch = fetcher(crawl, {host_of(spec) for spec in specs if spec.browser})
    return await asyncio.gather(*(_examined(spec, fetch, crawl.reading) for spec in specs))


async def _examined(spec: SourceSpec, fetch: Fetcher, reading: ReadingProcess) -> Proposal | UnreadableError:
    try:
        return await discover.examine(spec, fetch, reading)
    except UnreadableError as error:
        return error


async def _checked(database: Database, source: Source, answer: Proposal | UnreadableError) -> Checked:
    if isinstance(answer, UnreadableError):
        return Checked(source, answer, (Drift(f"{answer.reason}: {answer}", answer.mend),))
    before = await database.read_async(shown.shown, source.id)
    return Checked(source, answer, drifted(source.spec, source.habits, before, answer.listing, answer.article))


def wanted_spec(wanted: NewSource, policy: AddressPolicy, browser: str) -> SourceSpec:
    """What a person said, checked; its zone is empty where nobody said one.

    Raises `InvalidInputError`, `AddressRefusedError`.
    """
    policy.check_address(wanted.address)
    if wanted.browser:
        check_browser(browser)
    check_key(wanted.key)
    check_country(wanted.country)
    check_languages(wanted.languages)
    return SourceSpec(
        key=wanted.key,
        name=wanted.name.strip(),
        organisation=wanted.organisation.strip(),
        country=wanted.country,
        languages=wanted.languages,
        address=wanted.address,
        zone=zone_named(wanted.zone) if wanted.zone else "",
        interval=wanted.interval,
        slowest=max(wanted.interval, wanted.slowest),
        browser=wanted.browser,
        listing=ListingSelectors(entry=wanted.entry, date=wanted.date),
    )


def check_country(code: str) -> None:
    """Raise `InvalidInputError` where that is no country's code; nothing is none that is known."""
    if code and (len(code) != 2 or code not in Locale("en").territories):
        raise InvalidInputError(f"{code!r} is no country", mend="name it by its two letters in ISO 3166-1, such as BY")


def check_languages(codes: Sequence[str]) -> None:
    """Raise `InvalidInputError` where one of these is no language's code."""
    for code in codes:
        if len(code) != 2 or code not in Locale("en").languages:
            mend = "name languages by their two letters in ISO 639-1, such as be, ru"
            raise InvalidInputError(f"{code!r} is no language", mend=mend)


def _free_key(connection: Connection, key: str) -> str:
    taken = {source.key for source in sources.every(connection)}
    return next(
        name for name in (key, *(f"{key}-{number}" for number in range(2, len(taken) + 3))) if name not in taken
    )
