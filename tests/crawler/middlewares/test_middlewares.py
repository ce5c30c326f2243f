from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from scrapy import Request
from scrapy.http import Response
from scrapy.settings import Settings
from scrapy.utils.asyncio import call_later

from crawler.fetching.failures import of_failure
from crawler.middlewares.guard import AddressIgnored, GuardMiddleware
from crawler.middlewares.pace import BURST, LONGEST, SPARING, Budget, HostPaused, PaceMiddleware
from crawler.middlewares.robots import RobotsRefused, _Rules, _Sites
from crawler.page.robots_file import own_group
from storage.clock import now
from storage.database import Database
from storage.sources import robots
from storage.sources.robots import RobotsFile
from storage.types import Reason
from tests.crawler.website import Outcome, Website, ask, status

pytestmark = pytest.mark.asyncio(loop_scope="session")  # Twisted has one reactor, and it has one loop


@pytest.fixture
def site() -> Iterator[Website]:
    with Website() as site:
        for path in ("/news", "/news/1", "/news/2", "/news/3"):
            site.answer(path, "a page")
        yield site


@pytest.fixture
def other() -> Iterator[Website]:
    with Website() as other:
        other.answer("/", "another site")
        yield other


def why(outcome: Outcome) -> tuple[Reason, str]:
    assert isinstance(outcome, BaseException)
    return of_failure(outcome)


# -- robots.txt ---------------------------------------------------------------------------------------------------


async def test_what_robots_txt_forbids_is_not_fetched(site: Website) -> None:
    site.answer("/robots.txt", "User-agent: *\nDisallow: /news/\nAllow: /news/2\n")
    listing, forbidden, allowed = await ask(*(site.address(path) for path in ("/news", "/news/1", "/news/2")))
    assert (status(listing), status(allowed)) == (200, 200)
    assert isinstance(forbidden, RobotsRefused)
    assert why(forbidden)[0] is Reason.ROBOTS
    assert site.paths == ["/robots.txt", "/news", "/news/2"]


async def test_a_rule_for_presswatch_by_name_counts(site: Website) -> None:
    site.answer("/robots.txt", "User-agent: *\nDisallow: /\n\nUser-agent: presswatch\nDisallow: /news/1\n")
    forbidden, allowed = await ask(site.address("/news/1"), site.address("/news/2"))
    assert isinstance(forbidden, RobotsRefused)
    assert status(allowed) == 200


async def test_robots_txt_is_fetched_once_for_many_requests(site: Website) -> None:
    site.answer("/robots.txt", "User-agent: *\nAllow: /\n")
    await ask(*(site.address(path) for path in ("/news", "/news/1", "/news/2", "/news/3")))
    assert site.paths.count("/robots.txt") == 1
    assert len(site.paths) == 5


async def test_robots_txt_is_forgotten_when_it_is_old(site: Website, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.middlewares.robots.MAX_AGE", timedelta(seconds=-1))
    site.answer("/old", status=302, Location="/news")
    await ask(site.address("/old"))
    assert site.paths == ["/robots.txt", "/old", "/robots.txt", "/news"]


@pytest.mark.parametrize("answer", [401, 403, 404, 410])
async def test_a_site_without_a_robots_txt_allows_everything(site: Website, answer: int) -> None:
    site.answer("/robots.txt", "User-agent: *\nDisallow: /\n", status=answer)
    [outcome] = await ask(site.address("/news"))
    assert status(outcome) == 200


@pytest.mark.parametrize("answer", [500, 503])
async def test_a_site_that_cannot_show_its_robots_txt_is_left_alone(site: Website, answer: int) -> None:
    site.answer("/robots.txt", "User-agent: *\nAllow: /\n", status=answer)
    [outcome] = await ask(site.address("/news"))
    reason, detail = why(outcome)
    assert reason is Reason.ROBOTS
    assert str(answer) in detail
    assert site.paths == ["/robots.txt"]


async def test_a_robots_txt_that_leads_in_a_circle_counts_as_none(site: Website) -> None:
    site.answer("/robots.txt", status=302, Location="/robots.txt")
    [outcome] = await ask(site.address("/news"))
    assert status(outcome) == 200


async def test_a_robots_txt_that_leads_where_nobody_may_go_is_no_permission(site: Website) -> None:
    site.answer("/robots.txt", status=302, Location="http://127.0.0.2/redirect")
    [outcome] = await ask(site.address("/news"))
    assert isinstance(outcome, AddressIgnored)
    assert "/news" not in site.paths


async def test_the_rules_for_other_robots_are_not_kept(site: Website, database: Database) -> None:
    site.answer("/robots.txt", "User-agent: other\nDisallow: /\n\nUser-agent: *\nDisallow: /news/1\nSitemap: /s.xml\n")
    await ask(site.address("/news"), database=database)
    kept = database.read(robots.find, site.address("").rstrip("/"))
    assert kept is not None
    assert kept.body == "user-agent: *\ndisallow: /news/1"


async def test_a_robots_txt_that_cannot_be_read_is_not_kept(
    site: Website, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(text: str) -> str:
        raise MemoryError

    monkeypatch.setattr("crawler.middlewares.robots.own_group", fail)
    site.answer("/robots.txt", "User-agent: *\nDisallow: /\n")
    [outcome] = await ask(site.address("/news"), database=database)
    assert isinstance(outcome, MemoryError)
    assert database.read(robots.find, site.address("").rstrip("/")) is None


async def test_a_robots_txt_of_half_a_megabyte_is_read_off_the_loop(
    site: Website, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_by: list[str] = []

    def reading(text: str) -> str:
        read_by.append(threading.current_thread().name)
        return own_group(text)

    monkeypatch.setattr("crawler.middlewares.robots.own_group", reading)
    agents = "".join(f"User-agent:{number:x}\n" for number in range(15_000))
    site.answer(
        "/robots.txt",
        agents + "".join(f"Disallow:/{number:x}\n" for number in range(16_000)) + "User-agent: *\nDisallow: /news/1",
    )
    forbidden, allowed = await ask(site.address("/news/1"), site.address("/news/2"))
    assert isinstance(forbidden, RobotsRefused)
    assert status(allowed) == 200
    assert threading.main_thread().name not in read_by


async def test_of_many_sites_the_rules_of_those_asked_last_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.middlewares.robots.SITES_KEPT", 3)
    monkeypatch.setattr("crawler.middlewares.robots.CHARACTERS_KEPT", 10_000)
    sites = _Sites()

    async def rules(body: str) -> _Rules:
        return _Rules(RobotsFile("http://mfa.example", now(), now() + timedelta(hours=1), 200, body))

    for number in range(5):
        sites.put(f"http://{number}.example", task := asyncio.create_task(rules("user-agent: *\ndisallow: /a")))
        await asyncio.wait({task})
    assert [sites.get(f"http://{number}.example") is not None for number in range(5)] == [
        False,
        False,
        True,
        True,
        True,
    ]
    sites.get("http://2.example")
    sites.put("http://long.example", task := asyncio.create_task(rules("user-agent: *\ndisallow: /" + "a" * 9_950)))
    await asyncio.wait({task})
    await asyncio.sleep(0)
    assert sites.characters <= 10_000
    assert sites.get("http://long.example") is not None
    assert sites.get("http://3.example") is None


async def test_what_one_crawl_learned_of_a_robots_txt_the_next_one_knows(site: Website, database: Database) -> None:
    site.answer("/robots.txt", "User-agent: *\nDisallow: /news/1\n")
    await ask(site.address("/news"), database=database)
    site.answer("/robots.txt", "User-agent: *\nAllow: /\n")
    forbidden, allowed = await ask(site.address("/news/1"), site.address("/news/2"), database=database)
    assert isinstance(forbidden, RobotsRefused)
    assert status(allowed) == 200
    assert site.paths.count("/robots.txt") == 1


async def test_a_day_later_the_next_crawl_asks_again(site: Website, database: Database) -> None:
    site.answer("/robots.txt", "User-agent: *\nDisallow: /\n")
    with time_machine.travel(now() - timedelta(hours=25), tick=True):
        await ask(site.address("/news"), database=database)
    site.answer("/robots.txt", "User-agent: *\nAllow: /\n")
    [outcome] = await ask(site.address("/news"), database=database)
    assert status(outcome) == 200


@pytest.mark.parametrize(("age", "reason"), [(timedelta(days=2), None), (timedelta(days=31), Reason.ROBOTS)])
async def test_while_a_server_fails_its_last_robots_txt_counts_for_a_month(
    site: Website, database: Database, age: timedelta, reason: Reason | None
) -> None:
    site.answer("/robots.txt", "User-agent: *\nDisallow: /news/1\n")
    with time_machine.travel(now() - age, tick=True):
        await ask(site.address("/news"), database=database)
    site.answer("/robots.txt", status=503)
    forbidden, other = await ask(site.address("/news/1"), site.address("/news/2"), database=database)
    assert isinstance(forbidden, RobotsRefused)
    assert (why(other)[0] if reason else None) == reason


async def test_a_robots_txt_that_has_moved_is_followed(site: Website) -> None:
    site.answer("/robots.txt", status=301, Location="/rules")
    site.answer("/rules", "User-agent: *\nDisallow: /news\n")
    [outcome] = await ask(site.address("/news"))
    assert isinstance(outcome, RobotsRefused)


@pytest.mark.parametrize("text", [b"", b"\xff\xfe\x00", b"<html>not found</html>", b"Disallow: /\n", b"\x00" * 1000])
async def test_a_robots_txt_that_says_nothing_allows_everything(site: Website, text: bytes) -> None:
    site.answer("/robots.txt", text)
    [outcome] = await ask(site.address("/news"))
    assert status(outcome) == 200


async def test_each_site_has_its_own_rules(site: Website, other: Website) -> None:
    site.answer("/robots.txt", "User-agent: *\nDisallow: /\n")
    forbidden, allowed = await ask(site.address("/news"), other.address())
    assert isinstance(forbidden, RobotsRefused)
    assert status(allowed) == 200


async def test_a_page_that_leads_to_a_forbidden_one_is_not_followed(site: Website) -> None:
    site.answer("/robots.txt", "User-agent: *\nDisallow: /news/\n")
    site.answer("/old", status=302, Location="/news/1")
    [outcome] = await ask(site.address("/old"))
    assert why(outcome)[0] is Reason.ROBOTS
    assert "/news/1" not in site.paths


# -- pace ---------------------------------------------------------------------------------------------------------


class Slots:
    """The clock of Scrapy's download slots. It stands still but for what they wait, and that is over at once."""

    def __init__(self) -> None:
        self._began = self._at = 1_000.0

    def __call__(self) -> float:
        return self._at

    def call_later(self, seconds: float, function: Callable[..., object], *arguments: object) -> object:
        self._at += seconds
        return call_later(0, function, *arguments)

    @property
    def waited(self) -> float:
        """Seconds, over all requests: a slot waits after each, the last one too."""
        return self._at - self._began


@pytest.fixture
def slots(monkeypatch: pytest.MonkeyPatch) -> Slots:
    slots = Slots()
    monkeypatch.setattr("scrapy.core.downloader.monotonic", slots)
    monkeypatch.setattr("scrapy.core.downloader.call_later", slots.call_later)
    return slots


async def test_between_two_requests_lies_the_sources_delay(site: Website, slots: Slots) -> None:
    await ask(*(site.address(path) for path in ("/news", "/news/1", "/news/2")), delay=30.0)
    assert slots.waited == 30.0 * len(site.paths) == 30.0 * 4


async def test_a_longer_crawl_delay_of_the_site_wins(site: Website, slots: Slots) -> None:
    site.answer("/robots.txt", "User-agent: *\nCrawl-delay: 40\n")
    await ask(*(site.address(path) for path in ("/news", "/news/1", "/news/2")), delay=10.0)
    assert slots.waited == 40.0 * len(site.paths) == 40.0 * 4


async def test_a_shorter_crawl_delay_of_the_site_loses(site: Website, slots: Slots) -> None:
    site.answer("/robots.txt", "User-agent: *\nCrawl-delay: 10\n")
    await ask(*(site.address(path) for path in ("/news", "/news/1", "/news/2")), delay=40.0)
    assert slots.waited == 40.0 * len(site.paths) == 40.0 * 4


async def test_a_host_is_asked_for_one_page_at_a_time(site: Website, other: Website) -> None:
    site.lull = other.lull = 0.1
    await ask(*(site.address(path) for path in ("/news", "/news/1", "/news/2")), other.address(), delay=0.0)
    assert len(site.paths) == 4
    assert site.together == other.together == 1


async def test_no_site_can_ask_for_an_endless_delay() -> None:
    downloader = SimpleNamespace(per_slot_settings={}, slots={"mfa.example": SimpleNamespace(delay=0.0)})
    crawler: Any = SimpleNamespace(settings=Settings(), engine=SimpleNamespace(downloader=downloader))
    pace = PaceMiddleware(crawler)
    pace.process_request(Request("https://mfa.example/", meta={"delay": 2.0, "crawl_delay": 1e9}))
    assert downloader.slots["mfa.example"].delay == LONGEST
    assert downloader.per_slot_settings["mfa.example"]["delay"] == LONGEST == 120.0


async def test_a_host_that_is_asked_much_gets_more_time_and_its_burst_back_when_it_had_rest() -> None:
    budget = Budget()
    waits = [budget.spend(2.0, at=0.0) for _ in range(BURST + 10)]
    assert waits == [2.0] * BURST + [2.0 * SPARING] * 10
    rested = 60 * 60.0
    assert [budget.spend(2.0, at=rested) for _ in range(BURST + 1)] == [2.0] * BURST + [2.0 * SPARING]


async def test_twenty_sections_of_one_host_are_polled_every_five_minutes_within_its_budget() -> None:
    budget = Budget()
    polls = [15.0 * number for number in range(24 * 3600 // 15)]
    assert {budget.spend(2.0, at) for at in polls} == {2.0}


async def test_a_host_without_a_delay_has_no_budget_to_keep() -> None:
    budget = Budget()
    assert {budget.spend(0.0, at=0.0) for _ in range(1_000)} == {0.0}


def pacing() -> PaceMiddleware:
    downloader = SimpleNamespace(per_slot_settings={}, slots={})
    crawler: Any = SimpleNamespace(settings=Settings(), engine=SimpleNamespace(downloader=downloader))
    return PaceMiddleware(crawler)


async def test_hosts_are_forgotten_where_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.middlewares.pace.HOSTS_KEPT", 3)
    pace = pacing()
    slots: Any = pace._crawler.engine
    slots = slots.downloader.per_slot_settings
    for number in (0, 1, 2, 0, 3, 4):
        request = Request(f"https://{number}.example/news")
        pace.process_request(request)
        pace.process_response(request, Response(request.url, 429, {"Retry-After": "3600"}))
        pace._paused.pop(f"{number}.example") if number == 0 else None
    assert list(pace._budgets) == list(slots) == ["0.example", "3.example", "4.example"]
    assert len(pace._paused) == 3
    with pytest.raises(HostPaused):
        pace.process_request(Request("https://4.example/"))


async def test_the_guard_looks_again_at_what_it_has_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.middlewares.guard.SITES_KEPT", 3)
    guard = GuardMiddleware(SimpleNamespace(settings=Settings(), spider=None))  # type: ignore[arg-type]
    for number in range(10):
        guard.process_request(Request(f"https://{number}.example/"))
        assert len(guard._permitted) <= 3
    with pytest.raises(AddressIgnored):
        guard.process_request(Request("https://127.0.0.1/"))


@pytest.mark.parametrize("answer", [429, 503])
async def test_a_host_that_asks_for_time_gets_it_from_all_its_sections(
    answer: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.middlewares.pace.time", SimpleNamespace(monotonic=lambda: 1_000.0))
    pace, request = pacing(), Request("https://mfa.example/news")
    pace.process_response(request, Response(request.url, answer, {"Retry-After": "3600"}))
    with pytest.raises(HostPaused) as refused:
        pace.process_request(Request("https://mfa.example/statements"))
    reason, detail = of_failure(refused.value)
    assert reason is Reason.THROTTLED
    assert "more seconds" in detail
    assert refused.value.retry_after == 3600
    pace.process_request(Request("https://another.example/"))


async def test_a_host_cannot_ask_for_more_than_six_hours() -> None:
    pace, request = pacing(), Request("https://mfa.example/news")
    pace.process_response(request, Response(request.url, 429, {"Retry-After": "999999999"}))
    with pytest.raises(HostPaused) as refused:
        pace.process_request(request)
    assert refused.value.retry_after <= 6 * 3600


async def test_a_host_that_is_in_trouble_but_asks_for_nothing_is_not_left_alone(site: Website) -> None:
    site.answer("/news", status=503)
    first, second = await ask(site.address("/news"), site.address("/news/1"))
    assert (status(first), status(second)) == (503, 200)


# -- the guard ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://10.0.0.1/", "http://169.254.169.254/latest/",
     "http://2130706433/", "http://0x7f.1/"],
)  # fmt: skip
async def test_a_private_or_loopback_address_is_refused(address: str) -> None:
    [outcome] = await ask(address, PRESSWATCH_ALLOW_ADDRESSES="")
    assert isinstance(outcome, AddressIgnored)
    assert why(outcome)[0] is Reason.REFUSED


async def test_a_redirect_to_a_forbidden_address_is_refused_and_nobody_asks_there(
    site: Website, other: Website
) -> None:
    site.answer("/away", status=302, Location=other.address())
    [outcome] = await ask(site.address("/away"), PRESSWATCH_ALLOW_ADDRESSES=f"127.0.0.1:{site.port}")
    assert why(outcome)[0] is Reason.REFUSED
    assert "/away" in site.paths
    assert other.paths == []


@pytest.mark.parametrize("target", ["file:///etc/hostname", "ftp://127.0.0.1/x", "data:text/plain,x", "gopher://x/"])
async def test_a_redirect_away_from_the_web_is_not_followed(site: Website, target: str) -> None:
    site.answer("/away", status=302, Location=target)
    [outcome] = await ask(site.address("/away"))
    assert isinstance(outcome, AddressIgnored) or status(outcome) == 302


async def test_a_redirect_to_an_allowed_address_is_followed(site: Website, other: Website) -> None:
    site.answer("/away", status=301, Location=other.address())
    [outcome] = await ask(site.address("/away"))
    assert status(outcome) == 200
    assert other.paths == ["/robots.txt", "/"]


async def test_a_redirect_that_leads_in_a_circle_ends(site: Website) -> None:
    site.answer("/a", status=302, Location="/b")
    site.answer("/b", status=302, Location="/a")
    [outcome] = await ask(site.address("/a"))
    assert why(outcome)[0] is Reason.REDIRECTS
    assert len(site.paths) <= 1 + 6


NAMED = """
import asyncio, os, socket, sys

resolve, asked = socket.getaddrinfo, []

def lie(host, *args, **kwargs):
    asked.append(host)
    return resolve("127.0.0.1" if host == "mfa.example" else host, *args, **kwargs)

socket.getaddrinfo = lie
socket.gethostbyname = lambda host: lie(host, 0)[0][4][0]

from crawler.fetching.failures import of_failure
from storage.connection_guard import AddressPolicy, guarded_connections
from tests.crawler.website import ask

async def main():
    with guarded_connections(AddressPolicy()):
        [outcome] = await ask(f"http://mfa.example:{sys.argv[1]}/", PRESSWATCH_ALLOW_ADDRESSES="")
    print(*of_failure(outcome), "mfa.example" in asked, sep="|", flush=True)
    os._exit(0)

asyncio.run(main())
"""


async def test_a_name_that_leads_to_a_forbidden_address_is_refused_when_the_connection_opens(site: Website) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", NAMED, str(site.port)]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, env=environment)
    assert done.stdout.strip().split("|") == [
        "refused-address", "its name leads to a private, loopback or otherwise special address", "True",
    ], done.stderr  # fmt: skip
    assert site.paths == []
