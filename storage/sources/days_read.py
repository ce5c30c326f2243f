"""The days on which a source was read: where it was not, nothing can be said of what it published.

Polls are kept for thirty days, and there are many. Their ids ascend with time: some of them, evenly spread, tell
roughly where each day begins, and the index over sources and ids finds the first poll of a day that was read. Clocks
are set and processes overlap: polls an hour around are looked at, and asked for their time.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from sqlalchemy import Connection, Exists, func, select

from storage.tables import polls, sources
from storage.types import Reason

_MARGIN = timedelta(hours=1)
_MARKS = 500
"""Polls whose times are asked for to find the beginnings of days."""
_READ = tuple(reason for reason in Reason if reason.readable)


def days_read(
    connection: Connection, source_ids: Sequence[int], begins: Sequence[datetime]
) -> dict[int, tuple[bool, ...]]:
    """By source, whether a poll that ended on each day could read it. `begins` are the days' beginnings, and the end
    of the last one."""
    marks = _marks(connection)
    if not source_ids or not marks:
        return dict.fromkeys(source_ids, (False,) * (len(begins) - 1))
    read = [_read(start, end, *_between(marks, start, end)) for start, end in pairwise(begins)]
    rows = connection.execute(select(sources.c.id, *read).where(sources.c.id.in_(source_ids)))
    return {row[0]: tuple(map(bool, row[1:])) for row in rows}


def _marks(connection: Connection) -> list[tuple[int, datetime]]:
    """Some polls, evenly spread over all, the first and the last among them, and when they began."""
    first, last = connection.execute(select(func.min(polls.c.id), func.max(polls.c.id))).one()
    if first is None:
        return []
    numbers = *range(first, last, max(1, (last - first) // _MARKS)), last
    rows = connection.execute(
        select(polls.c.id, polls.c.started_at).where(polls.c.id.in_(numbers)).order_by(polls.c.id)
    )
    return [(row.id, row.started_at) for row in rows]


def _between(marks: Sequence[tuple[int, datetime]], start: datetime, end: datetime) -> tuple[int, int]:
    """Ids between which all polls of a period are."""
    times = [at for _, at in marks]
    before, after = bisect_left(times, start - _MARGIN) - 1, bisect_right(times, end + _MARGIN)
    return marks[max(before, 0)][0], marks[min(after, len(marks) - 1)][0]


def _read(start: datetime, end: datetime, first: int, last: int) -> Exists:
    """Whether a poll of the source, of those between these ids, read it then."""
    then = (polls.c.ended_at >= start) & (polls.c.ended_at < end)
    return (
        select(polls.c.id)
        .where(polls.c.source_id == sources.c.id, polls.c.id.between(first, last), then, polls.c.reason.in_(_READ))
        .correlate(sources)
        .exists()
    )
