"""The address that a page claims for itself, and those of its other language editions. Pure.

A claim is believed only where it cannot merge two statements: templates print the home page, the section or the page
without its number as canonical, and every statement of the section would become one.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.article.metadata import language_code
from crawler.pages import absolute
from storage.identity import canonical, identity_key
from storage.types import Page, SourceSpec


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
