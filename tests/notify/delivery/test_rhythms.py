"""When people are told, over days of a clock that the test moves."""

from __future__ import annotations

from notify.delivery.dispatch import Dispatch
from notify.rhythm import leaves_at
from storage.database import Database
from storage.outbox import alerts as outbox
from storage.people import rhythms, subscriptions
from storage.types import SOLE_OWNER, Source
from tests.notify.delivery.delivering import match_and_deliver
from tests.notify.delivery.desk import Clock, Desk, publish, until
from tests.storage.examples import HOUR, MINUTE, NOW, subscribed


async def test_a_burst_of_ten_statements_is_one_message(
    database: Database, source: Source, dispatch: Dispatch, clock: Clock, desk: Desk
) -> None:
    subscribed(database, rhythm=rhythms.parse("grouped 15m"))
    for number in range(10):
        publish(database, source, number, at=clock.at)
        await match_and_deliver(dispatch)
        clock.at += MINUTE
    assert desk.received == []
    await until(dispatch, clock, NOW + HOUR)
    [(at, _, message)] = desk.received
    assert NOW + 15 * MINUTE <= at <= NOW + 20 * MINUTE
    assert all(f"Statement {number}\n" in message.text for number in range(10))


async def test_a_week_of_statements_is_one_digest_a_day_with_each_of_them_once(
    database: Database, source: Source, dispatch: Dispatch, clock: Clock, desk: Desk
) -> None:
    subscribed(database, rhythm=rhythms.parse("daily 08:00", zone="Europe/Minsk"))
    for number in range(14):
        publish(database, source, number, at=clock.at)
        await until(dispatch, clock, clock.at + 12 * HOUR, HOUR / 2)
    await until(dispatch, clock, clock.at + 24 * HOUR, HOUR / 2)
    days = [(at + 3 * HOUR).date() for at, _, _ in desk.received]
    assert len(days) == len(set(days)) == 7
    assert {(at + 3 * HOUR).time().hour for at, _, _ in desk.received} == {8}
    said = "\n".join(desk.texts())
    assert all(said.count(f"/news/{number}\n") == 1 for number in range(14))


async def test_quiet_hours_hold_even_what_was_late_already(
    database: Database, source: Source, dispatch: Dispatch, clock: Clock, desk: Desk
) -> None:
    subscribed(database, rhythm=rhythms.parse("immediately", quiet="12:30-14:00"))
    publish(database, source, 1, at=clock.at)
    desk.down = True
    await match_and_deliver(dispatch)
    clock.at += 40 * MINUTE
    desk.down = False
    publish(database, source, 2, at=clock.at)
    await until(dispatch, clock, NOW + 119 * MINUTE, MINUTE)
    assert desk.received == []
    await until(dispatch, clock, NOW + 121 * MINUTE, MINUTE)
    [message] = desk.texts()
    assert "Statement 1\n" in message
    assert "Statement 2\n" in message


async def test_a_storm_is_capped_and_nothing_of_it_is_missing(
    database: Database, source: Source, dispatch: Dispatch, clock: Clock, desk: Desk
) -> None:
    subscribed(database, rhythm=rhythms.parse("immediately", cap=3))
    for number in range(30):
        publish(database, source, number, at=clock.at)
        await until(dispatch, clock, clock.at + MINUTE, MINUTE)
    assert len(desk.received) == 3
    assert "collected until 13:01 (UTC)" in desk.texts()[2]
    await until(dispatch, clock, NOW + 2 * HOUR)
    assert len(desk.received) == 4
    said = "\n".join(desk.texts())
    assert all(said.count(f"/news/{number}\n") == 1 for number in range(30))


async def test_a_rhythm_can_be_changed_and_what_waits_leaves_in_the_new_one(
    database: Database, source: Source, dispatch: Dispatch, clock: Clock, desk: Desk
) -> None:
    daily = rhythms.parse("daily 08:00")
    subscription = subscribed(database, rhythm=daily)
    publish(database, source, 1, 2, at=clock.at)
    await match_and_deliver(dispatch)
    for words in ("weekly friday 08:00", "grouped 2h", "immediately"):
        rhythm = rhythms.parse(words)
        due = leaves_at(rhythm, clock.at)
        assert database.write(subscriptions.change, subscription.id, rhythm, due) == 2
        assert database.read(outbox.next_due) == due
        assert str(database.read(subscriptions.every, SOLE_OWNER)[0].rhythm).startswith(words.replace("2h", "120m"))
    await match_and_deliver(dispatch)
    [message] = desk.texts()
    assert message.count("https://mfa.example/news/") == 2
