"""What polls leave in their source when they end."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from storage.database import Database
from storage.sources import sources
from storage.sources.polls import end_polls, forget_polls, open_owners
from storage.tables import polls
from storage.types import FORGOTTEN, Reason, Validators
from tests.storage.examples import HOUR, MINUTE, NOW, draft, poll_result, polling, store, watched
from tests.storage.sources.claiming import claim


def test_a_poll_that_ends_leaves_its_validators_and_frees_the_source(database: Database) -> None:
    poll = polling(database, watched(database))
    shown = Validators('"a"', "yesterday", "00ff")
    database.write(end_polls, [poll_result(poll, validators=shown, baseline_at=NOW, entries=3)])
    source = database.read(sources.get, "mfa-xy/news")
    assert source.validators == shown
    assert (source.baseline_at, source.last_poll_at, source.next_poll_at) == (NOW, NOW, NOW + 5 * MINUTE)
    assert database.read(open_owners) == ()
    assert claim(database) == []
    assert claim(database, now=NOW + 5 * MINUTE) == ["mfa-xy/news"]


def test_many_polls_end_together(database: Database) -> None:
    polls = [polling(database, watched(database, f"mfa-xy/{number}")) for number in range(3)]
    database.write(end_polls, [poll_result(poll, validators=Validators(poll.source.key)) for poll in polls])
    assert {source.key: source.validators.etag for source in database.read(sources.every)} == {
        f"mfa-xy/{number}": f"mfa-xy/{number}" for number in range(3)
    }
    database.write(end_polls, [])


def test_the_baseline_is_set_once(database: Database) -> None:
    source = watched(database)
    for at in (NOW, NOW + HOUR):
        poll = polling(database, source, now=at)
        database.write(end_polls, [poll_result(poll, at=at, baseline_at=at)])
    assert database.read(sources.get, source.key).baseline_at == NOW


def test_faults_in_a_row_are_counted_and_the_first_one_dated(database: Database) -> None:
    source = watched(database)
    for hours, reason in enumerate((Reason.BLOCKED, Reason.BLOCKED, Reason.TIMEOUT), start=1):
        at = NOW + hours * HOUR
        poll = polling(database, source, now=at)
        database.write(end_polls, [poll_result(poll, reason, at=at, detail="what happened")])
        source = database.read(sources.get, source.key)
        assert (source.reason, source.failures, source.detail) == (reason, hours, "what happened")
        assert source.reason_since == NOW + (1 if reason is Reason.BLOCKED else 3) * HOUR
    at = NOW + 4 * HOUR
    database.write(end_polls, [poll_result(polling(database, source, now=at), Reason.UNCHANGED, at=at)])
    source = database.read(sources.get, source.key)
    assert (source.reason, source.failures, source.reason_since) == (Reason.OK, 0, at)


def test_old_polls_that_found_nothing_are_forgotten(database: Database) -> None:
    source = watched(database)
    for hours in range(4):
        poll = polling(database, source, now=NOW + hours * HOUR)
        if hours == 1:
            store(database, draft(source, poll=poll))
        database.write(end_polls, [poll_result(poll, at=NOW + hours * HOUR)])
    polling(database, source, now=NOW + 4 * HOUR)
    assert database.write(forget_polls, NOW + 3 * HOUR) == 2
    left = database.read(lambda connection: connection.execute(select(polls.c.id)).scalars().all())
    assert list(left) == [2, 4, 5], "the one that found something, the young one, and the one under way"


def test_a_source_described_anew_is_fetched_whole(database: Database) -> None:
    before = watched(database)
    database.write(end_polls, [poll_result(polling(database, before), validators=Validators('"1"'), baseline_at=NOW)])
    after = database.write(
        sources.change, replace(before.spec, name="The news", enabled=False), alert_first=False, now=NOW + HOUR
    )
    assert (after.id, after.spec.name, after.enabled) == (before.id, "The news", False)
    assert (after.validators, after.baseline_at) == (FORGOTTEN, NOW)


def test_a_source_at_another_address_begins_with_a_silent_poll(database: Database) -> None:
    before = watched(database)
    database.write(end_polls, [poll_result(polling(database, before), baseline_at=NOW)])
    spec = replace(before.spec, address="https://mfa.example/elsewhere/")
    after = database.write(sources.change, spec, alert_first=False, now=NOW)
    assert after.id != before.id
    assert (after.spec, after.baseline_at) == (spec, None)
    assert [source.id for source in database.read(sources.every)] == [after.id]
