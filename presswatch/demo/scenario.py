"""The demo: the same program against a replica of a ministry's site that publishes, edits and withdraws.

Nothing here is faked but the ministry: the statements go over HTTP, through the crawl and the archive, to the console
and to the pages. The demo's database lies in a folder of its own, and no address but the replica's can be reached.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from crawler.catalog import find
from presswatch.actions.subscriptions import subscribe
from presswatch.context import OWNER
from presswatch.demo.site import ReplicaSite, ReplicaStatement
from presswatch.demo.statements import demo_statements
from presswatch.logs import Log
from presswatch.loop import run, running, until
from presswatch.output import command, say
from presswatch.settings import Settings
from scheduler.local import Local
from storage.clock import now
from storage.connection_guard import guarded_connections
from storage.database import Database
from storage.items import items
from storage.opening import open_database
from storage.sources import sources
from storage.types import Item, SourceSpec

INTERVAL = 1
"""Seconds between two polls of the replica. A real ministry is asked every few minutes."""

GONE_FOR = 2
"""Seconds after which a withdrawal is believed. A real ministry is given a day."""

PAUSE = 3.0
"""Seconds that one has for reading what just happened."""

PATIENCE = 30.0
"""Seconds that something may take before the demo goes on without it."""


def play(folder: Path) -> int:
    """Play the demo in a data folder of its own, which it empties: less than a minute, until its end or Ctrl-C.

    Who watches it in a browser has the pages until Ctrl-C. Then say what to type next. Returns the exit code.
    """
    shutil.rmtree(folder, ignore_errors=True)
    with ReplicaSite() as site:
        settings = Settings(data=folder, allow_addresses=f"127.0.0.1:{site.port}", address="", gone_for=GONE_FOR)
        with open_database(folder) as database, guarded_connections(settings.policy):
            published = [site.publish(**each.as_arguments()) for each in demo_statements("before")]
            for spec in specs(site):
                database.write(sources.add, spec, alert_first=False, now=now())
            run(subscribe(database, OWNER, "CSTO", "console", settings.policy))
            say(f"a replica of a foreign ministry runs at {site.address} and shows {len(published)} statements")
            say("topic CSTO is watched in seven languages; its alerts come to this console; stop with Ctrl-C\n")
            story, called = partial(_serve, settings, site), command(folder)
            run(running(settings, database, story, log=Log(sys.stdout, quiet_polls=True), called=called))
    _say_what_next(folder)
    return 0


def specs(site: ReplicaSite) -> tuple[SourceSpec, ...]:
    """The replica's two sections, read by the same rules as the real ministry's."""
    paths = {"mfa-by/news-en": site.section("en"), "mfa-by/news-ru": site.section("ru")}
    return tuple(
        replace(
            find(key),
            key=key.replace("mfa-by", "replica"),
            name=f"Replica of a foreign ministry, news ({key[-2:]})",
            organisation="Replica of a foreign ministry",
            country="",
            address=address,
            interval=INTERVAL,
            slowest=INTERVAL,
            delay=0.0,
            enabled=True,
        )
        for key, address in paths.items()
    )


async def _serve(settings: Settings, site: ReplicaSite, local: Local, stop: asyncio.Event) -> None:
    from presswatch.demo.audience import seated  # not before one knows that the demo begins: it is much to import

    async def story() -> None:
        async with seated(settings, local) as somebody:
            await _tell(site, local.crawl.database)
            if somebody:
                say("\n-- that was it; look around in the browser: the pages are there until Ctrl-C\n")
                await stop.wait()
            stop.set()

    serving = asyncio.ensure_future(local.serve(stop))
    await until(stop, story())
    await serving


async def _tell(site: ReplicaSite, database: Database) -> None:
    """What the ministry does while one watches."""
    await _condition(lambda: all(source.baseline_at for source in database.read(sources.every)))
    say("\n-- the first poll was silent: what was there before is in the history, and nobody was alarmed\n")
    await asyncio.sleep(PAUSE)
    shown: list[ReplicaStatement] = []
    for each in demo_statements("live"):
        say(f"\n-- the ministry publishes: {each.title}\n")
        shown.append(site.publish(**each.as_arguments()))
        await _condition(lambda: _stored(database, shown[-1]) is not None)
        await asyncio.sleep(PAUSE)
    edited, withdrawn = shown[-1], shown[-2]
    say(f"\n-- the ministry silently edits: {edited.title}\n")
    site.edit(edited, body=[*edited.body, "The text of this statement has been clarified."])
    await _condition(lambda: _versions(database, edited) > 1)
    say(f"\n-- the ministry withdraws: {withdrawn.title}\n")
    site.withdraw(withdrawn)
    await _condition(lambda: _is_withdrawn(database, withdrawn))
    await asyncio.sleep(PAUSE)


def _stored(database: Database, statement: ReplicaStatement) -> Item | None:
    return database.read(items.find, statement.address)


def _versions(database: Database, statement: ReplicaStatement) -> int:
    item = _stored(database, statement)
    return item.versions if item else 0


def _is_withdrawn(database: Database, statement: ReplicaStatement) -> bool:
    item = _stored(database, statement)
    return item is not None and item.withdrawn_at is not None


async def _condition(holds: Callable[[], bool]) -> None:
    """Wait until something has happened; the demo goes on without it after a while."""
    for _ in range(int(PATIENCE / 0.1)):
        if holds():
            return
        await asyncio.sleep(0.1)


def _say_what_next(folder: Path) -> None:
    say("\nWhat to type next:")
    here, usual = command(folder), command()
    lines = (
        (f"{here} search 'alias:CSTO'", "what the demo has stored, found in both languages"),
        (f"{here} alerts list", "what was announced"),
        (f"{usual} subscribe CSTO --to console", "then the real thing: be told here"),
        (f"{usual} start", "watch the real ministry; --help shows everything else"),
    )
    for line, why in lines:
        say(f"  {line}\n      {why}")
