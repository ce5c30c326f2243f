"""What a page costs: no more than it is long, and above a bound no more at all. Touches nothing but values."""

from __future__ import annotations

import contextlib

import pytest

from crawler.article import read_article
from crawler.dates import lines
from crawler.page import size
from crawler.page.document import text_of, tree
from crawler.page.size import bounded, drop, is_large
from storage.errors import UnreadableError
from storage.types import Page, SourceSpec
from tests.crawler.hostile import HOSTILE_PAGES, Made
from tests.steps import growth, steps_of

pytestmark = pytest.mark.slow

SPEC = SourceSpec("m/n", "n", "https://m.example/news/", languages=("en",))


def read(text: str) -> None:
    with contextlib.suppress(UnreadableError):
        read_article(Page("https://m.example/news/1", text.encode(), content_type="text/html"), SPEC)


@pytest.mark.parametrize("made", HOSTILE_PAGES.values(), ids=HOSTILE_PAGES)
def test_a_hostile_page_costs_no_more_than_it_is_long(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the cheap way, which large pages go."""
    monkeypatch.setattr(size, "LARGE", 100)
    assert growth(lambda count: read(made(count)), 400, 1_600) < 1.5


@pytest.mark.parametrize("kind", ["paragraphs", "links", "lines", "empty menus", "headings", "dates"])
def test_behind_the_bound_a_page_costs_nothing_more(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(size, "LARGE", 100)
    monkeypatch.setattr(size, "MOST_TAGS", 600)
    assert growth(lambda count: read(HOSTILE_PAGES[kind](count)), 1_000, 4_000) < 0.5


@pytest.mark.parametrize("row", ["<time datetime='2026-11-13'>1</time>", "<i title='13.11.2026'>x</i>", "<b>1</b>"])
def test_of_more_dates_than_a_page_has_the_first_are_looked_at(row: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(size, "LARGE", 100)
    monkeypatch.setattr(lines, "MOST", 100)
    whole = steps_of(lambda: read(row * 2_000))
    monkeypatch.setattr(lines, "MOST", 2_000)
    assert steps_of(lambda: read(row * 2_000)) > 2 * whole


def test_a_page_is_read_up_to_its_bound_less_what_nobody_reads() -> None:
    picture = "<svg>" + "<path d='M0 0'/>" * 200_000 + "</svg>"
    data = '<script type="application/ld+json">{"@type": "NewsArticle"}</script>'
    page = f"<html><head>{data}<script>{'x < y;' * 200_000}</script></head><body>{picture}<p>The end.</p></body></html>"
    kept = bounded(page)
    assert data in kept
    assert "<p>The end.</p>" in kept
    assert len(kept) < 1_000
    assert bounded("<p>x" * 200_000).count("<") == size.MOST_TAGS
    assert len(bounded("word " * 1_000_000)) == size.MOST_CHARACTERS
    assert bounded("<p>The bridge is open.") == "<p>The bridge is open."


def test_a_page_is_large_by_its_elements_or_by_its_text() -> None:
    assert not is_large(tree("<p>word</p>" * 5_000))
    assert is_large(tree("<p>word</p>" * 20_000))
    assert is_large(tree("<p>" + "word " * 100_000))


@pytest.mark.parametrize("large", [False, True])
def test_what_is_dropped_leaves_what_stands_after_it(large: bool) -> None:
    root = tree("<div>one <nav class=x>menu <b>bold</b></nav>two <nav></nav>three</div>")
    drop(list(root.iter("nav")), large=large)
    assert text_of(root) == "one two three"
    assert not list(root.iter("nav", "b"))
