"""Which polls of a source the operator is told of: a fault that stands, and its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, update

from storage.operator.notices import DAILY, GATHERING, OURS, HealthChange, add, number_of_the_day
from storage.operator.own_network import NETWORK, network_is_down, see_whether_the_network_is_back
from storage.tables import notices, sources
from storage.types import Reason, Source

FLEETING = frozenset({Reason.UNREACHABLE, Reason.TIMEOUT, Reason.SERVER_ERROR, Reason.THROTTLED})
"""What often passes by itself, and comes in turns while a site is in trouble: told from the third poll on, as one."""


@dataclass(frozen=True, slots=True)
class PollEnd:
    """What a poll's end says of a source that `before` was as the poll began."""

    before: Source
    reason: Reason
    detail: str
    at: datetime


def health_change(before: Source, reason: Reason, detail: str = "") -> HealthChange | None:
    """What there is to tell after a poll, or None. `reason` is the poll's. Pure.

    1. A fault is told when it stands at two polls in a row, one of the fleeting kind at three.
    2. Its end is told when two polls in a row found all well.
    3. While a fault lasts, another one is told when it stands at two polls and is of another kind.
    """
    told = before.told_reason
    if reason in OURS:
        return None
    if reason.healthy:
        return HealthChange(False, told, detail) if told is not None and before.reason.healthy else None
    if before.reason.healthy:
        return None
    if told is None:
        stands = before.failures >= 2 if reason in FLEETING else before.reason not in OURS
        return HealthChange(True, reason, detail) if stands else None
    return HealthChange(True, reason, detail) if _kind(told) != _kind(reason) and reason is before.reason else None


def _kind(reason: Reason) -> Reason:
    return Reason.UNREACHABLE if reason in FLEETING else reason


def record(connection: Connection, ended: Sequence[PollEnd]) -> None:
    """Write the notices that these polls give rise to, after their sources' rows have been brought up to date."""
    for poll in ended:
        change = health_change(poll.before, poll.reason, poll.detail)
        if change is None:
            continue
        if (
            change.began
            and change.reason in NETWORK
            and network_is_down(connection, poll.before.reason_since or poll.at, poll.at)
        ):
            continue
        if number_of_the_day(connection, notices.c.source_id == poll.before.id, poll.at) < DAILY:
            _write(connection, poll.before, change, poll.at)
    answered = [poll.at for poll in ended if poll.reason not in NETWORK | OURS]
    if answered:
        see_whether_the_network_is_back(connection, max(answered))


def _write(connection: Connection, source: Source, change: HealthChange, at: datetime) -> None:
    gathering = min(GATHERING, timedelta(seconds=2 * source.spec.interval))
    add(connection, source.id, change, at, at + gathering)
    told = change.reason if change.began else None
    connection.execute(update(sources).where(sources.c.id == source.id).values(told_reason=told))
