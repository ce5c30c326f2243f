"""The asyncio loop of a command: what runs beside it, and how it stops."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from presswatch.context import work_begins
from presswatch.logs import Log
from presswatch.output import command
from storage.events import Event
from storage.types import EVERY_ROLE, NodeRole

if TYPE_CHECKING:  # heavy to import, and named in annotations alone
    from crawler.run import Crawl
    from presswatch.settings import Settings
    from scheduler.local import Local
    from storage.database import Database

R = TypeVar("R")


def run(work: Coroutine[Any, Any, R]) -> R:
    """Run a coroutine on a loop of its own, on which Scrapy's reactor can be installed."""
    work_begins()
    try:
        runner = asyncio.Runner()
        with _interrupts_later():
            runner.get_loop()
        with runner:
            return runner.run(work)
    except asyncio.CancelledError:  # nobody else cancels it: a Ctrl-C that came while asyncio was taking it over
        raise KeyboardInterrupt from None
    finally:
        work.close()  # it may never have begun


@contextlib.contextmanager
def _interrupts_later() -> Iterator[None]:
    """Let Ctrl-C come when this is over: a half made loop cannot be taken apart without words of Python's own."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if came:
        raise KeyboardInterrupt


def run_crawling(settings: Settings, database: Database, work: Callable[[Crawl], Awaitable[R]]) -> R:
    """`run` for work that fetches pages: it gets a crawl of its own, under the rules of every crawl."""
    return run(_with_a_crawl(settings, database, work))


async def _with_a_crawl(settings: Settings, database: Database, work: Callable[[Crawl], Awaitable[R]]) -> R:
    from crawler.run import Crawl

    crawl = Crawl(database)
    await crawl.start(settings.scrapy)
    try:
        return await work(crawl)
    finally:
        await crawl.stop()


async def running(
    settings: Settings,
    database: Database,
    work: Callable[[Local, asyncio.Event], Awaitable[R]],
    *,
    log: Log | None = None,
    report: Callable[[Event], None] | None = None,
    leaves_console: Callable[[], bool] = lambda: False,
    called: str = "",
    roles: frozenset[NodeRole] = EVERY_ROLE,
) -> R:
    """Do the work beside a crawl and a dispatch; its event is set when SIGINT or SIGTERM asks it to stop.

    `log` is where it says what happens, without it the standard output; `report` is told of events instead of it.
    `leaves_console` says whether another process prints for the console. `called` is how messages name the program,
    else as this person called it; `roles` are what this process does for all nodes.
    """
    from presswatch.links import links_of
    from scheduler.local import local
    from scheduler.plan import BoundedPlan

    stop = asyncio.Event()
    log = log or Log(sys.stdout)
    with _stopping_on_signals(stop, log.say):
        async with local(
            database,
            console=log.console,
            report=report or log,
            command=called or command(),
            leaves_console=leaves_console,
            settings=settings.scrapy,
            plan=BoundedPlan(settings.fastest, settings.slowest, timedelta(seconds=settings.gone_for)),
            roles=roles,
        ) as running:
            if settings.address:
                running.dispatch.lead_to(links_of(settings.address, database.keyring, is_public=True))
            return await work(running, stop)


async def until(stop: asyncio.Event, work: Coroutine[Any, Any, R]) -> R | None:
    """Do the work, or leave it when `stop` is set first; then None.

    Raises what the work raises, also while it is left.
    """
    task, stopped = asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            task.cancel()
            await asyncio.wait({task})
    finally:
        stopped.cancel()
        task.cancel()
    return None if task.cancelled() else task.result()


@contextlib.contextmanager
def _stopping_on_signals(stop: asyncio.Event, say: Callable[[str], None]) -> Any:
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
