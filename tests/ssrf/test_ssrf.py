"""No spelling of an address, on no way, leads to this machine, its network or anywhere else that is not public."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from crawler.fetching.browser import executable
from crawler.reading.process import ReadingProcess
from storage.connection_guard import AddressPolicy, guarded_connections
from storage.database import Database
from storage.errors import AddressRefusedError
from tests.crawler.website import Website
from tests.ssrf import browsing
from tests.ssrf.border import Border
from tests.ssrf.spellings import HOSTS, NAMES, WHOLE, addresses
from tests.ssrf.ways import WAYS, walk
from tests.ssrf.world import ARTICLE, WELL, Kept, Way, World

in_a_crawl = pytest.mark.asyncio(loop_scope="session")  # Twisted has one reactor, and it has one loop


@pytest.fixture(scope="module")
def reading() -> Iterator[Kept]:
    kept = Kept()
    yield kept
    ReadingProcess.close(kept)


@pytest.fixture
def border() -> Iterator[Border]:
    with Border() as border:
        yield border


@pytest.fixture
def world(border: Border, database: Database, reading: Kept, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr("crawler.jobs.fetch.FETCH_DELAY", 0.0)  # all of it is one host of ours
    with Website() as site:
        border.allow(site.port)
        site.answer(WELL, ARTICLE.format(head="", body=""), Content_Type="text/html")
        yield World(border, site, database, reading)


def test_the_table_is_as_long_as_it_should_be() -> None:
    assert len(set(HOSTS)) == len(HOSTS) and len(set(WHOLE)) == len(WHOLE)
    assert len(HOSTS) + len(WHOLE) >= 150


def test_what_an_address_shows_is_refused_where_it_is_entered(border: Border) -> None:
    policy = AddressPolicy.parse(border.allowed)
    taken = []
    for address in addresses(border.sentinel.port):
        try:
            policy.check_address(address)
        except AddressRefusedError as error:
            assert error.mend
        else:
            taken.append(address)
    hosts = {urlsplit(address).hostname for address in taken}
    assert hosts == {name.lower() for name in NAMES} | {"http", "mfa.example"}, "what names lead to is seen later"


@in_a_crawl
@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
async def test_no_way_leads_where_nobody_may_go(world: World, way: Way) -> None:
    await walk(world, way)
    world.border.check()
    assert WELL in world.site.paths or world.reached, "the way itself leads on"


@in_a_crawl
@pytest.mark.slow
@pytest.mark.xdist_group("browser")
@pytest.mark.skipif(not executable(), reason="NO CHROMIUM: what pages load is NOT tested; install Debian's chromium")
async def test_no_page_in_a_browser_leads_where_nobody_may_go(world: World, tmp_path: Path) -> None:
    log = tmp_path / "network.json"
    with guarded_connections(world.policy):
        await browsing.pages_in_a_browser(world, log)
    world.border.check()
    assert WELL in world.site.paths, "pages do load what they may"
    assert world.border.asked, "names went through the proxy"
    assert browsing.resolved(log) <= {"127.0.0.1"}, "the browser itself looks nothing up"
