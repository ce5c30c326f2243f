"""A response -> entries: one reader a shape. Pure.

| shape | reader | reads |
|---|---|---|
| feed | `feed` | RSS, Atom, RDF |
| html | `html-selectors` | a list by the CSS selectors of the source |
| html | `html-dated-links` | a run of links that have a date near them, found by itself |
| html | `html-links` | a run of links that read like headlines, where the page gives no dates |

To add one: a module with a function `(text, page, spec) -> Listing`, and a case in `read_listing`.
"""

from __future__ import annotations

from dataclasses import replace

from crawler.evidence import evidence_of, moved_to
from crawler.listing.feed import is_feed, read_feed
from crawler.listing.html import read_html
from crawler.pages import decode, tree
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
    if spec.shape is not Shape.HTML and is_feed(text):
        return read_feed(text, page, spec)
    root = tree(text)
    evidence = evidence_of(root, page)
    if evidence and evidence.sure:
        return Listing((), reader, evidence.reason, evidence.detail)
    if spec.shape is Shape.FEED:
        reason, detail = Reason.NOT_A_FEED, f"{page.address} answered with something that is not a feed"
        return Listing((), reader, evidence.reason if evidence else reason, evidence.detail if evidence else detail)
    listing = read_html(root, page, spec)
    if not listing.entries and evidence:
        return Listing((), reader, evidence.reason, evidence.detail)
    return listing


def _reader(spec: SourceSpec) -> str:
    if spec.shape is Shape.FEED:
        return "feed"
    return "html-selectors" if spec.listing.entry else "html-links"
