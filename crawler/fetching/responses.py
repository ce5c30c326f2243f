"""Scrapy's responses, and the headers of HTTP around them, as our values. Pure."""

from __future__ import annotations

from scrapy.http import Request, Response

from storage.types import Page, Validators

_PERMANENT = frozenset({301, 308})
"""Statuses of a redirect that holds for good (RFC 9110, 15.4.2 and 15.4.9)."""


def page_of(response: Response) -> Page:
    """The response as the pure readers take it."""
    content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
    led = response.request.meta if response.request else {}
    statuses = led.get("redirect_reasons", ())
    return Page(
        response.url,
        response.body,
        response.status,
        content_type,
        requested=next(iter(led.get("redirect_urls", ())), ""),
        moved=bool(statuses) and all(status in _PERMANENT for status in statuses),
    )


def conditions(known: Validators) -> dict[str, str]:
    """The headers of a conditional request (RFC 9110, 13.1)."""
    conditions = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in conditions.items() if value}


def is_conditional(request: Request) -> bool:
    """Whether the request asks for the page only if it has changed."""
    return "If-None-Match" in request.headers or "If-Modified-Since" in request.headers


def validators_of(response: Response) -> Validators:
    """The page's validators; a 304 repeats only some of them, so the request's count where it is silent."""
    request = response.request
    assert request is not None

    def header(name: str, condition: str) -> str | None:
        value = response.headers.get(name)
        if value is None and response.status == 304:
            value = request.headers.get(condition)
        return value.decode("latin-1") if value else None

    return Validators(header("ETag", "If-None-Match"), header("Last-Modified", "If-Modified-Since"))
