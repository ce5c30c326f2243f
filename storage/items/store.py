"""Drafts become items and versions, in one transaction for many: new, changed or the same, and in which story.

Analysing a text takes longer than writing it. So that nobody waits for the write lock meanwhile, `made_ahead` does it
beforehand for what will be needed; what it could not foresee is analysed where it is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from storage.database import dialect_of
from storage.identity import SUCCEEDED, canonical, identity_key
from storage.items import boilerplate, editions, facts
from storage.items.evidence import recording
from storage.items.evidence.folder import EvidenceFolder
from storage.items.evidence.recording import MadeRecords
from storage.items.facts import Facts
from storage.items.identified import IdentifiedDraft, key_of
from storage.items.texts import AnalysedTexts, analysed_texts, text_of
from storage.sources import sightings
from storage.tables import items, published_columns, versions
from storage.types import ArticleDraft, Decision, Stored

NOTHING: AnalysedTexts = {}

Current = Mapping[str | int, Any]
"""Rows of current versions, by the key of their item and by its id."""

STORY_WINDOW = timedelta(days=30)
"""How long an identical text at another address counts as the same story: yearly greetings are not reposts."""

STORY_MINIMUM = 200
"""Characters that a body needs before being identical says anything."""


def to_be_written(connection: Connection, drafts: Sequence[ArticleDraft], now: datetime) -> list[ArticleDraft]:
    """The drafts that `store` would write a version of now, as it would write them. Reads alone."""
    current = _current(connection, drafts)
    cut, _ = boilerplate.recognised(connection, drafts, _unknown(drafts, current), now)
    pairs = zip(cut, drafts, strict=True)
    candidates = [IdentifiedDraft(index, draft, whole.article.body) for index, (draft, whole) in enumerate(pairs)]
    return [
        candidate.draft
        for candidate in candidates
        if candidate.decide(current.get(candidate.draft.item_id or candidate.key)) is not Decision.SAME
    ]


def made_ahead(
    connection: Connection, drafts: Sequence[ArticleDraft], now: datetime, folder: EvidenceFolder
) -> tuple[AnalysedTexts, MadeRecords]:
    """The texts and the records of evidence that will be written now. Reads alone: who reads keeps nobody from
    writing.
    """
    written = to_be_written(connection, drafts, now)
    exchanges = [draft.exchange for draft in written if draft.exchange]
    return analysed_texts(draft.article for draft in written), recording.made(connection, folder, exchanges)


def store(
    connection: Connection, drafts: Sequence[ArticleDraft], texts: AnalysedTexts = NOTHING, *, now: datetime
) -> list[Stored]:
    """Store cleaned articles: new items with their first version, new versions of changed ones; link their sightings.

    The drafts' order is the order of the results and, for new items, of the ids. `texts` are those that have been
    analysed already, what is missing among them is analysed.
    """
    results: list[Stored | None] = [None] * len(drafts)
    current = _current(connection, drafts)
    read, drafts = drafts, boilerplate.without_blocks(connection, drafts, _unknown(drafts, current), now)
    bodies = {id(draft): whole.article.body for draft, whole in zip(drafts, read, strict=True)}
    waiting = [(index, draft) for index, draft in enumerate(drafts)]
    while waiting:
        waiting = _store_distinct(connection, waiting, current, results, now, bodies, texts)
        current = _current(connection, [draft for _, draft in waiting])
    stored = [result for result in results if result is not None]
    sightings.link(connection, drafts, stored)
    return stored


def _store_distinct(
    connection: Connection,
    drafts: list[tuple[int, ArticleDraft]],
    current: Current,
    results: list[Stored | None],
    now: datetime,
    bodies: Mapping[int, str],
    texts: AnalysedTexts,
) -> list[tuple[int, ArticleDraft]]:
    """Store the drafts that have nothing in common with an earlier one of the same batch; return the others."""
    candidates = [IdentifiedDraft(index, draft, bodies[id(draft)]) for index, draft in drafts]
    new: list[IdentifiedDraft] = []
    changed: list[tuple[IdentifiedDraft, Row[Any]]] = []
    later: list[tuple[int, ArticleDraft]] = []
    taken: set[str] = set()
    for candidate in candidates:
        if not taken.isdisjoint(candidate.looks_for):
            later.append((candidate.index, candidate.draft))
            continue
        taken |= candidate.marks
        row = current.get(candidate.draft.item_id or candidate.key)
        if row is not None and candidate.claims_another_address and row.fingerprint != candidate.fingerprint:
            row = _adopt_fetched_address(connection, candidate)
        if row is not None and candidate.succeeds and row.fingerprint != candidate.fingerprint:
            row = _succeed(connection, candidate, row)
        match candidate.decide(row):
            case Decision.NEW:
                new.append(candidate)
            case Decision.CHANGED if row is not None:
                changed.append((candidate, row))
            case _ if row is not None:
                results[candidate.index] = _stored(Decision.SAME, row.item_id, row.version_id, row.number, candidate)
    _insert_new(connection, new, results, now, texts)
    for candidate, row in changed:
        connection.execute(update(versions).where(versions.c.id == row.version_id).values(current=False))
        facts.supersede(connection, [row.version_id])
        of_item = [(row.item_id, row.number + 1, candidate, row.source_id)]
        (version_id,) = _insert_versions(connection, of_item, now, texts)
        results[candidate.index] = _stored(Decision.CHANGED, row.item_id, version_id, row.number + 1, candidate)
    return later


def _adopt_fetched_address(connection: Connection, candidate: IdentifiedDraft) -> Row[Any] | None:
    """Take the fetched address as identity where the claimed one belongs to an item that says something else.

    Sites exist whose every page claims one and the same address; believing them would merge all their statements.
    """
    candidate.address = canonical(candidate.draft.fetched_address)
    candidate.key = identity_key(candidate.address)
    return _current_at(connection, [candidate.key], []).get(candidate.key)


def _succeed(connection: Connection, candidate: IdentifiedDraft, row: Row[Any]) -> Row[Any] | None:
    """Give the address of a statement to the next one, unless that has the same text: then it is an edit of the title.

    The older one stays as it is, and is not read again: its page says something else now.
    """
    body = connection.scalar(select(versions.c.body).where(versions.c.id == row.version_id))
    if body and body == candidate.draft.article.body:
        values: dict[str, Any] = {"next_revisit_at": candidate.draft.next_revisit_at}
        connection.execute(update(items).where(items.c.id == row.item_id).values(values))
        return row
    values = {"key": f"{candidate.key} {SUCCEEDED}{row.item_id}", "next_revisit_at": None}
    connection.execute(update(items).where(items.c.id == row.item_id).values(values))
    return None


def _unknown(drafts: Sequence[ArticleDraft], current: Current) -> list[int]:
    """Which of the drafts are of statements that are not known yet."""
    return [index for index, one in enumerate(drafts) if one.item_id is None and key_of(one) not in current]


def _insert_new(
    connection: Connection,
    new: list[IdentifiedDraft],
    results: list[Stored | None],
    now: datetime,
    texts: AnalysedTexts,
) -> None:
    if not new:
        return
    stories = _stories(connection, new, now)
    translated = editions.stories(connection, [candidate.edition for candidate in new], now)
    connection.execute(
        insert(items),
        [
            {
                "key": candidate.key,
                "address": candidate.address,
                "source_id": candidate.draft.source_id,
                "story_id": stories.get(candidate.fingerprint) or translated.get(candidate.key),
                "first_seen_at": now,
                "silent": candidate.draft.silent,
                "revisits": 0,
                "next_revisit_at": candidate.draft.next_revisit_at,
            }
            for candidate in new
        ],
    )
    # Asked for afterwards: in the order of the rows, RETURNING costs SQLite a statement for each of them.
    inserted = select(items.c.key, items.c.id).where(items.c.key.in_([candidate.key for candidate in new]))
    ids = {row.key: row.id for row in connection.execute(inserted)}
    editions.record(connection, [ids[one.key] for one in new], [(one.edition, one.draft.article) for one in new])
    rows = [(ids[candidate.key], 1, candidate, candidate.draft.source_id) for candidate in new]
    version_ids = _insert_versions(connection, rows, now, texts)
    for (item_id, number, candidate, _), version_id in zip(rows, version_ids, strict=True):
        results[candidate.index] = _stored(Decision.NEW, item_id, version_id, number, candidate)


def _insert_versions(
    connection: Connection, rows: Sequence[tuple[int, int, IdentifiedDraft, int]], now: datetime, known: AnalysedTexts
) -> Sequence[int]:
    connection.execute(
        insert(versions),
        [
            {
                "item_id": item_id,
                "number": number,
                "current": True,
                "title": candidate.draft.article.title,
                "body": candidate.draft.article.body,
                "language": candidate.draft.article.language,
                **published_columns(candidate.draft.article.published),
                "seen_at": now,
                "fingerprint": candidate.fingerprint,
                "cut": list(candidate.draft.article.cut) or None,
                "poll_id": candidate.draft.poll_id,
            }
            for item_id, number, candidate, _ in rows
        ],
    )
    of_items = versions.c.item_id.in_([item_id for item_id, *_ in rows])
    inserted = select(versions.c.item_id, func.max(versions.c.id)).where(of_items).group_by(versions.c.item_id)
    ids = {row[0]: row[1] for row in connection.execute(inserted)}
    version_ids = [ids[item_id] for item_id, *_ in rows]
    texts = {
        version_id: text_of(candidate.draft.article, known)
        for version_id, (_, _, candidate, _) in zip(version_ids, rows, strict=True)
    }
    dialect_of(connection).full_text.add(connection, texts)
    facts.record(
        connection,
        [
            Facts(version_id, item_id, number, source_id, article.published, article.language, now)
            for version_id, (item_id, number, candidate, source_id) in zip(version_ids, rows, strict=True)
            for article in [candidate.draft.article]
        ],
    )
    return version_ids


def _stories(connection: Connection, new: list[IdentifiedDraft], now: datetime) -> dict[str, int]:
    """The stories that identical texts of the last days began, by fingerprint."""
    long_enough = [candidate.fingerprint for candidate in new if len(candidate.draft.article.body) >= STORY_MINIMUM]
    if not long_enough:
        return {}
    rows = connection.execute(
        select(versions.c.fingerprint, func.min(func.coalesce(items.c.story_id, items.c.id)))
        .join(items, items.c.id == versions.c.item_id)
        .where(versions.c.fingerprint.in_(long_enough), versions.c.seen_at >= now - STORY_WINDOW)
        .group_by(versions.c.fingerprint)
    )
    return {row[0]: row[1] for row in rows}


def _stored(decision: Decision, item_id: int, version_id: int, number: int, candidate: IdentifiedDraft) -> Stored:
    return Stored(decision, item_id, version_id, number, candidate.draft.article.title, candidate.address)


def _current(connection: Connection, drafts: Sequence[ArticleDraft]) -> Current:
    """The current versions of the drafts' items by key, and by item id for revisits."""
    if not drafts:
        return {}
    return _current_at(connection, [key_of(one) for one in drafts], [one.item_id for one in drafts if one.item_id])


def _current_at(connection: Connection, keys: Sequence[str], ids: Sequence[int]) -> Current:
    rows = connection.execute(
        select(
            items.c.key,
            items.c.source_id,
            versions.c.item_id,
            versions.c.id.label("version_id"),
            versions.c.number,
            versions.c.fingerprint,
            versions.c.cut,
        )
        .join(versions, (versions.c.item_id == items.c.id) & versions.c.current)
        .where(items.c.key.in_(keys) | items.c.id.in_(ids))
    ).all()
    return {row.key: row for row in rows} | {row.item_id: row for row in rows}
