"""A page that a job asks for: the request, the answer or why there is none, and what a listing's page shows."""

from __future__ import annotations

from dataclasses import replace

from scrapy.http import Request, Response

from crawler.fetching import failures
from crawler.fetching.responses import conditions, is_conditional
from crawler.middlewares.record import ASKED
from crawler.run import Crawl
from storage.errors import StorageError, UnreadableError
from storage.sources.keys import anchor_of
from storage.types import FORGOTTEN, Listing, Page, Reason, Source, SourceSpec, Validators


class Unavailable(Exception):
    """A page that cannot be had now; `retry_after` is how many seconds its host asked for, if it did."""

    def __init__(self, reason: Reason, detail: str, retry_after: float | None = None) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail
        self.retry_after = retry_after


def request_for(address: str, source: Source, known: Validators = FORGOTTEN, *, record: bool = False) -> Request:
    """A request for a page of the source, for as long as it is not what is known of it.

    `record` says that the answer is kept as it comes: it may be the evidence of a version.
    """
    browser = source.spec.browser  # what the scripts add changes without the page
    headers = {} if browser else conditions(known)
    meta = {"delay": source.spec.delay, "browser": browser, ASKED: record}
    return Request(address, headers=headers, meta=meta, dont_filter=True)


def page_at(page: Page, address: str) -> Page:
    """The page, at the place to which the address leads that was asked for: servers are not told of anchors."""
    anchor = anchor_of(address)
    return replace(page, address=f"{page.address}#{anchor}") if anchor and "#" not in page.address else page


async def fetch(crawl: Crawl, request: Request) -> Response:
    """The answer to a request, whatever its status, under all rules of the crawl. Raises `Unavailable`.

    So it does for a 304 to a request that set no conditions (RFC 9110, 15.4.5): nothing was ever read there.
    """
    try:
        response: Response = await crawl.engine.download_async(request)
    except (StorageError, *failures.MISTAKES):
        raise
    except Exception as error:
        raise Unavailable(*failures.of_failure(error), getattr(error, "retry_after", None)) from error
    if response.status == 304 and not is_conditional(request):
        raise Unavailable(
            Reason.SERVER_ERROR, f"{response.url} answered 304, unchanged, though nothing was known of it"
        )
    return response


def answered(response: Response) -> str:
    """What the page was answered with, in words."""
    return f"{response.url} answered {response.status}"


def check_is_page(response: Response) -> None:
    """Raise `Unavailable` for an answer that is no page, by its status."""
    reason = failures.of_status(response.status)
    if reason is not Reason.OK:
        raise Unavailable(reason, answered(response))


async def read_listing(crawl: Crawl, page: Page, spec: SourceSpec) -> Listing:
    """What a page shows of the section, and why where it shows nothing."""
    try:
        return await crawl.reading.listing(page, spec)
    except UnreadableError as error:
        return Listing((), "", error.reason, str(error))
