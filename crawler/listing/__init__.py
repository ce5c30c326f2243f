"""A response -> entries: one reader a shape. Pure.

| shape | reader | reads |
|---|---|---|
| feed | `feed` | RSS, Atom, RDF |
| feed | `json-feed` | JSON Feed |
| sitemap | `news-sitemap` | a sitemap for news: titles and dates |
| sitemap | `sitemap` | a plain sitemap: the addresses of its statements that changed last |
| sitemap | `sitemap-index` | no entries, but in `next_page` the newest of its sitemaps |
| json | `json` | the answer of an API: a list of objects with titles, addresses and dates, found by itself |
| json | `json-ld` | the page's structured data (schema.org) |
| json | `json-state` | what the page has for its own scripts: Next.js, Nuxt, Alpine, `window.X = {...}` |
| html | `html-selectors` | a list by the CSS selectors of the source |
| html | `html-dated-links` | a run of links that have a date near them, found by itself |
| html | `html-links` | a run of links that read like headlines, where the page gives no dates |

A source of the shape `auto` is read as what its answer is; of a page the HTML list counts, and its own JSON where that
list has no entries. To add a reader: a module with a function `(text, page, spec) -> Listing`, and a case in `_read`.
"""

from __future__ import annotations

from dataclasses import replace

from lxml.html import HtmlElement

from crawler.listing.feeds.feed import is_feed, read_feed
from crawler.listing.feeds.json_feed import is_json_feed, read_json_feed
from crawler.listing.feeds.sitemap import is_sitemap, read_sitemap
from crawler.listing.html_lists.reader import read_html
from crawler.listing.json_lists.parsing import is_json, parse
from crawler.listing.json_lists.reader import read_json, read_states
from crawler.page.document import base_address, decode, tree
from crawler.page.interstitials import interstitial_of, moved_to
from storage.types import Listing, Page, Reason, Shape, SourceSpec


def read_listing(page: Page, spec: SourceSpec) -> Listing:
    """What the source shows on this page, in the site's order. Never raises: whatever is wrong is its reason code."""
    try:
        listing = _read(page, spec)
    except Exception as error:  # a page can be made to break any reader, and it must not stop its neighbours
        return Listing((), _reader(spec), Reason.UNREADABLE, f"{page.address}: {type(error).__name__}: {error}"[:300])
    if listing.reason is Reason.OK and listing.entries and (address := moved_to(page)):
        return replace(listing, reason=Reason.MOVED, detail=f"it has moved to {address}, and is read there")
    return listing


def _read(page: Page, spec: SourceSpec) -> Listing:
    reader = _reader(spec)
    kind = page.content_type.partition(";")[0].strip().lower()
    if kind.startswith(("image/", "audio/", "video/", "font/")) or kind in ("application/pdf", "application/zip"):
        return Listing((), reader, Reason.UNREADABLE, f"{page.address} is not a page but {kind}")
    text = decode(page)
    if not text.strip():
        return Listing((), reader, Reason.EMPTY, f"{page.address} answered with an empty page")
    return _read_data(text, page, spec) or _read_page(text, page, spec)


def _read_data(text: str, page: Page, spec: SourceSpec) -> Listing | None:
    """The entries of an answer that is made for programs, or None if it is a page for people."""
    if spec.shape in (Shape.AUTO, Shape.FEED) and is_feed(text):
        return read_feed(text, page, spec)
    if spec.shape in (Shape.AUTO, Shape.SITEMAP) and is_sitemap(text):
        return read_sitemap(text, page, spec)
    if spec.shape is not Shape.HTML and is_json(text, page.content_type):
        return _read_json(text, page, spec)
    return None


def _read_json(text: str, page: Page, spec: SourceSpec) -> Listing | None:
    try:
        value = parse(text)
    except ValueError as error:
        if spec.shape is Shape.AUTO and "<" in text:
            return None  # a page whose text happens to begin like JSON
        return Listing((), _reader(spec), Reason.UNREADABLE, f"{page.address}: {error}")
    if is_json_feed(value):
        return read_json_feed(value, page, spec)
    return read_json(value, page, spec) if spec.shape in (Shape.AUTO, Shape.JSON) else None


def _read_page(text: str, page: Page, spec: SourceSpec) -> Listing:
    reader, root = _reader(spec), tree(text)
    evidence = interstitial_of(root, page)
    if evidence and evidence.sure:
        return Listing((), reader, evidence.reason, evidence.detail)
    if spec.shape in _AMISS:
        reason, detail = _AMISS[spec.shape]
        if evidence:
            reason, detail = evidence.reason, evidence.detail
        return Listing((), reader, reason, f"{page.address} {detail}" if not evidence else detail)
    listing = _read_list(text, root, page, spec)
    if not listing.entries and evidence:
        return Listing((), reader, evidence.reason, evidence.detail)
    return listing


_AMISS = {
    Shape.FEED: (Reason.NOT_A_FEED, "answered with something that is not a feed"),
    Shape.SITEMAP: (Reason.NOT_A_FEED, "answered with something that is not a sitemap"),
}
"""What is said of a page for people in the place of one for programs."""


def _read_list(text: str, root: HtmlElement, page: Page, spec: SourceSpec) -> Listing:
    if spec.shape is Shape.JSON:
        return read_states(text, page, base_address(root, page), spec)
    listing = read_html(root, page, spec)
    if listing.entries or spec.shape is Shape.HTML or spec.listing.entry:
        return listing
    states = read_states(text, page, base_address(root, page), spec)
    return states if states.entries else listing


def _reader(spec: SourceSpec) -> str:
    named = {Shape.FEED: "feed", Shape.SITEMAP: "sitemap", Shape.JSON: "json"}
    return named.get(spec.shape) or ("html-selectors" if spec.listing.entry else "html-links")
