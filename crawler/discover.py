"""An address -> a proposed source, with a preview of what would be stored."""

from __future__ import annotations

import html
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from urllib.parse import urljoin, urlsplit

from crawler import reasons
from crawler.pages import decode
from crawler.reading import ReadingProcess
from storage.errors import InvalidInputError, UnreadableError
from storage.types import Article, Listing, Page, Reason, Shape, SourceSpec

Fetcher = Callable[[str], Awaitable[Page]]
"""Fetches one page. Raises `UnreadableError`."""

_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml")
_TITLE = re.compile(r"<title[^>]*>([^<]+)", re.IGNORECASE)
_LINK = re.compile(rb"<link\b[^>]*>", re.IGNORECASE)
_ATTRIBUTE = re.compile(rb"""([\w-]+)\s*=\s*["']?([^"'\s>]+)""")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A source as it would be watched, what its listing shows now, and its first article."""

    spec: SourceSpec
    listing: Listing
    article: Article | None
    why: str
    problem: str = ""
    """Why there is no article."""


async def examine(spec: SourceSpec, fetch: Fetcher, reading: ReadingProcess) -> Proposal:
    """Read a section and its first article as a poll would. Raises `UnreadableError` where there is no answer."""
    page = await fetch(spec.address)
    reason = reasons.of_status(page.status)
    if reason is not Reason.OK:
        raise UnreadableError(reason, f"{page.address} answered {page.status}", reasons.MENDS.get(reason, ""))
    listing = await reading.listing(page, spec)
    article, problem = await _first_article(listing, spec, fetch, reading)
    return Proposal(spec, listing, article, _WHY.get(listing.reader, listing.reader), problem)


async def propose(spec: SourceSpec, fetch: Fetcher, reading: ReadingProcess) -> Proposal:
    """Find out how to read a section that is not known yet: its feed if it has one, else its list of dated links.

    `spec` holds what the person said; what is empty in it is found out. Raises `UnreadableError` where there is no
    answer, `InvalidInputError` where no entries are found.
    """
    page = await fetch(spec.address)
    reason = reasons.of_status(page.status)
    if reason is not Reason.OK:
        raise UnreadableError(reason, f"{page.address} answered {page.status}", reasons.MENDS.get(reason, ""))
    spec = replace(spec, name=spec.name or title_of(page), shape=Shape.HTML if spec.listing.entry else Shape.AUTO)
    listing = await reading.listing(page, spec)
    why = _WHY.get(listing.reader, listing.reader)
    if listing.reader != "feed" and not spec.listing.entry:
        for address in feed_links(page):
            feed = await _feed(address, spec, fetch, reading)
            if feed is not None:
                spec, listing, why = replace(spec, address=address), feed, "the feed that the page names"
                break
    if not listing.entries:
        raise InvalidInputError(
            f"no statements are found at {spec.address}: {listing.detail or listing.reason}",
            mend="give the address of the section that lists them, or a row's CSS selector with --entry",
        )
    spec = replace(spec, shape=Shape.FEED if listing.reader == "feed" else Shape.HTML)
    article, problem = await _first_article(listing, spec, fetch, reading)
    languages = spec.languages or ((article.language,) if article and article.language else ())
    return Proposal(
        replace(spec, languages=languages, key=spec.key or key_for(spec.address)), listing, article, why, problem
    )


_WHY = {
    "feed": "a feed",
    "html-selectors": "the rows that the selector finds",
    "html-dated-links": "a run of links with dates",
    "html-links": "a run of links that read like headlines, without dates",
}


def feed_links(page: Page) -> tuple[str, ...]:
    """The feeds that a page names in its head, absolute, in its order (RSS Autodiscovery; RFC 4287 media types)."""
    found: list[str] = []
    for tag in _LINK.findall(page.body[:200_000]):
        attributes = {name.lower().decode(): value.decode("latin-1") for name, value in _ATTRIBUTE.findall(tag)}
        if attributes.get("type", "").lower() in _FEED_TYPES and attributes.get("href"):
            found.append(urljoin(page.address, attributes["href"].replace("&amp;", "&")))
    return tuple(dict.fromkeys(found))[:3]


def title_of(page: Page) -> str:
    """What the page calls itself, or its address: a source's name for people until they give it another."""
    found = _TITLE.search(decode(page))
    return " ".join(html.unescape(found[1]).split())[:200] if found else page.address


def key_for(address: str) -> str:
    """A key from an address: `https://www.mfa.gov.xy/en/press/news/` gives `mfa-gov-xy/en-press-news`."""
    parts = urlsplit(address)
    host = re.sub(r"[^a-z0-9]+", "-", (parts.hostname or "").removeprefix("www.")).strip("-")
    port = f"-{parts.port}" if parts.port else ""
    path = re.sub(r"[^a-z0-9]+", "-", f"{parts.path} {parts.query}".lower()).strip("-")
    return f"{host}{port}/{path or 'news'}"[:120]


async def _feed(address: str, spec: SourceSpec, fetch: Fetcher, reading: ReadingProcess) -> Listing | None:
    try:
        page = await fetch(address)
        listing = await reading.listing(page, replace(spec, address=address, shape=Shape.FEED))
    except UnreadableError:
        return None
    return listing if listing.entries else None


async def _first_article(
    listing: Listing, spec: SourceSpec, fetch: Fetcher, reading: ReadingProcess
) -> tuple[Article | None, str]:
    if not listing.entries:
        return None, ""
    entry = listing.entries[0]
    try:
        page = await fetch(entry.address)
        reason = reasons.of_status(page.status)
        if reason is not Reason.OK:
            return None, f"{page.address} answered {page.status}"
        return await reading.article(page, spec, entry.title, entry.published), ""
    except UnreadableError as error:
        return None, str(error)
