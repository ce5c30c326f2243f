"""The replica's search form, which behaves as the ministry's own: it finds the statements of some days, ten at most.

The page prints a token and sets a session cookie. A question counts only with both, with the page as its referrer, and
while the token is not stale; else, and for days without statements, the answer is the page without any row.
"""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterable
from dataclasses import replace
from http.cookies import SimpleCookie
from urllib.parse import parse_qs, urlsplit

from presswatch.demo import pages
from presswatch.demo.answers import page
from presswatch.demo.pages import ReplicaStatement
from presswatch.demo.server import Answer, Request

MOST = 10
"""Statements of an answer, whatever was asked for."""

_COOKIE = "PHPSESSID"


class SearchForm:
    """The form of a site. A token is good for `token_uses` questions. With `paged` the field `page` is heeded."""

    def __init__(self, *, token_uses: int = 20, paged: bool = False) -> None:
        self.token_uses = token_uses
        self.paged = paged
        self._numbers = itertools.count(1)
        self._tokens: dict[str, tuple[str, int]] = {}
        """The token of each session, and how often it was used."""

    def go_stale(self) -> None:
        """Let the tokens of all sessions go stale now; the next page prints new ones."""
        self._tokens = dict.fromkeys(self._tokens, ("", 0))

    def answer(self, request: Request, statements: Iterable[ReplicaStatement]) -> Answer:
        """The section's page for a GET, the answer to a question for a POST. `statements` have the newest first."""
        language = pages.language_of(urlsplit(request.path).path)
        shown = list(statements)
        if request.method == "POST":
            rows = self._found(request, shown) if self._takes(request) else []
            return page(pages.listing_page(rows, language, 1, 1, form="" if rows else self._printed("")))
        session = _session(request)
        fresh = session not in self._tokens
        if fresh:
            session = f"s{next(self._numbers):08x}"
        if fresh or not self._tokens[session][0]:
            self._tokens[session] = (f"{next(self._numbers):016x}", 0)
        answer = page(pages.listing_page(shown[:MOST], language, 1, 1, form=self._printed(self._tokens[session][0])))
        return replace(answer, headers={"Set-Cookie": f"{_COOKIE}={session}; path=/; HttpOnly"}) if fresh else answer

    def _takes(self, request: Request) -> bool:
        token, uses = self._tokens.get(_session(request), ("", 0))
        if not token or _field(request, "ggtoken") != token or not _is_from_here(request):
            return False
        self._tokens[_session(request)] = (token, uses + 1) if uses + 1 < self.token_uses else ("", 0)
        return True

    def _found(self, request: Request, shown: list[ReplicaStatement]) -> list[ReplicaStatement]:
        try:
            first, last = (_day(_field(request, name)) for name in ("date_from", "date_to"))
            number = int(_field(request, "page"))
        except ValueError:
            return []
        found = [each for each in shown if each.date is not None and first <= each.date <= last]
        return found[(number - 1) * MOST : number * MOST] if self.paged else found[:MOST]

    def _printed(self, token: str) -> str:
        return (
            f'<form class="filter" method="post"><input type="hidden" id="ggtoken" name="ggtoken" value="{token}">'
            '<input type="text" name="date_from"><input type="text" name="date_to"></form>\n'
        )


def _session(request: Request) -> str:
    jar: SimpleCookie = SimpleCookie(request.headers.get("cookie", ""))
    return jar[_COOKIE].value if _COOKIE in jar else ""


def _field(request: Request, name: str) -> str:
    return parse_qs(request.body.decode("latin-1")).get(name, [""])[0]


def _is_from_here(request: Request) -> bool:
    return urlsplit(request.headers.get("referer", "")).path == urlsplit(request.path).path


def _day(text: str) -> datetime.date:
    return datetime.datetime.strptime(text, "%d.%m.%Y").date()
