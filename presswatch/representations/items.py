"""A statement in JSON: a field that is added here is in `search`, `show`, `export` and every later face. Pure."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from presswatch.representations.values import JSON
from storage.types import Item, Version

if TYPE_CHECKING:  # heavy to import, and named in annotations alone
    from storage.items.diff import Diff
    from storage.items.withdrawals import StateChange
    from storage.search.search import SearchHit


def item(item: Item, version: Version | None = None) -> JSON:
    """A statement, and what it says in its current version, or in another one."""
    return {
        "id": item.id,
        "story": item.story_id,
        "address": item.address,
        "source": item.source_key,
        "organisation": item.organisation or None,
        "country": item.country or None,
        "first_seen_at": item.first_seen_at,
        "withdrawn_at": item.withdrawn_at,
        "suspected_at": item.suspected_at,
        **version_of_item(version or item.version),
    }


def version_of_item(version: Version) -> JSON:
    """What a statement said at one time, without its text."""
    return {
        "version": version.number,
        "title": version.title,
        "language": version.language or None,
        "published_at": str(version.published) or None,
        "published_precision": version.published.precision,
        "published_text": version.published.text or None,
        "published_doubt": version.published.doubt(version.seen_at) or None,
        "seen_at": version.seen_at,
    }


def exported_item(exported: Item) -> JSON:
    """A statement with its text, as it is exported."""
    return item(exported) | {"body": exported.version.body}


def hit(found: SearchHit) -> JSON:
    """A found statement, and where it met the query."""
    return item(found.item) | {"hits": [asdict(each) for each in found.hits]}


def shown_item(
    shown: Item,
    version: Version,
    versions: tuple[Version, ...],
    sections: tuple[str, ...],
    states: tuple[StateChange, ...],
) -> JSON:
    """A statement with the text of one version, all of its versions, and when it was found gone or back."""
    return item(shown, version) | {
        "sections": sections,
        "body": version.body,
        "cut": list(version.cut),
        "versions": [version_of_item(each) for each in versions],
        "states": [asdict(each) for each in states],
    }


def diff(before: Version, after: Version, found: Diff) -> JSON:
    """What the later of two versions says otherwise, and how the ministry dates both."""
    return {
        "before": before.number,
        "after": after.number,
        "published_before": str(before.published) or None,
        "published_after": str(after.published) or None,
        "added": found.added,
        "removed": found.removed,
        "moved": found.moved,
        "title": [asdict(run) for run in found.title],
        "paragraphs": [asdict(paragraph) for paragraph in found.paragraphs],
    }
