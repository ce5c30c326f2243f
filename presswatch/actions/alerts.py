"""What a person can do with alerts: see what was announced, what waits and what failed, and have it sent again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from storage.clock import now
from storage.database import Database
from storage.errors import NotFoundError
from storage.outbox import alerts, delivery_log
from storage.outbox.delivery_log import LoggedDelivery
from storage.types import Alert, AlertState


@dataclass(frozen=True, slots=True)
class ListedAlert:
    """An alert, and what the other side answered last; None where it has not answered yet."""

    alert: Alert
    last_answer: str | None

    @property
    def why(self) -> list[str]:
        """The words and names that were met."""
        return sorted({hit.name for hit in self.alert.hits})


async def listing(
    database: Database, owner: int, state: AlertState | None = None, limit: int = 50, before: int | None = None
) -> tuple[ListedAlert, ...]:
    """The owner's newest alerts, of one state or all; `before` is the id of one: only those made before it."""
    return await database.read_async(_listing, owner, state, limit, before)


def _listing(
    connection: Connection, owner: int, state: AlertState | None, limit: int, before: int | None
) -> tuple[ListedAlert, ...]:
    listed = alerts.listing(connection, owner, state=state, limit=limit, before=before)
    answers = alerts.last_answers(connection, [alert.id for alert in listed])
    return tuple(ListedAlert(alert, answers.get(alert.id)) for alert in listed)


async def counts(database: Database, owner: int) -> dict[str, int]:
    """How many of the owner's alerts are in each state."""
    return await database.read_async(alerts.count_by_state, owner)


async def attempts(database: Database, owner: int, number: int) -> tuple[LoggedDelivery, ...]:
    """Each attempt to send an alert of the owner's, the newest first; none of one that is not his."""
    return await database.read_async(delivery_log.of_alert, owner, number)


async def again(database: Database, owner: int, number: int) -> None:
    """Send an alert of the owner's now, also one that was sent: it may arrive twice, with the same key.

    Raises `NotFoundError` where there is none, its channel is gone, or it is being sent at this moment.
    """
    if not await database.write_async(alerts.send_again, owner, now(), number):
        mend = "look at the log: it may be on its way, or its channel is removed"
        raise NotFoundError("that cannot be sent again", mend=mend)


async def retry(database: Database, owner: int, numbers: Sequence[int] = ()) -> int:
    """Send these of the owner's failed or dead alerts again, all of them if none is named; return how many.

    Raises `NotFoundError` where none of those that are named is one.
    """
    revived = await database.write_async(alerts.retry, owner, now(), list(numbers) or None)
    if numbers and not revived:
        mend = "see them with: presswatch alerts list"
        raise NotFoundError("none of these alerts failed, or their channels are gone", mend=mend)
    return revived
