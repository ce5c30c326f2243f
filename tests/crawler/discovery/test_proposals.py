"""Whether what was found is the section's, whose it is, and what of a saved source has drifted. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urljoin

import pytest

from crawler.catalog import catalogue
from crawler.discovery.drift import drifted
from crawler.discovery.feed_candidates import common_places, news_sitemaps, problem_of
from crawler.discovery.source_defaults import country_of, key_for, neighbours, placed, zone_of
from crawler.reading.site_metadata import site_metadata
from storage.identity import identity_key
from storage.sources.shown import KnownEntries
from storage.types import Article, Entry, Habits, Listing, Page, Published, Reason, SourceSpec

SECTION = "https://mfa.example/en/press/news/"
TODAY = date(2026, 10, 5)


def entries(*numbers: int, section: str = "press/news", newest: date = TODAY) -> tuple[Entry, ...]:
    """Entries of a section, one a day, the newest first."""
    return tuple(
        Entry(
            f"https://mfa.example/en/{section}/{number}",
            f"The {number}th statement of {section}",
            Published(newest - timedelta(days=place)),
        )
        for place, number in enumerate(numbers)
    )


def listing(*found: Entry, reader: str = "feed") -> Listing:
    return Listing(tuple(found), reader)


OWN = listing(*entries(*range(20, 10, -1)), reader="html-dated-links")


# -- feeds that win and lose -------------------------------------------------------------------------------------------


def test_a_feed_of_the_section_wins_however_much_longer_or_shorter_it_is() -> None:
    for numbers in (range(20, 0, -1), range(20, 15, -1), range(20, 10, -1)):
        assert problem_of(listing(*entries(*numbers)), OWN, SECTION, TODAY) == ""


LOSERS = {
    "empty": (listing(), "no entries"),
    "comments": (
        listing(*(replace(one, address=f"{one.address}#comment-1") for one in OWN.entries)),
        "comments",
    ),
    "stuck years ago": (listing(*entries(20, 19, 18, newest=date(2019, 3, 1))), "stuck: its newest entry is of 2019"),
    "of another section": (listing(*entries(*range(20, 10, -1), section="travel")), "another section"),
    "of the whole site, the section's among others": (
        listing(*(one for pair in zip(OWN.entries, entries(*range(30, 20, -1), section="travel"), strict=True)
                  for one in pair)),
        "whole site",
    ),
    "of the whole site, the section's mostly gone": (
        listing(*entries(*range(40, 32, -1), section="travel"), *OWN.entries[:2]), "whole site",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("feed", "why"), LOSERS.values(), ids=LOSERS)
def test_a_feed_that_is_not_the_section_s_or_dead_loses_and_it_is_said_why(feed: Listing, why: str) -> None:
    assert why in problem_of(feed, OWN, SECTION, TODAY)


def test_without_a_list_to_compare_with_a_feed_has_to_be_alive_and_below_the_section() -> None:
    nothing = listing(reader="html-links")
    assert problem_of(listing(*entries(3, 2, 1)), nothing, SECTION, TODAY) == ""
    assert "whole site" in problem_of(listing(*entries(3, 2, 1, section="x")), nothing, SECTION, TODAY)
    assert "stuck" in problem_of(listing(*entries(3, newest=date(2020, 1, 1))), nothing, SECTION, TODAY)


def test_few_places_are_asked_for_a_feed_beside_the_section_and_at_the_root() -> None:
    places = common_places(SECTION, is_wordpress=False)
    assert len(places) <= 8
    assert f"{SECTION}feed/" in places and "https://mfa.example/rss.xml" in places
    assert "https://mfa.example/rss.xml" in common_places("https://mfa.example/", is_wordpress=False)
    assert not any(".example." in one for one in common_places("https://mfa.example/", is_wordpress=False))
    assert common_places(SECTION, is_wordpress=True)[0] == f"{SECTION}feed/"


def test_robots_txt_says_where_the_sitemap_for_news_is() -> None:
    robots = "User-agent: *\nSitemap: https://mfa.example/sitemap.xml\nsitemap: /maps/news.xml\n"
    assert news_sitemaps(robots, SECTION) == ("https://mfa.example/maps/news.xml",)


@pytest.mark.parametrize(
    "odd",
    ["http://[%3A%3A1]/news.xml", "http://[::1/news.xml", "https://mfa.example:port/news.xml", "//[v1/news.xml",
     "http://a..b.example/news.xml", "javascript:news()", "file:///etc/news.xml", "http://[]/news"],
)  # fmt: skip
def test_a_sitemap_at_an_address_that_is_none_is_passed_by(odd: str) -> None:
    robots = f"Sitemap: {odd}\nSitemap: /maps/news.xml\n"
    assert news_sitemaps(robots, SECTION) == (urljoin(SECTION, "/maps/news.xml"),)


# -- what a page says of itself ----------------------------------------------------------------------------------------

HOME = """<!DOCTYPE html><html lang="en-GB"><head><title>Welcome - Ministry of Rivers</title>
<link rel="alternate" type="application/rss+xml" href="/rss.xml"><link rel="alternate" type="application/rss+xml"
href="/comments/feed/"></head><body><nav><a href="/about">About us</a><a href="/en/press/news/">News</a>
<a href="/en/press/statements/">Statements</a><a href="https://else.example/news/">News of others</a></nav></body>
</html>"""


def test_a_home_page_says_its_site_its_language_its_feeds_and_its_sections() -> None:
    told = site_metadata(Page("https://mfa.example/", HOME.encode()))
    assert (told.is_home, told.language, told.site) == (True, "en", "Ministry of Rivers")
    assert told.feeds == ("https://mfa.example/rss.xml",)
    assert told.sections == (
        ("News", "https://mfa.example/en/press/news/"), ("Statements", "https://mfa.example/en/press/statements/"),
    )  # fmt: skip


def test_what_the_catalogue_knows_of_the_host_is_proposed() -> None:
    address = "https://mfa.gov.by/en/press/statements/"
    known = neighbours(address, catalogue())
    proposed = placed(
        SourceSpec("", "", address, zone=""), site_metadata(Page(address, HOME.encode())), known, catalogue()
    )
    assert (proposed.country, proposed.zone, proposed.languages, proposed.organisation) == (
        "BY", "Europe/Minsk", ("en",), "Ministry of Foreign Affairs of Belarus",
    )  # fmt: skip
    assert key_for(address, known) == "mfa-by/en-press-statements"


@pytest.mark.parametrize(
    ("address", "languages", "country", "zone"),
    [
        ("https://mid.example.kz/", (), "KZ", "Asia/Almaty"),
        ("https://treasury.gov/news", (), "US", "America/New_York"),
        ("https://mod.gov.uk/news", (), "GB", "Europe/London"),
        ("https://ministry.example.org/", ("hy",), "AM", "Asia/Yerevan"),
        ("https://ministry.example.org/", ("en",), "", "UTC"),
        ("https://mfa.example.fj/", (), "FJ", "Pacific/Fiji"),
    ],
)
def test_else_the_domain_or_the_language_tells_the_country_and_the_country_its_zone(
    address: str, languages: tuple[str, ...], country: str, zone: str
) -> None:
    assert country_of(address, languages) == country
    assert zone_of(country, catalogue()) == zone


@pytest.mark.parametrize(
    ("address", "day_first"), [("https://x.gov/news", False), ("https://x.mil/", False), ("https://x.gov.uk/", True)]
)
def test_the_country_tells_the_order_of_day_and_month(address: str, day_first: bool) -> None:
    told = site_metadata(Page(address, HOME.encode()))
    assert placed(SourceSpec("", "", address, zone=""), told, (), catalogue()).day_first is day_first


# -- drift -------------------------------------------------------------------------------------------------------------

SPEC = SourceSpec("mfa/news", "News", SECTION, languages=("en",))
HABITS = Habits(since=datetime(2026, 1, 1, tzinfo=UTC), entries=(10, 10, 11), reader="html-dated-links")
BEFORE = KnownEntries(frozenset(identity_key(entry.address) for entry in OWN.entries), 1.0, 1.0, ("en",) * 5)
ARTICLE = Article(OWN.entries[0].address, "A title", "A body", "en")
UNDATED = replace(OWN, entries=tuple(replace(entry, published=Published()) for entry in OWN.entries))
UNTITLED = replace(OWN, entries=tuple(replace(entry, title="") for entry in OWN.entries))


def test_a_source_that_reads_as_before_has_not_drifted() -> None:
    assert drifted(SPEC, HABITS, BEFORE, OWN, ARTICLE) == ()


DRIFTS = {
    "another reader": (replace(OWN, reader="html-links"), ARTICLE, "read as html-links, before as html-dated-links"),
    "fewer entries": (replace(OWN, entries=OWN.entries[:3]), ARTICLE, "shows 3 entries, usually 10"),
    "no dates": (UNDATED, ARTICLE, "0 of its 10 entries have dates"),
    "no titles": (UNTITLED, ARTICLE, "0 of its 10 entries have titles"),
    "other addresses": (
        replace(OWN, entries=entries(*range(10), section="new")), ARTICLE, "none of its 10 addresses was seen"
    ),
    "another language": (OWN, replace(ARTICLE, language="fr"), "is in fr, before en"),
    "the feed is gone": (Listing((), "feed", Reason.NOT_A_FEED, "answered with a page"), None, "not-a-feed"),
    "it has moved": (replace(OWN, reason=Reason.MOVED, detail="it has moved to /x"), ARTICLE, "moved to /x"),
}  # fmt: skip


@pytest.mark.parametrize(("now", "article", "what"), DRIFTS.values(), ids=DRIFTS)
def test_what_reads_otherwise_than_before_is_said_with_its_mend(
    now: Listing, article: Article | None, what: str
) -> None:
    drift = drifted(SPEC, HABITS, BEFORE, now, article)
    assert any(what in one.what for one in drift)
    assert all(one.mend for one in drift)
