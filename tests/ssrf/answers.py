"""Ways that begin in an answer: where its head leads, and what an article says of itself."""

from __future__ import annotations

from html import escape

from tests.crawler.running import poll, running
from tests.crawler.website import ask
from tests.ssrf.listings import rss
from tests.ssrf.world import ARTICLE, World, make_due, revisited

SAID_OF_ITSELF = (
    "<link rel=canonical href='{}'>",
    "<meta property='og:url' content='{}'>",
    "<link rel=alternate hreflang=de href='{}'>",
    "<link rel=amphtml href='{}'>",
    "<base href='{}'>",
    "<link rel=next href='{}'>",
    "<meta http-equiv=refresh content='0; url={}'>",
)


async def articles_that_name_an_address(world: World) -> None:
    """Canonical links, editions and the like: the statements are stored, and read again where they are said to be."""
    many, links = len(SAID_OF_ITSELF), []
    for number, start in enumerate(range(0, len(world.addresses), many)):
        named = world.addresses[start : start + many]
        said = [SAID_OF_ITSELF[(number + place) % many].format(escape(one)) for place, one in enumerate(named)]
        path = f"/news/statement-{number}-2024"
        world.answer(path, ARTICLE.format(head="".join(said), body=f"<p>{number}</p>"))
        links.append(world.site.address(path))
    world.answer("/feed", rss(links), "application/rss+xml")
    world.watch("test/feed", world.site.address("/feed"))
    async with running(world.crawl(), world.settings) as crawl:
        await poll(crawl, "test/feed")
        world.database.write(make_due)
        await revisited(crawl)
    if sum(path.startswith("/news/statement-") for path in world.site.paths) > len(links):
        world.reached.append(world.well)  # they were read again


STATUSES = (301, 302, 303, 307, 308, 300, 305)


async def redirects(world: World) -> None:
    """Statuses that lead away, and what browsers take for one: Refresh as a header and in a page; robots.txt too."""
    asked = []
    for number, address in enumerate([*world.addresses, world.well]):
        header = _in_a_header(address)
        world.site.answer(f"/away/{number}", status=STATUSES[number % 5], Location=header)
        world.site.answer(
            f"/odd/{number}", status=STATUSES[number % 7], Location=header, URI=header, Content_Location=header
        )
        world.site.answer(f"/refresh/{number}", ARTICLE.format(head="", body=""), Refresh=f"0; url={header}")
        meta = SAID_OF_ITSELF[-1].format(escape(address))
        world.site.answer(
            f"/meta/{number}", ARTICLE.format(head=meta, body=""), Content_Type="text/html; charset=utf-8"
        )
        asked += [world.site.address(f"/{kind}/{number}") for kind in ("away", "odd", "refresh", "meta")]
    await ask(*asked, **world.settings)


def _in_a_header(address: str) -> str:
    """As UTF-8, without what would end the header."""
    return address.translate(dict.fromkeys(map(ord, "\r\n\0"))).encode().decode("latin-1")


async def robots_that_lead_away(world: World) -> None:
    """A robots.txt that is said to stand elsewhere."""
    for address in [*world.addresses[::10], world.well]:
        header = _in_a_header(address)
        world.site.answer("/robots.txt", status=301, Location=header)
        await ask(world.site.address("/news"), **world.settings)
