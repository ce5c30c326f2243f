"""A gap between two polls of a listing, filled: its older pages are read until known entries are met.

Rows first: what a page shows and which page comes next is one transaction, so that a kill costs nothing.
"""

from __future__ import annotations

from crawler.fetching.responses import page_of
from crawler.jobs.pages import Unavailable, check_is_page, fetch, read_listing, request_for
from crawler.jobs.patience import Patience
from crawler.run import Crawl
from storage.clock import now
from storage.sources import gaps
from storage.types import Listing, Reason, Source

PAGES = 10
"""Pages that one poll goes back, at most: what lies further back is for a backfill."""

_LATER = frozenset(
    {Reason.THROTTLED, Reason.TIMEOUT, Reason.UNREACHABLE, Reason.SERVER_ERROR, Reason.ROBOTS, Reason.TLS}
)
"""What may pass by itself: the next poll goes on with the same page."""


async def fill(crawl: Crawl, source: Source, page: str, patience: Patience) -> str:
    """Read pages from this one on while patience lasts; say in words what came of it. Raises `StorageError`."""
    found, seen = 0, {source.spec.address}
    while page and page not in seen and len(seen) <= PAGES:
        if patience.is_over:
            return f"a gap is not filled yet: {found} missed entries on {len(seen) - 1} older pages so far"
        seen.add(page)
        try:
            listing = await _listing(crawl, source, page)
        except Unavailable as error:
            if error.reason in _LATER:
                return f"a gap is not filled yet: {error.detail}"
            await crawl.database.write_async(gaps.turn, source, "")
            return f"a gap may remain: {error.detail}; see what was missed with backfill"
        missed, page = await crawl.database.write_async(gaps.record_page, source, listing, now())
        found += missed
    if page:
        await crawl.database.write_async(gaps.turn, source, "")
        return f"a gap may remain: {found} missed entries on {len(seen) - 1} older pages, and no end; see backfill"
    return f"a gap was filled: {found} missed entries on {len(seen) - 1} older pages"


async def _listing(crawl: Crawl, source: Source, page: str) -> Listing:
    response = await fetch(crawl, request_for(page, source))
    check_is_page(response)
    listing = await read_listing(crawl, page_of(response), source.spec)
    if not listing.reason.readable:
        raise Unavailable(listing.reason, listing.detail)
    return listing
