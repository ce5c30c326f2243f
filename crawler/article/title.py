"""The printed headline of a page. Pure.

1. The source's selector. 2. An h1 whose words stand in the page's title, or are the entry's. 3. What the page says of
itself. 4. What the listing said. 5. The only h1. 6. The page's title without the site's name.
"""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from crawler.article.metadata import Metadata
from crawler.pages import clean, first_text, is_frame, select, text_of
from storage.types import ArticleSelectors

_SEPARATORS = " |·•»–—:-"
_SEPARATOR = re.compile(r"\s+[|·•»–—-]\s+|\s+::\s+")


def read_title(root: HtmlElement, metadata: Metadata, selectors: ArticleSelectors, entry_title: str) -> str:
    """The title as printed, on one line; nothing if the page shows none and the listing said none."""
    selected = first_text(select(root, selectors.title))
    if selected:
        return selected
    headings = _headings(root)
    return (
        _printed(headings, metadata, entry_title)
        or _without_site(metadata.headline, metadata)
        or _listed(headings, metadata, clean(entry_title))
        or (headings[0] if len(headings) == 1 else "")
        or _without_site(metadata.page_title, metadata)
    )


def _headings(root: HtmlElement) -> list[str]:
    """The texts of the page's h1; of those outside its frame if there are any."""
    elements = [heading for heading in root.iter("h1") if text_of(heading)]
    own = [one for one in elements if not any(is_frame(around) for around in one.iterancestors())]
    return [text_of(heading) for heading in own or elements]


def title_element(root: HtmlElement, title: str) -> HtmlElement | None:
    """The heading that prints the title, if one does."""
    for heading in root.iter("h1", "h2", "h3"):
        if words(text_of(heading)) == words(title):
            return heading
    return None


def words(text: str) -> str:
    """A text as its words alone, to compare."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def _printed(headings: list[str], metadata: Metadata, entry_title: str) -> str:
    """The longest h1 that the listing or the page itself confirms. A hidden h1 may hold the site's name."""
    claims = [claim for claim in map(words, (entry_title, metadata.headline)) if claim]
    best = ""
    for heading in headings:
        own = words(heading)
        in_title = f" {own} " in f" {words(metadata.page_title)} "
        confirmed = any(_alike(own, claim) for claim in claims) or (in_title and not claims)
        related = in_title and any(_shared(own, claim) >= 0.5 for claim in claims)
        if own and own != words(metadata.site_name) and (confirmed or related) and len(heading) > len(best):
            best = heading
    return best


def _alike(one: str, other: str) -> bool:
    """Whether two titles are one: equal, one within the other, or with most of their words in common."""
    mine, yours = set(one.split()), set(other.split())
    return _shared(one, other) == 1 or len(mine & yours) >= 0.6 * len(mine | yours)


def _shared(one: str, other: str) -> float:
    """Which part of the shorter title's words is in the other."""
    mine, yours = set(one.split()), set(other.split())
    return len(mine & yours) / (min(len(mine), len(yours)) or 1)


def _listed(headings: list[str], metadata: Metadata, entry_title: str) -> str:
    """The listing's title; where it was cut short there, the heading that goes on."""
    start = words(re.sub(r"(\.{2,}|…)\s*$", "", entry_title))
    on_page = bool(headings or metadata.page_title)
    return next((heading for heading in headings if start and words(heading).startswith(start)), "") or (
        entry_title if on_page else ""
    )


def _without_site(title: str, metadata: Metadata) -> str:
    """A title without the site's name at its end or beginning."""
    site = words(metadata.site_name)
    parts = [part for part in _SEPARATOR.split(title) if part]
    if len(parts) < 2 or title == metadata.site_name:
        return title
    if site and words(parts[-1]) == site:
        return title[: title.rindex(parts[-1])].rstrip(_SEPARATORS)
    if site and words(parts[0]) == site:
        return title[len(parts[0]) :].lstrip(_SEPARATORS)
    return title if title == metadata.headline else max(parts, key=len)
