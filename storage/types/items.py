"""What is stored: sightings, drafts, versions, items."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from storage.types.exchanges import Exchange
from storage.types.published import Published
from storage.types.reading import Article


class Decision(StrEnum):
    """What a cleaned article means for the archive."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Sighting:
    """Where and when an entry for an item was seen. Without `item_id` its article is still to be fetched."""

    id: int
    source_id: int
    address: str
    title: str
    published: Published
    summary: str
    silent: bool
    attempts: int = 0
    item_id: int | None = None
    part: str = ""
    """What tells it from others at its address; `storage.sources.keys` has the kinds."""


@dataclass(frozen=True, slots=True)
class ArticleDraft:
    """A cleaned article on its way into the archive, with the sighting or the revisit that led to it."""

    article: Article
    source_id: int
    source_key: str
    poll_id: int | None = None
    sighting_id: int | None = None
    item_id: int | None = None
    """Set by a revisit: the item that was re-read."""
    fetched_address: str = ""
    """Where the page came from, if that is not the address it claims."""
    silent: bool = False
    next_revisit_at: datetime | None = None
    """When a new item is to be read again."""
    part: str = ""
    """What tells it from others at its address, as its sighting has it."""
    exchange: Exchange | None = None
    """How its page was fetched, where that is kept."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What came of storing a draft."""

    decision: Decision
    item_id: int
    version_id: int
    number: int
    title: str
    address: str


@dataclass(frozen=True, slots=True)
class Version:
    """What an item said at one time. The first is number 1."""

    id: int
    item_id: int
    number: int
    title: str
    body: str
    language: str
    published: Published
    seen_at: datetime
    fingerprint: str
    cut: tuple[str, ...] = ()
    """Paragraphs of the page that were left out: they stand beside the statement, or repeat across the site's pages."""


@dataclass(frozen=True, slots=True)
class Item:
    """One published statement at one canonical address, with its current version."""

    id: int
    story_id: int
    address: str
    source_id: int
    source_key: str
    source_name: str
    organisation: str
    country: str
    silent: bool
    first_seen_at: datetime
    version: Version
    versions: int
    withdrawn_at: datetime | None = None
    suspected_at: datetime | None = None
    """Since when it seems gone, while that is not believed yet."""
