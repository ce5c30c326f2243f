"""What each thing is in JSON, once for all faces: the command line, exported files, the pages and the API.

The names are those that programs rely on (docs/commands.md). What is not known is null; times stay times, and `plain`
writes them. JSON Feed has the names of its own standard: `presswatch.formats.feeds`. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from storage.errors import UnreadableError
from storage.types import REMEDIES, Article, Entry, Item, Published, Version

if TYPE_CHECKING:  # heavy to import, and named in annotations alone
    from crawler.discovery.discover import Proposal
    from crawler.discovery.drift import Drift
    from crawler.reading.saved import Read
    from storage.errors import PresswatchError
    from storage.operator.notices import Notice
    from storage.query.aliases import AliasName, AliasPack
    from storage.search.coverage import Commented
    from storage.search.explain import Explanation
    from storage.search.facets import Facets
    from storage.search.intervals import Bar
    from storage.search.preview import Preview
    from storage.search.search import SearchHit
    from storage.sources.backfills import Backfill
    from storage.sources.polls import EndedPoll
    from storage.types import Alert, Source, Subscription, Topic

JSON = dict[str, Any]


def plain(value: Any) -> str:
    """What JSON has no form for, as `json.dumps` asks for it: a time in ISO 8601, all else in its words."""
    return value.isoformat() if isinstance(value, datetime) else str(value)


# -- the history -----------------------------------------------------------------------------------------------------


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


def shown_item(shown: Item, version: Version, versions: tuple[Version, ...], sections: tuple[str, ...]) -> JSON:
    """A statement with the text of one version, and all of its versions."""
    return item(shown, version) | {
        "sections": sections,
        "body": version.body,
        "cut": list(version.cut),
        "versions": [version_of_item(each) for each in versions],
    }


def verdict(item_id: int, query: str, outcome: str, explanation: Explanation) -> JSON:
    """Why a statement meets a query, or why not."""
    return {"item": item_id, "query": query, "outcome": outcome, **asdict(explanation)}


def preview(tested: Preview) -> JSON:
    """What a query would have found."""
    return asdict(tested) | {"samples": [hit(found) for found in tested.samples]}


def facets(counted: Facets) -> JSON:
    """How the found statements are spread."""
    return asdict(counted)


def bar(counted: Bar) -> JSON:
    """A bar of a chart."""
    return {"first": str(counted.first), "count": counted.count}


def commented(row: Commented) -> JSON:
    """How much a source said on a topic."""
    days = {str(day): number for day, number in row.days.items()}
    return {"source": row.source, "topic": row.topic, "total": row.total, "days": days, "unread": row.unread or None}


# -- people ----------------------------------------------------------------------------------------------------------


def topic(topic: Topic, channels: tuple[str, ...]) -> JSON:
    """A topic, and who is told of it."""
    return {"name": topic.name, "query": topic.query, "created_at": topic.created_at, "channels": list(channels)}


def channel(name: str, masked_address: str, health: str) -> JSON:
    """A channel, without the secrets of its address."""
    return {"name": name, "address": masked_address, "health": health}


def subscription(told: Subscription, waiting: int, next_at: datetime | None) -> JSON:
    """A subscription, how many alerts wait, and when the next ones may leave."""
    return {
        "id": told.id,
        "topic": told.topic_name,
        "channel": told.channel_name,
        "rhythm": told.rhythm.written,
        "zone": told.rhythm.zone,
        "quiet": told.rhythm.written_quiet or None,
        "cap": told.rhythm.cap or None,
        "canary": told.canary or None,
        "created_at": told.created_at,
        "waiting": waiting,
        "next_at": next_at,
    }


def alert(alert: Alert, why: list[str], last_answer: str | None) -> JSON:
    """An alert: of what, why, where to, and how far it has come."""
    return {
        "id": alert.id,
        "key": alert.key,
        "state": alert.state,
        "topic": alert.topic.name,
        "channel": alert.channel.name,
        "item": alert.item.id,
        "title": alert.version.title,
        "published_at": str(alert.version.published) or None,
        "why": why,
        "rhythm": str(alert.rhythm),
        "attempts": alert.attempts,
        "last_error": alert.last_error,
        "last_answer": last_answer,
        "first_seen_at": alert.item.first_seen_at,
        "matched_at": alert.created_at,
        "due_at": alert.due_at,
        "sent_at": alert.sent_at,
    }


def notice(notice: Notice) -> JSON:
    """What there was to tell the operator, and whether he was told."""
    return {
        "id": notice.id,
        "key": notice.stable_key,
        "source": notice.key or None,
        "channel": notice.channel or None,
        "state": "began" if notice.began else "ended",
        "reason": notice.reason,
        "detail": notice.detail,
        "mend": notice.mend,
        "created_at": notice.created_at,
        "due_at": notice.due_at,
        "attempts": notice.attempts,
        "last_error": notice.last_error,
        "sent_at": notice.sent_at,
    }


def finding(what: str, state: str, detail: str, mend: str) -> JSON:
    """What `doctor` found of one thing: `ok`, `warn` or `fail`."""
    return {"what": what, "state": state, "detail": detail, "mend": mend}


def problem(error: PresswatchError) -> JSON:
    """What is wrong, and what a person can do about it."""
    return {"problem": str(error), "mend": error.mend}


def alias(pack: AliasPack, is_own: bool) -> JSON:
    """An alias, without its names."""
    return {
        "name": pack.name,
        "description": pack.description,
        "synonyms": list(pack.synonyms),
        "languages": list(pack.languages),
        "names": len(pack.names),
        "from": "yours" if is_own else "shipped",
    }


def alias_name(name: AliasName) -> JSON:
    """A name that an alias stands for."""
    return {"name": name.text, "language": name.language, "exact": name.exact, "languages": list(name.only)}


def watchlist_change(verb: str, kind: str, name: str, before: JSON | None, after: JSON | None) -> JSON:
    """What a watchlist adds, changes or removes; rows of the file before and after."""
    return {"verb": verb, "kind": kind, "name": name, "before": before, "after": after}


# -- sources ---------------------------------------------------------------------------------------------------------


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


# -- pages as they are read ------------------------------------------------------------------------------------------


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
