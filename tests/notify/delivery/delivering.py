"""Helpers of the delivery's tests: statements come, are matched and delivered, and time passes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, update

from notify.delivery.dispatch import Dispatch
from storage.clock import now
from storage.database import Database
from storage.events import Event
from storage.outbox import alerts as outbox
from storage.tables import alerts as alerts_table
from storage.tables import channels as channels_table
from storage.tables import notices as notices_table
from storage.types import SOLE_OWNER, AlertState, Source
from tests.storage.examples import draft, store


def publish(database: Database, source: Source, *numbers: int, **values: Any) -> None:
    store(database, *(draft(source, number, **values) for number in numbers), now=now())


async def match_and_deliver(dispatch: Dispatch) -> int:
    made = await dispatch.match_new()
    await dispatch.deliver_due()
    await dispatch.settled()
    return made


def come_due(database: Database) -> None:
    """Let the time pass until what has failed is to be tried again."""
    past = now() - timedelta(seconds=1)

    def move(connection: Connection) -> None:
        connection.execute(update(alerts_table).values(due_at=past))
        connection.execute(update(channels_table).values(not_before=past))
        connection.execute(update(notices_table).values(due_at=past))

    database.write(move)


def states(database: Database) -> dict[str, AlertState]:
    return {alert.version.title: alert.state for alert in database.read(outbox.listing, SOLE_OWNER)}


def keys(database: Database) -> set[str]:
    return {alert.key for alert in database.read(outbox.listing, SOLE_OWNER)}


def of_kind(told: list[Event], kind: type[Event]) -> list[Event]:
    return [event for event in told if isinstance(event, kind)]
