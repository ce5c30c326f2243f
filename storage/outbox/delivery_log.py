"""Questions about what was sent: each delivery, what it carried, and what the other side said. `deliveries` sends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from storage.tables import channels, deliveries, delivery_alerts


@dataclass(frozen=True, slots=True)
class LoggedDelivery:
    """An attempt to send alerts to a channel. Without an end it is under way, or its process died meanwhile."""

    id: int
    channel_name: str
    started_at: datetime
    finished_at: datetime | None
    delivered: bool
    answer: str
    alert_ids: tuple[int, ...]


def listing(
    connection: Connection, owner: int, limit: int = 50, before: int | None = None
) -> tuple[LoggedDelivery, ...]:
    """The deliveries to the owner's channels, also those that are removed, the newest first.

    `before` is the id of one: only those begun before it.
    """
    wanted = (
        select(deliveries, channels.c.name.label("channel_name"))
        .join(channels, channels.c.id == deliveries.c.channel_id)
        .where(channels.c.owner_id == owner)
    )
    if before is not None:
        wanted = wanted.where(deliveries.c.id < before)
    return _logged(connection, wanted.order_by(deliveries.c.id.desc()).limit(limit))


def of_alert(connection: Connection, owner: int, alert_id: int) -> tuple[LoggedDelivery, ...]:
    """The deliveries that carried an alert of the owner's, the newest first."""
    wanted = (
        select(deliveries, channels.c.name.label("channel_name"))
        .join(channels, channels.c.id == deliveries.c.channel_id)
        .join(delivery_alerts, delivery_alerts.c.delivery_id == deliveries.c.id)
        .where(delivery_alerts.c.alert_id == alert_id, channels.c.owner_id == owner)
    )
    return _logged(connection, wanted.order_by(deliveries.c.id.desc()))


def _logged(connection: Connection, wanted: Select[Any]) -> tuple[LoggedDelivery, ...]:
    rows = connection.execute(wanted).all()
    carried = _carried(connection, [row.id for row in rows])
    return tuple(
        LoggedDelivery(
            row.id, row.channel_name, row.started_at, row.finished_at, row.delivered, row.answer, carried[row.id]
        )
        for row in rows
    )


def _carried(connection: Connection, delivery_ids: Collection[int]) -> defaultdict[int, tuple[int, ...]]:
    """The alerts of each delivery."""
    wanted = delivery_alerts.c.delivery_id.in_(list(delivery_ids))
    carried = defaultdict[int, tuple[int, ...]](tuple)
    for row in connection.execute(select(delivery_alerts).where(wanted).order_by(delivery_alerts.c.alert_id)):
        carried[row.delivery_id] += (row.alert_id,)
    return carried
