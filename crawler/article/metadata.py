"""What a page says of itself for machines: JSON-LD, Open Graph, `<html lang>`. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml.html import HtmlElement

from crawler.pages import clean

_DEPTH = 8
_ARTICLE_TYPES = ("Article", "NewsArticle", "BlogPosting", "Report", "PressRelease", "Event", "WebPage")
_PUBLISHED_NAMES = frozenset({"article:published_time", "og:published_time", "datepublished"})


@dataclass(frozen=True, slots=True)
class Metadata:
    """`published` are claims as written, the most trustworthy first."""

    page_title: str = ""
    headline: str = ""
    site_name: str = ""
    language: str = ""
    published: tuple[str, ...] = ()


def read_metadata(root: HtmlElement) -> Metadata:
    """The structured claims of a page."""
    named: dict[str, str] = {}
    for element in root.iter("meta"):
        name = (element.get("property") or element.get("name") or element.get("itemprop") or "").lower()
        named.setdefault(name, clean(element.get("content") or ""))
    linked = list(_linked(root))
    headline = next((clean(one["headline"]) for one in linked if isinstance(one.get("headline"), str)), "")
    published = [one["datePublished"] for one in linked if isinstance(one.get("datePublished"), str)]
    published += [value for name, value in named.items() if name in _PUBLISHED_NAMES and value]
    published += [
        element.get("datetime") or ""
        for element in root.iter("time")
        if element.get("itemprop") == "datePublished" or element.get("pubdate") is not None
    ]
    declared = root.get("lang") or root.get("xml:lang") or named.get("og:locale") or named.get("language") or ""
    return Metadata(
        page_title=clean(" ".join(element.text_content() for element in list(root.iter("title"))[:1])),
        headline=named.get("og:title") or headline,
        site_name=named.get("og:site_name", ""),
        language=language_code(declared),
        published=tuple(published),
    )


def language_code(tag: str) -> str:
    """`en-US`, `en_GB` or `EN` as `en`; nothing for what is no language tag (BCP 47)."""
    code = tag.strip().replace("_", "-").partition("-")[0].lower()
    return code if len(code) in (2, 3) and code.isascii() and code.isalpha() else ""


def _linked(root: HtmlElement) -> Iterator[dict[str, Any]]:
    """The JSON-LD objects that describe an article, wherever they stand."""
    for script in root.iter("script"):
        if (script.get("type") or "").strip().lower() == "application/ld+json":
            try:
                yield from _articles(json.loads(script.text_content(), strict=False), _DEPTH)
            except (ValueError, RecursionError):
                continue


def _articles(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth == 0:
        return
    if isinstance(value, list):
        for one in value:
            yield from _articles(one, depth - 1)
    elif isinstance(value, dict):
        kinds = value.get("@type")
        if any(kind in _ARTICLE_TYPES for kind in (kinds if isinstance(kinds, list) else [kinds])):
            yield value
        yield from _articles(value.get("@graph"), depth - 1)
        yield from _articles(value.get("mainEntity"), depth - 1)
