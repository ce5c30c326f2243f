"""Refuse addresses that must not be fetched, at the first request and at every redirect.

So is a redirect from https to plain http refused, where anyone between could change what is read, unless the source
that names the host is allowed it.

This sees schemes and literal addresses early and says why. What a name leads to is checked when the connection opens
(`storage.connection_guard.guarded_connections`): a name that changes its mind between two look-ups gains nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.utils.httpobj import urlparse_cached

from storage.connection_guard import AddressPolicy
from storage.errors import AddressRefusedError
from storage.types import TransportExceptions

SITES_KEPT = 10_000
"""Sites that are remembered as permitted. To look at one again costs a few microseconds."""


class AddressIgnored(IgnoreRequest):
    """The request's address is refused; the cause is an `AddressRefusedError`."""


class AuthorityUnusable(Exception):
    """The file with a source's own certificate authority cannot be used."""


class DowngradeRefused(IgnoreRequest):
    """A redirect leads from https to plain http."""


def permitted_of(crawler: Crawler) -> Mapping[str, TransportExceptions]:
    """What the hosts of this crawl are allowed, by host; it grows while the crawl runs."""
    crawl = getattr(crawler.spider, "crawl", None)
    permitted: Mapping[str, TransportExceptions] = crawl.permitted if crawl is not None else {}
    return permitted


class GuardMiddleware:
    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._policy = AddressPolicy.parse(crawler.settings.get("PRESSWATCH_ALLOW_ADDRESSES", ""))
        self._permitted: set[tuple[str, str]] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> GuardMiddleware:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        parts = urlparse_cached(request)
        came_from = request.meta.get("redirect_urls", ())
        if parts.scheme == "http" and came_from and came_from[-1].startswith("https:"):
            self._check_downgrade(request.url, came_from[-1])
        site = (parts.scheme, parts.netloc)
        if site in self._permitted:
            return
        try:
            self._policy.check_address(request.url)
        except AddressRefusedError as error:
            raise AddressIgnored(str(error)) from error
        if len(self._permitted) >= SITES_KEPT:
            self._permitted.clear()
        self._permitted.add(site)

    def _check_downgrade(self, address: str, before: str) -> None:
        allowed = permitted_of(self._crawler).get(urlsplit(before).hostname or "")
        if allowed is None or not allowed.plain_http:
            raise DowngradeRefused(f"{before} leads to plain http: {address}")
