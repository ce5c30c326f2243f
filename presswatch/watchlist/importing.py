"""A file is brought in, in one transaction: all of it, or nothing."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from notify.rhythm import leaves_at
from presswatch.watchlist import opml
from presswatch.watchlist.changes import WatchlistChange, changes
from presswatch.watchlist.file_format import Form
from presswatch.watchlist.from_database import known
from presswatch.watchlist.model import WantedSource, WantedSubscription, WantedSwitch, WantedTopic
from presswatch.watchlist.toml_reader import Reading, at, read
from presswatch.watchlist.validation import Allowed, Checks
from storage.clock import now
from storage.database import Database
from storage.errors import InvalidInputError, MistakesError
from storage.people import channels, subscriptions, topics
from storage.people.keyring import Keyring
from storage.query.aliases import Packs
from storage.sources import sources
from storage.sources.watched import Watched, watched
from storage.types import SourceSpec

LARGEST = 5 * 1024 * 1024
"""Bytes of a file. The largest desk's has a tenth."""


async def import_file(
    database: Database,
    owner: int,
    file: Path,
    form: Form,
    allowed: Allowed,
    *,
    prune: bool = False,
    dry_run: bool = False,
) -> tuple[WatchlistChange, ...]:
    """`import_watchlist` from a file, whose name stands before whatever is wrong. Raises as that does."""
    try:
        content = await asyncio.to_thread(_content, file)
    except OSError as error:
        raise InvalidInputError(f"{file} cannot be read: {error.strerror}", mend="name a file that is yours") from error
    try:
        return await import_watchlist(database, owner, content, form, allowed, prune=prune, dry_run=dry_run)
    except InvalidInputError as error:
        raise at(str(file), error) from error


def _content(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(LARGEST + 1)


async def import_watchlist(
    database: Database,
    owner: int,
    content: bytes,
    form: Form,
    allowed: Allowed,
    *,
    prune: bool = False,
    dry_run: bool = False,
) -> tuple[WatchlistChange, ...]:
    """Bring in what a file says, and return what that changed, or would change with `dry_run`.

    1. The file is read, and every mistake in it is noted.
    2. What it says is checked against what is there, by the rules by which each thing is added alone.
    3. Nothing is written if anything is wrong: `MistakesError` has all of it.
    4. What differs is written. With `prune` that also removes what the file does not name, of the kinds it speaks of.

    Raises `InvalidInputError` for a file that is none of its form.
    """
    if len(content) > LARGEST:
        raise InvalidInputError(f"it has more than {LARGEST // 1024**2} MB", mend="look whether it is the right file")
    if prune and form is Form.OPML:
        raise InvalidInputError("an OPML file names feeds alone", mend="prune with a TOML file, or leave --prune out")

    packs, keyring = database.packs, database.keyring

    def work(connection: Connection) -> tuple[WatchlistChange, ...]:
        reading = _read(connection, content, form)
        found = changes(known(connection, owner), reading.watchlist, prune=prune)
        mistakes = [*reading.mistakes, *Checks(connection, owner, packs, allowed, reading, found).mistakes()]
        if mistakes:
            many = "1 mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"
            raise MistakesError(f"{many}, nothing is imported", mistakes)
        if found and not dry_run:
            there = watched(connection)
            for change in found:
                _write(connection, owner, packs, keyring, change, now(), there)
        return found

    return await (database.read_async(work) if dry_run else database.write_async(work))


def _read(connection: Connection, content: bytes, form: Form) -> Reading:
    there = sources.every(connection)
    if form is Form.OPML:
        return opml.wanted(opml.read(content), there)
    return read(content, {source.key for source in there if source.origin == "catalogue"})


def _write(
    connection: Connection,
    owner: int,
    packs: Packs,
    keyring: Keyring,
    change: WatchlistChange,
    when: datetime,
    there: Watched,
) -> None:
    match change.after or change.before:
        case WantedTopic() as topic:
            _write_topic(connection, owner, packs, change, topic, when)
        case WantedSubscription() as told:
            _write_subscription(connection, owner, keyring, change, told, when)
        case WantedSwitch(key, enabled):
            sources.set_enabled(connection, key, enabled, when)
        case WantedSource(spec, alert_first):
            _write_source(connection, change.verb, spec, alert_first, when, there)


def _write_topic(
    connection: Connection, owner: int, packs: Packs, change: WatchlistChange, topic: WantedTopic, when: datetime
) -> None:
    match change.verb:
        case "added":
            topics.add(connection, owner, packs, topic.name, topic.query, when)
        case "changed":
            before = topics.get(connection, owner, topic.name)
            topics.change(connection, packs, before, topic.query, when, name=topic.name)
        case "removed":
            topics.remove(connection, owner, topic.name, when)


def _write_subscription(
    connection: Connection,
    owner: int,
    keyring: Keyring,
    change: WatchlistChange,
    told: WantedSubscription,
    when: datetime,
) -> None:
    topic = topics.get(connection, owner, told.topic)
    channel = channels.find(connection, owner, keyring, told.channel) or channels.add(
        connection, owner, keyring, channels.CONSOLE, channels.CONSOLE, when
    )
    match change.verb:
        case "added":
            made = subscriptions.subscribe(connection, topic, channel, when, told.rhythm, canary=told.canary)
            subscriptions.tell_of(connection, made.id, told.on)
        case "changed":
            there = subscriptions.find(connection, topic, channel)
            assert there is not None
            if there.rhythm != told.rhythm:
                subscriptions.change(connection, there.id, told.rhythm, leaves_at(told.rhythm, when))
            if there.canary != told.canary:
                subscriptions.set_canary(connection, there.id, told.canary)
            subscriptions.tell_of(connection, there.id, told.on)
        case "removed":
            subscriptions.unsubscribe(connection, topic, channel, when)


def _write_source(
    connection: Connection, verb: str, spec: SourceSpec, alert_first: bool, when: datetime, there: Watched
) -> None:
    match verb:
        case "added":
            sources.add(connection, spec, alert_first=alert_first, now=when, among=there)
        case "changed":
            sources.change(connection, spec, alert_first=alert_first, now=when, among=there)
        case "removed":
            sources.remove(connection, spec.key, when, among=there)
