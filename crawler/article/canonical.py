"""The address that a page claims for itself, and those of its other language editions. Pure.

A claim is believed only where it cannot merge two statements: templates print the home page, the section or the page
without its number as canonical, and every statement of the section would become one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.article.metadata import language_code
from crawler.page.document import absolute, short_text
from crawler.page.languages import language_called
from storage.identity import canonical, identity_key
from storage.types import Page, SourceSpec

_LONGEST_NAME = 14
_LANGUAGE_PARAMETER = re.compile(r"(?:lang|language|locale|hl|lng|l)=[\w-]{2,7}$", re.IGNORECASE)


def canonical_address(root: HtmlElement, page: Page, spec: SourceSpec) -> str:
    """The page's own claim where it is plausible, else where it was fetched."""
    claims = [link.get("href") for link in root.iter("link") if "canonical" in (link.get("rel") or "").lower().split()]
    claims += [meta.get("content") for meta in root.iter("meta") if (meta.get("property") or "").lower() == "og:url"]
    others = {_key(address) for _, address in editions(root, page, language_code(root.get("lang") or ""))}
    for claim in claims:
        address = absolute(page.address, claim or "")
        if address and _is_plausible(address, page, spec) and _key(address) not in others:
            return address
    return page.address


def editions(root: HtmlElement, page: Page, own_language: str) -> tuple[tuple[str, str], ...]:
    """(language, address) of the other language editions, in the page's order."""
    return tuple(dict(_editions(root, page, own_language)).items())


def _editions(root: HtmlElement, page: Page, own_language: str) -> Iterator[tuple[str, str]]:
    for link in root.iter("link", "a"):
        language = language_code(link.get("hreflang") or "")
        is_edition = link.tag == "a" or "alternate" in (link.get("rel") or "").lower().split()
        address = absolute(page.address, link.get("href") or "")
        if language and is_edition and address and language != own_language and _key(address) != _key(page.address):
            yield language, address
    yield from _switched(root, page, own_language)


def _switched(root: HtmlElement, page: Page, own_language: str) -> Iterator[tuple[str, str]]:
    """What links named by a language lead to, if it is this page's address but for the language: not to a home page."""
    for link in root.iter("a"):
        text = short_text(link, _LONGEST_NAME)
        language = language_called(text or "")
        address = absolute(page.address, link.get("href") or "")
        if language and address and language != own_language and _key(address) != _key(page.address):
            own = _last_part(page.address)
            yield from [(language, address)] if own and _last_part(address) == own else []


def _last_part(address: str) -> str:
    """The end of the address, with what its query says but for a language: where two editions are alike."""
    try:
        parts = urlsplit(canonical(address))
    except ValueError:
        return ""
    pairs = sorted(pair for pair in parts.query.split("&") if not _LANGUAGE_PARAMETER.match(pair))
    last = parts.path.rstrip("/").rpartition("/")[2]
    return f"{last}?{'&'.join(pairs)}" if last and re.search(r"\d|-", f"{last}{pairs}") else ""


def _is_plausible(claim: str, page: Page, spec: SourceSpec) -> bool:
    try:
        own, claimed = urlsplit(canonical(page.address)), urlsplit(canonical(claim))
    except ValueError:
        return False
    if (own.hostname or "").removeprefix("www.") != (claimed.hostname or "").removeprefix("www."):
        return False
    if own.port != claimed.port or _key(claim) == _key(spec.address):
        return False
    path = claimed.path.rstrip("/")
    is_above = not path or (own.path.startswith(f"{path}/") and own.path.rstrip("/") != path)
    loses_number = own.path.rstrip("/") == path and own.query != claimed.query and not claimed.query
    return not is_above and not loses_number


def _key(address: str) -> str:
    try:
        return identity_key(address)
    except ValueError:
        return address
