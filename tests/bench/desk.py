"""A desk that is read: the pages of a long history in a process of its own, while a crawl goes on and alerts leave.

What a page asks the database is written down while it is asked, so that the same can be asked again without a page
around it: that is the bare query behind it.
"""

from __future__ import annotations

import asyncio
import gc
import io
import multiprocessing
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, update

from crawler.run import Crawl
from notify.delivery.dispatch import Dispatch
from presswatch.metrics import lags
from presswatch.web.app import application
from presswatch.web.desk import Desk
from presswatch.web.server import listening, serving
from presswatch.web.visitor import COOKIE
from scheduler.jobs import poll_now
from storage.clock import now
from storage.database import Database
from storage.errors import PresswatchError
from storage.events import AlertsSent, Event, PollEnded, StatementStored
from storage.items import items, kept, store
from storage.opening import open_database
from storage.people import channels, sessions, subscriptions, tokens, topics, users
from storage.sources import sources
from storage.tables import versions
from storage.types import SOLE_OWNER, Article, ArticleDraft, Published, Role, Scope
from tests.bench.crawling import crawl_in
from tests.bench.server import Section
from tests.bench.texts import LANGUAGES, statement, vocabulary

TOPICS, CHANNELS, KEPT, TODAYS, TOKENS = 20, 4, 50, 300, 20
EDITED = 7
"""The number of the statement that has two versions."""
BEAT = 2.0
"""Seconds between two rounds of polls while the desk is busy."""
BATCH = 5
"""Statements that a round finds: as many as hundreds of sections publish in their busiest hour."""
UNCHANGED = 10
"""Sections that a round asks beside, and that have nothing new: those of the rounds before."""


@dataclass(frozen=True, slots=True)
class Bare:
    """What a page's queries cost without it, each time: seconds on the clock and of CPU time."""

    queries: int
    wall: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Opened:
    """Where the desk is, and what lets somebody in."""

    port: int
    cookie: str
    tokens: tuple[str, ...]
    """Many: one alone may not ask so often."""


@dataclass(frozen=True, slots=True)
class Busy:
    """What the desk did beside answering, and how late its loop was each time it was looked at, in seconds."""

    late: Sequence[float]
    polls: int
    stored: int
    sent: int


class TheDesk:
    """The process of the desk, as others see it."""

    def __init__(self, pipe: Pipe, opened: Opened) -> None:
        self._pipe = pipe
        self.opened = opened

    def ask(self, what: str) -> Any:
        """Have it do something, and wait for what comes of that."""
        self._pipe.send(what)
        return self._pipe.recv()


@contextmanager
def desk(folder: Path, hooks: int, sections: Sequence[Section] = ()) -> Iterator[TheDesk]:
    """The desk of a folder, whose channels are web hooks at a port of this machine; what it polls while it is busy."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(folder, hooks, sections, theirs))
    process.start()
    try:
        theirs.close()  # else `recv` would wait for ever where the process cannot start
        opened = TheDesk(ours, ours.recv())
        yield opened
        opened.ask("close")
        process.join()
    finally:
        process.kill()
        process.join()


# -- in the desk's process -------------------------------------------------------------------------------------------


def _serve(folder: Path, hooks: int, sections: Sequence[Section], pipe: Pipe) -> None:
    with open_database(folder) as database:
        asyncio.run(_Serving(database, hooks, sections, pipe).serve())


class _Serving:
    """The desk while it is open; does what it is asked by name."""

    def __init__(self, database: Database, hooks: int, sections: Sequence[Section], pipe: Pipe) -> None:
        self._database = database
        self._hooks = hooks
        self._sections = sections
        self._pipe = pipe
        self._busy: list[asyncio.Task[None]] = []
        self._late: list[float] = []
        self._asked: list[Callable[[], object]] = []
        self._did: Counter[type[Event]] = Counter()
        self._dispatch = Dispatch(database, owner="bench", console=io.StringIO(), report=self._heard)

    async def serve(self) -> None:
        """Be open until it is asked to close."""
        cookie, secrets = _fill(self._database, self._hooks)
        self._publish(TODAYS)
        await self._dispatch.match_new()
        async with crawl_in(self._database, self._sections, self._heard) as crawl:
            with listening("127.0.0.1:0") as at:
                port = at.getsockname()[1]
                pages = application(Desk(self._database, f"http://127.0.0.1:{port}"))
                gc.freeze()  # as `desk_pages` does
                async with serving(pages, at):
                    self._pipe.send(Opened(port, f"{COOKIE}={cookie}", secrets))
                    await self._do_what_is_asked(crawl)

    async def _do_what_is_asked(self, crawl: Crawl) -> None:
        does: Mapping[str, Callable[[], Any]] = {
            "note": self._note,
            "ask again": self._ask_again,
            "cpu": time.process_time,
            "be busy": partial(self._be_busy, crawl),
            "rest": self._rest,
        }
        while (asked := await asyncio.to_thread(self._pipe.recv)) != "close":
            self._pipe.send(await self._done(does[asked]))
        self._pipe.send(None)

    def _heard(self, event: Event) -> None:
        self._did[type(event)] += 1

    async def _done(self, does: Callable[[], Any]) -> Any:
        told = does()
        return await told if asyncio.iscoroutine(told) else told

    def _note(self) -> None:
        """Write down from now on what the database is asked."""
        self._asked.clear()
        read = Database.read.__get__(self._database)

        def noted(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
            self._asked.append(partial(read, function, *args, **kwargs))
            return read(function, *args, **kwargs)

        vars(self._database)["read"] = noted

    async def _ask_again(self) -> tuple[Bare, ...]:
        """Ask what was noted once more, so often that it can be seen; nothing where it cannot be asked again."""
        del vars(self._database)["read"]
        asked = tuple(self._asked)
        try:
            return await asyncio.to_thread(_again, asked)
        except (PresswatchError, ValueError, OSError):  # it wrote into a file that is closed by now
            return ()

    def _be_busy(self, crawl: Crawl) -> None:
        """Poll, match, send alerts, and note how late the loop is."""
        self._late.clear()
        self._did.clear()
        self._busy = [asyncio.create_task(self._work(crawl)), asyncio.create_task(self._follow_the_loop())]

    async def _work(self, crawl: Crawl) -> None:
        """Round by round another section, which is new, and some that were asked before."""
        keys = [section.spec().key for section in self._sections]
        for number in count():
            polled = keys[: number + 1]
            await poll_now(crawl, [*polled[-UNCHANGED:-1], *polled[-1:]])
            await crawl.idle()
            await self._dispatch.match_new()
            await self._dispatch.deliver_due()
            await asyncio.sleep(BEAT)

    async def _follow_the_loop(self) -> None:
        async for seconds in lags(0.02):
            self._late.append(seconds)

    async def _rest(self) -> Busy:
        """Do nothing more but answer; what was done."""
        for task in self._busy:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        did = self._did
        return Busy(self._late, did[PollEnded], did[StatementStored], did[AlertsSent])

    def _publish(self, count: int) -> None:
        source = self._database.read(sources.every)[0]
        drafts = [_news(f"{source.spec.address}n{number}.html", number) for number in range(count)]
        self._database.write(store.store, [ArticleDraft(each, source.id, source.key) for each in drafts], now=now())


def _news(address: str, number: int) -> Article:
    text = statement(5_000_000 + number, 120)
    title = f"{text.title} {_word(number % TOPICS)}"
    return Article(address, title, text.body, text.language, Published(now().date()))


def _again(asked: tuple[Callable[[], object], ...]) -> tuple[Bare, ...]:
    for each in asked:
        each()
    bare: list[Bare] = []
    end = time.perf_counter() + 0.2
    while time.perf_counter() < end or len(bare) < 5:
        wall, cpu = time.perf_counter(), time.process_time()
        for each in asked:
            each()
        bare.append(Bare(len(asked), time.perf_counter() - wall, time.process_time() - cpu))
    return tuple(bare)


def _fill(database: Database, hooks: int) -> tuple[str, tuple[str, ...]]:
    """What a person has at a desk: topics, channels, subscriptions, what he kept. His session, and tokens of his."""
    at = now()
    database.write(_match_the_past, at)
    owner = database.write(users.add, "ann", Role.OWNER, None, at)
    database.write(users.add, "bob", Role.READER, None, at)
    for number in range(CHANNELS):
        address = f"json://127.0.0.1:{hooks}/{number}"
        database.write(channels.add, SOLE_OWNER, database.keyring, f"desk-{number}", address, at)
    told = database.read(channels.every, SOLE_OWNER)
    for number in range(TOPICS):
        topic = database.write(topics.add, SOLE_OWNER, database.packs, f"topic-{number}", _word(number), at)
        database.write(subscriptions.subscribe, topic, told[number % CHANNELS], at)
    for item in range(1, KEPT + 1):
        database.write(kept.keep, SOLE_OWNER, item, "what was said of it", at)
    edited = database.read(items.get, EDITED)
    source = next(each for each in database.read(sources.every) if each.id == edited.source_id)
    again = Article(edited.address, edited.version.title, "It says something else.", edited.version.language)
    database.write(store.store, [ArticleDraft(again, source.id, source.key)], now=at)
    collection = database.write(kept.make, SOLE_OWNER, "kept ones", at)
    for item in range(1, KEPT + 1):
        database.write(kept.put, collection, item)
    secrets = (
        database.write(tokens.add, owner.id, name, {Scope.READ, Scope.METRICS}, at, at + timedelta(days=1)).secret
        for name in ("bench", *(f"bench-{number}" for number in range(1, TOKENS)))
    )
    return database.write(sessions.begin, owner.id, at), tuple(secrets)


def _match_the_past(connection: Connection, at: datetime) -> None:
    """Topics were asked about it long ago: else they are while it is measured."""
    connection.execute(update(versions).where(versions.c.matched_at.is_(None)).values(matched_at=at))


def _word(number: int) -> str:
    """A word that many statements have, but not most."""
    return vocabulary(LANGUAGES[number % 2])[0][60 + 40 * number]
