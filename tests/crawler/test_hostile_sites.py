"""Sites that answer as no site should, beside healthy ones in one real crawl: each poll ends, and says why.

By hand and by seed; with `--full` ten thousand by seed. `./run bench hostile` measures what they cost.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence

import pytest

from storage.database import Database
from storage.events import PollEnded
from storage.types import Reason
from tests.crawler.faulty import Site, sites_elsewhere
from tests.hostile import crawl as hostile
from tests.hostile.answer import STATEMENTS, Row, healthy
from tests.hostile.generated import generated, generated_sites
from tests.hostile.table import HAND_MADE, sites_of

pytestmark = pytest.mark.slow
of_one_loop = pytest.mark.asyncio(loop_scope="session")  # Twisted has one reactor, and it has one loop

TIMEOUT = 8.0
"""Seconds until a download is given up; thirty in earnest."""
HEALTHY = 10
GENERATED = 200
ALL_GENERATED = 10_000
AT_ONCE = 500
"""Sites of one run. All of a run are due in the same second."""

FOREIGN = re.compile(r"Traceback|twisted|builtins\.|object at 0x|failure\.Failure|<class")
"""What no detail says to a person."""


def healthy_sites() -> list[Site]:
    return [Site(healthy)] * HEALTHY


async def polled(
    database: Database,
    rows: dict[str, Row],
    make: Callable[..., Sequence[Site]],
    *args: object,
    first: int = 0,
    again: bool = False,
) -> list[str]:
    """Poll the hostile sites, the `first` of this number, beside healthy ones; return what was wrong, in words.

    With `again` they are polled twice, as what the first answer said comes back in the second request, and their
    statements are read again.
    """
    keys = {f"hostile/{number}": name for number, name in enumerate(rows, first)}
    well = [f"well/{number}" for number in range(first, first + HEALTHY)]
    async with hostile.crawling(database, TIMEOUT) as (crawl, told):
        with (
            sites_elsewhere(make, *args, first=first) as (bad, _),
            sites_elsewhere(healthy_sites, first=20_000 + first) as (good, _),
        ):
            hostile.watch(database, dict(zip((*keys, *well), (*bad, *good), strict=True)))
            async with asyncio.timeout(hostile.LONGEST):
                await hostile.poll_all(crawl, told, [*keys, *well])
                if again:
                    before = dict(told.ended)
                    told.ended.clear()
                    hostile.due_again(database)
                    await hostile.poll_all(crawl, told, [*keys, *well])
                    assert await hostile.revisit_all(crawl) > 0
                    told.ended = {key: _of_both(before[key], poll) for key, poll in told.ended.items()}
    stored = hostile.stored(database)
    wrong = [f"a mistake of ours: {one}" for one in told.mistakes] + [f"logged: {one}" for one in told.logged]
    for key, name in keys.items():
        poll, row = told.ended[key], rows[name]
        if poll.reason not in row.reasons:
            wrong.append(f"{name}: {poll.reason}, {poll.detail}")
        if not poll.reason.healthy and not poll.detail:
            wrong.append(f"{name}: {poll.reason}, and it is not said what happened")
        if FOREIGN.search(poll.detail):
            wrong.append(f"{name}: foreign words: {poll.detail}")
        if row.stored is not None and stored.get(key, 0) != row.stored:
            wrong.append(f"{name}: {stored.get(key, 0)} statements stored, not {row.stored}")
    wrong += [f"{key}: {told.ended[key]}" for key in well if told.ended[key].reason is not Reason.OK]
    return wrong + [f"{key}: {stored.get(key)} stored" for key in well if stored.get(key) != STATEMENTS]


def _of_both(first: PollEnded, second: PollEnded) -> PollEnded:
    """The second poll, or the first where the second is as it has to be: the host asked for time, say."""
    return first if second.reason in (Reason.UNCHANGED, Reason.SILENT, Reason.THROTTLED, first.reason) else second


@of_one_loop
@pytest.mark.timeout(3600)
async def test_each_site_made_by_hand_has_its_reason_and_takes_no_neighbour_along(
    database: Database, pytestconfig: pytest.Config, capfd: pytest.CaptureFixture[str]
) -> None:
    assert len(HAND_MADE) >= 300
    again = bool(pytestconfig.getoption("--full"))
    assert await polled(database, HAND_MADE, sites_of, list(HAND_MADE), again=again) == []
    assert "Traceback" not in capfd.readouterr().err


@of_one_loop
@pytest.mark.timeout(3 * 3600)  # with --full
async def test_sites_made_by_a_seed_have_reasons_and_take_no_neighbour_along(
    database: Database, pytestconfig: pytest.Config, capfd: pytest.CaptureFixture[str]
) -> None:
    count = ALL_GENERATED if pytestconfig.getoption("--full") else GENERATED
    for first in range(0, count, AT_ONCE):
        size = min(AT_ONCE, count - first)
        rows = {f"number {number}": generated(number) for number in range(first, first + size)}
        assert await polled(database, rows, generated_sites, first, size, first=first) == []
    assert "Traceback" not in capfd.readouterr().err


def test_the_same_number_makes_the_same_site() -> None:
    assert [generated(number) for number in range(300)] == [generated(number) for number in range(300)]
    assert len({repr(generated(number).pages) for number in range(300)}) > 250, "and another number another one"
