"""One shape for every JSON: of an item, a hit, a topic, an alert, for all faces."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from storage.types import Article, Item, Published, Version

if TYPE_CHECKING:  # heavy to import, and named in annotations alone
    from crawler.reading.saved import Read
    from storage.search.search import SearchHit


def read_values(read: Read) -> dict[str, Any]:
    """What was read, with the field names that a program relies on (docs/commands.md)."""
    told = {"as": read.kind, "reason": read.reason, "detail": read.detail}
    if read.article:
        return told | _article_values(read.article)
    if read.listing:
        entries = [
            {"title": entry.title, "address": entry.address, **_published(entry.published), "summary": entry.summary}
            for entry in read.listing.entries
        ]
        return told | {"reader": read.listing.reader, "entries": entries, "next_page": read.listing.next_page or None}
    return told


def _article_values(article: Article) -> dict[str, Any]:
    return {
        "title": article.title,
        "address": article.address,
        **_published(article.published),
        "language": article.language or None,
        "editions": [{"language": language, "address": address} for language, address in article.editions],
        "body": article.body,
    }


def _published(published: Published) -> dict[str, str | None]:
    return {
        "published_at": str(published) or None,
        "published_day": published.day.isoformat() if published.day else None,
        "precision": published.precision,
        "published_text": published.text or None,
    }


def found_values(found: SearchHit) -> dict[str, Any]:
    """A found statement as JSON shows it."""
    return {
        **item_values(found.item),
        **version_values(found.item.version),
        "hits": [asdict(hit) for hit in found.hits],
    }


def item_values(item: Item) -> dict[str, Any]:
    """A statement as JSON shows it, without what its version says."""
    return {
        "id": item.id,
        "story": item.story_id,
        "address": item.address,
        "source": item.source_key,
        "organisation": item.organisation,
        "country": item.country,
        "first_seen_at": item.first_seen_at,
        "withdrawn_at": item.withdrawn_at,
    }


def version_values(version: Version) -> dict[str, Any]:
    return {
        "version": version.number,
        "title": version.title,
        "language": version.language,
        "published_at": str(version.published) or None,
        "published_precision": version.published.precision,
        "published_text": version.published.text,
        "published_doubt": version.published.doubt(version.seen_at) or None,
        "seen_at": version.seen_at,
    }
