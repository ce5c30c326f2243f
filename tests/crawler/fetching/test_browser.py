"""Pages written by scripts, read in a real Chromium behind the guard."""

from __future__ import annotations

import asyncio
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bootstrap.installer import variables
from crawler.fetching import failures
from crawler.fetching.browser import executable, missing
from crawler.run import Crawl
from storage.clock import now
from storage.database import Database
from storage.leases import owner
from storage.sources import polls, sources
from storage.types import Reason, SourceSpec
from tests.crawler.website import Outcome, Website, ask

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),  # Twisted has one reactor, and it has one loop
    pytest.mark.xdist_group("browser"),
    pytest.mark.slow,
]
needs_chromium = pytest.mark.skipif(
    not executable(), reason="NO CHROMIUM: pages written by scripts are NOT tested; install Debian's package chromium"
)

SCRIPTED = """<!doctype html><title>News</title><h1>News</h1><div id=list></div><img src=/picture.png><script>
fetch('/news.json').then(answer => answer.json()).then(found => {
  for (const one of found) document.getElementById('list').innerHTML +=
    `<p>${one.day} <a href="${one.path}">${one.title}</a></p>`;
});
fetch('%s/secret').catch(() => {});
new Image().src = '%s/secret.png';
</script>"""
FOUND = (
    "["
    + ",".join(
        f'{{"day": "{day} November 2024", "path": "/news/{day}", "title": "The minister opened the bridge {day}"}}'
        for day in range(10, 20)
    )
    + "]"
)
ARTICLE = """<h1>The minister opened the bridge {0}</h1><p>{0} November 2024</p><article id=text></article><script>
document.getElementById('text').innerHTML = '<p>Both banks of the river cheered when bridge {0} was opened.</p>';
</script>"""


@pytest.fixture
def site() -> Iterator[Website]:
    with Website() as site:
        site.answer("/news.json", FOUND, Content_Type="application/json")
        for day in range(10, 20):
            site.answer(f"/news/{day}", ARTICLE.format(day), Content_Type="text/html")
        yield site


def allowed(site: Website) -> dict[str, Any]:
    return {"PRESSWATCH_ALLOW_ADDRESSES": f"127.0.0.1:{site.port}"}


def reason_of(outcome: Outcome) -> Reason:
    assert isinstance(outcome, BaseException), outcome
    return failures.of_failure(outcome)[0]


@needs_chromium
async def test_a_section_written_by_scripts_is_watched(database: Database, site: Website) -> None:
    with Website() as inside:
        private = inside.address("")
        site.answer("/news", SCRIPTED % (private, private), Content_Type="text/html")
        spec = SourceSpec("test/news", "News", site.address("/news"), delay=0.0, browser=True)
        database.write(sources.add, spec, alert_first=False, now=now())
        crawl = Crawl(database)
        await crawl.start(allowed(site))
        try:
            crawl.submit(database.write(polls.claim_due, owner(), now(), limit=1, keys=["test/news"]))
            await crawl.idle()
        finally:
            await crawl.stop()
        assert inside.asked == [], "what a page loads may not lead into a private network either"
    assert database.read(sources.get, "test/news").reason is Reason.OK
    bodies = database.read(lambda connection: connection.exec_driver_sql("SELECT body FROM versions").scalars().all())
    assert len([body for body in bodies if "Both banks of the river cheered" in body]) == 10
    assert "/picture.png" not in site.paths, "pictures are left out"
    agents = {asked.headers["User-Agent"] for asked in site.asked}
    assert len(agents) == 1 and next(iter(agents)).startswith("presswatch/"), "it says who it is"
    assert site.paths[0] == "/robots.txt"


@needs_chromium
async def test_what_goes_wrong_in_a_browser_has_its_reason_and_hinders_nobody(site: Website) -> None:
    with Website() as inside:
        site.answer("/leads-inside", status=302, Location=inside.address("/secret"))
        site.answer("/hangs", "<h1>News</h1><script>while (true) {}</script>", Content_Type="text/html")
        site.answer("/well", "<h1>News</h1><script>document.body.append('written')</script>", Content_Type="text/html")
        addresses = [site.address(path) for path in ("/leads-inside", "/hangs", "/well")]
        led, hung, well = await ask(*addresses, browser=True, DOWNLOAD_TIMEOUT=20, **allowed(site))
        assert inside.asked == []
    assert reason_of(led) is Reason.REFUSED
    assert reason_of(hung) is Reason.TIMEOUT
    assert not isinstance(well, BaseException) and b"written" in well.body


@needs_chromium
async def test_a_crawl_ends_while_a_page_hangs(database: Database, site: Website) -> None:
    site.answer("/hangs", "<h1>News</h1><script>while (true) {}</script>", Content_Type="text/html")
    crawl = Crawl(database)
    await crawl.start({**allowed(site), "DOWNLOAD_TIMEOUT": 3600})
    hanging = asyncio.ensure_future(crawl.fetch(site.address("/hangs"), browser=True))
    await asyncio.to_thread(site.wait_for, "/hangs")
    await crawl.stop(1.0)  # who waited for the page would wait for an hour
    hanging.cancel()


async def test_without_a_browser_the_poll_says_so(site: Website, monkeypatch: pytest.MonkeyPatch) -> None:
    (outcome,) = await ask(site.address("/news"), browser=True, PRESSWATCH_BROWSER="/nowhere/chromium", **allowed(site))
    assert reason_of(outcome) is Reason.NO_BROWSER
    assert missing("/nowhere/chromium") == (
        "there is no browser at /nowhere/chromium",
        "install Debian's chromium, or name another one's path with PRESSWATCH_BROWSER",
    )
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    lacking = missing()
    assert lacking is not None and "scrapy-playwright" in lacking[1]


@pytest.mark.parametrize("has_uv", [True, False])
async def test_the_mend_for_a_missing_browser_installs_as_the_bootstrap_does(
    has_uv: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = tmp_path / "python"
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(sys, "executable", str(python))
    if has_uv:
        (tmp_path / "uv").touch()
    lacking = missing()
    assert lacking is not None
    told = lacking[1].partition(": ")[2].split()
    if has_uv:  # a company's proxy signs with a certificate that the machine trusts, and uv alone does not
        assert told == ["UV_SYSTEM_CERTS=1", f"{tmp_path}/uv", "pip", "install", "--python", str(python),
                        "scrapy-playwright"]  # fmt: skip
        assert "UV_SYSTEM_CERTS" in variables()
    else:
        assert told == [str(python), "-m", "pip", "install", "scrapy-playwright"]
