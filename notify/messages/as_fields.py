"""A message as a program reads it: fields with names and types. Pure.

The names are those of `--json` on the command line. They are published as a JSON Schema, docs/webhook.schema.json.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from notify.messages.content import ItemContent, MessageContent, reason
from notify.messages.snippets import plain
from storage.types import Alert, AlertEvent, ChangedSentence, Hit, Precision


@dataclass(frozen=True, slots=True)
class TopicFields:
    """A topic that the statement met."""

    name: str
    query: str
    why: str
    """In words: `alias CSTO in the title, in English`."""
    key: str
    """The same for the same alert, so that a repetition can be recognised."""
    hits: tuple[Hit, ...]
    """Where: `start` and `end` count characters of the statement's title or text."""


@dataclass(frozen=True, slots=True)
class StatementFields:
    """A statement in the version that met its topics."""

    id: int
    story: int
    """The same for language editions, reposts and near copies."""
    title: str
    address: str
    organisation: str | None
    source: str
    country: str | None
    """ISO 3166-1, two letters."""
    language: str | None
    """ISO 639-1, two letters."""
    published_at: str | None
    """As the ministry claims, to its precision: `2024-11-28`, `2024-11-28T14:05+03:00`."""
    published_precision: Precision
    published_text: str | None
    """The claim as printed."""
    first_seen_at: datetime
    version: int
    """The first is 1; a higher one is an edit."""
    versions: int
    """How many there are by now."""
    seen_at: datetime
    """When this version was seen."""
    event: AlertEvent
    """What it tells of: a statement that is new to the topic, or what became of one."""
    changes: tuple[ChangedSentence, ...]
    """The sentences with what met the topics that an edit changed; `before` is empty of what it added, `after` of what
    it removed."""
    quotes: tuple[str, ...]
    """The sentences that met; none in a digest."""
    also: tuple[str, ...]
    """Where else it stands, in words."""
    topics: tuple[TopicFields, ...]


@dataclass(frozen=True, slots=True)
class NoticeFields:
    """What the operator is told, or the words of a test."""

    headline: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MessageFields:
    """What a message is about. A kind that a program does not know has `notices` too."""

    kind: str
    """`alert`, `notice` or `test`."""
    key: str
    """The keys of all alerts in it: a message that came twice carries the same ones."""
    statements: tuple[StatementFields, ...]
    notices: tuple[NoticeFields, ...]
    notes: tuple[str, ...]
    """What else there is to say."""


def as_fields(kind: str, key: str, content: MessageContent, alerts: Sequence[Alert]) -> MessageFields:
    """The fields of a message, its statements in the order in which it tells them."""
    return MessageFields(
        kind=kind,
        key=key,
        statements=tuple(
            _statement(item, [one for one in alerts if (one.version.id, one.event) == (item.version_id, item.event)])
            for item in content.statements
        ),
        notices=tuple(NoticeFields(notice.headline, notice.lines) for notice in content.notices),
        notes=content.notes,
    )


def _statement(told: ItemContent, alerts: Sequence[Alert]) -> StatementFields:
    item, version = alerts[0].item, alerts[0].version
    return StatementFields(
        id=item.id,
        story=item.story_id,
        title=plain(version.title),
        address=told.address,
        organisation=plain(item.organisation) or None,
        source=item.source_key,
        country=item.country or None,
        language=version.language or None,
        published_at=str(version.published) or None,
        published_precision=version.published.precision,
        published_text=plain(version.published.text) or None,
        first_seen_at=item.first_seen_at,
        version=version.number,
        versions=max(item.versions, version.number),
        seen_at=version.seen_at,
        event=told.event,
        changes=tuple(
            dict.fromkeys(
                ChangedSentence(plain(each.before), plain(each.after))
                for alert in alerts
                if alert.change
                for each in alert.change.sentences
            )
        ),
        quotes=tuple("".join(piece.text for piece in quote) for quote in told.quotes),
        also=told.also,
        topics=tuple(
            TopicFields(plain(alert.topic.name), alert.topic.query, reason(alert), alert.key, alert.hits)
            for alert in alerts
        ),
    )
