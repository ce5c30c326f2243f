"""Raw answers are kept beside the response, for the evidence: before anything is decompressed, decoded or followed."""

from __future__ import annotations

from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Request, Response
from scrapy.http.headers import Headers

from storage.clock import now
from storage.types import Exchange

ASKED = "record"
"""In a request's meta: that its exchange may become evidence."""
_EXCHANGE = "exchange"
_OURS = frozenset({b"Cookie", b"Cookie2", b"Authorization", b"Proxy-Authorization", b"Set-Cookie", b"Set-Cookie2"})
"""What lets somebody in, or lets a site know us again: no evidence of what it said."""


class RecordMiddleware:
    """Nearest to the site of all. Of a page that redirects lead to, the last exchange is kept."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RecordMiddleware:
        if crawler.settings.getint("PRESSWATCH_EVIDENCE") <= 0:
            raise NotConfigured
        return cls()

    def process_response(self, request: Request, response: Response) -> Response:
        if request.meta.get(ASKED):
            request.meta[_EXCHANGE] = Exchange(
                request.url,
                now(),
                _kept(request.headers),
                response.status,
                response.protocol or "",
                _kept(response.headers),
                response.body,
                rendered=bool(request.meta.get("browser")),
            )
        return response


def exchange_of(response: Response) -> Exchange | None:
    """How a response was got, if that was kept."""
    return response.request.meta.get(_EXCHANGE) if response.request else None


def _kept(headers: Headers) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in headers.items()
        if name not in _OURS
        for value in values
    )
