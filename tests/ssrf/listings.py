"""Ways that begin in a listing: what it links to, what leads to it, what comes after it."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from html import escape

from crawler.jobs.articles import TITLE_ONLY_AFTER
from crawler.queue import BackfillJob
from notify.delivery.dispatch import Dispatch
from presswatch.actions import proposals
from scheduler import jobs
from storage.clock import now
from storage.errors import InvalidInputError
from storage.leases import owner, owner_is_dead
from storage.sources import backfills, sources
from storage.types import SourceSpec
from tests.crawler.running import poll, running
from tests.patience import PATIENCE
from tests.ssrf.world import WELL, World, make_due, revisited


def rss(links: Sequence[str]) -> str:
    rows = (
        f"<item><title>Statement {number}</title><link>{escape(link)}</link></item>" for number, link in _rows(links)
    )
    return f"<rss version='2.0'><channel><title>News</title>{''.join(rows)}</channel></rss>"


def _atom(links: Sequence[str]) -> str:
    row = "<entry><title>Statement {0}</title><id>tag:mfa.example,2024:{0}</id><link href='{1}'/></entry>"
    rows = (row.format(number, escape(link)) for number, link in _rows(links))
    return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>News</title>{''.join(rows)}</feed>"


def _json_feed(links: Sequence[str]) -> str:
    rows = [{"id": str(number), "url": link, "title": f"Statement {number}"} for number, link in _rows(links)]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "News", "items": rows})


def _sitemap(links: Sequence[str]) -> str:
    rows = (f"<url><loc>{escape(link)}</loc><lastmod>2024-11-28</lastmod></url>" for _, link in _rows(links))
    return f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{''.join(rows)}</urlset>"


def _json_list(links: Sequence[str]) -> str:
    rows = [
        {"title": f"The minister opened bridge {number}", "url": link, "date": "2024-11-28"}
        for number, link in _rows(links)
    ]
    return json.dumps({"items": rows})


def page_of(links: Sequence[str]) -> str:
    rows = (
        f'<li>28 November 2024 <a href="{escape(link)}">The minister opened bridge {number}</a></li>'
        for number, link in _rows(links)
    )
    return f"<html><head><title>News</title></head><body><h1>News</h1><ul>{''.join(rows)}</ul></body></html>"


def _rows(links: Sequence[str]) -> list[tuple[int, str]]:
    """Without what XML cannot say: no feed can have it."""
    return [(number, link.replace("\x00", "").replace("\x01", "")) for number, link in enumerate(links)]


LISTINGS: dict[str, tuple[Callable[[Sequence[str]], str], str]] = {
    "rss": (rss, "application/rss+xml"),
    "atom": (_atom, "application/atom+xml"),
    "json feed": (_json_feed, "application/feed+json"),
    "sitemap": (_sitemap, "application/xml"),
    "json list": (_json_list, "application/json"),
    "page": (page_of, "text/html"),
}


async def links(world: World) -> None:
    """Entries of all kinds of listings."""
    for number, (make, kind) in enumerate(LISTINGS.values()):
        world.answer(f"/listing/{number}", make([*world.addresses, *_own(world, number), world.well]), kind)
        world.watch(f"test/{number}", world.site.address(f"/listing/{number}"))
    async with running(world.crawl(), world.settings) as crawl:
        await poll(crawl, *(f"test/{number}" for number in range(len(LISTINGS))))


async def links_that_are_tried_again(world: World) -> None:
    """Entries that could not be had: again, until what their listing says is stored, and then as known statements."""
    world.answer("/feed", rss([*world.addresses[:: len(LISTINGS)], world.well]), "application/rss+xml")
    world.watch("test/feed", world.site.address("/feed"))
    async with running(world.crawl(), world.settings) as crawl:
        for _ in range(TITLE_ONLY_AFTER + 1):
            await poll(crawl, "test/feed")
            world.database.write(make_due)
        await revisited(crawl)


def _own(world: World, number: int) -> list[str]:
    """What a list is known by as one."""
    return [world.site.address(f"/news/{number}-{one}-2024") for one in range(5)]


async def sources_of_a_strange_database(world: World) -> None:
    """Sources whose addresses nobody checked: a backup of somebody else's, an older presswatch."""
    world.answer(WELL, page_of([world.well]))
    keys = []
    for number, address in enumerate([*world.addresses, world.well]):
        with suppress(InvalidInputError):  # another spelling of one that is there
            keys.append(world.watch(f"test/{number}", address).key)
    async with running(world.crawl(), world.settings) as crawl:
        await poll(crawl, *keys)


async def indexes_of_sitemaps(world: World) -> None:
    """Sitemaps that lead to others."""
    await _examine(world, [_index([address]) for address in [*world.addresses, world.well]], "application/xml")


async def next_pages(world: World) -> None:
    """Pages of a past that lead on."""
    specs = []
    for number, address in enumerate([*world.addresses, world.well]):
        rows = page_of([world.site.address(f"/old/{number}-{one}-2024") for one in range(4)])
        path, onward = f"/past/{number}", f"<a rel=next href='{escape(address)}'>Next</a></body>"
        world.answer(path, rows.replace("</body>", onward))
        specs.append(world.watch(f"test/{number}", world.site.address(path)))
    crawl = world.crawl()
    dispatch = Dispatch(world.database, owner=owner(), console=io.StringIO(), report=lambda event: None)
    async with running(crawl, world.settings):
        for spec in specs:
            source = world.database.read(sources.get, spec.key)
            since = now().date().replace(year=2000)
            row = world.database.write(backfills.claim, source, since, owner(), now(), owner_is_dead)
            job = BackfillJob(row, source, 3, asyncio.Event(), lambda progress: None, lambda text: None)
            async with asyncio.timeout(PATIENCE):
                await jobs.backfill(crawl, dispatch, job)


def _index(links: Iterable[str]) -> str:
    rows = "".join(f"<sitemap><loc>{escape(link)}</loc></sitemap>" for _, link in _rows(list(links)))
    return f"<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{rows}</sitemapindex>"


async def _examine(world: World, bodies: Sequence[str], kind: str) -> None:
    specs = []
    for number, body in enumerate(bodies):
        world.answer(f"/index/{number}", body, kind)
        specs.append(SourceSpec(f"test/{number}", "", world.site.address(f"/index/{number}"), delay=0.0))
    async with running(world.crawl(), world.settings) as crawl, asyncio.timeout(PATIENCE):
        await proposals.examine(crawl, specs)
