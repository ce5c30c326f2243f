from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from email.utils import parseaddr
from pathlib import Path
from typing import Any

import pytest
from scrapy.settings import Settings
from scrapy.utils.conf import build_component_list

from crawler.fetching.failures import of_failure
from crawler.settings import user_agent
from storage.types import Reason
from tests.crawler.website import Website, ask, status

in_one_loop = pytest.mark.asyncio(loop_scope="session")  # Twisted has one reactor, and it has one loop


@pytest.fixture
def settings() -> Settings:
    """Scrapy's defaults with ours on top, as every crawl has them."""
    settings = Settings()
    settings.setmodule("crawler.settings")
    return settings


@pytest.fixture
def site() -> Iterator[Website]:
    with Website() as site:
        yield site


def enabled(settings: Settings, components: str) -> set[str]:
    """The components that are switched on, ours and Scrapy's, by the name of their class."""
    switched: list[Any] = build_component_list(settings.getwithbase(components))
    return {str(name).rpartition(".")[2] for name in switched}


# -- safe ---------------------------------------------------------------------------------------------------------


def test_no_loopback_server_executes_python(settings: Settings) -> None:
    assert settings.getbool("REMOTE_CONTROL_ENABLED") is False
    assert "RemoteControl" not in enabled(settings, "EXTENSIONS")


def test_no_telnet_console_leads_into_the_process(settings: Settings) -> None:
    assert settings.getbool("TELNETCONSOLE_ENABLED") is False
    assert "TelnetConsole" not in enabled(settings, "EXTENSIONS")


def test_nothing_but_http_and_https_is_fetched(settings: Settings) -> None:
    handlers = settings.getwithbase("DOWNLOAD_HANDLERS")
    assert {scheme for scheme, handler in handlers.items() if handler is not None} == {"http", "https"}


def test_certificates_are_verified(settings: Settings) -> None:
    assert settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES") is True


def test_a_silent_server_costs_half_a_minute(settings: Settings) -> None:
    assert settings.getfloat("DOWNLOAD_TIMEOUT") == 30


def test_an_answer_has_at_most_five_megabytes(settings: Settings) -> None:
    assert settings.getint("DOWNLOAD_MAXSIZE") == 5 * 1024 * 1024


def test_names_are_not_remembered_for_months(settings: Settings) -> None:
    assert settings.getbool("DNSCACHE_ENABLED") is False
    assert settings.getfloat("DNS_TIMEOUT") == 15


def test_no_proxy_hides_the_address_really_connected_to(settings: Settings) -> None:
    assert settings.getbool("HTTPPROXY_ENABLED") is False


def test_the_guard_comes_first_and_decides_where_we_may_go(settings: Settings) -> None:
    order = build_component_list(settings.getwithbase("DOWNLOADER_MIDDLEWARES"))
    assert order[0] == "crawler.middlewares.guard.GuardMiddleware"
    assert "OffsiteMiddleware" not in enabled(settings, "DOWNLOADER_MIDDLEWARES")


def test_nothing_is_sent_that_tells_who_we_are_or_whence_we_came(settings: Settings) -> None:
    assert "HttpAuthMiddleware" not in enabled(settings, "DOWNLOADER_MIDDLEWARES")
    assert settings.getbool("COOKIES_ENABLED") is False
    assert settings["REFERRER_POLICY"] == "no-referrer"


def test_redirects_end_after_five(settings: Settings) -> None:
    assert settings.getint("REDIRECT_MAX_TIMES") == 5
    assert settings.getbool("METAREFRESH_ENABLED") is False


# -- polite -------------------------------------------------------------------------------------------------------


def test_robots_txt_is_obeyed_by_our_own_middleware_that_forgets_it_in_time(settings: Settings) -> None:
    assert settings.getbool("ROBOTSTXT_OBEY") is True
    assert "RobotsMiddleware" in enabled(settings, "DOWNLOADER_MIDDLEWARES")
    assert "RobotsTxtMiddleware" not in enabled(settings, "DOWNLOADER_MIDDLEWARES")


def test_a_host_is_asked_one_thing_at_a_time_and_then_left_in_peace(settings: Settings) -> None:
    assert settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN") == 1
    assert settings.getfloat("DOWNLOAD_DELAY") == 2.0
    assert settings.getfloat("DOWNLOAD_DELAY_JITTER") == 0.0
    assert "PaceMiddleware" in enabled(settings, "DOWNLOADER_MIDDLEWARES")


def test_nothing_is_retried_behind_the_plans_back(settings: Settings) -> None:
    assert settings.getbool("RETRY_ENABLED") is False


def test_the_user_agent_says_who_asks_and_whom_to_write_to(settings: Settings) -> None:
    agent = settings["USER_AGENT"]
    assert agent.startswith("presswatch/")
    _, _, contact = agent.removesuffix(")").partition("(+mailto:")
    assert "@" in parseaddr(contact)[1]


def test_the_operator_names_the_contact() -> None:
    assert user_agent("https://desk.example/about").endswith(" (+https://desk.example/about)")


# -- a crawl that runs for months ---------------------------------------------------------------------------------


def test_the_same_listing_can_be_asked_for_again_and_again(settings: Settings) -> None:
    assert settings["DUPEFILTER_CLASS"] == "scrapy.dupefilters.BaseDupeFilter"
    assert "DepthMiddleware" not in enabled(settings, "SPIDER_MIDDLEWARES")


def test_every_status_reaches_the_spider(settings: Settings) -> None:
    assert settings.getbool("HTTPERROR_ALLOW_ALL") is True


def test_a_response_does_not_start_a_hundred_tasks(settings: Settings) -> None:
    assert settings.getint("CONCURRENT_ITEMS") == 4


def test_hosts_that_hang_leave_places_for_the_others(settings: Settings) -> None:
    assert settings.getint("CONCURRENT_REQUESTS") == 64


def test_a_long_listing_does_not_stop_the_crawl_while_its_articles_are_stored(settings: Settings) -> None:
    assert settings.getint("SCRAPER_SLOT_MAX_ACTIVE_SIZE") == 512 * 1024 * 1024


def test_the_crawl_runs_on_the_asyncio_loop(settings: Settings) -> None:
    assert settings["TWISTED_REACTOR"] == "twisted.internet.asyncioreactor.AsyncioSelectorReactor"


def test_what_is_read_is_cleaned_before_it_is_stored(settings: Settings) -> None:
    assert build_component_list(settings.getwithbase("ITEM_PIPELINES")) == [
        "crawler.pipelines.CleanPipeline",
        "crawler.pipelines.StorePipeline",
    ]


def test_scrapys_own_voice_stays_low(settings: Settings) -> None:
    assert settings["LOG_LEVEL"] == "WARNING"


def test_nothing_is_counted_that_nobody_reads(settings: Settings) -> None:
    assert settings["STATS_CLASS"] == "scrapy.statscollectors.DummyStatsCollector"
    assert "DownloaderStats" not in enabled(settings, "DOWNLOADER_MIDDLEWARES")
    assert not {"CoreStats", "LogStats", "LogCount", "MemoryUsage"} & enabled(settings, "EXTENSIONS")


# -- the same in a real crawl -------------------------------------------------------------------------------------


@in_one_loop
async def test_a_crawl_without_the_guard_still_reads_no_local_file_and_opens_no_other_scheme(
    settings: Settings, tmp_path: Path
) -> None:
    """Both walls hold alone: the handlers are gone, and the guard refuses the address before they are asked."""
    secret = tmp_path / "secret"
    secret.write_text("canary")
    addresses = [f"file://{secret}", "data:text/plain,canary", "ftp://127.0.0.1:9/canary", "s3://bucket/canary"]
    without = dict.fromkeys(
        ("crawler.middlewares.guard.GuardMiddleware", "crawler.middlewares.robots.RobotsMiddleware")
    )
    middlewares = {**settings.getdict("DOWNLOADER_MIDDLEWARES"), **without}
    for outcome in (*await ask(*addresses), *await ask(*addresses, DOWNLOADER_MIDDLEWARES=middlewares)):
        assert isinstance(outcome, BaseException)
        assert of_failure(outcome)[0] is Reason.REFUSED


def deflated(body: bytes) -> bytes:
    return zlib.compress(body, 9)


@in_one_loop
@pytest.mark.parametrize(("encoding", "compress"), [("gzip", gzip.compress), ("deflate", deflated)])
async def test_a_bomb_that_unpacks_to_more_than_is_read_is_cut(site: Website, encoding: str, compress: Any) -> None:
    body = compress(bytes(64 * 1024 * 1024))
    bomb = body * 32 if encoding == "gzip" else body  # gzip knows members, and all of them are unpacked
    site.answer("/bomb", bomb, Content_Encoding=encoding)
    [outcome] = await ask(site.address("/bomb"))
    assert isinstance(outcome, BaseException)
    assert of_failure(outcome)[0] is Reason.TOO_LARGE


@in_one_loop
async def test_an_answer_larger_than_is_read_is_cut(site: Website) -> None:
    site.answer("/large", b"x" * 2000)
    site.answer("/small", b"x" * 1000)
    large, small = await ask(site.address("/large"), site.address("/small"), DOWNLOAD_MAXSIZE=1500)
    assert isinstance(large, BaseException)
    assert of_failure(large)[0] is Reason.TOO_LARGE
    assert status(small) == 200


@in_one_loop
async def test_every_request_says_who_asks(site: Website) -> None:
    await ask(site.address("/news"), USER_AGENT=user_agent("mailto:desk@mfa.example"))
    assert site.paths == ["/robots.txt", "/news"]
    for asked in site.asked:
        assert asked.headers["User-Agent"].startswith("presswatch/")
        assert asked.headers["User-Agent"].endswith("(+mailto:desk@mfa.example)")
        assert not {"Cookie", "Referer", "Authorization"} & asked.headers.keys()


@in_one_loop
async def test_an_error_page_is_an_answer_and_is_not_asked_for_again(site: Website) -> None:
    site.answer("/news", "in trouble", status=503)
    assert [status(outcome) for outcome in await ask(site.address("/news"))] == [503]
    assert site.paths.count("/news") == 1


@in_one_loop
async def test_a_proxy_of_the_environment_is_not_used(site: Website, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    site.answer("/news", "a page")
    assert [status(outcome) for outcome in await ask(site.address("/news"))] == [200]


@in_one_loop
async def test_a_cookie_is_not_kept(site: Website) -> None:
    site.answer("/news", "a page", Set_Cookie="visitor=1")
    site.answer("/news/1", "a page")
    await ask(site.address("/news"), site.address("/news/1"))
    assert all("Cookie" not in asked.headers for asked in site.asked)
