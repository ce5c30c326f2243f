"""Questions about how presswatch does, for programs that ask every few seconds, however long the history is.

Of the tables that only grow, what was counted before is not counted again: `Totals` says up to which row. Those that
are asked whole are as small as the number of sources, or have an index of just the rows that matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, func, select

from storage.tables import alerts, deliveries, items, sources, version_facts
from storage.types import AlertState


@dataclass(frozen=True, slots=True)
class Totals:
    """How many rows there are, and up to which id they were counted."""

    version_id: int = 0
    versions: int = 0
    statements: int = 0
    delivery_id: int = 0
    taken: int = 0
    """Deliveries that the other side took."""
    refused: int = 0
    """Deliveries that it did not take, or that a process left when it ended."""
    alert_id: int = 0
    alerts: int = 0


@dataclass(frozen=True, slots=True)
class Vitals:
    """How presswatch does now."""

    totals: Totals
    withdrawn: int
    """Statements whose address does not answer any more."""
    unsent: Mapping[AlertState, int]
    oldest_pending: timedelta | None
    """How long the oldest alert waits that is to be sent; None: none waits."""
    overdue: timedelta
    """How long the alert that has been due for longest is late; zero: none is."""
    sources: Mapping[str, int]
    """How many that are polled are in which state, by the word of its reason; `unread` were never polled."""
    last_poll: timedelta | None
    """How long ago a poll ended; None: none ever did."""

    @property
    def sent(self) -> int:
        """Alerts that were sent."""
        return self.totals.alerts - sum(self.unsent.values())


UNREAD = "unread"
"""The state of a source that was never polled."""


def look(connection: Connection, before: Totals, now: datetime) -> Vitals:
    """How presswatch does; `before` is what was counted the last time."""
    waiting = {
        AlertState(row.state): row
        for row in connection.execute(
            select(
                alerts.c.state,
                func.count().label("rows"),
                func.min(alerts.c.created_at).label("oldest"),
                func.min(alerts.c.due_at).label("due"),
            )
            .where(alerts.c.sent_at.is_(None))
            .group_by(alerts.c.state)
        )
    }
    live = [row for state, row in waiting.items() if state in (AlertState.PENDING, AlertState.FAILED)]
    withdrawn = select(func.count()).select_from(items).where(items.c.withdrawn_at.is_not(None))
    states, last_poll = _sources(connection)
    return Vitals(
        totals=_counted_on(connection, before),
        withdrawn=connection.scalar(withdrawn) or 0,
        unsent={state: row.rows for state, row in waiting.items()},
        oldest_pending=now - min(row.oldest for row in live) if live else None,
        overdue=max([now - row.due for row in live], default=timedelta()),
        sources=states,
        last_poll=now - last_poll if last_poll else None,
    )


def _sources(connection: Connection) -> tuple[dict[str, int], datetime | None]:
    """The states of the sources that are polled, and when the last poll ended."""
    polled = sources.c.enabled & sources.c.removed_at.is_(None)
    read = sources.c.last_poll_at.is_not(None)
    counted = select(sources.c.reason, read, func.count(), func.max(sources.c.last_poll_at)).where(polled)
    states: dict[str, int] = {}
    ended = []
    for reason, was_read, rows, last in connection.execute(counted.group_by(sources.c.reason, read)):
        state = reason if was_read else UNREAD
        states[state] = states.get(state, 0) + rows
        ended += [last] if last else []
    return states, max(ended, default=None)


def _counted_on(connection: Connection, before: Totals) -> Totals:
    """The totals, with what came since."""
    versions, statements, version_id = _after(
        connection, version_facts.c.id, before.version_id, version_facts.c.number == 1
    )
    # One that is under way may still be taken: it is counted when it is over, and those after it too.
    under_way = select(func.min(deliveries.c.id)).where(deliveries.c.finished_at.is_(None))
    tried, taken, delivery_id = _after(
        connection, deliveries.c.id, before.delivery_id, deliveries.c.delivered, connection.scalar(under_way)
    )
    made, _, alert_id = _after(connection, alerts.c.id, before.alert_id, alerts.c.id > 0)
    return Totals(
        version_id=version_id,
        versions=before.versions + versions,
        statements=before.statements + statements,
        delivery_id=delivery_id,
        taken=before.taken + taken,
        refused=before.refused + tried - taken,
        alert_id=alert_id,
        alerts=before.alerts + made,
    )


def _after(
    connection: Connection, id: ColumnElement[int], last: int, wanted: ColumnElement[bool], end: int | None = None
) -> tuple[int, int, int]:
    """How many rows there are after that id and before `end`, how many of them are wanted, and the last id of all."""
    counted = select(func.count(), func.count().filter(wanted), func.max(id)).where(id > last)
    rows, those, newest = connection.execute(counted if end is None else counted.where(id < end)).one()
    return rows, those, newest or last


def answers(connection: Connection) -> None:
    """Ask something that has an answer in any database of ours. What the connection raises, it raises."""
    connection.execute(select(sources.c.id).limit(1)).first()
