"""How long it takes to end: `presswatch start` after SIGTERM, and a browser, while what they wait for hangs."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, Literal

from crawler.fetching.browser import executable
from crawler.run import Crawl
from presswatch.demo.site import ReplicaSite
from storage.opening import open_database
from tests.bench.measure import Figure, in_child, say
from tests.crawler.website import Website, ask
from tests.fakes.program import Program
from tests.fakes.sinks import HTTPSink
from tests.patience import PATIENCE, wait_until

AIM = 10.0
"""Seconds: what is under way gets some of them, and a service manager waits for no more."""
PAGES = 25.0
"""Seconds for three pages in a browser, one of which hangs for `GIVEN_UP`."""
GIVEN_UP = 6
HANGS = "<h1>News</h1><script>while (true) {}</script>"


def run(times: int, rounds: int) -> list[Figure]:
    """Stop each so many times."""
    measured: dict[str, tuple[Callable[[], float], float]] = {
        "start with nothing to do": (partial(stop, hangs=""), AIM),
        "start while a source hangs": (partial(stop, hangs="source"), AIM),
        "start while a receiver hangs": (partial(stop, hangs="receiver"), AIM),
    }
    if executable():
        measured["a crawl while a page hangs in its browser"] = (partial(in_child, close_browser), AIM)
        measured["three pages in a browser, one of which hangs"] = (partial(in_child, read_pages), PAGES)
    figures = []
    for name, (measure, aim) in measured.items():
        seconds = [measure() for _ in range(times * rounds)]
        say(f"stop: {name}: {', '.join(f'{each:.1f}' for each in seconds)} s")
        figures.append(figure(name, seconds, aim))
    return figures


def figure(name: str, seconds: list[float], aim: float) -> Figure:
    """The slowest of them, against what it may take."""
    worst = max(seconds)
    return Figure(name, f"{worst:.1f} s", f"{aim:.0f} s", aim / worst, 1.0, f"median {median(seconds):.1f} s")


def stop(hangs: Literal["", "source", "receiver"]) -> float:
    """Seconds from SIGTERM to the end of `presswatch start`, while a source or a receiver hangs."""
    with TemporaryDirectory(prefix="presswatch-bench-") as folder, ExitStack() as stack:
        program = Program(Path(folder))
        site, sink = stack.enter_context(ReplicaSite()), stack.enter_context(HTTPSink())
        site.publish("What stood there before", "It is about trade.")
        program.watch(site, alert_first=True)
        assert program("subscribe", "CSTO", "--to", sink.address).code == 0
        process = stack.enter_context(program.started())
        process.wait_for("1 new")
        if hangs == "receiver":
            sink.hang()
            site.publish("CSTO statement", "It met.")
            sink.wait_for(1)
        if hangs == "source":
            site.slow(PATIENCE)
            wait_until(lambda: program.rows("SELECT count(*) FROM polls WHERE ended_at IS NULL") == [(2,)])
        began = time.monotonic()
        assert process.stop(signal.SIGTERM) == 0
        return time.monotonic() - began


def close_browser() -> float:
    """Seconds until a crawl has ended whose browser holds a page that hangs."""
    return asyncio.run(_close_browser())


async def _close_browser() -> float:
    with TemporaryDirectory(prefix="presswatch-bench-") as folder, Website() as site:
        site.answer("/hangs", HANGS, Content_Type="text/html")
        with open_database(Path(folder)) as database:
            crawl = Crawl(database)
            await crawl.start({**_allowed(site), "DOWNLOAD_TIMEOUT": 3600})
            hanging = asyncio.ensure_future(crawl.fetch(site.address("/hangs"), browser=True))
            while "/hangs" not in site.paths:
                await asyncio.sleep(0.05)
            began = time.monotonic()
            await crawl.stop(1.0)
            seconds = time.monotonic() - began
            hanging.cancel()
            return seconds


def read_pages() -> float:
    """Seconds for three pages of a host in a browser, the first of which hangs."""
    return asyncio.run(_read_pages())


async def _read_pages() -> float:
    with Website() as site:
        site.answer("/hangs", HANGS, Content_Type="text/html")
        for path in ("/one", "/two"):
            site.answer(path, "<h1>News</h1>", Content_Type="text/html")
        addresses = [site.address(path) for path in ("/hangs", "/one", "/two")]
        began = time.monotonic()
        await ask(*addresses, browser=True, DOWNLOAD_TIMEOUT=GIVEN_UP, **_allowed(site))
        return time.monotonic() - began


def _allowed(site: Website) -> dict[str, Any]:
    return {"PRESSWATCH_ALLOW_ADDRESSES": f"127.0.0.1:{site.port}"}
