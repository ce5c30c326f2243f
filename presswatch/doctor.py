"""Whether all is well: each finding says what was looked at, what was found, and the mend."""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

from presswatch.output import command, moment, plural
from storage.clock import now
from storage.operator import notices
from storage.outbox import alerts, canaries
from storage.people import channels, subscriptions, topics
from storage.sources import sources
from storage.types import REMEDIES, AlertState, ChannelReason, Reason, Source

if TYPE_CHECKING:
    from presswatch.settings import Settings
    from storage.database import Database

SCARCE_DISK = 200 * 1024 * 1024
"""Bytes: less than this is gone in a few months."""


@dataclass(frozen=True, slots=True)
class Finding:
    """`state` is ok, warn or fail."""

    state: str
    what: str
    detail: str
    mend: str = ""


def examine_all(database: Database, settings: Settings) -> list[Finding]:
    """Look at everything; sections are really fetched, once each."""
    return [
        *_installation(database, settings),
        *_sources(database, settings),
        *_aliases(database),
        *_people(database, settings),
        *_outbox(database),
        *_canaries(database),
        *_operator(database),
    ]


def _installation(database: Database, settings: Settings) -> Iterator[Finding]:
    python = ".".join(map(str, sys.version_info[:3]))
    yield Finding("ok", "presswatch", f"version {version('presswatch')} on Python {python}")
    free = shutil.disk_usage(settings.data).free
    state, mend = ("warn", "free some space") if free < SCARCE_DISK else ("ok", "")
    yield Finding(state, "database", f"{database.path}, {free // 1024**2} MiB free", mend)
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


def _sources(database: Database, settings: Settings) -> Iterator[Finding]:
    enabled = [source for source in database.read(sources.every) if source.enabled]
    if not enabled:
        yield Finding("fail", "sources", "none is enabled", f"{command()} sources list")
        return
    for source in enabled:
        if source.spec.transport.in_words:
            yield Finding("warn", source.key, f"its connection is trusted less: {source.spec.transport.in_words}")
    answers = _reached(database, settings, enabled)
    for source, (reason, detail) in zip(enabled, answers, strict=True):
        if not reason.healthy:
            yield Finding("fail", source.key, f"{reason}: {detail}", REMEDIES.get(reason, ""))
        elif source.last_poll_at is None:
            yield Finding("ok", source.key, "answers; not polled yet")
        elif not source.reason.healthy:
            yield Finding(
                "warn",
                source.key,
                f"answers, but is {source.reason} since {source.reason_since:%Y-%m-%d %H:%M} UTC: {source.detail}",
                f"{REMEDIES.get(source.reason, '')}; see {command()} sources check {source.key}",
            )
        else:
            yield Finding("ok", source.key, f"answers; last polled {source.last_poll_at:%Y-%m-%d %H:%M} UTC")


def _reached(database: Database, settings: Settings, wanted: list[Source]) -> list[tuple[Reason, str]]:
    """Fetch each section once, all hosts side by side."""
    from crawler.fetching import failures
    from presswatch.actions.crawling import with_a_crawl
    from storage.errors import UnreadableError

    async def all_of_them(fetch: object, _: object) -> list[tuple[Reason, str]]:
        return await asyncio.gather(*(one(fetch, source) for source in wanted))

    async def one(fetch: object, source: Source) -> tuple[Reason, str]:
        try:
            page = await fetch(source.spec.address)  # type: ignore[operator]
        except UnreadableError as error:
            return error.reason, str(error)
        return failures.of_status(page.status), f"{page.address} answered {page.status}"

    return with_a_crawl(database, settings, all_of_them)


def _aliases(database: Database) -> Iterator[Finding]:
    found = database.aliases.in_force
    for problem in found.problems:
        yield Finding("warn", "aliases", str(problem), problem.mend)
    if found.own:
        yield Finding("ok", "aliases", f"{plural(len(found.own), 'pack')} of yours")


def _people(database: Database, settings: Settings) -> Iterator[Finding]:
    from notify.channels.kinds import check_channel_address, masked
    from storage.errors import PresswatchError

    told = {subscription.topic_id for subscription in database.read(subscriptions.in_force)}
    for topic in database.read(topics.in_force):
        if topic.id in told:
            yield Finding("ok", f"topic {topic.name}", topic.query)
        else:
            yield Finding(
                "warn",
                f"topic {topic.name}",
                "nobody is told of it",
                f"{command()} subscribe {topic.name!r} --to console",
            )
    if not told:
        yield Finding("warn", "subscriptions", "nobody is told of anything", f"{command()} subscribe CSTO --to console")
    health = database.read(channels.health)
    for channel in database.read(channels.in_force):
        try:
            address = database.keyring.open(channel.address)
            check_channel_address(address, settings.policy)
        except PresswatchError as error:
            yield Finding("fail", f"channel {channel.name}", str(error), error.mend)
            continue
        if health[channel.id].reason is ChannelReason.OK:
            yield Finding("ok", f"channel {channel.name}", masked(address))
        else:
            yield Finding(
                "fail", f"channel {channel.name}", str(health[channel.id]), f"{command()} channels test {channel.name}"
            )


def _canaries(database: Database) -> Iterator[Finding]:
    for proof in database.read(lambda connection: tuple(canaries.proofs(connection, now()))):
        where = f"canary of {proof.subscription.channel_name}"
        last = f"last one sent at {moment(proof.last_sent_at)}" if proof.last_sent_at else "none sent yet"
        if proof.broken:
            yield Finding("fail", where, f"{proof.broken}; {last}", f"{command()} alerts list")
        else:
            yield Finding("ok", where, f"every {proof.subscription.canary} minutes, {last}")


def _outbox(database: Database) -> Iterator[Finding]:
    counted = database.read(alerts.count_by_state)
    dead, failed = counted.get(AlertState.DEAD, 0), counted.get(AlertState.FAILED, 0)
    waiting = counted.get(AlertState.PENDING, 0)
    detail = f"{counted.get(AlertState.SENT, 0)} sent, {waiting} waiting, {failed} to be tried again, {dead} dead"
    if dead:
        yield Finding("fail", "alerts", detail, f"{plural(dead, 'alert')}: {command()} alerts list --state dead")
    else:
        yield Finding("ok", "alerts", detail)


def _operator(database: Database) -> Iterator[Finding]:
    channel = database.read(notices.operator)
    if channel is None:
        yield Finding(
            "warn",
            "operator",
            "nobody is told when a source fails",
            f"name a channel: {command()} channels operator NAME",
        )
        return
    unsent = [notice for notice in database.read(notices.listing) if notice.sent_at is None and notice.last_error]
    if unsent:
        yield Finding(
            "fail",
            "operator",
            f"{plural(len(unsent), 'notice')} could not be sent: {unsent[0].last_error}",
            f"{command()} channels test {channel.name}",
        )
    else:
        yield Finding("ok", "operator", f"told through {channel.name}")
