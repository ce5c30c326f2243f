"""What is read: pages, entries, listings, articles."""

from __future__ import annotations

from dataclasses import dataclass, field

from storage.types.published import Published
from storage.types.reasons import Reason


@dataclass(frozen=True, slots=True)
class Page:
    """A fetched response, as the pure readers take it."""

    address: str
    """Where it was fetched from, after redirects."""
    body: bytes
    status: int = 200
    content_type: str = ""
    """The Content-Type header, with its charset if it has one."""
    requested: str = ""
    """The address that was asked for, where redirects led elsewhere."""
    moved: bool = False
    """Whether each of these redirects was a permanent one (RFC 9110, 15.4.2 and 15.4.9)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a listing."""

    address: str
    """Absolute, as the site wrote it; canonical only after `identity.canonical`."""
    title: str
    published: Published = field(default_factory=Published)
    summary: str = ""
    feed_id: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a source shows now, in the site's order."""

    entries: tuple[Entry, ...]
    reader: str
    """Which reader read it; `crawler.listing` has the list."""
    reason: Reason = Reason.OK
    detail: str = ""
    next_page: str = ""
    """The absolute address of the page with older entries, if this one leads to it."""
    is_index: bool = False
    """Whether it only leads to another listing, `next_page`, that is to be read in its place."""


@dataclass(frozen=True, slots=True)
class Article:
    """A statement as read from its page."""

    address: str
    """Canonical address: the page's own claim where it is trustworthy, else where it was fetched."""
    title: str
    body: str
    """Paragraphs separated by a blank line."""
    language: str = ""
    """ISO 639-1 of the text, not of the frame."""
    published: Published = field(default_factory=Published)
    editions: tuple[tuple[str, str], ...] = ()
    """Other language editions: (language, address)."""
    cut: tuple[str, ...] = ()
    """Paragraphs left out of the body: they stand beside the statement, or repeat across the pages of the site."""
