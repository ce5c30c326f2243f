"""What on a list page is not its list: menus, paging, side columns; and which page is a home page. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.page.document import is_frame

_NAMES = frozenset(
    (
        "nav", "navbar", "navigation", "menu", "submenu", "megamenu", "topmenu", "mainmenu", "breadcrumb",
        "breadcrumbs", "crumbs", "pagination", "pager", "paging", "pagenav", "sidebar", "footer", "bottom", "cookie",
        "cookies", "share", "sharing", "social", "socials", "lang", "langs", "language", "languages", "tags",
        "tagcloud", "related", "skip", "toolbar", "copyright", "sitemap", "filters", "modal", "popup",
    )
)  # fmt: skip
_WHOLE_NAMES = frozenset({"header", "masthead", "topbar", "top-bar"})
"""Names of the frame only if they are the whole name: a card has a head too."""
_NAMED_TAGS = frozenset({"div", "ul", "ol", "section", "p", "table", "dl", "span", "header"})
_MOST_LINKS = 0.5
"""Part of the page's links from which on a form holds the page, and is not there to search or to sign in."""
_HOME = re.compile(r"/?([a-z]{2}([_-][a-z]{2})?)?/?((index|home|default|main)(\.\w{1,5})?)?/?", re.IGNORECASE)


def frame_of(root: HtmlElement, date_elements: Sequence[HtmlElement]) -> set[HtmlElement]:
    """Every element of the frame around a page's content, with all that stands in it."""
    dated = {around for element in date_elements for around in (element, *element.iterancestors())}
    links = sum(1 for _ in root.iter("a"))
    whole = {form for form in root.iter("form") if _MOST_LINKS * links <= sum(1 for _ in form.iter("a"))}
    framed: set[HtmlElement] = set()
    for element in root.iter():
        if (
            isinstance(element.tag, str)
            and element not in framed
            and element not in whole
            and _is_frame(element, dated)
        ):
            framed.update(element.iter())
    return framed


def _is_frame(element: HtmlElement, dated: set[HtmlElement]) -> bool:
    if is_frame(element):
        return element.tag != "form" or element not in dated
    if element.tag not in _NAMED_TAGS or not _is_named_so(element, dated):
        return False
    return next(element.iter("h1", "main", "article"), None) is None


def _is_named_so(element: HtmlElement, dated: set[HtmlElement]) -> bool:
    names = f"{element.get('class') or ''} {element.get('id') or ''}".lower().split()
    return not _WHOLE_NAMES.isdisjoint(names) or (element not in dated and not _NAMES.isdisjoint(_words(element)))


def _words(element: HtmlElement) -> Iterator[str]:
    """The words of an element's names: `block-main-menu` is a menu, `menuless` is not."""
    for name in f"{element.get('class') or ''} {element.get('id') or ''}".split():
        yield from re.split(r"[-_\d]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower())


def is_home_address(address: str) -> bool:
    """Whether an address is that of a whole site or of its language edition, not of a section."""
    parts = urlsplit(address)
    return not parts.query and _HOME.fullmatch(parts.path) is not None
