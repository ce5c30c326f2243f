"""One request to the replica, and what came back."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import Message
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from lxml import html

from tests.patience import PATIENCE


@dataclass(frozen=True, slots=True)
class Got:
    status: int
    headers: Message
    content: bytes

    @property
    def tree(self) -> html.HtmlElement:
        return html.document_fromstring(self.content)

    @property
    def titles(self) -> list[str]:
        return [row.text_content() for row in self.tree.cssselect("div.tabs__item a")]


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def get(address: str, headers: dict[str, str] | None = None, method: str = "GET", body: bytes | None = None) -> Got:
    opener = build_opener(ProxyHandler({}), _NoRedirects())
    try:
        with opener.open(Request(address, body, headers or {}, method=method), timeout=PATIENCE) as answer:
            return Got(answer.status, answer.headers, answer.read())
    except HTTPError as answer:
        with answer:
            return Got(answer.code, answer.headers, answer.read())
