"""What a site's robots.txt allows: fetched once, kept for a day, asked before every page."""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta

import pytest
import time_machine

from crawler.middlewares.guard import AddressIgnored
from crawler.middlewares.robots import RobotsRefused, _Rules, _Sites
from crawler.page.robots_file import own_group
from storage.clock import now
from storage.database import Database
from storage.sources import robots
from storage.sources.robots import RobotsFile
from storage.types import Reason
from tests.crawler.middlewares.failures import why
from tests.crawler.website import Website, ask, status

pytestmark = pytest.mark.asyncio(loop_scope="session")  # Twisted has one reactor, and it has one loop


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
