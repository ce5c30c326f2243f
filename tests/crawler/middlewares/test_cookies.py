"""Cookies of a redirect go with the redirects of one request, to the hosts that they are meant for, and no further."""

from __future__ import annotations

import pytest

from storage.types import Reason
from tests.crawler.middlewares.failures import why
from tests.crawler.website import Website, ask, status

pytestmark = pytest.mark.asyncio(loop_scope="session")  # Twisted has one reactor, and it has one loop


def brought(site: Website) -> list[str]:
    """The cookies that came with each request for a page."""
    return [asked.headers.get("Cookie", "") for asked in site.asked if asked.path != "/robots.txt"]


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
async def test_a_page_behind_a_cookie_is_read(site: Website, code: int) -> None:
    site.answer("/news", "<h1>News</h1>")
    site.wall("/news", "seen=1", code, Set_Cookie="seen=1; Path=/", Location="/news")
    [outcome] = await ask(site.address("/news"))
    assert status(outcome) == 200
    assert brought(site) == ["", "seen=1"]


async def test_cookies_of_several_redirects_come_together(site: Website) -> None:
    site.answer("/news", "<h1>News</h1>")
    site.wall("/news", "b=2", 302, Set_Cookie="a=1", Location="/check")
    site.answer("/check", status=302, Set_Cookie="b=2; Max-Age=60", Location="/news")
    [outcome] = await ask(site.address("/news"))
    assert status(outcome) == 200
    assert {*brought(site)[-1].split("; ")} == {"a=1", "b=2"}


async def test_the_next_request_brings_none(site: Website) -> None:
    site.answer("/news", "<h1>News</h1>")
    site.wall("/news", "seen=1", 302, Set_Cookie="seen=1; Max-Age=86400", Location="/news")
    await ask(site.address("/news"))
    await ask(site.address("/news"))
    assert brought(site) == ["", "seen=1", "", "seen=1"]


async def test_another_host_gets_none(site: Website, other: Website) -> None:
    other.answer("/news", "<h1>News</h1>")
    site.answer("/away", status=302, Set_Cookie="seen=1", Location=f"http://localhost:{other.port}/news")
    await ask(site.address("/away"), PRESSWATCH_ALLOW_ADDRESSES="127.0.0.1,::1")
    assert brought(other) == [""]


@pytest.mark.parametrize(
    "cookie",
    ["seen=1; Secure", "seen=1; Path=/elsewhere", "seen=1; Domain=example.org", "seen=1; Max-Age=0", "="],
)
async def test_a_cookie_that_is_not_meant_for_the_address_is_not_brought(site: Website, cookie: str) -> None:
    site.answer("/away", status=302, Set_Cookie=cookie, Location="/news")
    site.answer("/news", "<h1>News</h1>")
    [outcome] = await ask(site.address("/away"))
    assert status(outcome) == 200
    assert brought(site) == ["", ""]


async def test_cookies_of_a_page_are_not_kept(site: Website) -> None:
    site.answer("/news", "<h1>News</h1>", Set_Cookie="seen=1")
    await ask(site.address("/news"))
    await ask(site.address("/news"))
    assert brought(site) == ["", ""]


async def test_a_redirect_that_never_ends_is_told_as_before(site: Website) -> None:
    site.answer("/news", status=302, Set_Cookie="seen=1", Location="/news")
    [outcome] = await ask(site.address("/news"))
    assert isinstance(outcome, BaseException)
    assert why(outcome)[0] is Reason.REDIRECTS
