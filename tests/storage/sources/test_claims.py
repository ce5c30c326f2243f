"""Claims over many sources: spread over hosts, held by who polls, and as dear as what is due."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, select, update

from storage.database import Database
from storage.items import revisits
from storage.leases import SOURCE_LEASE
from storage.sources import polls, sources
from storage.sources.polls import Poll
from storage.tables import items
from storage.tables import polls as poll_rows
from storage.tables import sources as source_rows
from storage.types import Reason, Source
from tests.storage.examples import HOUR, NOW, draft, poll_result, polling, spec, store, watched


def on(database: Database, host: str, count: int) -> list[Source]:
    """So many sections of a host."""
    specs = [spec(f"{host}/{number}", address=f"https://{host}.example/{number}/") for number in range(count)]
    return [database.write(sources.add, one, alert_first=False, now=NOW) for one in specs]


def claim(database: Database, limit: int, *under_way: Source, owner: str = "host/1/a") -> list[str]:
    claimed = database.claim(polls.claim_due, owner, NOW, limit=limit, per_host=2, under_way=under_way)
    return sorted(poll.source.key for poll in claimed)


def test_sources_that_come_host_by_host_are_claimed_over_all_hosts(database: Database) -> None:
    for host in ("a", "b", "c"):
        on(database, host, 10)
    assert claim(database, 64) == ["a/0", "a/1", "b/0", "b/1", "c/0", "c/1"]


def test_a_host_gets_no_more_turns_while_its_polls_are_under_way(database: Database) -> None:
    [first, second, *_] = on(database, "a", 10)
    on(database, "b", 1)
    assert claim(database, 64, first) == ["a/1", "b/0"]
    assert claim(database, 64, first, second) == []


def test_behind_a_host_with_more_sections_than_are_read_at_a_time_others_get_their_turn(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polls, "CLAIMS_READ", 5)
    on(database, "a", 30)
    on(database, "b", 1)
    assert claim(database, 3) == ["a/0", "a/1", "b/0"]


def test_no_more_are_claimed_than_there_are_places(database: Database) -> None:
    for number in range(10):
        on(database, f"h{number}", 2)
    assert len(claim(database, 7)) == 7


def test_what_is_polled_here_is_not_claimed_anew_after_its_lease(database: Database) -> None:
    [source] = on(database, "a", 1)
    polling(database, source)
    later = NOW + 2 * SOURCE_LEASE
    assert database.claim(polls.claim_due, "host/1/a", later, limit=9, keys=[source.key], under_way=[source]) == ()
    assert len(database.claim(polls.claim_due, "host/2/b", later, limit=9, keys=[source.key])) == 1


def taken_over(database: Database) -> tuple[Poll, Poll]:
    """A poll whose process stood still, and that of the process that has the source by now."""
    [source] = on(database, "a", 1)
    before = polling(database, source, "host/1/a")
    return before, polling(database, source, "host/2/b", now=NOW + 2 * SOURCE_LEASE)


def test_who_stood_still_learns_what_it_lost(database: Database) -> None:
    before, _ = taken_over(database)
    [mine] = on(database, "b", 1)
    polling(database, mine, "host/1/a")
    ids = [before.source.id, mine.id]
    assert database.write(polls.renew, "host/1/a", ids, NOW + 2 * SOURCE_LEASE) == {mine.id}


def lease(database: Database) -> str | None:
    return database.read(lambda connection: connection.scalar(select(source_rows.c.lease_owner)))


def test_a_poll_that_lost_its_source_ends_without_touching_it(database: Database) -> None:
    before, after = taken_over(database)
    database.write(polls.end_polls, [poll_result(before, Reason.TIMEOUT, at=NOW + 3 * SOURCE_LEASE)])
    assert (lease(database), database.read(sources.get, "a/0").reason) == ("host/2/b", Reason.OK)
    database.write(polls.end_polls, [poll_result(after, Reason.GONE, at=NOW + 3 * SOURCE_LEASE)])
    assert (lease(database), database.read(sources.get, "a/0").reason) == (None, Reason.GONE)


def test_a_poll_that_is_abandoned_is_a_row_with_the_reason(database: Database) -> None:
    before, _ = taken_over(database)
    database.write(polls.abandon, before.id, NOW + HOUR)
    mine = select(poll_rows).where(poll_rows.c.id == before.id)
    row = database.read(lambda connection: connection.execute(mine).one())
    assert (row.reason, row.ended_at) == (Reason.INTERRUPTED, NOW + HOUR)
    assert lease(database) == "host/2/b"


# -- what a tick costs --------------------------------------------------------------------------------------------


def cost(database: Database) -> int:
    """Steps of the database's machine, in tens, that a tick takes in which nothing is due."""
    steps = [0]

    def count() -> int:
        steps[0] += 1
        return 0

    def tick(connection: Connection) -> None:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.set_progress_handler(count, 10)
        assert revisits.due(connection, NOW) == ()
        assert polls.claim_due(connection, "host/1/a", NOW - HOUR, limit=64, per_host=2) == ()
        driver.set_progress_handler(None, 0)

    database.write(tick)
    return steps[0]


@pytest.mark.sqlite
def test_a_tick_costs_the_same_however_many_sources_there_are(database: Database) -> None:
    few = on(database, "a", 20)
    store(database, *(draft(few[0], number) for number in range(20)))
    later = {"next_revisit_at": NOW + HOUR}
    database.write(lambda connection: connection.execute(update(items).values(later)))
    before = cost(database)
    many = [spec(f"m/{number}", address=f"https://m.example/{number}") for number in range(2_000)]
    database.write(sources.sync_catalogue, many, NOW)
    database.write(sources.set_many_enabled, [one.key for one in many], True, NOW)
    for start in range(20, 620, 50):
        store(database, *(draft(few[1], number) for number in range(start, start + 50)))
    database.write(lambda connection: connection.execute(update(items).values(later)))
    assert cost(database) < 2 * before


def test_what_is_due_at_sources_that_are_polled_no_longer_is_put_off(database: Database) -> None:
    source = watched(database)
    other = watched(database, "mfa-xy/speeches")
    [first] = store(database, draft(source, 1))
    [second] = store(database, draft(other, 2))
    database.write(lambda connection: connection.execute(update(items).values(next_revisit_at=NOW)))
    database.write(sources.set_enabled, source.key, False, NOW)
    assert database.write(revisits.pass_over, NOW) == 1
    assert [revisit.item.id for revisit in database.read(revisits.due, NOW)] == [second.item_id]
    database.write(sources.set_enabled, source.key, True, NOW)
    due = database.read(revisits.due, NOW + revisits.DISABLED_WAIT)
    assert sorted(revisit.item.id for revisit in due) == sorted([first.item_id, second.item_id])
