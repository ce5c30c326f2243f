"""The evidence as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from presswatch.representations.values import JSON
from storage.types import Article, Version

if TYPE_CHECKING:  # heavy to import, and named in annotations alone
    from storage.items.evidence.rows import Chained
    from storage.items.evidence.verifying import Verified


def chain_head(head: Chained) -> JSON:
    """The end of a node's chain."""
    return {"node": head.node, "number": head.link.number, "digest": head.digest, "at": head.link.at}


def verified(found: Verified) -> JSON:
    """What came of verifying."""
    return {
        "faults": [{"where": fault.where, "what": fault.what} for fault in found.faults],
        "notes": found.notes,
        "records": found.records,
        "texts": found.texts,
        "elsewhere": found.elsewhere,
        "head": chain_head(found.head) if found.head else None,
    }


def record(one: Chained) -> JSON:
    """A record as JSON."""
    link = one.link
    return {
        "node": one.node,
        "number": link.number,
        "kind": str(link.kind),
        "file": link.file,
        "offset": link.offset,
        "length": link.length,
        "sha256": link.sha256,
        "item": link.item,
        "version": link.version,
        "text_sha256": link.text,
        "payload_sha256": link.payload,
        "at": link.at,
        "digest": one.digest,
    }


def otherwise(version: Version, article: Article | None, trouble: str) -> JSON:
    """A version that would be read otherwise, and how; of what cannot be read any more, why."""
    return {
        "item": version.item_id,
        "version": version.number,
        "title": article.title if article else None,
        "body": article.body if article else None,
        "trouble": trouble,
    }
