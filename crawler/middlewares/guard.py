"""Refuse addresses that must not be fetched, at the first request and at every redirect.

This sees schemes and literal addresses early and says why. What a name leads to is checked when the connection opens
(`storage.addresses.guarded_connections`): a name that changes its mind between two look-ups gains nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.exceptions import IgnoreRequest
from scrapy.utils.httpobj import urlparse_cached

from storage.addresses import AddressPolicy
from storage.errors import AddressRefusedError

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler


class AddressIgnored(IgnoreRequest):
    """The request's address is refused; the cause is an `AddressRefusedError`."""


class GuardMiddleware:
    def __init__(self, policy: AddressPolicy) -> None:
        self._policy = policy
        self._permitted: set[tuple[str, str]] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> GuardMiddleware:
        return cls(AddressPolicy.parse(crawler.settings.get("PRESSWATCH_ALLOW_ADDRESSES", "")))

    def process_request(self, request: Request) -> None:
        parts = urlparse_cached(request)
        site = (parts.scheme, parts.netloc)
        if site in self._permitted:
            return
        try:
            self._policy.check_address(request.url)
        except AddressRefusedError as error:
            raise AddressIgnored(str(error)) from error
        self._permitted.add(site)
