"""How much time a host is given between two requests, and what it may ask for."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import Response
from scrapy.settings import Settings
from scrapy.utils.asyncio import call_later

from crawler.fetching.failures import of_failure
from crawler.middlewares.pace import BURST, LONGEST, SPARING, Budget, HostPaused, PaceMiddleware
from storage.types import Reason
from tests.crawler.website import Website, ask, status

pytestmark = pytest.mark.asyncio(loop_scope="session")  # Twisted has one reactor, and it has one loop


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
