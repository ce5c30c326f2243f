"""The table of readers: each row is what is read, is documented, and is known to whoever asks by name."""

from __future__ import annotations

import json
import re

import pytest

import crawler.listing
from crawler.listing import read_listing
from crawler.listing.readers import READERS, Reader, in_words, is_feed, is_for_programs, shape_of
from storage.types import ListingSelectors, Page, Shape, SourceSpec
from tests.crawler.listing.lists import HOST, ISO, SECTION, TITLES, address

_ROWS = [(f"{HOST}{address(number)}", title, ISO[number]) for number, title in enumerate(TITLES)]
_STATEMENTS = json.dumps([{"url": where, "title": title, "date": day} for where, title, day in _ROWS])
_ITEMS = "".join(f"<item><title>{title}</title><link>{where}</link></item>" for where, title, _ in _ROWS)
_FEED = [{"id": where, "url": where, "title": title, "date_published": day} for where, title, day in _ROWS]
_STRUCTURED = json.dumps(
    [{"@type": "NewsArticle", "url": where, "headline": title, "datePublished": day} for where, title, day in _ROWS]
)
_NEWS = "".join(
    f"<url><loc>{where}</loc><news:news><news:publication_date>{day}</news:publication_date>"
    f"<news:title>{title}</news:title></news:news></url>"
    for where, title, day in _ROWS
)
_LOCATIONS = "".join(f"<url><loc>{where}</loc></url>" for where, _, _ in _ROWS)
_UNDATED = "".join(f"<li><h3><a href='{where}'>{title}</a></h3></li>" for where, title, _ in _ROWS)
_DATED = "".join(f"<li><a href='{where}'>{title}</a> <i>{day}</i></li>" for where, title, day in _ROWS)

ANSWERS = {
    "feed": f"<rss version='2.0'><channel>{_ITEMS}</channel></rss>",
    "sitemap": f"<urlset>{_LOCATIONS}</urlset>",
    "news-sitemap": f"<urlset>{_NEWS}</urlset>",
    "sitemap-index": f"<sitemapindex><sitemap><loc>{HOST}/news.xml</loc></sitemap></sitemapindex>",
    "json-feed": json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": _FEED}),
    "json": _STATEMENTS,
    "html-links": f"<html><body><h1>News</h1><ul>{_UNDATED}</ul></body></html>",
    "html-dated-links": f"<html><body><h1>News</h1><ul>{_DATED}</ul></body></html>",
    "html-selectors": f"<html><body><h1>News</h1><ul>{_DATED}</ul></body></html>",
    "json-ld": f"<html><body><script type='application/ld+json'>{_STRUCTURED}</script></body></html>",
    "json-state": f'<html><body><script>window.STATE = {{"news": {_STATEMENTS}}}</script></body></html>',
}
"""An answer for each reader; a new one needs one here."""


def _spec(reader: Reader, shape: Shape) -> SourceSpec:
    selectors = ListingSelectors(entry="li") if reader.name == "html-selectors" else ListingSelectors()
    return SourceSpec("mfa/news", "News", SECTION, languages=("en",), shape=shape, listing=selectors)


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_each_reader_reads_its_answer_under_each_of_its_shapes_and_undescribed(reader: Reader) -> None:
    page = Page(SECTION, ANSWERS[reader.name].encode())
    for shape in (Shape.AUTO, *reader.shapes):
        listing = read_listing(page, _spec(reader, shape))
        assert (listing.reader, bool(listing.entries)) == (reader.name, not listing.is_index), shape


@pytest.mark.parametrize("reader", [one for one in READERS if one.for_programs], ids=lambda reader: reader.name)
def test_what_is_made_for_programs_is_not_read_where_a_page_is_expected(reader: Reader) -> None:
    assert not read_listing(Page(SECTION, ANSWERS[reader.name].encode()), _spec(reader, Shape.HTML)).entries


def test_an_index_of_sitemaps_alone_leads_to_another_listing() -> None:
    read = {
        name: read_listing(Page(SECTION, text.encode()), _spec(READERS[0], Shape.AUTO))
        for name, text in ANSWERS.items()
    }
    assert [name for name, listing in read.items() if listing.is_index] == ["sitemap-index"]


def test_the_readers_are_documented_in_the_order_in_which_they_are_asked() -> None:
    rows = re.findall(r"^\| (\w+) \| `([\w-]+)` \| .+ \|$", crawler.listing.__doc__ or "", re.MULTILINE)
    assert rows == [(str(reader.shape), reader.name) for reader in READERS]


def test_readers_are_known_by_their_names() -> None:
    assert [reader.name for reader in READERS if is_feed(reader.name)] == ["feed", "json-feed"]
    assert [reader.name for reader in READERS if not is_for_programs(reader.name)] == [
        "html-links", "html-dated-links", "html-selectors", "json-ld", "json-state",
    ]  # fmt: skip
    assert {in_words(reader.name) for reader in READERS} == {reader.words for reader in READERS}
    assert len({reader.words for reader in READERS}) == len(READERS)
    assert (shape_of("json-feed"), shape_of("json-state")) == (Shape.FEED, Shape.JSON)


def test_a_name_of_an_older_day_is_no_reader_s_and_stands_for_itself() -> None:
    assert (is_feed("selectors"), is_for_programs("selectors"), in_words("selectors")) == (False, False, "selectors")
