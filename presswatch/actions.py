"""What a person can do, once for all faces: the command line today, the API and the pages later.

Each function checks what it is given where it is entered, and raises a `PresswatchError` with the mend.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from notify.channels import check_channel_address
from notify.rhythm import leaves_at
from storage import canaries, rhythms, sightings, sources, subscriptions, topics
from storage.addresses import AddressPolicy
from storage.clock import now
from storage.database import Database
from storage.errors import InvalidInputError, NotFoundError, QueryError, UnreadableError
from storage.packs import packs_of
from storage.query.aliases import alias
from storage.types import Channel, ListingSelectors, Page, Reason, Rhythm, Source, SourceSpec, Subscription, Topic

if TYPE_CHECKING:
    from crawler.discover import Fetcher, Proposal
    from crawler.drift import Drift
    from crawler.reading import ReadingProcess
    from crawler.saved import Kind, Read
    from presswatch.new_source import Made
    from presswatch.settings import Settings

R = TypeVar("R")

# -- topics and channels -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WantedRhythm:
    """What a person says of when alerts may leave. None is left as it is; a new subscription alerts immediately."""

    words: str | None = None
    zone: str | None = None
    quiet: str | None = None
    """`none` ends them."""
    cap: int | None = None

    def over(self, known: Rhythm) -> Rhythm:
        """The known rhythm with what is wanted. Raises `InvalidInputError`."""
        quiet = known.written_quiet if self.quiet is None else self.quiet
        return rhythms.parse(
            known.written if self.words is None else self.words,
            zone=known.zone if self.zone is None else self.zone,
            quiet="" if quiet == "none" else quiet,
            cap=known.cap if self.cap is None else self.cap,
        )


def subscribe(
    database: Database,
    topic_name: str,
    target: str,
    policy: AddressPolicy,
    wanted: WantedRhythm = WantedRhythm(),
    *,
    canary: int = 0,
) -> Subscription:
    """Subscribe a channel to a topic, making either where it does not exist yet, or change the rhythm.

    The topic may be one that is saved or an alias; the target a channel's name, an Apprise address, or `console`.
    What waits already leaves in the new rhythm; nothing is lost by a change. `canary` is in minutes.
    Raises `NotFoundError`, `InvalidInputError`, `AddressRefusedError`.
    """
    rhythm = wanted.over(Rhythm())  # before anything is made
    channel = database.read(subscriptions.find_channel, target)
    if channel is None and target != "console" and "://" not in target:
        raise NotFoundError(
            f"there is no channel {target!r}", mend="make it with channels add, or give an Apprise address or console"
        )
    topic = topic_for(database, topic_name)
    if channel is None:
        channel = add_channel(
            database, "console" if target == "console" else _free_name(database, target), target, policy
        )
    known = database.read(subscriptions.find, topic, channel)
    if known is None:
        return database.write(subscriptions.subscribe, topic, channel, now(), rhythm, canary=canary)
    rhythm = wanted.over(known.rhythm)
    if rhythm != known.rhythm:
        database.write(subscriptions.change, known.id, rhythm, leaves_at(rhythm, now()))
    return replace(known, rhythm=rhythm)


def subscribe_canary(database: Database, target: str, policy: AddressPolicy, minutes: int) -> Subscription:
    """Prove the whole chain to a channel every so many minutes, or change how often. Raises as `subscribe` does."""
    canaries.check(minutes)
    database.write(canaries.topic, now())
    told = subscribe(database, canaries.TOPIC, target, policy, canary=minutes)
    if told.canary != minutes:
        database.write(subscriptions.set_canary, told.id, minutes)
    return replace(told, canary=minutes)


def topic_for(database: Database, name: str) -> Topic:
    """The saved topic of that name, or a new one made from the alias of that name. Raises `NotFoundError`."""
    saved = database.read(topics.find, name)
    if saved is not None:
        return saved
    try:
        pack = alias(name, database.read(packs_of))
    except QueryError as error:
        raise NotFoundError(
            f"there is no topic and no alias {name!r}", mend=f"make it: topics add {name!r} 'a query'"
        ) from error
    return database.write(topics.add, pack.name, f"alias:{pack.name}", now())


def unsubscribe(database: Database, topic_name: str, channel_name: str | None) -> int:
    """End a topic's subscriptions, all or one channel's; return how many. Raises `NotFoundError`."""
    topic = database.read(topics.get, topic_name)
    channel = database.read(subscriptions.get_channel, channel_name) if channel_name else None
    ended = database.write(subscriptions.unsubscribe, topic, channel, now())
    if not ended:
        raise NotFoundError(f"nobody there is subscribed to {topic.name}", mend="see who is with: topics list")
    return ended


def add_channel(database: Database, name: str, address: str, policy: AddressPolicy) -> Channel:
    """Save a channel. Raises `InvalidInputError`, `AddressRefusedError` before anything is stored."""
    return database.write(subscriptions.add_channel, name, check_channel_address(address, policy), now())


def test_channel(database: Database, name: str) -> str:
    """Send a real message to the channel and return the other side's answer. Raises `DeliveryError`."""
    import sys
    import uuid

    from notify.channels import sender_for
    from notify.messages import Message

    channel = database.read(subscriptions.get_channel, name)
    text = f"This is a test of the channel {channel.name}. Alerts about your topics will come here."
    message = Message("presswatch: a test", text, f"<p>{text}</p>", text, key="test", identity=uuid.uuid4().hex)
    return sender_for(channel.address, sys.stdout).send(message, channel.address)


def rotate_key(database: Database) -> int:
    """Seal every channel's address with a new key and forget the old ones; return how many. Raises `KeyUnusableError`.

    Killed at any point, the next call goes on: the new key stands beside the old ones until nothing needs these.
    """
    from storage import seals

    keyring = database.keyring
    kept = keyring.renewed()
    sealed = database.write(seals.seal_anew)
    keyring.keep(kept)
    return sealed


def _free_name(database: Database, address: str) -> str:
    """A name for a channel that was given as an address: its service, and a number where that is taken."""
    service = re.sub(r"[^a-z0-9]", "", address.partition("://")[0].lower()) or "channel"
    taken = {channel.name for channel in database.read(subscriptions.every_channel)}
    names = (service, *(f"{service}-{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


# -- sources -----------------------------------------------------------------------------------------------------------


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
    from crawler import discover
    from crawler.catalog import catalogue

    spec = _wanted_spec(wanted, settings)
    database.read(sources.refuse_watched, spec)
    proposal = with_a_crawl(
        database,
        settings,
        lambda fetch, reading: discover.propose(spec, fetch, reading, catalogue=catalogue(), told=told),
        in_browser={host_of(spec)} if wanted.browser else (),
    )
    return replace(proposal, spec=replace(proposal.spec, key=_free_key(database, proposal.spec.key)))


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
        zone=_zone(wanted.zone) if wanted.zone else "",
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
    from crawler.browser import missing

    if lacking := missing(settings.browser):
        raise InvalidInputError(f"pages written by scripts cannot be read: {lacking[0]}", mend=lacking[1])


def examine(database: Database, specs: Sequence[SourceSpec], settings: Settings) -> list[Proposal | UnreadableError]:
    """Read watched sections once each, as a poll would; nothing is stored. In place of one unreadable is its error."""
    from crawler import discover

    async def one(spec: SourceSpec, fetch: Fetcher, reading: ReadingProcess) -> Proposal | UnreadableError:
        try:
            return await discover.examine(spec, fetch, reading)
        except UnreadableError as error:
            return error

    async def all_of_them(fetch: Fetcher, reading: ReadingProcess) -> list[Proposal | UnreadableError]:
        return await asyncio.gather(*(one(spec, fetch, reading) for spec in specs))

    in_browser = {host_of(spec) for spec in specs if spec.browser}
    return with_a_crawl(database, settings, all_of_them, in_browser=in_browser)


def host_of(spec: SourceSpec) -> str:
    """The host of a source's section."""
    return urlsplit(spec.address).hostname or ""


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
    from crawler.drift import Drift, drifted

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
    from crawler import discover
    from crawler.catalog import catalogue
    from crawler.catalog.fields import FIELDS
    from presswatch import new_source as files

    async def proposed(fetch: Fetcher, reading: ReadingProcess) -> tuple[Proposal, Page]:
        wanted = _wanted_spec(NewSource(place, key), settings)
        proposal = await discover.propose(wanted, fetch, reading, catalogue=catalogue(), told=told)
        return proposal, await fetch(proposal.spec.address)

    try:
        FIELDS["key"].read(key)
    except ValueError as error:
        raise InvalidInputError(f"the key: {error}", mend="name it organisation/section, such as mfa-xy/news") from None
    if place.lower().startswith(("http://", "https://")):
        proposal, page = with_a_crawl(database, settings, proposed)
        return files.make(proposal.spec, page, len(proposal.listing.entries), into, now().year)
    spec, page, count = _saved_source(Path(place), key, url)
    return files.make(spec, page, count, into, now().year)


def _saved_source(file: Path, key: str, url: str) -> tuple[SourceSpec, Page, int]:
    """A source as a saved page of it tells. Raises `InvalidInputError`."""
    from crawler.about import about
    from crawler.catalog import catalogue
    from crawler.listing import read_listing
    from crawler.places import neighbours, placed
    from crawler.saved import address_told

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
    spec = placed(SourceSpec(key, "", address, zone=""), about(page), known, catalogue())
    return spec, page, len(read_listing(page, spec).entries)


def add_source(database: Database, proposal: Proposal, *, alert_first: bool) -> Source:
    """Watch a proposed source from now on. Raises `InvalidInputError` where it is watched already."""
    return database.write(sources.add, proposal.spec, alert_first=alert_first, now=now())


@dataclass(frozen=True, slots=True)
class Hints:
    """What a person says of pages to be read. What is empty is found out."""

    kind: Kind | None = None
    languages: tuple[str, ...] = ()
    zone: str = ""
    day_first: bool | None = None
    content_type: str = ""


def read_files(
    files: Sequence[tuple[Path, str]], hints: Hints, done: Callable[[str], None] = lambda name: None
) -> list[tuple[str, Read]]:
    """What the readers make of saved pages, each with the address it came from; `done` is told of each.

    An address that is empty is looked for in the page. Where there is none, or the file cannot be read, the answer
    says so and the others go on. Returns the addresses and what was read, in the order of the files.
    """
    from crawler.reading import ReadingProcess
    from presswatch.serve import run

    async def read_them() -> list[tuple[str, Read]]:
        reading = ReadingProcess()
        try:
            answers = []
            for file, address in files:
                answers.append(await _read_file(file, address, hints, reading))
                done(str(file))
            return answers
        finally:
            reading.close()

    return run(read_them())


async def _read_file(file: Path, address: str, hints: Hints, reading: ReadingProcess) -> tuple[str, Read]:
    from crawler.saved import Kind, Read, address_told

    kind = hints.kind or Kind.LISTING
    try:
        body = file.read_bytes()
    except OSError as error:
        return address, Read(kind, Reason.UNREADABLE, f"{file} cannot be read: {error.strerror}")
    address = address or address_told(body)
    if not address:
        return "", Read(kind, Reason.UNREADABLE, f"{file} does not say where it came from; say it with --url")
    return address, await _read_page(Page(address, body, 200, hints.content_type), hints, reading)


async def _read_page(page: Page, hints: Hints, reading: ReadingProcess) -> Read:
    from crawler.saved import Kind, Read

    try:
        return await reading.page(page, await _spec_for(page, hints, reading), hints.kind)
    except UnreadableError as error:
        return Read(hints.kind or Kind.LISTING, Reason(error.reason), f"{page.address}: {error}")


def read_addresses(
    database: Database,
    addresses: Sequence[str],
    hints: Hints,
    settings: Settings,
    done: Callable[[str], None] = lambda name: None,
) -> list[tuple[str, Read]]:
    """What the readers make of pages, fetched under the rules of every crawl. Raises `AddressRefusedError`."""
    from crawler import reasons
    from crawler.saved import Kind, Read

    for address in addresses:
        settings.policy.check_address(address)

    async def one(address: str, fetch: Fetcher, reading: ReadingProcess) -> tuple[str, Read]:
        try:
            page = await fetch(address)
        except UnreadableError as error:
            return address, Read(hints.kind or Kind.LISTING, Reason(error.reason), str(error))
        finally:
            done(address)
        reason = reasons.of_status(page.status)
        if reason is not Reason.OK:
            return address, Read(hints.kind or Kind.LISTING, reason, f"{page.address} answered {page.status}")
        return page.address, await _read_page(page, hints, reading)

    async def all_of_them(fetch: Fetcher, reading: ReadingProcess) -> list[tuple[str, Read]]:
        return await asyncio.gather(*(one(address, fetch, reading) for address in addresses))

    return with_a_crawl(database, settings, all_of_them)


async def _spec_for(page: Page, hints: Hints, reading: ReadingProcess) -> SourceSpec:
    """The catalogue's entry of a section, or one with what its host, its address and the page tell; hints go first."""
    from crawler.catalog import catalogue
    from crawler.places import neighbours, placed

    spec = next((known for known in catalogue() if known.address == page.address), None)
    if spec is None:
        known = neighbours(page.address, catalogue())
        about = await reading.about(page)
        spec = placed(SourceSpec("", "", page.address, languages=hints.languages, zone=""), about, known, catalogue())
    return replace(
        spec,
        languages=hints.languages or spec.languages,
        zone=_zone(hints.zone) if hints.zone else spec.zone,
        day_first=spec.day_first if hints.day_first is None else hints.day_first,
    )


def with_a_crawl(
    database: Database,
    settings: Settings,
    work: Callable[[Fetcher, ReadingProcess], Awaitable[R]],
    *,
    in_browser: Collection[str] = (),
) -> R:
    """Do some work that fetches pages under the rules of every crawl: robots.txt, delays, the guard, the limits.

    Those of the hosts `in_browser` are read after their scripts have run.
    """
    from crawler.run import Crawl
    from presswatch.serve import run

    async def working() -> R:
        crawl = Crawl(database)
        await crawl.start(settings.scrapy)

        async def fetch(address: str) -> Page:
            return await crawl.fetch(address, browser=urlsplit(address).hostname in in_browser)

        try:
            return await work(fetch, crawl.reading)
        finally:
            await crawl.stop()

    return run(working())


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError):
        raise InvalidInputError(f"there is no time zone {name!r}", mend="name one like Europe/Minsk") from None


def _free_key(database: Database, key: str) -> str:
    taken = {source.key for source in database.read(sources.every)}
    return next(
        name for name in (key, *(f"{key}-{number}" for number in range(2, len(taken) + 3))) if name not in taken
    )
