"""The main job: poll, match and deliver until somebody says stop."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack, ExitStack
from functools import partial
from importlib.metadata import version

from presswatch.actions.signing_in import first_link
from presswatch.actions.sources import chosen
from presswatch.context import opened_by
from presswatch.logs import Level, Log, keep_records
from presswatch.loop import run, running, until
from presswatch.metrics import Metrics, lags
from presswatch.output import command, plural
from presswatch.settings import Settings
from scheduler.local import Local
from storage.clock import now
from storage.database import Database, is_watched, watching
from storage.errors import FencedError, InvalidInputError, SettingsError
from storage.events import Event, heard
from storage.operator.notices import NETWORK_MEND
from storage.operator.own_network import what_is_down
from storage.people import subscriptions, topics
from storage.sources import sources
from storage.types import EVERY_ROLE, NodeRole


def serve_forever(settings: Settings, *, roles: frozenset[NodeRole] = EVERY_ROLE, log_json: bool = False) -> int:
    """Watch until SIGINT or SIGTERM, then stop within ten seconds, losing nothing. Returns the exit code.

    On a server's database this is a node among others, with these roles. Begins anew where it had to be told that
    others have taken over. Raises `InvalidInputError` where the database is a file and the roles are not all.
    """
    log = Log(sys.stdout, as_json=log_json)
    keep_records(log)
    if not settings.server and roles != EVERY_ROLE:
        raise InvalidInputError(
            "roles are shared by the nodes of a server's database, and this one is a file: one process does all",
            mend="leave --roles away, or name a server in PRESSWATCH_DATABASE",
        )
    try:
        _watch(settings, roles, log)
    except FencedError as error:
        log.write(Level.WARNING, f"{error}; it begins anew", "said")
        sys.stdout.flush()
        os.execv(sys.executable, [sys.executable, "-m", "presswatch", *sys.argv[1:]])  # nothing of before goes on
    log.say("stopped; what was under way is taken up at the next start")
    return 0


def _watch(settings: Settings, roles: frozenset[NodeRole], log: Log) -> None:
    with ExitStack() as open_now:
        database = open_now.enter_context(opened_by(settings))
        other = open_now.enter_context(watching(settings.data)) if not settings.server else None
        number = None
        if settings.server:
            from scheduler.cluster import require
            from scheduler.membership import joined

            require()
            number = open_now.enter_context(joined(database, roles, version("presswatch")))
        _greet(settings, database, log)
        if other is not None:
            _tell_of_the_other(settings, other, log)
        metrics = Metrics()

        def report(event: Event) -> None:
            log(event)
            metrics(event)

        work = partial(_serve, settings, log, metrics, number)
        run(running(settings, database, work, log=log, report=report, roles=roles))


async def _serve(
    settings: Settings, log: Log, metrics: Metrics, number: int | None, local: Local, stop: asyncio.Event
) -> None:
    """Poll and deliver until `stop` is set, and serve the pages meanwhile. Where these cannot be served, it goes on:
    what is published meanwhile would be missed. `number` is that of the node, where it is one."""
    async with AsyncExitStack() as meanwhile:
        if settings.listen != "off" and NodeRole.WEB in local.roles:
            from presswatch.web.directory import what_is_missing
            from presswatch.web.server import desk_pages

            if missing := what_is_missing(settings):
                log.write(Level.WARNING, missing, "said")
            try:
                address = await meanwhile.enter_async_context(desk_pages(settings, local, metrics))
                log.say(f"pages at {address}")
                if link := await first_link(local.crawl.database):
                    log.say(
                        f"nobody can sign in yet: become the owner at {address}/begin/{link} (works once, for an hour)"
                    )
            except SettingsError as error:
                log.write(Level.WARNING, f"{error}; {error.mend}", "said")
        lagging = asyncio.create_task(heard(_follow_the_loop(metrics), "following the loop", local.operator.report))
        meanwhile.callback(lagging.cancel)
        if number is None:
            await local.serve(stop)
        else:
            from scheduler import cluster

            await cluster.serve(local, number, stop)


async def _follow_the_loop(metrics: Metrics) -> None:
    """Count how late the loop comes to what is due."""
    async for seconds in lags():
        metrics.late(seconds)


def poll_once(settings: Settings, keys: Sequence[str], *, log_json: bool = False) -> int:
    """Poll these sources, or all enabled ones, and send what that found. Exit code 1 if one of them is unhealthy."""
    log = Log(sys.stdout, as_json=log_json)
    if log_json:
        keep_records(log)  # else it goes nowhere: a person who waits reads what happened, and no traceback
    begun = now()
    with opened_by(settings) as database:
        wanted = [source.key for source in run(chosen(database, keys))]
        if not wanted:
            log.say(f"no source is enabled; see them with: {command()} sources list")
            return 1

        async def once(local: Local, stop: asyncio.Event) -> int:
            polls = await until(stop, local.once(wanted))
            busy = set(wanted) - {poll.source.key for poll in polls or ()}
            for key in sorted(busy if polls is not None else ()):
                log.say(f"{key} is being polled by another process")
            return len(polls or ())

        stays = partial(is_watched, settings.data)  # what is for the console belongs where somebody looks
        run(running(settings, database, once, log=log, leaves_console=stays))
        if down := database.read(what_is_down, begun):
            log.say(f"{down}; {NETWORK_MEND}")
        healthy = all(source.reason.healthy for source in run(chosen(database, wanted)))
    return 0 if healthy else 1


def _greet(settings: Settings, database: Database, log: Log) -> None:
    watched = sum(source.enabled for source in database.read(sources.every))
    known, told = len(database.read(topics.in_force)), len(database.read(subscriptions.in_force))
    where = database.place if settings.server else settings.data
    log.say(
        f"presswatch {version('presswatch')}: {plural(watched, 'source')}, {plural(known, 'topic')}, "
        f"{plural(told, 'subscription')}; data in {where}; stop with Ctrl-C"
    )
    if not told:
        log.say(f"nobody is told yet; try in another terminal: {command()} subscribe CSTO --to console")


def _tell_of_the_other(settings: Settings, pid: int, log: Log) -> None:
    text = f"process {pid} watches with {settings.data} already: the two share the work; one is enough"
    log.write(Level.WARNING, text, "said")
