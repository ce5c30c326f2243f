"""A site's search form: the question about a day, and what the page with the form gives to ask it with. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlencode, urlsplit

from scrapy.http import Request, Response

from crawler.page.document import decode, select, tree
from storage.types import Page, SearchForm, Source, SourceSpec


@dataclass(frozen=True, slots=True)
class FormSession:
    """What a page with the form gave: its token and its cookies."""

    token: str
    cookies: str


def address_of(spec: SourceSpec) -> str:
    """Where the source's form stands."""
    return spec.search.address or spec.address


def question(source: Source, day: date, number: int, session: FormSession) -> Request:
    """The form filled in for one day and the given page of the answer, sent as a browser would send it."""
    form, address = source.spec.search, address_of(source.spec)
    said = {
        "{from}": day.strftime(form.date_format),
        "{to}": day.strftime(form.date_format),
        "{page}": str(number),
        "{token}": session.token,
    }
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(address))
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Referer": address, "Origin": origin}
    return Request(
        address,
        method="POST",
        body=urlencode([(name, _filled(value, said)) for name, value in form.fields]),
        headers=headers | ({"Cookie": session.cookies} if session.cookies else {}),
        meta={"delay": source.spec.delay},
        dont_filter=True,
    )


def cookies_of(response: Response) -> str:
    """The cookies that an answer sets, as a request sends them back."""
    jar: SimpleCookie = SimpleCookie()
    for header in response.headers.getlist("Set-Cookie"):
        try:
            jar.load(header.decode("latin-1"))
        except CookieError:
            continue
    return "; ".join(f"{name}={one.value}" for name, one in jar.items())


def token_of(page: Page, form: SearchForm) -> str:
    """The token that stands in the page, or nothing. Raises `ValueError` where the selector is not CSS."""
    for element in select(tree(decode(page)), form.token):
        if found := element.get("value") or element.get("content") or (element.text or "").strip():
            return str(found)
    return ""


def is_good(page: Page, form: SearchForm) -> bool:
    """Whether an answer has statements."""
    return form.good in decode(page)


def _filled(value: str, said: dict[str, str]) -> str:
    for place, text in said.items():
        value = value.replace(place, text)
    return value
