"""Whatever a site sends, a reader answers with a result or with a reason. Touches nothing but values."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.article import UnreadableError, read_article
from crawler.listing import read_listing
from storage.types import Page, Reason, Shape
from tests.crawler import pages

TYPES = st.sampled_from(["", "text/html", "application/rss+xml", "text/html; charset=utf-16", "image/png", ";;;"])
SEEDS = [
    pages.article().body,
    pages.listing([("/n/1", pages.TITLE, pages.DATE), ("/n/2", pages.RUSSIAN_TITLE, pages.RUSSIAN_DATE)]).body,
    b"<p>Posted: 28.11.2024<br><a href='/n/1'>One of the statements</a><br>3/20/2026<br><a href='/n/2'>Two</a></p>",
    b"<table><tr><td>28.11.2024</td><td><a href='/n/1'>One</a></td><td><a href='/1.pdf'>pdf</a></td></tr></table>",
    b"<ul><li><a href='/n/1'><img><div class='title'>A card of the list</div></a></li><li><h2>x</h2></li></ul>",
    b'<?xml version="1.0"?><rss version="2.0"><channel><item><title>A &amp; B</title><link>/n/1</link>'
    b"<pubDate>Thu, 28 Nov 2024 14:05:00 +0300</pubDate></item></channel></rss>",
]
TOKENS = [
    b"<",
    b">",
    b"&",
    b"\x00",
    b"\xff\xfe",
    b"<![CDATA[",
    b"]]>",
    b"<!DOCTYPE x [",
    b"<script>",
    b"</html>",
    b"9" * 400,
]
SLOW = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A good page with a piece cut out and something else put in."""
    body = draw(st.sampled_from(SEEDS))
    start = draw(st.integers(0, len(body)))
    end = min(len(body), start + draw(st.integers(0, 40)))
    return body[:start] + draw(st.sampled_from(TOKENS) | st.binary(max_size=8)) + body[end:]


@SLOW
@given(st.binary(max_size=400) | damaged(), TYPES, st.sampled_from(Shape))
def test_a_listing_is_read_or_has_a_reason(body: bytes, content_type: str, shape: Shape) -> None:
    page = Page(pages.listed().address, body, 200, content_type)
    for spec in (replace(pages.listed(), shape=shape), replace(pages.selected(), shape=shape)):
        listing = read_listing(page, spec)
        assert (listing.reason is Reason.OK) == bool(listing.entries)
        assert listing.reason is Reason.OK or listing.detail
        assert all(entry.address.startswith(("http://", "https://")) for entry in listing.entries)


@pytest.mark.slow
@SLOW
@given(st.binary(max_size=400) | damaged(), TYPES)
def test_an_article_is_read_or_unreadable(body: bytes, content_type: str) -> None:
    page = Page(f"{pages.listed().address}1.html", body, 200, content_type)
    for spec in (pages.listed(), pages.selected()):
        try:
            article = read_article(page, spec)
        except UnreadableError as error:
            assert error.reason in (Reason.UNREADABLE, Reason.BLOCKED)
            assert str(error)
        else:
            assert article.title or article.body
            assert "\x00" not in article.title + article.body
