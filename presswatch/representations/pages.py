"""A page as it is read, in JSON. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from presswatch.representations.values import JSON
from storage.types import Article, Entry, Published

if TYPE_CHECKING:  # heavy to import, and named in annotations alone
    from crawler.reading.saved import Read


def read_page(read: Read) -> JSON:
    """What the readers made of a page: the entries of a listing, or an article."""
    told = {"as": read.kind, "reason": read.reason, "detail": read.detail}
    if read.article:
        return told | read_article(read.article)
    if read.listing:
        entries = [entry(each) for each in read.listing.entries]
        return told | {"reader": read.listing.reader, "entries": entries, "next_page": read.listing.next_page or None}
    return told


def entry(entry: Entry) -> JSON:
    """A line of a listing."""
    return {"title": entry.title, "address": entry.address, **claim(entry.published), "summary": entry.summary}


def read_article(article: Article) -> JSON:
    """An article that is not stored."""
    return {
        "title": article.title,
        "address": article.address,
        **claim(article.published),
        "language": article.language or None,
        "editions": [{"language": language, "address": address} for language, address in article.editions],
        "body": article.body,
    }


def claim(published: Published) -> JSON:
    """When a page says that it was published."""
    return {
        "published_at": str(published) or None,
        "published_day": published.day.isoformat() if published.day else None,
        "precision": published.precision,
        "published_text": published.text or None,
    }
