"""A response -> entries: one reader a shape. Pure. The table of readers is `readers.READERS`.

| shape | reader | reads |
|---|---|---|
| feed | `feed` | RSS, Atom, RDF |
| sitemap | `sitemap` | a plain sitemap: the addresses of its statements that changed last |
| sitemap | `news-sitemap` | a sitemap for news: titles and dates |
| sitemap | `sitemap-index` | no entries, but in `next_page` the newest of its sitemaps |
| feed | `json-feed` | JSON Feed |
| json | `json` | the answer of an API: a list of objects with titles, addresses and dates, found by itself |
| html | `html-links` | a run of links that read like headlines, where the page gives no dates |
| html | `html-dated-links` | a run of links that have a date near them, found by itself |
| html | `html-selectors` | a list by the CSS selectors of the source |
| json | `json-ld` | the page's structured data (schema.org) |
| json | `json-state` | what the page has for its own scripts: Next.js, Nuxt, Alpine, `window.X = {...}` |

A source of the shape `auto` is read as what its answer is; of a page the HTML list counts, and its own JSON where that
list has no entries.
"""

from __future__ import annotations

from dataclasses import replace

from crawler.listing.answer import Answer
from crawler.listing.cleaning import cleaned
from crawler.listing.readers import expected, readers_for
from crawler.page.characters import storable
from crawler.page.document import decode
from crawler.page.interstitials import interstitial_of, moved_to
from storage.errors import UnreadableError
from storage.types import Listing, Page, Reason, SourceSpec


def read_listing(page: Page, spec: SourceSpec) -> Listing:
    """What the source shows on this page, in the site's order. Never raises: whatever is wrong is its reason code."""
    try:
        listing = cleaned(_read(page, spec))
    except UnreadableError as error:
        return Listing((), expected(spec), error.reason, storable(f"{page.address}: {error}"))
    except Exception as error:  # a page can be made to break any reader, and it must not stop its neighbours
        return Listing((), expected(spec), Reason.UNREADABLE, _as_told(page, error))
    if listing.reason is Reason.OK and listing.entries and (address := moved_to(page)):
        return replace(listing, reason=Reason.MOVED, detail=f"it has moved to {address}, and is read there")
    return listing


def _as_told(page: Page, error: Exception) -> str:
    return storable(f"{page.address}: {type(error).__name__}: {error}"[:300])


def _read(page: Page, spec: SourceSpec) -> Listing:
    kind = page.content_type.partition(";")[0].strip().lower()
    if kind.startswith(("image/", "audio/", "video/", "font/")) or kind in ("application/pdf", "application/zip"):
        return Listing((), expected(spec), Reason.UNREADABLE, f"{page.address} is not a page but {kind}")
    answer = Answer(page, decode(page))
    if not answer.text.strip():
        return Listing((), expected(spec), Reason.EMPTY, f"{page.address} answered with an empty page")
    return _read_data(answer, spec) or _read_page(answer, spec)


def _read_data(answer: Answer, spec: SourceSpec) -> Listing | None:
    """The entries of an answer that is made for programs, or None if it is a page for people."""
    listings = (read(answer, spec) for read in readers_for(spec.shape, for_programs=True))
    return next((listing for listing in listings if listing is not None), None)


def _read_page(answer: Answer, spec: SourceSpec) -> Listing:
    interstitial = interstitial_of(answer.root, answer.page)
    listing = None if interstitial and interstitial.sure else _read_lists(answer, spec)
    if interstitial and (listing is None or not listing.entries):
        return Listing((), expected(spec), interstitial.reason, interstitial.detail)
    if listing is None:
        detail = f"{answer.page.address} answered with something that is not a {spec.shape}"
        return Listing((), expected(spec), Reason.NOT_A_FEED, detail)
    return listing


def _read_lists(answer: Answer, spec: SourceSpec) -> Listing | None:
    """The first list on the page that has entries, else what is said of the first; None where none is asked for."""
    first = None
    for read in readers_for(spec.shape, for_programs=False):
        listing = read(answer, spec)
        if listing and (listing.entries or spec.listing.entry):
            return listing
        first = first or listing
    return first
