"""Cookies that a site sets with a redirect go with the redirects of this one request, and are then forgotten.

Load balancers and some protections answer the first request with a cookie and a redirect to the same address, and have
the page for whoever brings the cookie (RFC 6265). Beyond that nothing is remembered of a site: it would know us again.
"""

from __future__ import annotations

from scrapy import Request
from scrapy.http import Response
from scrapy.http.cookies import CookieJar

_JAR = "redirect_cookies"
_BROUGHT = "brings_redirect_cookies"


class RedirectCookiesMiddleware:
    """Stands between Scrapy's redirects and the site."""

    def process_request(self, request: Request) -> None:
        jar: CookieJar | None = request.meta.get(_JAR)
        if jar is None:
            return
        if request.meta.pop(_BROUGHT, False):
            request.headers.pop("Cookie", None)  # those of the address before
        if "Cookie" not in request.headers:  # a form that backfill fills in has its own
            jar.add_cookie_header(request)
            request.meta[_BROUGHT] = "Cookie" in request.headers

    def process_response(self, request: Request, response: Response) -> Response:
        if 300 <= response.status < 400 and "Set-Cookie" in response.headers:
            jar = request.meta.setdefault(_JAR, CookieJar())
            jar.extract_cookies(response, request)
        return response
