"""The words of the statement: not the page's. Pure.

Menus, footers, link lists and social blocks are cut before anything is matched. By the source's selectors where given,
else by the agreement of several extractors on the page without its frame and without the other articles on it; then
the repeated title and date at the top, what stands beside the statement, and the crumbs of the page's tools go.
"""

from __future__ import annotations

import copy
from collections.abc import Callable

from lxml.html import HtmlElement

from crawler.article.asides import parted
from crawler.article.below_headline import below_headline
from crawler.article.consensus import agreed
from crawler.article.counters import drop_counters, less_counter
from crawler.article.edge_clutter import without_crumbs
from crawler.article.paragraphs import SENTENCE_END, paragraphs_between
from crawler.article.title import title_element, words
from crawler.dates import DateReader
from crawler.page.document import select, short_text, text_of, without_frame
from crawler.page.size import drop, is_large
from storage.types import ArticleSelectors, Published

_SHORT = 600
"""Characters of the longest text that is looked at paragraph by paragraph."""

_LONG = 20_000
"""Characters around the title beyond which nothing is near it."""

_LONGEST_CELL = 400
"""Characters in a cell of data."""


def read_body(
    root: HtmlElement, title: str, published: Published, selectors: ArticleSelectors, dates: DateReader
) -> tuple[str, tuple[str, ...]]:
    """The paragraphs of the statement, separated by a blank line, and those that were left out: what stood beside it.

    The first is empty if there is no statement.
    """
    headings = frozenset(map(text_of, root.iter("h1", "h2", "h3", "h4", "h5", "h6")))

    def is_day(line: str) -> bool:
        day = dates.claimed(line).day
        return day is not None and day == published.day

    def is_head(paragraph: str) -> bool:
        if title and words(paragraph) == words(title):
            return True
        return is_day(paragraph) or any(map(is_day, less_counter(paragraph)))

    paragraphs = _selected(root, selectors)
    asides: list[str] = []
    if not paragraphs:
        paragraphs, asides = parted(_extracted(root, title, is_head))
        paragraphs = _at_title(root, title, paragraphs)
    return "\n\n".join(without_crumbs(paragraphs, headings, is_head)), tuple(asides)


def _selected(root: HtmlElement, selectors: ArticleSelectors) -> list[str]:
    """What stands in the content element after the date and before the stop, less what is dropped."""
    for content in select(root, selectors.content):
        inside = set(content.iter())
        start = next((one for one in select(root, selectors.date) if one in inside), None)
        if start is None:
            start = next((one for one in select(root, selectors.title or "h1") if one in inside), None)
        stops = [one for one in select(root, selectors.stop) if one in inside]
        found = paragraphs_between(content, start, stops, set(select(root, selectors.drop)))
        if found:
            return found
    return []


def _extracted(root: HtmlElement, title: str, is_head: Callable[[str], bool]) -> list[str]:
    page = without_frame(copy.deepcopy(root))
    drop_counters(page)
    _unfold_tables(page)
    _drop_other_articles(page, title)
    found = agreed(page)
    return below_headline(page, title, found, is_head) or found


def _unfold_tables(page: HtmlElement) -> None:
    """Make blocks of tables that lay out the page, with tables or texts in their cells: they are taken for data."""
    for table in list(page.iter("table")):
        cells = [*table.iter("td")]
        if any(next(cell.iter("table"), None) is not None or short_text(cell, _LONGEST_CELL) is None for cell in cells):
            for part in [table, *table.iter("thead", "tbody", "tfoot", "tr", "td", "th")]:
                part.tag = "div"


def _drop_other_articles(page: HtmlElement, title: str) -> None:
    """Drop the articles beside the one with the title in it: pages go on with the next statement when one scrolls."""
    heading = title_element(page, title)
    own = next(heading.iterancestors("article"), None) if heading is not None else None
    if own is None or short_text(own, _SHORT) is not None:
        return
    around = {own, *own.iterancestors()}
    others = [one for one in page.iter("article") if one not in around and own not in one.iterancestors()]
    drop((one for one in others if one.getparent() is not None), large=is_large(page))


def _at_title(root: HtmlElement, title: str, paragraphs: list[str]) -> list[str]:
    """Of a short text, what stands around the title, or reads like a sentence.

    From a page with little text trafilatura takes all that there is, and a list of links below is part of it.
    """
    heading = title_element(root, title)
    if heading is None or sum(map(len, paragraphs)) > _SHORT:
        return paragraphs
    for around in heading.iterancestors():
        text = short_text(around, _LONG)
        if text is None:
            break
        own = words(text)
        if any(words(paragraph) in own for paragraph in paragraphs if words(paragraph) != words(title)):
            return [
                one for one in paragraphs if words(one) in own or SENTENCE_END.search(one) or one.endswith((":", ";"))
            ]
    return paragraphs
