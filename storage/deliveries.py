"""Questions about deliveries: the attempts to send what is in the outbox.

A delivery is written before anything is sent and finished after. Whoever dies in between leaves rows from which the
next process goes on, at the worst sending once more what was sent: a duplicate beats a miss. Such a repetition has the
same neighbours (`alerts.batch`), and so the same key.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, insert, or_, select, update

from storage.alerts import is_due, load
from storage.tables import alerts, channels, deliveries, delivery_alerts, items, matches, mentions, sources, versions
from storage.types import Alert, AlertState, Mention, Reason


def claim(
    connection: Connection, channel_id: int, alert_ids: Sequence[int], token: str, now: datetime, *, lease: timedelta
) -> tuple[int, tuple[Alert, ...]]:
    """Claim due alerts of a channel for one delivery; write the delivery before anything is sent.

    Returns the delivery's id and the alerts. Nobody else can claim them until the lease is over; no alerts, no
    delivery and the id 0.
    """
    claimed = connection.execute(
        update(alerts)
        .where(alerts.c.id.in_(list(alert_ids)), alerts.c.channel_id == channel_id, is_due(now))
        .values(lease_owner=token, lease_until=now + lease)
    )
    if not claimed.rowcount:
        return 0, ()
    delivery_id = connection.execute(
        insert(deliveries)
        .values(channel_id=channel_id, token=token, started_at=now, delivered=False, answer="")
        .returning(deliveries.c.id)
    ).scalar_one()
    mine = alerts.c.lease_owner == token
    connection.execute(update(alerts).where(mine).values(batch=func.coalesce(alerts.c.batch, delivery_id)))
    loaded = load(connection, mine)
    connection.execute(
        insert(delivery_alerts), [{"delivery_id": delivery_id, "alert_id": alert.id} for alert in loaded]
    )
    return delivery_id, loaded


def renew(connection: Connection, tokens: Collection[str], until: datetime) -> int:
    """Hold on to what is being sent under these leases; return how many alerts that are."""
    held = alerts.c.lease_owner.in_(list(tokens)) & alerts.c.sent_at.is_(None)
    return connection.execute(update(alerts).where(held).values(lease_until=until)).rowcount


def delivered(
    connection: Connection,
    delivery_id: int,
    sent: Sequence[Alert],
    answer: str,
    now: datetime,
    mention_ids: Sequence[int] = (),
) -> None:
    """Mark alerts as sent, after they were. Whoever holds the lease by then, they were sent."""
    connection.execute(
        update(alerts)
        .where(alerts.c.id.in_([alert.id for alert in sent]))
        .values(
            state=AlertState.SENT,
            sent_at=now,
            attempts=alerts.c.attempts + 1,
            last_error="",
            lease_owner=None,
            lease_until=None,
            batch=None,
        )
    )
    if mention_ids:
        connection.execute(update(mentions).where(mentions.c.id.in_(list(mention_ids))).values(told_at=now))
    _finish(connection, delivery_id, True, answer, now)
    well = {"reason": Reason.OK, "failures": None, "not_before": None}
    connection.execute(update(channels).where(channels.c.id == sent[0].channel.id).values(**well))


def not_delivered(
    connection: Connection,
    delivery_id: int,
    failed: Sequence[Alert],
    answer: str,
    now: datetime,
    retry_at: datetime | None,
    *,
    spared: bool = False,
) -> None:
    """Put alerts back for another attempt at `retry_at`, or declare them dead.

    With `spared` the whole channel waits until then: it is the channel that fails, not the message.
    """
    mine = select(deliveries.c.token).where(deliveries.c.id == delivery_id).scalar_subquery()
    connection.execute(
        update(alerts)
        .where(alerts.c.id.in_([alert.id for alert in failed]), alerts.c.sent_at.is_(None))
        .where(or_(alerts.c.lease_owner.is_(None), alerts.c.lease_owner == mine))
        .values(
            state=AlertState.DEAD if retry_at is None else AlertState.FAILED,
            attempts=alerts.c.attempts + 1,
            due_at=retry_at or now,
            last_error=answer,
            lease_owner=None,
            lease_until=None,
            batch=None,
        )
    )
    _finish(connection, delivery_id, False, answer, now)
    health: dict[str, Any] = {"reason": answer}
    if spared:
        health |= {"not_before": retry_at, "failures": func.coalesce(channels.c.failures, 0) + 1}
    connection.execute(update(channels).where(channels.c.id == failed[0].channel.id).values(**health))


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


def untold(connection: Connection, channel_id: int, alert_ids: Collection[int], limit: int = 50) -> tuple[Mention, ...]:
    """The mentions that a message with these alerts can carry: those of its own stories and of those sent before."""
    announced, told = versions.alias("announced"), matches.alias("told")
    rows = connection.execute(
        select(mentions.c.id, mentions.c.alert_id, versions.c.title, versions.c.language, sources.c.organisation,
               sources.c.name, items.c.address, announced.c.title.label("of"))
        .join(alerts, alerts.c.id == mentions.c.alert_id)
        .join(told, told.c.id == alerts.c.match_id)
        .join(announced, announced.c.id == told.c.version_id)
        .join(versions, versions.c.id == mentions.c.version_id)
        .join(items, items.c.id == versions.c.item_id)
        .join(sources, sources.c.id == items.c.source_id)
        .where(mentions.c.told_at.is_(None), alerts.c.channel_id == channel_id)
        .where(or_(alerts.c.sent_at.is_not(None), alerts.c.id.in_(list(alert_ids))))
        .order_by(mentions.c.id)
        .limit(limit)
    )  # fmt: skip
    return tuple(
        Mention(
            id=row.id, alert_id=row.alert_id, title=row.title, language=row.language,
            organisation=row.organisation or row.name, address=row.address, of=row.of,
        )
        for row in rows
    )  # fmt: skip


def _finish(connection: Connection, delivery_id: int, success: bool, answer: str, now: datetime) -> None:
    connection.execute(
        update(deliveries)
        .where(deliveries.c.id == delivery_id)
        .values(finished_at=now, delivered=success, answer=answer)
    )
