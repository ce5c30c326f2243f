"""After the clock was wrong: alerts that it left with a time to come at which none of them can be due.

Nothing is lost by it, only late: an alert that was made while the clock was a day ahead would wait that day.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, and_, or_, select, update

from storage.leases import SKEW
from storage.outbox.due import WAITING
from storage.people.subscriptions import RHYTHM, rhythm_of
from storage.tables import alerts, channels, subscriptions
from storage.types import AlertState, Rhythm


def put_right(
    connection: Connection,
    now: datetime,
    *,
    leaves: Callable[[Rhythm], datetime],
    latest: Callable[[Rhythm], datetime],
    retried: datetime,
) -> int:
    """Give alerts a time that can be, where theirs cannot; return how many.

    That is so where they were made in the future, and where they wait longer than until `latest` of their rhythm or,
    after a failure, until `retried`. `leaves` says when an alert of a rhythm may leave that is made now. Channels do
    not rest beyond `retried`.
    """
    connection.execute(update(channels).where(channels.c.not_before > retried).values(not_before=None))
    unsent = and_(alerts.c.sent_at.is_(None), alerts.c.state.in_(WAITING), alerts.c.due_at > now)
    theirs = select(subscriptions.c.id, *(subscriptions.c[name] for name in RHYTHM))
    put = 0
    for row in connection.execute(theirs.where(subscriptions.c.id.in_(select(alerts.c.subscription_id).where(unsent)))):
        rhythm = rhythm_of(row)
        is_failed = alerts.c.state == AlertState.FAILED
        wrong = or_(
            alerts.c.created_at > now + SKEW,
            and_(~is_failed, alerts.c.due_at > latest(rhythm) + SKEW),
            and_(is_failed, alerts.c.due_at > max(latest(rhythm), retried) + SKEW),
        )
        of_it = alerts.c.subscription_id == row.id
        put += connection.execute(
            update(alerts).where(of_it, unsent, wrong, alerts.c.due_at > leaves(rhythm)).values(due_at=leaves(rhythm))
        ).rowcount
    return put
