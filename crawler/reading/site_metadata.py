"""A page -> what it says of itself and its site: names, language, feeds, and where the news stand. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.listing.html_lists.frame import is_home_address
from crawler.page.document import absolute, base_address, clean, decode, short_text, text_of, tree
from storage.types import Page

_FEED_TYPES = frozenset(
    ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json", "text/xml")
)  # fmt: skip
_FEED_LINK = re.compile(
    r"(/(rss|feed|feeds|atom)/?$)|[./](rss|atom)(\.\w+)?$|/(rss|feed|atom)[\w-]*\.xml$", re.IGNORECASE
)
_COMMENTS = re.compile(r"/comments?/|comments?[-_]feed", re.IGNORECASE)
_NEWS = re.compile(
    r"\b(news(room)?|press|media|statements?|releases?|announcements?)\b|новост|пресс|заявлени|событи|навін|прэс|новин"
    r"|жаңалық|жаңылык|ахбор|хабар|novost|aktuell|presse|nachricht|meldung|actualit|communiqu|noticias|prensa|notícias"
    r"|imprensa|notizie|stampa|aktualno|wydarzen|nyhe|uutis|uudise|jaunum|naujien|zprávy|haber|xəbər|yangilik"
    r"|նորությ|լրահոս|հայտարար|სიახლე|新闻|新聞|要闻|ニュース|報道|뉴스|보도|أخبار|اخبار|بيان",
    re.IGNORECASE,
)
"""What sections with news are called; also in an address."""
_SECTION_WORDS = 45
"""Characters of a menu's entry at most; a headline is longer."""
SECTIONS, FEEDS = 8, 5
_SHELL = 300
"""Characters on a page that waits for its scripts: its title, and a line for browsers that run none."""
_SEPARATOR = re.compile(r"\s+[|–—·»:-]\s+")


@dataclass(frozen=True, slots=True)
class SiteMetadata:
    """What a page says of itself."""

    title: str
    """What the page is called, or its address."""
    site: str
    """What its site is called, or nothing."""
    language: str
    """What it says that it is written in: ISO 639-1, or nothing."""
    feeds: tuple[str, ...]
    """The feeds that it names, absolute, those of comments left out."""
    is_home: bool
    """Whether its address is that of a whole site."""
    sections: tuple[tuple[str, str], ...]
    """Where its menu leads to news: words and addresses, the likeliest first."""
    is_wordpress: bool = False
    is_written_by_scripts: bool = False
    """Whether it has scripts and next to no words: a browser would show more than we read."""


def site_metadata(page: Page) -> SiteMetadata:
    """What a page says of itself. Never raises."""
    text = decode(page)
    root = tree(text)
    base = base_address(root, page)
    title = next((found for element in root.iter("title") if (found := clean(element.text_content()))), "")
    site = _meta(root, "og:site_name", "application-name") or _site(title, root)
    language = (root.get("lang") or _meta(root, "language", "og:locale", "dc.language"))[:2].lower()
    return SiteMetadata(
        title=title[:200] or page.address,
        site=site[:200],
        language=language if re.fullmatch("[a-z]{2}", language) else "",
        feeds=tuple(dict.fromkeys(_feeds(root, base)))[:FEEDS],
        is_home=is_home_address(page.address),
        sections=_sections(root, base, page.address),
        is_wordpress="/wp-content/" in text or "/wp-json/" in text,
        is_written_by_scripts=next(root.iter("script"), None) is not None and short_text(root, _SHELL) is not None,
    )


def _meta(root: HtmlElement, *names: str) -> str:
    found = {
        (element.get("property") or element.get("name") or "").lower(): clean(element.get("content") or "")
        for element in root.iter("meta")
    }
    return next((found[name] for name in names if found.get(name)), "")


def _site(title: str, root: HtmlElement) -> str:
    """The part of the title that is not the page's own: its last one, where there are several."""
    parts = _SEPARATOR.split(title)
    heading = next((text for element in root.iter("h1") if (text := text_of(element))), "")
    rest = [part for part in parts if part.casefold() != heading.casefold()]
    return max(rest, key=len) if len(parts) > 1 and rest else ""


def _feeds(root: HtmlElement, base: str) -> Iterator[str]:
    """Named in the head (RSS Autodiscovery; jsonfeed.org, "Discovery"), then linked to."""
    for element in root.iter("link"):
        kind, relation = (element.get("type") or "").lower(), (element.get("rel") or "").lower()
        is_json = kind == "application/json" and "wp-json" not in (element.get("href") or "")
        if (kind in _FEED_TYPES or is_json) and "alternate" in relation:
            yield from _feed(element, base)
    for element in root.iter("a"):
        if _FEED_LINK.search(urlsplit_path(element.get("href") or "")):
            yield from _feed(element, base)


def _feed(element: HtmlElement, base: str) -> Iterator[str]:
    address = absolute(base, element.get("href") or "")
    if address and not _COMMENTS.search(address):
        yield address


def urlsplit_path(reference: str) -> str:
    """The path of a reference, empty where it has none that can be read."""
    try:
        return urlsplit(reference).path
    except ValueError:
        return ""


def _sections(root: HtmlElement, base: str, here: str) -> tuple[tuple[str, str], ...]:
    """The links that are called what sections with news are, on the page's own site."""
    found: dict[str, tuple[float, str]] = {}
    for element in root.iter("a"):
        words, address = text_of(element), absolute(base, element.get("href") or "")
        if not address or not words or len(words) > _SECTION_WORDS or not _is_near(address, here):
            continue
        path = urlsplit_path(address)
        worth = 2.0 * bool(_NEWS.search(words)) + bool(_NEWS.search(path.replace("-", " ").replace("_", " ")))
        if worth and not is_home_address(address):
            plain = address.partition("#")[0]
            found.setdefault(plain, (worth - 0.2 * path.strip("/").count("/"), words))
    best = sorted(found.items(), key=lambda one: -one[1][0])[:SECTIONS]
    return tuple((words, address) for address, (_, words) in best)


def _is_near(address: str, here: str) -> bool:
    one, other = (urlsplit(each).hostname or "" for each in (address, here))
    return one.removeprefix("www.") == other.removeprefix("www.")
