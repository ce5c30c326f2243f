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
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, Connection, Select, and_, func, insert, or_, select, update

from storage.mends import MENDS
from storage.subscriptions import channel_of
from storage.tables import channels, notices, sources
from storage.types import Channel, Reason, Source

DAILY = 6
"""Notices of one source in a day, at most: one that comes and goes all day is told of for the last time by then."""
DAY = timedelta(days=1)

GATHERING = timedelta(minutes=10)
"""How long a notice waits for others, at most; two intervals of its source if that is less."""

LEAST_HOSTS = 3
MOST = 0.8
"""When this share of so many hosts cannot be reached, it is our own network that is down."""

OURS = frozenset({Reason.STORAGE, Reason.INTERRUPTED})
"""What says nothing of the source."""
FLEETING = frozenset({Reason.UNREACHABLE, Reason.TIMEOUT, Reason.SERVER_ERROR, Reason.THROTTLED})
"""What often passes by itself, and comes in turns while a site is in trouble: told from the third poll on, as one."""
NETWORK = frozenset({Reason.UNREACHABLE, Reason.TIMEOUT, Reason.TLS})
"""What is seen of all sites when our own network is down, or asks for a login."""


class DeadLetters(StrEnum):
    """The reason of notices about channels."""

    UNDELIVERABLE = "undeliverable"


@dataclass(frozen=True, slots=True)
class Change:
    """What there is to tell of a source: a state began, or ended."""

    began: bool
    reason: Reason
    detail: str


@dataclass(frozen=True, slots=True)
class Notice:
    """One message to the operator: a source's state began or ended, or alerts to a channel are dead.

    Without a source and a channel it is our own network's.
    """

    id: int
    key: str
    organisation: str
    began: bool
    reason: Reason | DeadLetters
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
        return self.key or (f"channel {self.channel}" if self.channel else "the network")

    @property
    def mend(self) -> str:
        """What a person can do about it; empty where it has ended."""
        if not self.began:
            return ""
        if isinstance(self.reason, DeadLetters):
            return "alerts list --state dead shows them, alerts retry sends them again"
        return MENDS.get(self.reason, "") if self.key else "look at the connection of this machine"

    @property
    def stable_key(self) -> str:
        """By which a repetition can be recognised."""
        return f"notice-{self.id}"


@dataclass(frozen=True, slots=True)
class Ended:
    """What a poll's end says of a source that `before` was as the poll began."""

    before: Source
    reason: Reason
    detail: str
    at: datetime


# -- what there is to tell ---------------------------------------------------------------------------------------------


def change_of(before: Source, reason: Reason, detail: str = "") -> Change | None:
    """What there is to tell after a poll, or None. `reason` is the poll's. Pure.

    1. A fault is told when it stands at two polls in a row, one of the fleeting kind at three.
    2. Its end is told when two polls in a row found all well.
    3. While a fault lasts, another one is told when it stands at two polls and is of another kind.
    """
    told = before.told_reason
    if reason in OURS:
        return None
    if reason.healthy:
        return Change(False, told, detail) if told is not None and before.reason.healthy else None
    if before.reason.healthy:
        return None
    if told is None:
        stands = before.failures >= 2 if reason in FLEETING else before.reason not in OURS
        return Change(True, reason, detail) if stands else None
    return Change(True, reason, detail) if _kind(told) != _kind(reason) and reason is before.reason else None


def _kind(reason: Reason) -> Reason:
    return Reason.UNREACHABLE if reason in FLEETING else reason


def record(connection: Connection, ended: Sequence[Ended]) -> None:
    """Write the notices that these polls give rise to, after their sources' rows have been brought up to date."""
    for poll in ended:
        change = change_of(poll.before, poll.reason, poll.detail)
        if change is None:
            continue
        if change.began and change.reason in NETWORK and _network_is_down(connection, poll):
            continue
        if _of_the_day(connection, notices.c.source_id == poll.before.id, poll.at) < DAILY:
            _write(connection, poll.before, change, poll.at)
    answered = [poll.at for poll in ended if poll.reason not in NETWORK | OURS]
    if answered:
        _see_whether_the_network_is_back(connection, max(answered))


def _write(connection: Connection, source: Source, change: Change, at: datetime) -> None:
    gathering = min(GATHERING, timedelta(seconds=2 * source.spec.interval))
    _insert(connection, source.id, change, at, at + gathering)
    told = change.reason if change.began else None
    connection.execute(update(sources).where(sources.c.id == source.id).values(told_reason=told))


def _insert(connection: Connection, source_id: int | None, change: Change, at: datetime, due_at: datetime) -> None:
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


def _of_the_day(connection: Connection, whose: ColumnElement[bool], at: datetime) -> int:
    made = select(func.count()).select_from(notices).where(whose, notices.c.created_at > at - DAY)
    return connection.scalar(made) or 0


_OF_THE_NETWORK = and_(notices.c.source_id.is_(None), notices.c.channel_id.is_(None))


# -- our own network ---------------------------------------------------------------------------------------------------


def _network_is_down(connection: Connection, poll: Ended) -> bool:
    """Whether what the source suffers is ours: hardly any host has answered since it began. Told once, for all."""
    hosts = _hosts(connection, poll.before.reason_since or poll.at)
    failing = [host for host, answers in hosts.items() if not answers]
    if len(hosts) < LEAST_HOSTS or len(failing) < MOST * len(hosts):
        return False
    if _network_notice(connection) is None and _of_the_day(connection, _OF_THE_NETWORK, poll.at) < DAILY:
        detail = f"none of {len(failing)} sites could be reached, from {failing[0]} on"
        if len(failing) < len(hosts):
            detail = f"{len(failing)} of {len(hosts)} sites could not be reached, from {failing[0]} on"
        _insert(connection, None, Change(True, Reason.UNREACHABLE, detail), poll.at, poll.at)
    return True


def _see_whether_the_network_is_back(connection: Connection, at: datetime) -> None:
    began = _network_notice(connection)
    if began is None:
        return
    answering = sum(_hosts(connection, began.created_at).values())
    if answering >= LEAST_HOSTS:
        _insert(connection, None, Change(False, Reason.UNREACHABLE, f"{answering} sites have answered"), at, at)


def _network_notice(connection: Connection) -> Any:
    """The notice that our network is down, if that is what was told last."""
    newest = select(notices).where(_OF_THE_NETWORK).order_by(notices.c.id.desc()).limit(1)
    row = connection.execute(newest).first()
    return row if row is not None and row.began else None


def _hosts(connection: Connection, since: datetime) -> dict[str, bool]:
    """The hosts that were polled since then, and whether one of their sections answered."""
    polled = select(sources.c.address, sources.c.reason).where(sources.c.enabled, sources.c.last_poll_at >= since)
    hosts: dict[str, bool] = {}
    for row in connection.execute(polled.where(sources.c.reason.not_in(OURS)).order_by(sources.c.id)):
        host = urlsplit(row.address).hostname or ""
        hosts[host] = hosts.get(host, False) or row.reason not in NETWORK
    return hosts


# -- the operator ------------------------------------------------------------------------------------------------------


def set_operator(connection: Connection, channel: Channel | None, now: datetime) -> None:
    """Tell the operator through this channel from now on, instead of the one before; None: through none."""
    connection.execute(update(channels).values(operator_since=None))
    if channel is not None:
        connection.execute(update(channels).where(channels.c.id == channel.id).values(operator_since=now))


def operator(connection: Connection) -> Channel | None:
    """The channel through which the operator is told, or None."""
    row = connection.execute(select(channels).where(_operators())).first()
    return channel_of(connection, row) if row is not None else None


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
    connection.execute(update(channels).where(_operators()).values(reason=Reason.OK))


def not_sent(connection: Connection, carried: Sequence[Notice], why: str, retry_at: datetime) -> None:
    """Put notices back for another attempt."""
    ids = [notice.id for notice in carried]
    unsent = notices.c.id.in_(ids) & notices.c.sent_at.is_(None)
    connection.execute(update(notices).where(unsent).values(last_error=why, due_at=retry_at))
    connection.execute(update(channels).where(_operators()).values(reason=why))


def listing(connection: Connection, limit: int = 50) -> tuple[Notice, ...]:
    """Notices, the newest first, whether there is anybody to be told or not."""
    newest = select(notices.c.id).order_by(notices.c.id.desc()).limit(limit)
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
            reason=DeadLetters(row.reason) if row.channel_id else Reason(row.reason),
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
