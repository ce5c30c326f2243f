"""The jobs of one crawl: as many at a time as there are places, and none is hurt by what another one meets."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.jobs.runs import POLLS_OF_A_HOST
from crawler.queue import Fetch
from crawler.run import Crawl
from storage.clock import now
from storage.database import Database
from storage.sources import sources
from storage.types import Reason, SourceSpec
from tests.crawler.jobs.crawls import LISTING, ForgetfulOf, reason_of, settled, watch
from tests.crawler.running import poll, running
from tests.crawler.website import LOOPBACK, Website
from tests.patience import PATIENCE

pytestmark = pytest.mark.asyncio(loop_scope="session")  # Twisted has one reactor, and it has one loop


async def test_as_many_sources_are_asked_at_a_time_as_there_are_places(database: Database, site: Website) -> None:
    names = [f"news{number}" for number in range(6)]
    watch(database, site, *names)
    site.company, site.lull = 2, 0.3
    places = {"CONCURRENT_REQUESTS": 2, "CONCURRENT_REQUESTS_PER_DOMAIN": 8}
    async with running(Crawl(database), {**LOOPBACK, **places}) as crawl:
        await poll(crawl, *(f"test/{name}" for name in names))
    assert sorted(site.paths) == sorted(["/robots.txt", *(f"/{name}" for name in names)])
    assert site.together == 2


async def test_the_sections_of_one_host_do_not_hold_all_places(database: Database, site: Website) -> None:
    names = [f"news{number}" for number in range(6)]
    watch(database, site, *names)
    address = site.address("/elsewhere").replace("127.0.0.1", "127.1")
    elsewhere = SourceSpec("test/elsewhere", "News", address, delay=0.0)
    database.write(sources.add, elsewhere, alert_first=False, now=now())
    site.company = POLLS_OF_A_HOST + 1
    places = {"CONCURRENT_REQUESTS": POLLS_OF_A_HOST + 1, "CONCURRENT_REQUESTS_PER_DOMAIN": 8, "ROBOTSTXT_OBEY": False}
    places["DOWNLOAD_TIMEOUT"] = int(PATIENCE)  # whoever waits for company on a busy machine does not give up before
    async with running(Crawl(database), {**LOOPBACK, **places}) as crawl:
        await poll(crawl, *(f"test/{name}" for name in names), "test/elsewhere")
    assert "/elsewhere" in site.paths[: POLLS_OF_A_HOST + 1]
    assert sorted(site.paths) == sorted([*(f"/{name}" for name in names), "/elsewhere"])


async def test_a_mistake_of_ours_costs_the_job_that_meets_it_and_no_other(database: Database, site: Website) -> None:
    watch(database, site, "broken", "sound")
    async with running(Crawl(database, plan=ForgetfulOf("test/broken"))) as crawl:
        await poll(crawl, "test/broken")
        await poll(crawl, "test/sound")
    assert reason_of(database, "sound") is Reason.GONE


async def test_a_mistake_over_an_unchanged_page_costs_that_job_too(database: Database, site: Website) -> None:
    site.answer("/broken", LISTING, ETag='"one"')
    watch(database, site, "broken", "sound")
    async with running(Crawl(database)) as crawl:
        await poll(crawl, "test/broken")
        assert reason_of(database, "broken") is Reason.OK
        crawl.plan = ForgetfulOf("test/broken")
        await poll(crawl, "test/broken")
        await poll(crawl, "test/sound")
    assert reason_of(database, "sound") is Reason.GONE


@pytest.mark.parametrize("address", ["/there", "/refused"])
async def test_a_page_that_nobody_waits_for_any_more_stops_nothing(
    database: Database, site: Website, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    site.answer("/robots.txt", "User-agent: *\nDisallow: /refused")
    watch(database, site, "sound")
    async with running(Crawl(database)) as crawl:
        job = Fetch(site.address(address))
        crawl.submit([job])
        job.page.cancel()
        await settled(crawl)
        await poll(crawl, "test/sound")
    assert reason_of(database, "sound") is Reason.GONE
    assert not caplog.records


# -- a mistake of ours is told, and holds nothing --------------------------------------------------------------------


KILLED = """
import asyncio, os, signal, sys, pathlib
from crawler.run import Crawl
from storage.opening import open_database

async def main():
    crawl = Crawl(open_database(pathlib.Path(sys.argv[1])))
    await crawl.start({})
    await crawl._warming_up
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


async def test_a_killed_process_leaves_nothing_on_the_terminal(tmp_path: Path) -> None:
    """Python tidies up after it, and said so: of leaked semaphores."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", KILLED, str(tmp_path)]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, env=environment)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert done.stderr == ""
