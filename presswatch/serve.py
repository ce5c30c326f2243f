"""The main job: poll, match and deliver until somebody says stop."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from importlib.metadata import version

from presswatch.actions.sources import chosen
from presswatch.context import opened_by
from presswatch.loop import run, running, until
from presswatch.output import command, plural, say
from presswatch.settings import Settings
from scheduler.local import Local
from storage.database import Database
from storage.people import subscriptions, topics
from storage.sources import sources


def serve_forever(settings: Settings) -> int:
    """Watch until SIGINT or SIGTERM, then stop within ten seconds, losing nothing. Returns the exit code."""
    with opened_by(settings) as database:
        _greet(settings, database)
        run(running(settings, database, lambda local, stop: local.serve(stop)))
    say("stopped; what was under way is taken up at the next start")
    return 0


def poll_once(settings: Settings, keys: Sequence[str]) -> int:
    """Poll these sources, or all enabled ones, and send what that found. Exit code 1 if one of them is unhealthy."""
    with opened_by(settings) as database:
        wanted = [source.key for source in run(chosen(database, keys))]
        if not wanted:
            say(f"no source is enabled; see them with: {command()} sources list")
            return 1

        async def once(local: Local, stop: asyncio.Event) -> int:
            polls = await until(stop, local.once(wanted))
            busy = set(wanted) - {poll.source.key for poll in polls or ()}
            for key in sorted(busy if polls is not None else ()):
                say(f"{key} is being polled by another process")
            return len(polls or ())

        run(running(settings, database, once))
        healthy = all(source.reason.healthy for source in run(chosen(database, wanted)))
    return 0 if healthy else 1


def _greet(settings: Settings, database: Database) -> None:
    watched = sum(source.enabled for source in database.read(sources.every))
    known, told = len(database.read(topics.in_force)), len(database.read(subscriptions.in_force))
    say(
        f"presswatch {version('presswatch')}: {plural(watched, 'source')}, {plural(known, 'topic')}, "
        f"{plural(told, 'subscription')}; data in {settings.data}; stop with Ctrl-C"
    )
    if not told:
        say(f"nobody is told yet; try in another terminal: {command()} subscribe CSTO --to console")
