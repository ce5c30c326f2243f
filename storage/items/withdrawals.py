"""A statement is withdrawn in two stages: suspected when its page says so, confirmed when it has said so for a day.

    published -> suspected -> withdrawn -> restored
                     -> restored, where it was a passing fault

Sites fail in ways that look like a withdrawal. It is confirmed after `READINGS` readings over the whole period, and
only while another statement of the same section, of the same time, still stands at its address: a site that is down,
blocks us or was built anew confirms nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, func, insert, select, update

from storage.items.items import get_many
from storage.tables import item_states, items
from storage.types import Item, Reason

READINGS = 3
"""So many times at least it must have been found gone."""

DAY = timedelta(days=1)
"""For so long it must have been gone."""

GIVEN_UP = timedelta(days=60)
"""So long a suspected or withdrawn statement is looked for; its listing is looked at for ever."""


class ItemState(StrEnum):
    """What was found at a statement's address."""

    SUSPECTED = "suspected"
    """Once more its page said that it is gone."""
    WITHDRAWN = "withdrawn"
    RESTORED = "restored"


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of whether a statement stands at its address."""

    suspected_at: datetime | None = None
    withdrawn_at: datetime | None = None
    readings: int = 0
    """How often it has been found gone since it was suspected."""


@dataclass(frozen=True, slots=True)
class StateChange:
    """A row of a statement's history."""

    state: ItemState
    reason: str
    at: datetime


def after_reading(known: Standing, gone: bool, at: datetime) -> Standing:
    """What is known after one more reading. Confirming is another step: `may_be_confirmed`. Pure."""
    if not gone:
        return Standing()
    if known.withdrawn_at is not None:
        return known
    return Standing(known.suspected_at or at, None, known.readings + 1)


def may_be_confirmed(known: Standing, at: datetime, period: timedelta) -> bool:
    """Whether it has been gone for long enough, so that it is withdrawn if its neighbours still stand. Pure."""
    if known.withdrawn_at is not None or known.suspected_at is None:
        return False
    return known.readings >= READINGS and at - known.suspected_at >= period


def next_look(known: Standing, at: datetime, period: timedelta) -> datetime | None:
    """When a statement that seems gone is looked for again; None where it has been gone for very long. Pure.

    Three times in the period, then after gaps as long as it has been gone.
    """
    since = known.withdrawn_at or known.suspected_at
    assert since is not None
    gone_for = at - since
    return None if gone_for > GIVEN_UP else at + max(period / READINGS, gone_for)


def standing(connection: Connection, item_id: int) -> Standing:
    """What is known of a statement."""
    row = connection.execute(select(items.c.suspected_at, items.c.withdrawn_at).where(items.c.id == item_id)).one()
    if row.suspected_at is None:
        return Standing(None, row.withdrawn_at)
    readings = select(func.count()).where(item_states.c.item_id == item_id, item_states.c.at >= row.suspected_at)
    return Standing(row.suspected_at, row.withdrawn_at, connection.scalar(readings) or 0)


def note(
    connection: Connection, item_id: int, before: Standing, after: Standing, reason: Reason, at: datetime
) -> ItemState | None:
    """Write what a reading showed; return the state that it began or went on, if any.

    What came back without having been withdrawn tells nobody: nobody was told that it was gone.
    """
    state = _state(before, after)
    values = {"suspected_at": after.suspected_at, "withdrawn_at": after.withdrawn_at}
    connection.execute(update(items).where(items.c.id == item_id).values(values))
    if state is not None:
        is_told = state is ItemState.WITHDRAWN or (state is ItemState.RESTORED and before.withdrawn_at is not None)
        connection.execute(
            insert(item_states).values(
                item_id=item_id, state=state, reason=reason, at=at, told_at=None if is_told else at
            )
        )
    return state


def _state(before: Standing, after: Standing) -> ItemState | None:
    if after.withdrawn_at is not None:
        return None if before.withdrawn_at is not None else ItemState.WITHDRAWN
    if after.suspected_at is not None:
        return ItemState.SUSPECTED
    return None if before == Standing() else ItemState.RESTORED


def history(connection: Connection, item_id: int) -> tuple[StateChange, ...]:
    """What was found at a statement's address, the oldest first."""
    rows = connection.execute(select(item_states).where(item_states.c.item_id == item_id).order_by(item_states.c.id))
    return tuple(StateChange(ItemState(row.state), row.reason, row.at) for row in rows)


def neighbours(connection: Connection, item_id: int, most: int = 3) -> tuple[Item, ...]:
    """The statements of the same section that were first seen next to this one and seem to stand, the nearest first."""
    source_id = select(items.c.source_id).where(items.c.id == item_id).scalar_subquery()
    stands = items.c.suspected_at.is_(None) & items.c.withdrawn_at.is_(None)
    beside = select(items.c.id).where(items.c.source_id == source_id, stands).limit(most)
    before = beside.where(items.c.id < item_id).order_by(items.c.id.desc())
    after = beside.where(items.c.id > item_id).order_by(items.c.id)
    ids = [*connection.scalars(before), *connection.scalars(after)]
    return get_many(connection, sorted(ids, key=lambda one: abs(one - item_id))[:most])
