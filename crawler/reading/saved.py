"""A page -> what the readers make of it, whichever of them it is for. Pure.

It is how one works on a source: with pages that were saved, without asking the site again and again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from crawler.article import read_article
from crawler.listing import read_listing
from crawler.listing.readers import is_feed, is_for_programs
from crawler.page.document import absolute, decode
from storage.errors import UnreadableError
from storage.types import Article, Listing, Page, Reason, Shape, SourceSpec


class Kind(StrEnum):
    """What a page is read as."""

    FEED = "feed"
    LISTING = "listing"
    ARTICLE = "article"


@dataclass(frozen=True, slots=True)
class Read:
    """What a page was read as, and what came of it: a listing or an article."""

    kind: Kind
    reason: Reason
    detail: str = ""
    listing: Listing | None = None
    article: Article | None = None

    @property
    def useful(self) -> bool:
        """Whether something was read."""
        return bool(self.article or (self.listing and self.listing.entries))


def read_page(page: Page, spec: SourceSpec, kind: Kind | None = None) -> Read:
    """Read a page as what it is said to be, or as what it seems to be. Never raises."""
    match kind:
        case Kind.FEED:
            return _as_listing(page, _shaped(spec, Shape.FEED), kind)
        case Kind.LISTING:
            return _as_listing(page, spec, kind)
        case Kind.ARTICLE:
            return _as_article(page, spec)
    listing = _as_listing(page, spec, Kind.LISTING)
    if listing.listing and is_for_programs(listing.listing.reader):
        return listing  # what a page has for its scripts is another thing: it may be the news beside a statement
    article = _as_article(page, spec)
    return article if _is_article(listing, article) else listing


_PARAGRAPH = 200
"""Characters. Rows of a list are seldom as long, paragraphs of a statement mostly are."""
_ROWS = {True: 10, False: 15}
"""Entries, with dates and without. So many are a section's; fewer may be the news beside a statement."""


def _is_article(listing: Read, article: Read) -> bool:
    """A statement has paragraphs, a section has rows."""
    if article.article is None or listing.listing is None:
        return article.article is not None
    paragraphs, entries = article.article.body.split("\n\n"), listing.listing.entries
    if not entries:
        return len(article.article.body) >= _PARAGRAPH
    if len(entries) >= _ROWS[any(entry.published.day for entry in entries)]:
        return False
    return sum(len(paragraph) >= _PARAGRAPH for paragraph in paragraphs) >= min(2, len(paragraphs))


def _shaped(spec: SourceSpec, shape: Shape) -> SourceSpec:
    return replace(spec, shape=shape)


def _as_listing(page: Page, spec: SourceSpec, kind: Kind) -> Read:
    listing = read_listing(page, spec)
    return Read(Kind.FEED if is_feed(listing.reader) else kind, listing.reason, listing.detail, listing=listing)


def _as_article(page: Page, spec: SourceSpec) -> Read:
    try:
        return Read(Kind.ARTICLE, Reason.OK, article=read_article(page, spec))
    except UnreadableError as error:
        return Read(Kind.ARTICLE, error.reason, str(error))


# -- where a saved page came from ------------------------------------------------------------------------------------

_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+)")
_CANONICAL = re.compile(r"<link\b(?=[^>]*\brel=[\"']?canonical\b)[^>]*\bhref=[\"']?([^\"'>\s]+)", re.IGNORECASE)
_OWN_ADDRESS = re.compile(r"<meta\b(?=[^>]*\bproperty=[\"']?og:url\b)[^>]*\bcontent=[\"']?([^\"'>\s]+)", re.IGNORECASE)
_FEED_ADDRESS = re.compile(r"<(?:\w+:)?link>\s*(https?://[^<\s]+)|<(?:\w+:)?link\b[^>]*\bhref=[\"'](https?://[^\"']+)")


def address_told(body: bytes) -> str:
    """The address that a saved page says it came from, or nothing: a browser's note, its canonical link, og:url."""
    text = decode(Page("", body))[:200_000]
    for pattern in (_SAVED_FROM, _CANONICAL, _OWN_ADDRESS, _FEED_ADDRESS):
        if match := pattern.search(text):
            address = absolute("", next(group for group in match.groups() if group).replace("&amp;", "&"))
            if address:
                return address
    return ""
