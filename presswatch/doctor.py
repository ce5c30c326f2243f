"""Whether all is well: each finding says what was looked at, what was found, and the mend."""

from __future__ import annotations

import asyncio
import os
import shlex
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version

from sqlalchemy import Connection

from crawler.fetching import failures
from crawler.run import Crawl
from notify.channels.kinds import check_channel_address, masked
from presswatch.actions.installation import decided
from presswatch.output import command, moment, plural
from presswatch.settings import Settings
from storage.clock import now
from storage.connection_guard import AddressPolicy
from storage.database import Database, is_watched
from storage.errors import PresswatchError, StorageError, UnreadableError
from storage.operator import notices
from storage.operator.own_network import LEAST_HOSTS, NETWORK
from storage.outbox import alerts, canaries
from storage.people import channels, subscriptions, topics
from storage.people.keyring import Keyring
from storage.query.aliases import Packs
from storage.query.packs import PacksInForce
from storage.sources import sources
from storage.types import REMEDIES, AlertState, ChannelReason, Reason, Source

SCARCE_DISK = 200 * 1024 * 1024
"""Bytes: less than this is gone in a few months."""


@dataclass(frozen=True, slots=True)
class Finding:
    """`state` is ok, warn or fail."""

    state: str
    what: str
    detail: str
    mend: str = ""
    of_one_source: bool = False


def first_to_mend(findings: Sequence[Finding]) -> Finding | None:
    """What to do first: what fails before what is only missing, what concerns all before what concerns one source."""
    states = ("fail", "warn")
    wrong = [each for each in findings if each.state in states and each.mend]
    return min(wrong, key=lambda each: (states.index(each.state), each.of_one_source), default=None)


async def examine_all(database: Database, settings: Settings, crawl: Crawl) -> list[Finding]:
    """Look at everything; sections are really fetched, once each."""
    watched = [source for source in await database.read_async(sources.every) if source.enabled]
    answers = await asyncio.gather(*(_reached(crawl, source) for source in watched))

    def in_the_database(connection: Connection) -> list[Finding]:
        return [
            *_aliases(database.aliases.in_force),
            *_people(connection, database.packs, database.keyring, settings.policy),
            *_outbox(connection),
            *_canaries(connection),
            *_operator(connection),
        ]

    return [
        *_installation(database, settings),
        *await asyncio.to_thread(lambda: [*_files(database, settings)]),
        *_sources(watched, answers),
        *await database.read_async(in_the_database),
    ]


def _installation(database: Database, settings: Settings) -> Iterator[Finding]:
    python = ".".join(map(str, sys.version_info[:3]))
    yield Finding("ok", "presswatch", f"version {version('presswatch')} on Python {python}")
    free = shutil.disk_usage(settings.data).free
    state, mend = ("warn", "free some space") if free < SCARCE_DISK else ("ok", "")
    where = f"{database.place}, {database.size // 1024**2} MiB" if settings.server else f"{database.place}"
    said = {each.name: each.place for each in decided(settings)}["database" if settings.server else "data"]
    by = f" (by {said})" if said else ""
    yield Finding(state, "database", f"{where}{by}, {free // 1024**2} MiB free", mend)
    if settings.contact:
        yield Finding("ok", "contact", settings.contact)
    else:
        yield Finding(
            "warn",
            "contact",
            "sites see no address of yours that their administrators could write to",
            "set PRESSWATCH_CONTACT=mailto:you@example.org",
        )
    if settings.allow_addresses:
        yield Finding("warn", "addresses", f"connections into {settings.allow_addresses} are allowed")


def _files(database: Database, settings: Settings) -> Iterator[Finding]:
    for caution in database.cautions():
        yield Finding("fail", "database", str(caution), caution.mend)
    if not settings.server:
        yield _file(database)
    open_to_others = settings.data.stat().st_mode & 0o077
    if open_to_others and os.name != "nt":
        yield Finding("warn", "folder", f"others may look into {settings.data}", f"chmod 700 {settings.data}")
    if is_watched(settings.data):
        yield Finding("ok", "watching", "a process watches with this database")
    else:
        yield Finding("warn", "watching", "no process watches with this database now", f"{command()} start")


def _file(database: Database) -> Finding:
    try:
        database.examine()
    except StorageError as error:
        return Finding("fail", "file", str(error), error.mend)
    return Finding("ok", "file", "whole")


def _sources(enabled: Sequence[Source], answers: Sequence[tuple[Reason, str]]) -> Iterator[Finding]:
    if not enabled:
        yield Finding("fail", "sources", "none is enabled", f"{command()} sources list")
        return
    if len(answers) >= LEAST_HOSTS and all(reason in NETWORK for reason, _ in answers):
        mend = "look at this machine's own connection, its name server and its proxy"
        yield Finding("fail", "network", "no site can be reached", mend)
    for source in enabled:
        if source.spec.transport.in_words:
            yield _of(source, "warn", f"its connection is trusted less: {source.spec.transport.in_words}")
    for source, (reason, detail) in zip(enabled, answers, strict=True):
        if not reason.healthy:
            yield _of(source, "fail", f"{reason}: {detail}", REMEDIES.get(reason, ""))
        elif source.last_poll_at is None:
            yield _of(source, "ok", "answers; not polled yet")
        elif not source.reason.healthy:
            yield _of(
                source,
                "warn",
                f"answers, but is {source.reason} since {moment(source.reason_since)}: {source.detail}",
                f"{REMEDIES.get(source.reason, '')}; see {command()} sources check {source.key}",
            )
        else:
            yield _of(source, "ok", f"answers; last polled {moment(source.last_poll_at)}")


def _of(source: Source, state: str, detail: str, mend: str = "") -> Finding:
    return Finding(state, source.key, detail, mend, of_one_source=True)


async def _reached(crawl: Crawl, source: Source) -> tuple[Reason, str]:
    """What the section answers now."""
    try:
        page = await crawl.fetch(source.spec.address)
    except UnreadableError as error:
        return error.reason, str(error)
    return failures.of_status(page.status), f"{page.address} answered {page.status}"


def _aliases(found: PacksInForce) -> Iterator[Finding]:
    for problem in found.problems:
        yield Finding("warn", "aliases", str(problem), problem.mend)
    if found.own:
        yield Finding("ok", "aliases", f"{plural(len(found.own), 'pack')} of yours")


def _people(connection: Connection, packs: Packs, keyring: Keyring, policy: AddressPolicy) -> Iterator[Finding]:
    told = {subscription.topic_id for subscription in subscriptions.in_force(connection)}
    for topic in topics.in_force(connection):
        if why := topics.why_unusable(packs, topic.query):
            again = f"{command()} topics change {shlex.quote(topic.name)} QUERY"
            yield Finding("fail", f"topic {topic.name}", f"its query cannot be asked any more: {why}", again)
        elif topic.id in told:
            yield Finding("ok", f"topic {topic.name}", topic.query)
        else:
            yield Finding(
                "warn",
                f"topic {topic.name}",
                "nobody is told of it",
                f"{command()} subscribe {shlex.quote(topic.name)} --to console",
            )
    if not told:
        yield Finding("warn", "subscriptions", "nobody is told of anything", f"{command()} subscribe CSTO --to console")
    health = channels.health(connection)
    for channel in channels.in_force(connection):
        try:
            address = keyring.open(channel.address)
            check_channel_address(address, policy)
        except PresswatchError as error:
            yield Finding("fail", f"channel {channel.name}", str(error), error.mend)
            continue
        if health[channel.id].reason is ChannelReason.UNDELIVERABLE:
            mend = f"{command()} channels test {shlex.quote(channel.name)}"
            yield Finding("fail", f"channel {channel.name}", str(health[channel.id]), mend)
        else:
            yield Finding("ok", f"channel {channel.name}", masked(address))


def _canaries(connection: Connection) -> Iterator[Finding]:
    for proof in canaries.proofs(connection, now()):
        where = f"canary of {proof.subscription.channel_name}"
        last = f"last one sent at {moment(proof.last_sent_at)}" if proof.last_sent_at else "none sent yet"
        if proof.broken:
            yield Finding("fail", where, f"{proof.broken}; {last}", f"{command()} alerts list")
        else:
            yield Finding("ok", where, f"every {proof.subscription.canary} minutes, {last}")


def _outbox(connection: Connection) -> Iterator[Finding]:
    counted = alerts.count_by_state(connection)
    dead, failed = counted.get(AlertState.DEAD, 0), counted.get(AlertState.FAILED, 0)
    waiting = counted.get(AlertState.PENDING, 0)
    detail = f"{counted.get(AlertState.SENT, 0)} sent, {waiting} waiting, {failed} to be tried again, {dead} dead"
    if dead:
        yield Finding("fail", "alerts", detail, f"{plural(dead, 'alert')}: {command()} alerts list --state dead")
    else:
        yield Finding("ok", "alerts", detail)


def _operator(connection: Connection) -> Iterator[Finding]:
    channel = notices.operator(connection)
    if channel is None:
        yield Finding(
            "warn",
            "operator",
            "nobody is told when a source fails",
            f"name a channel: {command()} channels operator NAME",
        )
        return
    unsent = notices.refused(connection)
    if unsent:
        yield Finding(
            "fail",
            "operator",
            f"{plural(len(unsent), 'notice')} could not be sent: {unsent[0].last_error}",
            f"{command()} channels test {channel.name}",
        )
    else:
        yield Finding("ok", "operator", f"told through {channel.name}")
