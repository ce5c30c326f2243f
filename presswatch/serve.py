"""The main job: poll, match and deliver until somebody says stop."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, TypeVar

from presswatch.context import opened
from presswatch.output import EventLines, command, plural, say
from storage import sources, subscriptions, topics

if TYPE_CHECKING:
    from presswatch.settings import Settings
    from scheduler.local import Local
    from storage.database import Database
    from storage.types import Event

R = TypeVar("R")


def serve_forever(current: Settings | None = None) -> int:
    """Watch until SIGINT or SIGTERM, then stop within ten seconds, losing nothing. Returns the exit code."""
    with opened(current) as (settings, database):
        _greet(settings, database)
        run(running(settings, database, lambda local, stop: local.serve(stop)))
    say("stopped; what was under way is taken up at the next start")
    return 0


def poll_once(keys: Sequence[str]) -> int:
    """Poll these sources, or all enabled ones, and send what that found. Exit code 1 if one of them is unhealthy."""
    with opened() as (settings, database):
        chosen = [database.read(sources.get, key) for key in keys] or [
            source for source in database.read(sources.every) if source.enabled
        ]
        if not chosen:
            say(f"no source is enabled; see them with: {command()} sources list")
            return 1

        async def once(local: Local, stop: asyncio.Event) -> int:
            polls = await until(stop, local.once([source.key for source in chosen]))
            busy = {source.key for source in chosen} - {poll.source.key for poll in polls or ()}
            for key in sorted(busy if polls is not None else ()):
                say(f"{key} is being polled by another process")
            return len(polls or ())

        run(running(settings, database, once))
        healthy = all(database.read(sources.get, source.key).reason.healthy for source in chosen)
    return 0 if healthy else 1


async def running(
    settings: Settings,
    database: Database,
    work: Callable[[Local, asyncio.Event], Awaitable[R]],
    *,
    quiet_polls: bool = False,
    report: Callable[[Event], None] | None = None,
) -> R:
    """Do the work beside a crawl and a dispatch; its event is set when SIGINT or SIGTERM asks it to stop.

    `report` is told what happens; without it each event is a line on the standard output.
    """
    from scheduler.local import local
    from scheduler.plan import Bounded

    stop = asyncio.Event()
    report = report or EventLines(sys.stdout, quiet_polls=quiet_polls)
    with _stopping_on_signals(stop):
        async with local(
            database,
            console=sys.stdout,
            report=report,
            command=command(),
            base_url=settings.base_url,
            settings=settings.scrapy,
            plan=Bounded(settings.fastest, settings.slowest),
        ) as running:
            return await work(running, stop)


async def until(stop: asyncio.Event, work: Coroutine[Any, Any, R]) -> R | None:
    """Do the work, or leave it when `stop` is set first; then None."""
    task, stopped = asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())
    await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if task.done():
        return task.result()
    task.cancel()
    return None


def run(work: Coroutine[Any, Any, R]) -> R:
    """Run a coroutine on a loop of its own, on which Scrapy's reactor can be installed."""
    with asyncio.Runner() as runner:
        return runner.run(work)


@contextlib.contextmanager
def _stopping_on_signals(stop: asyncio.Event) -> Any:
    """The first SIGINT or SIGTERM asks to stop, the second one ends the process."""
    loop = asyncio.get_running_loop()

    def ask() -> None:
        if stop.is_set():
            os._exit(130)
        stop.set()
        say("stopping ...")

    wanted = (signal.SIGINT, signal.SIGTERM)
    before = [signal.getsignal(number) for number in wanted]
    for number in wanted:
        with contextlib.suppress(NotImplementedError, RuntimeError):
            loop.add_signal_handler(number, ask)
    try:
        yield
    finally:
        for number, handler in zip(wanted, before, strict=True):
            with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
                loop.remove_signal_handler(number)
                signal.signal(number, handler)


def _greet(settings: Settings, database: Database) -> None:
    watched = sum(source.enabled for source in database.read(sources.every))
    known, told = len(database.read(topics.every)), len(database.read(subscriptions.every))
    say(
        f"presswatch {version('presswatch')}: {plural(watched, 'source')}, {plural(known, 'topic')}, "
        f"{plural(told, 'subscription')}; data in {settings.data}; stop with Ctrl-C"
    )
    if not told:
        say(f"nobody is told yet; try in another terminal: {command()} subscribe CSTO --to console")
