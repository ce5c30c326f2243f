"""A source in JSON: as it is watched, would be watched, and was read before. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from presswatch.representations.pages import entry, read_article
from presswatch.representations.values import JSON
from storage.errors import UnreadableError
from storage.types import REMEDIES, Source

if TYPE_CHECKING:  # heavy to import, and named in annotations alone
    from crawler.discovery.discover import Proposal
    from crawler.discovery.drift import Drift
    from storage.sources.backfills import Backfill
    from storage.sources.polls import EndedPoll


def source(source: Source, items: int, polls: Sequence[EndedPoll]) -> JSON:
    """A source, its health, how many items were first seen there, and its last polls, the newest first."""
    return {
        "key": source.key,
        "name": source.spec.name,
        "organisation": source.spec.organisation or None,
        "country": source.spec.country or None,
        "languages": source.spec.languages,
        "zone": source.spec.zone,
        "packs": source.spec.packs,
        "verified": source.spec.verified,
        "fact_year": source.spec.fact_year,
        "evidence": source.spec.evidence,
        "note": source.spec.note,
        "address": source.spec.address,
        "origin": source.origin,
        "enabled": source.enabled,
        "health": source.reason if source.last_poll_at else None,
        "detail": source.detail,
        "exceptions": source.spec.transport.in_words,
        "since": source.reason_since,
        "mend": REMEDIES.get(source.reason, ""),
        "items": items,
        "failures": source.failures,
        "polls": [_poll(each) for each in polls],
        "last_poll_at": source.last_poll_at,
        "next_poll_at": source.next_poll_at,
    }


def _poll(poll: EndedPoll) -> JSON:
    return {
        "started_at": poll.started_at,
        "seconds": round((poll.ended_at - poll.started_at).total_seconds(), 1),
        "reason": poll.reason,
        "detail": poll.detail,
        "entries": poll.entries,
        "new": poll.new_items,
    }


def proposal(proposed: Proposal) -> JSON:
    """A section as it would be watched, and what it shows."""
    spec, article = proposed.spec, proposed.article
    return {
        "key": spec.key,
        "name": spec.name,
        "address": spec.address,
        "organisation": spec.organisation or None,
        "country": spec.country or None,
        "languages": spec.languages,
        "zone": spec.zone,
        "shape": spec.shape,
        "reader": proposed.listing.reader,
        "why": proposed.why,
        "passed": [{"address": address, "why": why} for address, why in proposed.passed],
        "reason": proposed.listing.reason,
        "detail": proposed.listing.detail,
        "entries": [entry(each) for each in proposed.listing.entries],
        "article": read_article(article) if article else None,
        "problem": proposed.problem or None,
    }


def checked(key: str, answer: Proposal | UnreadableError, drift: tuple[Drift, ...]) -> JSON:
    """A watched source as it reads now, and what of it is otherwise than before."""
    drifted = {"drift": [{"what": one.what, "mend": one.mend} for one in drift]}
    if isinstance(answer, UnreadableError):
        return {"key": key, "reason": answer.reason, "detail": str(answer), "entries": [], **drifted}
    return proposal(answer) | drifted


def backfill(row: Backfill, state: str) -> JSON:
    """How far a source's past is read."""
    return {
        "source": row.source_key,
        "state": state,
        "reason": row.reason or None,
        "detail": row.detail,
        "since": row.since,
        "reached": row.reached,
        "pages": row.pages,
        "entries": row.entries,
        "unread": row.waiting,
        "next_page": row.next_page or None,
        "started_at": row.started_at,
        "ended_at": row.ended_at,
    }


def pack(name: str, keys: Sequence[str], enabled: int) -> JSON:
    """Sources of the catalogue that are enabled together, and how many of them are polled."""
    return {"name": name, "sources": list(keys), "enabled": enabled}


def switched(changed: int, unchanged: int, unverified: int) -> JSON:
    """How many sources of a pack were switched, were so before, and were never seen live."""
    return {"changed": changed, "unchanged": unchanged, "unverified": unverified}


def health(counted: dict[str, int], trouble: Sequence[Source], alerts: dict[str, int]) -> JSON:
    """How sources stand, those in trouble with the mend, and somebody's alerts by state."""
    return {"sources": counted, "trouble": [_trouble(each) for each in trouble], "alerts": alerts}


def _trouble(source: Source) -> JSON:
    return {
        "source": source.key,
        "reason": source.reason,
        "detail": source.detail,
        "since": source.reason_since,
        "mend": REMEDIES.get(source.reason, ""),
    }
