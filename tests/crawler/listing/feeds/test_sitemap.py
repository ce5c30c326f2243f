"""Sitemaps, those for news, and their indexes. Pure."""

from __future__ import annotations

from crawler.listing import read_listing
from crawler.listing.feeds.sitemap import NEWEST
from storage.types import Listing, Page, Reason, Shape, SourceSpec

SITEMAP = "https://mfa.example/sitemap.xml"


def read(body: str, *, languages: tuple[str, ...] = (), shape: Shape = Shape.AUTO) -> Listing:
    spec = SourceSpec("mfa/news", "News", SITEMAP, languages=languages, zone="Europe/Minsk", shape=shape)
    return read_listing(Page(SITEMAP, body.encode()), spec)


def urls(*rows: str) -> str:
    return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{"".join(rows)}</urlset>'


def url(address: str, changed: str = "") -> str:
    return f"<url><loc>{address}</loc>{f'<lastmod>{changed}</lastmod>' if changed else ''}</url>"


def test_a_sitemap_for_news_gives_titles_and_dates() -> None:
    listing = read(
        urls(
            "<url><loc>https://mfa.example/en/1</loc><n:news><n:publication><n:name>MFA</n:name></n:publication>"
            "<n:publication_date>2026-10-02T18:30:00+04:00</n:publication_date>"
            "<n:title><![CDATA[Rivers & lakes]]></n:title></n:news></url>"
        )
    )
    (entry,) = listing.entries
    assert (listing.reader, entry.title, str(entry.published), entry.address) == (
        "news-sitemap", "Rivers & lakes", "2026-10-02T17:30+03:00", "https://mfa.example/en/1",
    )  # fmt: skip


def test_a_plain_sitemap_gives_the_statements_that_changed_last_without_inventing_dates() -> None:
    rows = [url(f"https://mfa.example/en/news/{day}", f"2026-10-{day:02}") for day in range(1, 20)]
    listing = read(urls(url("https://mfa.example/en/about", "2026-11-01"), *rows))
    assert listing.reader == "sitemap"
    assert [entry.address[-2:] for entry in listing.entries[:3]] == ["19", "18", "17"]
    assert {entry.published.day for entry in listing.entries} == {None}


def test_the_newest_of_thousands_are_read_even_where_none_says_when_it_changed() -> None:
    listing = read(urls(*(url(f"https://mfa.example/news/{number}") for number in range(1, 3_000))))
    assert len(listing.entries) == NEWEST
    assert listing.entries[0].address == "https://mfa.example/news/2999"


def test_statements_in_other_languages_than_the_source_s_are_left_out() -> None:
    rows = [url(f"https://mfa.example/{language}/events/{n}") for language in ("en", "ru", "be") for n in range(5)]
    assert {entry.address[20:22] for entry in read(urls(*rows), languages=("ru",)).entries} == {"ru"}


def test_an_index_leads_to_the_newest_of_its_sitemaps_of_statements() -> None:
    index = "<sitemapindex>{}</sitemapindex>".format(
        "".join(
            f"<sitemap><loc>{name}.xml</loc><lastmod>{changed}</lastmod></sitemap>"
            for name, changed in (("/post-1", "2025-01-01"), ("/post-2", "2026-10-02"), ("/image-1", "2026-11-02"))
        )
    )
    listing = read(index)
    assert (listing.reader, listing.entries, listing.next_page) == (
        "sitemap-index", (), "https://mfa.example/post-2.xml",
    )  # fmt: skip


def test_a_page_in_the_place_of_a_sitemap_is_told() -> None:
    assert read("<html><body><h1>Hello</h1></body></html>", shape=Shape.SITEMAP).reason is Reason.NOT_A_FEED
