"""The readers of listings: one table, in the order in which they are asked.

To add a shape: a function `(answer, spec) -> Listing | None`, pure, and its row here. Nothing else knows the readers by
their names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from crawler.listing.answer import Answer
from crawler.listing.feeds.feed import read_feed
from crawler.listing.feeds.sitemap import read_sitemap
from crawler.listing.html_lists.reader import read_html
from crawler.listing.json_lists.reader import read_json, read_states
from storage.types import Listing, Shape, SourceSpec

ReadListing = Callable[[Answer, SourceSpec], Listing | None]
"""Reads a listing; None: the answer is not of its kind. Raises `UnreadableError` for one that is, and is damaged."""


@dataclass(frozen=True, slots=True)
class Reader:
    """One way to read a listing."""

    name: str
    """As listings and the habits of sources have it."""
    shapes: tuple[Shape, ...]
    """The shapes of sources that are read so, besides `auto`; the first one is its own."""
    words: str
    """What it reads, for people."""
    read: ReadListing
    """One function may read several: what it finds decides on the name."""
    for_programs: bool = False
    """Whether what it reads is made for programs, and is no page for people."""

    @property
    def shape(self) -> Shape:
        return self.shapes[0]


READERS = (
    Reader("feed", (Shape.FEED,), "a feed", read_feed, for_programs=True),
    Reader(
        "sitemap",
        (Shape.SITEMAP,),
        "a sitemap, of which the statements that changed last are read",
        read_sitemap,
        for_programs=True,
    ),
    Reader("news-sitemap", (Shape.SITEMAP,), "a sitemap for news", read_sitemap, for_programs=True),
    Reader("sitemap-index", (Shape.SITEMAP,), "an index of sitemaps", read_sitemap, for_programs=True),
    # A JSON Feed says that it is one: it is read whatever else for programs was expected.
    Reader("json-feed", (Shape.FEED, Shape.SITEMAP, Shape.JSON), "a JSON Feed", read_json, for_programs=True),
    Reader("json", (Shape.JSON,), "the answer of an API", read_json, for_programs=True),
    Reader("html-links", (Shape.HTML,), "a run of links that read like headlines, without dates", read_html),
    Reader("html-dated-links", (Shape.HTML,), "a run of links with dates", read_html),
    Reader("html-selectors", (Shape.HTML,), "the rows that the selector finds", read_html),
    Reader("json-ld", (Shape.JSON,), "the page's structured data", read_states),
    Reader("json-state", (Shape.JSON,), "what the page has for its own scripts", read_states),
)
_BY_NAME = {reader.name: reader for reader in READERS}


def is_feed(name: str) -> bool:
    """Whether the reader of this name reads feeds."""
    return name in _BY_NAME and _BY_NAME[name].shape is Shape.FEED


def is_for_programs(name: str) -> bool:
    """Whether what the reader of this name reads is made for programs."""
    return name in _BY_NAME and _BY_NAME[name].for_programs


def shape_of(name: str) -> Shape:
    """The shape under which a source is read by the reader of this name."""
    return _BY_NAME[name].shape


def in_words(name: str) -> str:
    """What the reader of this name reads, for people."""
    return _BY_NAME[name].words if name in _BY_NAME else name


def readers_for(shape: Shape, *, for_programs: bool) -> Iterator[ReadListing]:
    """What is asked for a source of this shape, each once, in the table's order."""
    rows = (one for one in READERS if one.for_programs is for_programs and shape in (Shape.AUTO, *one.shapes))
    yield from dict.fromkeys(one.read for one in rows)


def expected(spec: SourceSpec) -> str:
    """The name of the reader that would read the source if all were well: what is said of an answer with nothing."""
    shape = Shape.HTML if spec.shape is Shape.AUTO else spec.shape
    if shape is Shape.HTML and spec.listing.entry:
        return "html-selectors"
    return next(reader.name for reader in READERS if reader.shape is shape)
