"""JSON Feed, versions 1 and 1.1 (jsonfeed.org). Pure."""

from __future__ import annotations

from typing import Any

from crawler.dates import DateReader
from crawler.listing.feeds.linkless import without_address
from crawler.listing.texts.plain_text import plain
from crawler.listing.texts.timestamps import read_stamp
from crawler.page.document import absolute, clean
from crawler.page.references import reachable
from storage.types import Entry, Listing, Page, Published, Reason, SourceSpec

ENTRIES = 5_000
_TITLE = 100
"""Characters of an item's text that stand for its title where it has none (the specification allows that)."""


def is_json_feed(value: Any) -> bool:
    """Whether a value is a feed: it says so, or has the one list that each feed has."""
    if not isinstance(value, dict):
        return False
    says = isinstance(version := value.get("version"), str) and "jsonfeed.org" in version
    items = value.get("items")
    return says or (isinstance(items, list) and any(isinstance(one, dict) and "date_published" in one for one in items))


def read_json_feed(value: Any, page: Page, spec: SourceSpec) -> Listing:
    """The entries of the feed; those without an address have an empty one, and are left out without a text."""
    items = value.get("items")
    items = items if isinstance(items, list) else []
    base = _text(value, "home_page_url") or page.address
    dates = DateReader(spec.languages, spec.zone, spec.day_first)
    entries = tuple(
        entry for one in items[:ENTRIES] if isinstance(one, dict) and (entry := _entry(one, page, base, dates))
    )
    if not entries:
        detail = "a feed whose entries have no address" if items else "a valid feed without entries"
        return Listing((), "json-feed", Reason.EMPTY, detail)
    detail = without_address(entries, sum(isinstance(one, dict) for one in items[:ENTRIES]))
    return Listing(
        entries, "json-feed", detail=detail, next_page=absolute(page.address, _text(value, "next_url")) or ""
    )


def _entry(item: dict[str, Any], page: Page, base: str, dates: DateReader) -> Entry | None:
    address = _address(item, page, base)
    summary = plain(_text(item, "summary"))
    text = summary or plain(_text(item, "content_text") or _text(item, "content_html"))
    title = plain(_text(item, "title")) or text[:_TITLE]
    if not address and not text:
        return None
    return Entry(address or "", title, _published(item, dates), text, _text(item, "id"))


def _address(item: dict[str, Any], page: Page, base: str) -> str | None:
    """An item's own page goes first, then what it is about; an id that is an address is one (specification, `id`)."""
    identifier = _text(item, "id")
    written = (_text(item, "url"), _text(item, "external_url"), identifier if _is_address(identifier) else "")
    found = (absolute(base, one) or absolute(page.address, one) for one in written if one)
    return reachable(filter(None, found), page.address)


def _is_address(identifier: str) -> bool:
    return "://" in identifier or (identifier.startswith("/") and len(identifier) > 1)


def _published(item: dict[str, Any], dates: DateReader) -> Published:
    stamps = (_text(item, name) for name in ("date_published", "date_modified"))
    read = (read_stamp(stamp, dates) for stamp in stamps if stamp)
    return next((one for one in read if one.day), Published(zone=dates.zone))


def _text(values: dict[str, Any], name: str) -> str:
    """A field as text: ids are numbers in some feeds, and what is neither is left out."""
    value = values.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return clean(str(value)) if not isinstance(value, str) else value.strip()
