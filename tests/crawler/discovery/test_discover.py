"""How a section is best read, in the order of finding; on pages that a small site of ours answers with. Pure."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from crawler.article import read_article
from crawler.discovery.discover import Proposal, propose
from crawler.discovery.feed_candidates import news_sitemaps
from crawler.listing import read_listing
from crawler.reading.site_metadata import SiteMetadata, site_metadata
from storage.clock import now
from storage.errors import InvalidInputError, UnreadableError
from storage.types import Article, Listing, Page, Published, Reason, Shape, SourceSpec

SITE = "https://mfa.example"
SECTION = f"{SITE}/en/news/"
NUMBERS = range(20, 8, -1)
DAY = now().date()
TITLE = "Ministers discuss crossing number {} of the northern river"
PARAGRAPH = "<p>" + "The minister spoke at some length about the bridges of the north. " * 6 + "</p>"


class Reading:
    """The readers, in this process."""

    async def listing(self, page: Page, spec: SourceSpec) -> Listing:
        return read_listing(page, spec)

    async def article(self, page: Page, spec: SourceSpec, title: str, published: Published) -> Article:
        return read_article(page, spec, title, published)

    async def site_metadata(self, page: Page) -> SiteMetadata:
        return site_metadata(page)


@dataclass
class Site:
    """Answers with its pages, and remembers what it was asked for."""

    pages: Mapping[str, str]
    status: int = 404
    asked: list[str] = field(default_factory=list)

    async def fetch(self, address: str) -> Page:
        path = address.removeprefix(SITE)
        self.asked.append(path)
        if path in self.pages:
            return Page(address, self.pages[path].encode())
        number = path.removeprefix("/en/news/")
        if number.isdigit():
            return Page(address, document(TITLE.format(number), PARAGRAPH * 2).encode())
        return Page(address, b"not here", self.status)

    def propose(self, address: str = SECTION) -> Proposal:
        spec = SourceSpec("", "", address, zone="")
        return asyncio.run(propose(spec, self.fetch, Reading()))  # type: ignore[arg-type]


def document(heading: str, inner: str, head: str = "") -> str:
    title = f"{heading} - Ministry of Rivers"
    return f'<html lang="en"><head><title>{title}</title>{head}</head><body><h1>{heading}</h1>{inner}</body></html>'


def section(head: str = "", rows: bool = True) -> str:
    listed = "".join(
        f'<div class="row"><span>{DAY.isoformat()}</span> <a href="/en/news/{n}">{TITLE.format(n)}</a></div>'
        for n in NUMBERS
    )
    return document("News", listed if rows else "<div id='app'></div>", head)


def feed(*places: str, year: int = DAY.year) -> str:
    items = "".join(
        f"<item><title>{TITLE.format(place.rpartition('/')[2])} {place.partition('/')[0]}</title>"
        f"<link>{SITE}/en/{place}</link><pubDate>{DAY:%d %b} {year} 10:00:00 +0300</pubDate></item>"
        for place in places
    )
    return f'<rss version="2.0"><channel><title>News</title>{items}</channel></rss>'


OWN = [f"news/{n}" for n in NUMBERS]
NAMED = '<link rel="alternate" type="application/rss+xml" href="{}">'.format


def test_a_feed_that_the_page_names_wins_and_nothing_else_is_asked_for() -> None:
    site = Site({"/en/news/": section(NAMED("/news.rss")), "/news.rss": feed(*OWN)})
    found = site.propose()
    assert (found.spec.address, found.spec.shape, found.why) == (
        f"{SITE}/news.rss", Shape.FEED, "a feed that the page names",
    )  # fmt: skip
    assert site.asked == ["/en/news/", "/news.rss", "/en/news/20"]
    assert found.article is not None and found.article.title == TITLE.format(20)
    assert (found.spec.organisation, found.spec.languages, found.spec.zone) == ("Ministry of Rivers", ("en",), "UTC")


def test_feeds_of_the_whole_site_dead_ones_and_pages_in_their_place_lose_with_the_reason() -> None:
    mixed = [place for n in NUMBERS for place in (f"news/{n}", f"travel/{n}")]
    head = "".join(map(NAMED, ("/all.rss", "/old.rss", "/burner", "/gone.rss")))
    site = Site(
        {"/en/news/": section(head), "/all.rss": feed(*mixed), "/old.rss": feed(*OWN, year=2019),
         "/burner": document("FeedBurner", "Subscribe with a reader"), "/en/news/feed/": feed(*OWN)}
    )  # fmt: skip
    found = site.propose()
    assert found.spec.address == f"{SECTION}feed/"
    reasons = dict(found.passed)
    assert "whole site" in reasons[f"{SITE}/all.rss"]
    assert "stuck" in reasons[f"{SITE}/old.rss"]
    assert "not a feed" in reasons[f"{SITE}/burner"]
    assert "gone" in reasons[f"{SITE}/gone.rss"]


def test_a_sitemap_for_news_is_found_by_robots_txt() -> None:
    rows = "".join(
        f"<url><loc>{SITE}/en/{place}</loc><news:news><news:publication_date>{DAY}</news:publication_date>"
        f"<news:title>{place}</news:title></news:news></url>"
        for place in OWN
    )
    robots = f"User-agent: *\nSitemap: {SITE}/map-news.xml\n"
    site = Site({"/en/news/": section(), "/robots.txt": robots, "/map-news.xml": f"<urlset>{rows}</urlset>"})
    assert (site.propose().spec.shape, len(site.asked)) == (Shape.SITEMAP, 12)


@pytest.mark.parametrize("line", ["SITEMAP:{}", "Sitemap : {}", "  Sitemap: {} # for news", "site-map: {}"])
def test_robots_txt_is_read_as_it_is_for_its_rules(line: str) -> None:
    address = f"{SITE}/map-news.xml"
    robots = f"# news\nUser-agent: *\nDisallow: /news/\n{line.format(address)}\nSitemap: {SITE}/pages.xml\n"
    assert news_sitemaps(robots, SECTION) == (address,)


def test_a_sitemap_for_news_is_looked_for_at_two_places_where_robots_txt_names_none() -> None:
    for robots in ("", f"Sitemap: {SITE}/pages.xml", document("News", "<p>Sitemap</p>")):
        assert news_sitemaps(robots, SECTION) == (f"{SITE}/sitemap-news.xml", f"{SITE}/news-sitemap.xml")


def test_a_page_s_own_json_wins_over_its_list_only_if_it_says_more() -> None:
    rows = [{"title": TITLE.format(n), "url": f"/en/news/{n}", "date": f"{DAY}T10:0{n % 9}:00"} for n in NUMBERS]
    state = f'<script type="application/json">{json.dumps(rows)}</script>'
    assert Site({"/en/news/": section(state)}).propose().spec.shape is Shape.JSON
    assert Site({"/en/news/": section(state, rows=False)}).propose().spec.shape is Shape.JSON
    days = state.replace("T10:", "").replace(":00", "")
    assert Site({"/en/news/": section(days)}).propose().spec.shape is Shape.HTML


def test_a_host_that_asks_for_time_is_asked_no_more() -> None:
    site = Site({"/en/news/": section()}, status=429)
    found = site.propose()
    assert found.spec.shape is Shape.HTML
    assert site.asked == ["/en/news/", "/en/news/feed/", "/en/news/20"]
    assert "throttled" in found.passed[0][1]


def test_few_places_are_asked_one_after_the_other_and_the_list_is_taken_at_last() -> None:
    site = Site({"/en/news/": section()})
    assert site.propose().listing.reader == "html-dated-links"
    assert len(site.asked) <= 13


def test_a_home_page_names_its_sections() -> None:
    menu = '<nav><a href="/en/news/">News</a><a href="/en/about/">About the ministry</a></nav>'
    with pytest.raises(InvalidInputError, match="home page") as refused:
        Site({"/": document("Welcome", menu)}).propose(f"{SITE}/")
    assert f"{SITE}/en/news/  News" in refused.value.mend
    assert "about" not in refused.value.mend


def test_a_page_that_waits_for_its_scripts_is_advised_to_be_read_in_a_browser() -> None:
    shell = '<body><div id="app">Loading</div><script src="/app.js"></script></body>'
    with pytest.raises(InvalidInputError, match="no statements are found") as refused:
        Site({"/en/news/": shell}).propose()
    assert "--browser" in refused.value.mend

    words = f"<body><script src='/app.js'></script>{PARAGRAPH}</body>"
    with pytest.raises(InvalidInputError, match="no statements are found") as refused:
        Site({"/en/news/": words}).propose()
    assert "--browser" not in refused.value.mend


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (
            "<html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>",
            Reason.CHALLENGE,
        ),
        ("<html><body><form><input type='password'></form></body></html>", Reason.LOGIN),
        ("<html><head><title>404 Not Found</title></head><body><h1>404</h1></body></html>", Reason.SOFT_404),
    ],
    ids=str,
)
def test_what_stands_in_a_section_s_place_is_said_with_its_mend(page: str, reason: Reason) -> None:
    with pytest.raises(UnreadableError) as refused:
        Site({"/en/news/": page}).propose()
    assert refused.value.reason == reason
    assert refused.value.mend


# -- entries without a link --------------------------------------------------------------------------------------------


def linkless(number: int, link: str = "") -> str:
    link = f"<link>{link}</link>" if link else ""
    return (
        f"<item><title>{TITLE.format(number)}</title>{link}<guid isPermaLink='false'>st-{number}</guid>"
        f"<description>The talks on crossing {number} are over.</description>"
        f"<pubDate>{DAY:%d %b %Y} 09:00:00 +0300</pubDate></item>"
    )


def rss(*shown: str) -> str:
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>News</title>{''.join(shown)}</channel></rss>"


def atom(count: int) -> str:
    entries = "".join(
        f"<entry><id>tag:{number}</id><title>{TITLE.format(number)}</title><updated>{DAY}T09:00:00Z</updated>"
        f"<summary>The talks on crossing {number} are over.</summary></entry>"
        for number in range(1, count + 1)
    )
    return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>News</title>{entries}</feed>"


def json_feed(count: int) -> str:
    rows = [
        {"id": f"st-{number}", "title": TITLE.format(number), "date_published": f"{DAY}T09:00:00Z",
         "content_text": f"The talks on crossing {number} are over."}
        for number in range(1, count + 1)
    ]  # fmt: skip
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "News", "items": rows})


FEEDS = {"rss": rss(*map(linkless, range(1, 5))), "one": rss(linkless(1)), "atom": atom(4), "json": json_feed(4)}


@pytest.mark.parametrize("feed", FEEDS.values(), ids=FEEDS)
def test_of_a_feed_without_links_the_preview_is_what_the_feed_says(feed: str) -> None:
    site = Site({"/feed": feed})
    proposal = site.propose(f"{SITE}/feed")
    assert proposal.article is not None
    assert (proposal.article.title, proposal.problem) == (TITLE.format(1), "")
    assert proposal.article.body == "The talks on crossing 1 are over."
    assert not any(path.startswith("/en/news/") for path in site.asked)


@pytest.mark.parametrize("linked", [2, 3, 4])
def test_of_a_feed_whose_first_entry_has_no_link_the_preview_is_the_first_page(linked: int) -> None:
    shown = [linkless(number, f"{SECTION}{number}" if number >= linked else "") for number in range(1, 5)]
    site = Site({"/feed": rss(*shown)})
    proposal = site.propose(f"{SITE}/feed")
    assert proposal.article is not None
    assert proposal.article.title == TITLE.format(linked)
    assert [entry.address for entry in proposal.listing.entries[: linked - 1]] == [""] * (linked - 1)
