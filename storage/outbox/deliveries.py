"""Questions about deliveries: the attempts to send what is in the outbox.

A delivery is written before anything is sent and finished after. Whoever dies in between leaves rows from which the
next process goes on, at the worst sending once more what was sent: a duplicate beats a miss. Such a repetition has the
same neighbours (`alerts.batch`), and so the same key.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, func, insert, or_, select, update

from storage.operator import dead_letters
from storage.outbox.alerts import load
from storage.outbox.due import is_due
from storage.people.channels import WELL, unwell
from storage.tables import (
    UTCDateTime,
    alerts,
    channels,
    deliveries,
    delivery_alerts,
    mentions,
)
from storage.types import Alert, AlertState


@dataclass(frozen=True, slots=True)
class Delivered:
    """A delivery that the other side took."""

    delivery_id: int
    alerts: Sequence[Alert]
    answer: str
    at: datetime
    mention_ids: Sequence[int] = ()
    """The mentions that it carried."""


@dataclass(frozen=True, slots=True)
class NotDelivered:
    """A delivery that failed."""

    delivery_id: int
    alerts: Sequence[Alert]
    answer: str
    at: datetime
    retry_at: datetime | None
    """When its alerts are tried again; None: they are dead."""
    spared: bool = False
    """The whole channel waits until then: it is the channel that fails, not the message."""


# As in `due`: each of these statements is built once.
_NOW: BindParameter[datetime] = bindparam("now", type_=UTCDateTime)
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_FINISH = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("a_delivery"))
    .values(finished_at=_NOW, delivered=bindparam("success"), answer=bindparam("an_answer"))
)
_CLAIM = (
    update(alerts)
    .where(alerts.c.id == bindparam("an_alert"), is_due(_NOW))
    .values(lease_owner=bindparam("token"), lease_until=bindparam("until", type_=UTCDateTime))
)
_JOIN = (
    update(alerts)
    .where(alerts.c.id == bindparam("an_alert"))
    .values(batch=func.coalesce(alerts.c.batch, bindparam("a_delivery")))
)
_SENT = (
    update(alerts)
    .where(alerts.c.id == bindparam("an_alert"))
    .values(
        state=AlertState.SENT, sent_at=_NOW, attempts=alerts.c.attempts + 1, last_error="",
        lease_owner=None, lease_until=None, batch=None,
    )
)  # fmt: skip
_WELL = update(channels).where(channels.c.id.in_(_IDS)).values(**WELL, failures=None, not_before=None)


def claim(
    connection: Connection, wanted: Mapping[str, Collection[int]], now: datetime, *, lease: timedelta
) -> dict[str, tuple[int, tuple[Alert, ...]]]:
    """Claim due alerts, by the token of the delivery that carries them; write the deliveries before anything is sent.

    Returns each delivery's id and alerts. Nobody else can claim them until the lease is over; what somebody else
    holds or has sent is left out, and a delivery without alerts too. The alerts of a delivery belong to one channel.
    """
    tokens = {alert_id: token for token, alert_ids in wanted.items() for alert_id in alert_ids}
    if not tokens:
        return {}
    leased = {"now": now, "until": now + lease}
    connection.execute(_CLAIM, [{"an_alert": alert_id, "token": token, **leased} for alert_id, token in tokens.items()])
    carried: dict[str, list[Alert]] = {}
    for alert in load(connection, alerts.c.lease_owner.in_(list(wanted))):
        carried.setdefault(tokens[alert.id], []).append(alert)
    ids = _begin(connection, carried, now)
    return {token: (ids[token], tuple(mine)) for token, mine in carried.items()}


def _begin(connection: Connection, carried: Mapping[str, Sequence[Alert]], now: datetime) -> dict[str, int]:
    """Write the deliveries that carry these alerts; return their ids."""
    if not carried:
        return {}
    begun = {"started_at": now, "delivered": False, "answer": ""}
    rows = [{"channel_id": mine[0].channel.id, "token": token, **begun} for token, mine in carried.items()]
    connection.execute(insert(deliveries), rows)
    written = select(deliveries.c.token, deliveries.c.id).where(deliveries.c.token.in_(list(carried)))
    ids = {row.token: row.id for row in connection.execute(written)}
    pairs = [(ids[token], alert.id) for token, mine in carried.items() for alert in mine]
    connection.execute(_JOIN, [{"a_delivery": delivery_id, "an_alert": alert_id} for delivery_id, alert_id in pairs])
    connection.execute(
        insert(delivery_alerts), [{"delivery_id": delivery_id, "alert_id": alert_id} for delivery_id, alert_id in pairs]
    )
    return ids


def renew(connection: Connection, tokens: Collection[str], until: datetime) -> int:
    """Hold on to what is being sent under these leases; return how many alerts that are."""
    held = alerts.c.lease_owner.in_(list(tokens)) & alerts.c.sent_at.is_(None)
    return connection.execute(update(alerts).where(held).values(lease_until=until)).rowcount


def delivered(connection: Connection, taken: Sequence[Delivered]) -> None:
    """Mark alerts as sent, after they were. Whoever holds the lease by then, they were sent."""
    if not taken:
        return
    connection.execute(_SENT, [{"an_alert": alert.id, "now": one.at} for one in taken for alert in one.alerts])
    told = [{"a_mention": mention_id, "now": one.at} for one in taken for mention_id in one.mention_ids]
    if told:
        connection.execute(update(mentions).where(mentions.c.id == bindparam("a_mention")).values(told_at=_NOW), told)
    _finish(connection, taken)
    connection.execute(_WELL, {"ids": [one.alerts[0].channel.id for one in taken]})


def not_delivered(connection: Connection, failed: Sequence[NotDelivered]) -> None:
    """Put alerts back for another attempt, or declare them dead."""
    for one in failed:
        _put_back(connection, one)
        if one.retry_at is None:
            dead_letters.record(connection, one.alerts[0].channel.id, len(one.alerts), one.answer, one.at)
        health: dict[str, Any] = unwell(one.answer)
        if one.spared:
            health |= {"not_before": one.retry_at, "failures": func.coalesce(channels.c.failures, 0) + 1}
        connection.execute(update(channels).where(channels.c.id == one.alerts[0].channel.id).values(**health))
    _finish(connection, failed)


def _put_back(connection: Connection, failed: NotDelivered) -> None:
    mine = select(deliveries.c.token).where(deliveries.c.id == failed.delivery_id).scalar_subquery()
    connection.execute(
        update(alerts)
        .where(alerts.c.id.in_([alert.id for alert in failed.alerts]), alerts.c.sent_at.is_(None))
        .where(or_(alerts.c.lease_owner.is_(None), alerts.c.lease_owner == mine))
        .values(
            state=AlertState.DEAD if failed.retry_at is None else AlertState.FAILED,
            attempts=alerts.c.attempts + 1,
            due_at=failed.retry_at or failed.at,
            last_error=failed.answer,
            lease_owner=None,
            lease_until=None,
            batch=None,
        )
    )


def _finish(connection: Connection, finished: Sequence[Delivered] | Sequence[NotDelivered]) -> None:
    rows = [
        {"a_delivery": one.delivery_id, "now": one.at, "success": isinstance(one, Delivered), "an_answer": one.answer}
        for one in finished
    ]
    if rows:
        connection.execute(_FINISH, rows)


def release_interrupted(connection: Connection, dead_owners: Iterable[str]) -> int:
    """Free the alerts that processes held which are gone; return how many. They are sent again, with the same key."""
    freed = 0
    for owner in dead_owners:
        held = alerts.c.lease_owner.startswith(owner, autoescape=True)
        freed += connection.execute(update(alerts).where(held).values(lease_owner=None, lease_until=None)).rowcount
    return freed


def close_interrupted(connection: Connection, now: datetime) -> int:
    """Finish the deliveries whose process died while sending; return how many. What they carried is sent again."""
    held = select(alerts.c.lease_owner).where(
        alerts.c.sent_at.is_(None), alerts.c.lease_owner.is_not(None), alerts.c.lease_until >= now
    )
    return connection.execute(
        update(deliveries)
        .where(deliveries.c.finished_at.is_(None), deliveries.c.token.not_in(held))
        .values(finished_at=now, answer="the process ended while sending")
    ).rowcount


def open_tokens(connection: Connection) -> tuple[str, ...]:
    """The leases under which alerts are being sent."""
    held = select(alerts.c.lease_owner).where(alerts.c.sent_at.is_(None), alerts.c.lease_owner.is_not(None))
    return tuple(token for token in connection.scalars(held.distinct()) if token)
