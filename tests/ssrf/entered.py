"""Ways that begin with a person: a section is added, read or imported, and what is found beside it."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from html import escape

from crawler.discovery import discover
from crawler.run import Crawl
from presswatch.actions import pages, proposals
from presswatch.actions.proposals import NewSource
from presswatch.settings import Settings
from presswatch.watchlist.file_format import Form
from presswatch.watchlist.importing import import_watchlist
from storage.errors import InvalidInputError, MistakesError, UnreadableError
from storage.types import SOLE_OWNER, Page, SourceSpec
from tests.crawler.running import poll, running
from tests.patience import PATIENCE
from tests.ssrf.listings import page_of
from tests.ssrf.world import WELL, World


async def sections_that_are_added(world: World) -> None:
    """`sources add` and `read` of each address."""
    world.site.answer(WELL, page_of([world.site.address(f"/news/{one}-bridge-2024") for one in range(6)]))
    async with running(world.crawl(), world.settings) as crawl, asyncio.timeout(PATIENCE):
        found = await asyncio.gather(*(_added(world, crawl, address) for address in [*world.addresses, world.well]))
        assert found[-1] and not any(found[:-1])


async def _added(world: World, crawl: Crawl, address: str) -> str:
    """The key under which it is watched, if it is."""
    for look in (crawl.fetch(address), pages.read_addresses(crawl, [address], pages.Hints(), world.policy)):
        with contextlib.suppress(InvalidInputError, UnreadableError):
            await look
    try:
        proposal = await proposals.propose(world.database, crawl, NewSource(address), world.policy)
    except (InvalidInputError, UnreadableError):
        return ""
    return (await proposals.watch(world.database, proposal)).key


async def discovery(world: World) -> None:
    """Sections whose pages name feeds, at sites whose robots.txt names sitemaps: two of each in turn."""
    section = world.site.address("/news/")
    rows = page_of([world.site.address(f"/news/{one}-bridge-2024") for one in range(6)])
    async with running(world.crawl(), world.settings) as crawl, asyncio.timeout(PATIENCE):
        for start in range(0, len(world.addresses), 2):
            named = world.addresses[start : start + 2]
            feeds = "".join(FEED.format(escape(address)) for address in [*named, world.well])
            robots = "".join(f"Sitemap: {address}?news\n" for address in named)
            fetch = _answering(crawl, section, rows.replace("<head>", f"<head>{feeds}"), robots)
            await discover.propose(SourceSpec("", "", section, delay=0.0, zone=""), fetch, crawl.reading)


FEED = "<link rel=alternate type=application/rss+xml title=News href='{}'>"


def _answering(crawl: Crawl, section: str, body: str, robots: str) -> Callable[[str], Awaitable[Page]]:
    """Fetches as the crawl does, but for the section and its robots.txt, and for what it would try by itself."""

    async def fetch(address: str) -> Page:
        if address == section:
            return Page(address, body.encode())
        if address.endswith("/robots.txt"):
            return Page(address, robots.encode())
        if address.startswith(section.removesuffix("/news/")) and WELL not in address:
            return Page(address, b"", 404)
        return await crawl.fetch(address)

    return fetch


async def watchlists(world: World) -> None:
    """A watchlist with each address: what is wrong with it is told, and what is left of it is polled."""
    wanted = {f"test/{number}": address for number, address in enumerate([*world.addresses, world.well])}
    settings = Settings(data=world.database.path.parent, allow_addresses=world.border.allowed)
    left = wanted
    while True:
        try:
            await import_watchlist(world.database, SOLE_OWNER, _watchlist(left), Form.TOML, settings)
            break
        except MistakesError as error:
            told = " ".join(map(str, error.mistakes))
        left = {key: address for key, address in left.items() if f"({key})" not in told}
    assert len(left) < len(wanted) / 4
    async with running(world.crawl(), world.settings) as crawl:
        await poll(crawl, *left)


def _watchlist(wanted: dict[str, str]) -> bytes:
    rows = (
        f"[[source]]\nkey = {json.dumps(key)}\nname = 'News'\ndelay = 0.0\n"
        f"address = {json.dumps(address, ensure_ascii=False)}\n"
        for key, address in wanted.items()
    )
    return "\n".join(rows).encode()
