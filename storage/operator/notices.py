"""Questions about notices: what the operator is told of sources' health and dead letters, and what has been told.

A notice is written in the transaction that ends the poll which gives rise to it, and is sent later: who dies in between
leaves a row that is still to be sent. What there is to tell is compared with what was told (`sources.told_reason`), so
that nothing is told twice, and what was held back for its frequency is told when it still holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, insert, or_, select, update

from storage.people.channels import WELL, channel_of, unwell
from storage.tables import channels, notices, sources
from storage.types import REMEDIES, Channel, Reason

NETWORK_MEND = "look at the connection of this machine"

DAILY = 6
"""Notices of one source in a day, at most: one that comes and goes all day is told of for the last time by then."""
DAY = timedelta(days=1)

GATHERING = timedelta(minutes=10)
"""How long a notice waits for others, at most; two intervals of its source if that is less."""

OURS = frozenset({Reason.STORAGE, Reason.INTERRUPTED})
"""What says nothing of the source."""


class DeadLetters(StrEnum):
    """The reason of notices about channels."""

    UNDELIVERABLE = "undeliverable"


class Mistakes(StrEnum):
    """The reason of notices about mistakes of our own."""

    MISTAKE = "mistake"


class Evidence(StrEnum):
    """The reason of notices about the evidence."""

    HEAD = "evidence"


@dataclass(frozen=True, slots=True)
class HealthChange:
    """What there is to tell of a source: a state began, or ended."""

    began: bool
    reason: Reason
    detail: str


@dataclass(frozen=True, slots=True)
class Notice:
    """One message to the operator: a source's state began or ended, alerts to a channel are dead, or we made a mistake.

    Without a source and a channel it is our own network's or, by its reason, a mistake of our own.
    """

    id: int
    key: str
    organisation: str
    began: bool
    reason: Reason | DeadLetters | Mistakes | Evidence
    detail: str
    created_at: datetime
    due_at: datetime
    attempts: int
    sent_at: datetime | None
    last_error: str
    channel: str = ""
    letters: int = 0
    """Alerts that are dead since the notice before."""

    @property
    def where(self) -> str:
        """What it is about."""
        if isinstance(self.reason, Mistakes):
            return "presswatch itself"
        if isinstance(self.reason, Evidence):
            return "the evidence"
        return self.key or (f"channel {self.channel}" if self.channel else "the network")

    @property
    def mend(self) -> str:
        """What a person can do about it; empty where it has ended."""
        if not self.began:
            return ""
        if isinstance(self.reason, DeadLetters):
            return "see them with: presswatch alerts list --state dead; send them again with: presswatch alerts retry"
        if isinstance(self.reason, Mistakes):
            return "report it with the traceback that stands in the log; what was being done is tried again"
        if isinstance(self.reason, Evidence):
            return "keep it where nobody can alter it; verify it with: presswatch evidence verify --head DIGEST"
        return REMEDIES.get(self.reason, "") if self.key else NETWORK_MEND

    @property
    def stable_key(self) -> str:
        """By which a repetition can be recognised."""
        return f"notice-{self.id}"


# -- what there is to tell ---------------------------------------------------------------------------------------------


def add(connection: Connection, source_id: int | None, change: HealthChange, at: datetime, due_at: datetime) -> None:
    """Write a notice of a source, or of our own network where there is none; it is sent from `due_at` on."""
    connection.execute(
        insert(notices).values(
            source_id=source_id,
            began=change.began,
            reason=change.reason,
            detail=change.detail,
            created_at=at,
            due_at=due_at,
            attempts=0,
            last_error="",
        )
    )


def number_of_the_day(connection: Connection, whose: ColumnElement[bool], at: datetime) -> int:
    """How many notices of theirs were made in the day before `at`."""
    made = select(func.count()).select_from(notices).where(whose, notices.c.created_at > at - DAY)
    return connection.scalar(made) or 0


# -- the operator ------------------------------------------------------------------------------------------------------


def set_operator(connection: Connection, channel: Channel | None, now: datetime) -> None:
    """Tell the operator through this channel from now on, instead of the one before; None: through none."""
    connection.execute(update(channels).values(operator_since=None))
    if channel is not None:
        connection.execute(update(channels).where(channels.c.id == channel.id).values(operator_since=now))


def operator(connection: Connection) -> Channel | None:
    """The channel through which the operator is told, or None."""
    row = connection.execute(select(channels).where(_operators())).first()
    return channel_of(row) if row is not None else None


def is_waiting(connection: Connection, now: datetime) -> bool:
    """Whether there is a notice to send."""
    return connection.execute(_to_send(notices.c.due_at <= now).limit(1)).first() is not None


def claim(connection: Connection, now: datetime, lease: timedelta) -> tuple[Notice, ...]:
    """The notices that are to be sent in one message, the oldest first; nobody else sends them before `lease` is over.

    What still waits for others goes along when one of them is due.
    """
    if not is_waiting(connection, now):
        return ()
    ids = connection.scalars(_to_send(or_(notices.c.due_at <= now, notices.c.attempts == 0))).all()
    connection.execute(
        update(notices).where(notices.c.id.in_(ids)).values(due_at=now + lease, attempts=notices.c.attempts + 1)
    )
    return _load(connection, notices.c.id.in_(ids))


def sent(connection: Connection, carried: Sequence[Notice], now: datetime) -> None:
    """Mark notices as sent, after they were."""
    ids = [notice.id for notice in carried]
    connection.execute(update(notices).where(notices.c.id.in_(ids)).values(sent_at=now, last_error=""))
    connection.execute(update(channels).where(_operators()).values(**WELL))


def not_sent(connection: Connection, carried: Sequence[Notice], why: str, retry_at: datetime) -> None:
    """Put notices back for another attempt."""
    ids = [notice.id for notice in carried]
    unsent = notices.c.id.in_(ids) & notices.c.sent_at.is_(None)
    connection.execute(update(notices).where(unsent).values(last_error=why, due_at=retry_at))
    connection.execute(update(channels).where(_operators()).values(**unwell(why)))


def listing(connection: Connection, owner: int, limit: int = 50, before: int | None = None) -> tuple[Notice, ...]:
    """Notices, the newest first, whether there is anybody to be told or not.

    Of channels only the owner's; sources, the network and mistakes of our own concern everybody. `before` is the id of
    one: only those made before it.
    """
    his = notices.c.channel_id.in_(select(channels.c.id).where(channels.c.owner_id == owner))
    shown = select(notices.c.id).where(or_(notices.c.channel_id.is_(None), his))
    if before is not None:
        shown = shown.where(notices.c.id < before)
    return tuple(reversed(_load(connection, notices.c.id.in_(shown.order_by(notices.c.id.desc()).limit(limit)))))


def refused(connection: Connection, limit: int = 50) -> tuple[Notice, ...]:
    """The newest notices that could not be sent when that was tried last, the newest first."""
    unsent = select(notices.c.id).where(notices.c.sent_at.is_(None), func.length(notices.c.last_error) > 0)
    newest = unsent.order_by(notices.c.id.desc()).limit(limit)
    return tuple(reversed(_load(connection, notices.c.id.in_(newest))))


def _operators() -> ColumnElement[bool]:
    return and_(channels.c.operator_since.is_not(None), channels.c.removed_at.is_(None))


def _to_send(which: ColumnElement[bool]) -> Select[tuple[int]]:
    """The notices that nobody has been told of since there is an operator's channel."""
    since = select(channels.c.operator_since).where(_operators()).limit(1).scalar_subquery()
    return select(notices.c.id).where(notices.c.sent_at.is_(None), notices.c.created_at >= since, which)


def _load(connection: Connection, which: ColumnElement[bool]) -> tuple[Notice, ...]:
    rows = connection.execute(
        select(notices, sources.c.key, sources.c.organisation, channels.c.name.label("channel"))
        .outerjoin(sources, sources.c.id == notices.c.source_id)
        .outerjoin(channels, channels.c.id == notices.c.channel_id)
        .where(which)
        .order_by(notices.c.id)
    )
    return tuple(
        Notice(
            id=row.id,
            key=row.key or "",
            organisation=row.organisation or "",
            began=row.began,
            reason=_reason(row),
            detail=row.detail,
            created_at=row.created_at,
            due_at=row.due_at,
            attempts=row.attempts,
            sent_at=row.sent_at,
            last_error=row.last_error,
            channel=row.channel or "",
            letters=row.letters or 0,
        )
        for row in rows
    )


def _reason(row: Any) -> Reason | DeadLetters | Mistakes | Evidence:
    if row.channel_id:
        return DeadLetters(row.reason)
    if row.reason in set(Mistakes):
        return Mistakes(row.reason)
    return Evidence(row.reason) if row.reason in set(Evidence) else Reason(row.reason)
