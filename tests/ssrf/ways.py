"""The ways on which a stranger's address can come to be connected to, each driven with all spellings at once.

A way ends in the real code: a crawl of Scrapy's engine with a reader and a database, a delivery, the browser's proxy.
It brings along one good address of the tests' own site, and who walks it asks whether that was reached: else the way
would have led nowhere whatever stood on it.
"""

from __future__ import annotations

from storage.connection_guard import guarded_connections
from tests.ssrf import answers, browsing, entered, listings, sending
from tests.ssrf.world import Way, World

WAYS: dict[str, Way] = {
    "links of listings": listings.links,
    "links that are tried again": listings.links_that_are_tried_again,
    "sources of a strange database": listings.sources_of_a_strange_database,
    "indexes of sitemaps": listings.indexes_of_sitemaps,
    "next pages": listings.next_pages,
    "articles that name an address": answers.articles_that_name_an_address,
    "redirects": answers.redirects,
    "robots that lead away": answers.robots_that_lead_away,
    "sections that are added": entered.sections_that_are_added,
    "discovery": entered.discovery,
    "watchlists": entered.watchlists,
    "the browser's proxy": browsing.the_browsers_proxy,
    "deliveries": sending.deliveries,
}


async def walk(world: World, way: Way) -> None:
    """Drive one way under the guard, as every command does."""
    with guarded_connections(world.policy):
        await way(world)
