"""When many nodes do what one does for all, and where jobs wait."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from croniter import croniter  # type: ignore[import-untyped]

from scheduler.cluster import cron, queue_of
from scheduler.timetable import TIMETABLE, Where
from storage.types import EVERY_ROLE, NodeRole

BEGIN = datetime(2024, 11, 28, tzinfo=UTC)
ONCE = [row for row in TIMETABLE if row.where is Where.ONE]


@pytest.mark.parametrize("seconds", sorted({row.seconds for row in ONCE}))
def test_cron_has_the_timetable_s_seconds(seconds: float) -> None:
    times = croniter(cron(seconds), BEGIN)
    first, second, third = (times.get_next(float) for _ in range(3))
    assert (second - first, third - second) == (seconds, seconds)


def test_each_job_waits_where_a_node_looks_that_can_do_it() -> None:
    looked_at = {queue_of(EVERY_ROLE), *(queue_of(frozenset({role})) for role in NodeRole)}
    assert {queue_of(row.roles) for row in ONCE} <= looked_at
