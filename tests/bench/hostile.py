"""Hostile sites beside healthy ones in one crawl: what goes wrong, and what it costs the healthy ones.

Ten healthy sections publish a statement for each poll and are polled every few seconds, by themselves and beside
hostile sites that become due a few a second, in turns. A poll is late by the time from when it was due to when its
statement was stored and its end written; the scheduler's tick, which is the same for all, is not waited for.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import fmean
from tempfile import TemporaryDirectory

import psutil

from crawler.reading.process import readers_here
from crawler.run import Crawl
from scheduler.jobs import poll_due
from storage.connection_guard import AddressPolicy, guarded_connections
from storage.database import Database
from storage.events import Event, PollEnded
from storage.opening import open_database
from tests.bench.measure import Figure, in_child, percentile, say
from tests.crawler.faulty import Site, Talk, sites_elsewhere
from tests.hostile import crawl as hostile
from tests.hostile.answer import Answer, Row, article
from tests.hostile.generated import generated
from tests.hostile.table import HAND_MADE

WELL = "well/"
HEALTHY = 10
INTERVAL = 2
"""Seconds between two polls of a healthy section."""
ALONE = 15.0
"""Seconds of a turn without hostile sites."""
RATE = 4.0
"""Hostile sites that become due in a second."""
TURN = 500
"""Hostile sites of a turn at most."""
TIMEOUT = 30.0
DELAYED = 1.5
"""So many times as late as alone a healthy poll may be."""
GROWTH = 100
"""MiB that a reader may add to the memory of all processes."""
HANG = 35.0
"""Seconds that a poll may take beside what its site made it wait."""
SEED = 1


def run(count: int, rounds: int) -> list[Figure]:
    """Poll so many hostile sites, those made by hand first, in at least so many turns with healthy ones alone."""
    return in_child(_run, count, rounds)


# -- the sites -------------------------------------------------------------------------------------------------------


def names_of(count: int) -> list[str]:
    """So many hostile sites by name: those made by hand, mixed, and then by number."""
    names = Random(SEED).sample(list(HAND_MADE), len(HAND_MADE))
    return [*names, *map(str, range(max(0, count - len(names))))][:count]


def row_of(name: str) -> Row:
    return generated(int(name)) if name.isdigit() else HAND_MADE[name]


def sites_by_name(names: Sequence[str]) -> list[Site]:
    return [row_of(name).site for name in names]


class _Publishing:
    """A section with one more statement each time that it is asked."""

    def __init__(self) -> None:
        self._published = 0

    def __call__(self, talk: Talk) -> None:
        if talk.path != "/news":
            return Answer(article(talk.path.rpartition("/")[2]))(talk)
        self._published += 1
        rows = "".join(
            f'<p>28 November 2026 <a href="/news/{n}">The minister opened the bridge number {n}</a></p>'
            for n in range(self._published + 2, max(0, self._published - 10), -1)
        )
        return Answer(f"<html><body><h1>News</h1>{rows}</body></html>")(talk)


def healthy_sites() -> list[Site]:
    return [Site(_Publishing()) for _ in range(HEALTHY)]


# -- the measurement -------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Memory:
    """MiB of the crawl's process and of its readers, together."""

    before: float = 0.0
    most: float = 0.0
    after: float = 0.0

    def look(self) -> None:
        this = psutil.Process()
        readers = [one for one in this.children(recursive=True) if _is_reader(one)]
        self.after = sum(map(_memory, (this, *readers))) / 1024**2
        self.most = max(self.most, self.after)
        self.before = self.before or self.after


def _is_reader(process: psutil.Process) -> bool:
    try:
        return any("multiprocessing.forkserver" in word for word in process.cmdline())
    except psutil.Error:
        return False


def _memory(process: psutil.Process) -> float:
    try:
        return float(process.memory_info().rss)
    except psutil.Error:
        return 0.0


@dataclass(slots=True)
class _Seen:
    """What came of it."""

    polls: int = 0
    wrong: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    hung: list[str] = field(default_factory=list)
    late: dict[bool, list[float]] = field(default_factory=lambda: {False: [], True: []})
    """Of healthy polls, without and with hostile sites."""
    memory: _Memory = field(default_factory=_Memory)


def _run(count: int, rounds: int) -> list[Figure]:
    with (
        TemporaryDirectory(prefix="presswatch-bench-") as folder,
        open_database(Path(folder)) as database,
        guarded_connections(AddressPolicy.parse(hostile.LOOPBACK)),
    ):
        return _figures(asyncio.run(_measure(database, names_of(count), rounds)))


async def _measure(database: Database, names: Sequence[str], rounds: int) -> _Seen:
    seen = _Seen()
    size = min(TURN, -(-len(names) // rounds))
    lateness = _Lateness()
    async with hostile.crawling(database, TIMEOUT, lateness.note) as (crawl, told):
        with sites_elsewhere(healthy_sites, first=60_000) as (addresses, _):
            keys = [f"{WELL}{number}" for number in range(HEALTHY)]
            hostile.watch(database, dict(zip(keys, addresses, strict=True)), INTERVAL)
            await _turn(crawl, seen.memory, until=time.monotonic() + ALONE)  # what is learned once is learned now
            seen.memory = _Memory()
            for start in range(0, len(names), size):
                lateness.to = seen.late[False]
                await _turn(crawl, seen.memory, until=time.monotonic() + ALONE)
                lateness.to = seen.late[True]
                await _hostile_turn(crawl, told, seen, names[start : start + size], start)
                say(f"hostile: {seen.polls} of {len(names)}, {len(seen.wrong)} with another reason than expected")
            await _turn(crawl, seen.memory, until=time.monotonic() + ALONE)
    seen.foreign += told.mistakes + told.logged
    return seen


class _Lateness:
    """Notes how late each poll of a healthy section ends."""

    def __init__(self) -> None:
        self.to: list[float] = []
        self._before: dict[str, float] = {}

    def note(self, event: Event) -> None:
        if not isinstance(event, PollEnded) or not event.source.startswith(WELL):
            return
        at, before = time.monotonic(), self._before.get(event.source)
        if before is not None:
            self.to.append(at - before - INTERVAL)
        self._before[event.source] = at


async def _turn(crawl: Crawl, memory: _Memory, until: float) -> None:
    while time.monotonic() < until:
        await poll_due(crawl)
        memory.look()
        await asyncio.sleep(hostile.TICK)


async def _hostile_turn(crawl: Crawl, told: hostile.Told, seen: _Seen, names: Sequence[str], first: int) -> None:
    """Let these sites become due one after the other, until each is polled."""
    keys = {f"hostile/{first + number}": name for number, name in enumerate(names)}
    with sites_elsewhere(sites_by_name, names, first=first) as (addresses, waited):
        hostile.watch(crawl.database, dict(zip(keys, addresses, strict=True)), every=1 / RATE)
        while not told.ended.keys() >= keys.keys():
            await _turn(crawl, seen.memory, until=time.monotonic() + 1)
        for (key, name), seconds in zip(keys.items(), waited(), strict=True):
            poll = told.ended.pop(key)
            seen.polls += 1
            if poll.reason not in row_of(name).reasons:
                seen.wrong.append(f"{name}: {poll.reason}, {poll.detail}")
            if poll.seconds - seconds > HANG:
                seen.hung.append(f"{name}: {poll.seconds:.0f} s, of which its site made it wait {seconds:.0f}")


def _figures(seen: _Seen) -> list[Figure]:
    for one in (*seen.foreign, *seen.wrong, *seen.hung):
        say(one)
    readers = readers_here() + 1  # and the one of suspects
    alone, beside = seen.late[False], seen.late[True]
    grown = max(seen.memory.after - seen.memory.before, 0.1)
    half, most = (
        " : ".join(f"{percentile(one, share) * 1000:,.0f}" for one in (beside, alone)) for share in (0.5, 0.95)
    )
    return [
        _none("hostile sites: mistakes of ours, tracebacks", seen.foreign, seen.polls),
        _none("hostile sites: reasons that nobody expects", seen.wrong, seen.polls),
        _none(f"hostile sites: polls over {HANG:.0f} s beside the network's", seen.hung, seen.polls),
        Figure(
            "healthy polls beside hostile ones: late",
            f"{fmean(beside) * 1000:,.0f} ms",
            f"{fmean(alone) * 1000:,.0f} ms",
            fmean(alone) / fmean(beside),
            1 / DELAYED,
            f"{RATE:.0f} hostile a second; half of them {half} ms, 95 % {most} ms; {len(beside)} : {len(alone)} polls",
        ),
        Figure(
            "memory grown by hostile sites",
            f"{grown:.0f} MiB",
            f"{GROWTH * readers} MiB",
            GROWTH * readers / grown,
            1.0,
            f"of {seen.memory.before:.0f} MiB; at most {seen.memory.most:.0f}; {readers} readers",
        ),
    ]


def _none(name: str, found: Sequence[str], polls: int) -> Figure:
    return Figure(name, str(len(found)), "0", 1.0 if not found else 0.0, 1.0, f"of {polls:,} polls")
