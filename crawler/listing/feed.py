"""Feeds: RSS, Atom and RDF, by feedparser, given decoded text and never an address. Pure."""

from __future__ import annotations

import html
import io
import re
from typing import Any

import feedparser

from crawler.dates import claimed
from crawler.pages import absolute, clean, text_of, tree
from storage.types import Entry, Listing, Page, Published, Reason, SourceSpec

_FEED = re.compile(r"<(?:[\w.-]{1,40}:)?(?:rss|feed|RDF)[\s>]")
_HTML = re.compile(r"<(?:!doctype\s+html|html|body)[\s>]", re.IGNORECASE)
_PROLOG_LIMIT = 4_000
"""Characters before the root element: declarations, style sheets, comments."""

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_MARKUP = re.compile(r"</?[A-Za-z][^>]*>|&#?\w{1,30};")


def is_feed(text: str) -> bool:
    """Whether a text is a feed, whatever its header says."""
    start = text[:_PROLOG_LIMIT]
    feed, page = _FEED.search(start), _HTML.search(start)
    return feed is not None and (page is None or feed.start() < page.start())


def read_feed(text: str, page: Page, spec: SourceSpec) -> Listing:
    """The entries of a feed; those without an address are left out."""
    # feedparser opens a string as an address or as a file name; a stream it only reads. The text is decoded already:
    # one bad byte would make feedparser guess another encoding for the whole feed. It is not told where the feed was
    # fetched: it would make an address of every identifier.
    parsed = feedparser.parse(
        io.BytesIO(_DECLARATION.sub("", text).encode("utf-8", "replace")),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    entries = tuple(entry for raw in parsed.entries if (entry := _entry(raw, page, spec)))
    if not entries:
        detail = "a valid feed without entries" if not parsed.entries else "a feed whose entries have no address"
        return Listing((), "feed", Reason.EMPTY, detail)
    return Listing(entries, "feed")


def _entry(raw: Any, page: Page, spec: SourceSpec) -> Entry | None:
    identifier = str(raw.get("id") or "")
    address = absolute(page.address, str(raw.get("link") or ""))
    if address is None and "://" in identifier:
        address = absolute(page.address, identifier)
    if address is None:
        return None
    return Entry(
        address=address,
        title=plain(str(raw.get("title") or "")),
        published=_published(raw, spec),
        summary=plain(str(raw.get("summary") or "")),
        feed_id=identifier,
    )


def _published(raw: Any, spec: SourceSpec) -> Published:
    """When it was published, else when it was updated, by our own reader: feedparser takes a missing zone for UTC."""
    for name in ("published", "created", "updated"):
        if name in raw:  # without asking first, feedparser takes one for the other and warns
            return claimed(str(raw[name]), languages=spec.languages, zone=spec.zone, day_first=spec.day_first)
    return Published(zone=spec.zone)


def plain(text: str) -> str:
    """The text of what may be text or HTML, as one line."""
    if not _MARKUP.search(text):
        return clean(text)
    return text_of(tree(f"<div>{text}</div>")) if "<" in text else clean(html.unescape(text))
