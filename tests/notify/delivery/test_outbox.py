"""What people are told, and when, over days of a clock that the test moves; what they are not told at all."""

from __future__ import annotations

import asyncio
import io
from datetime import datetime, timedelta
from typing import TextIO

import pytest
from sqlalchemy import Connection, select, update

from notify.channels.kinds import buckets_of
from notify.delivery.claims import ClaimedMessage, ClaimRequest, RateLimited, claim_next
from notify.delivery.dispatch import Dispatch
from notify.messages.message import Message
from notify.rhythm import leaves_at
from storage.database import Database
from storage.errors import DeliveryError
from storage.items import items
from storage.outbox import alerts as outbox
from storage.outbox import deliveries
from storage.people import rhythms, subscriptions
from storage.sources import polls, sightings, sources
from storage.sources.polls import Poll
from storage.tables import alerts as alerts_table
from storage.tables import items as items_table
from storage.types import SOLE_OWNER, AlertState, Reason, Source, Stored
from tests.fakes.sinks import HTTPSink
from tests.patience import PATIENCE
from tests.storage.examples import (
    HOUR,
    MINUTE,
    NOW,
    draft,
    entry,
    matched,
    poll_result,
    polling,
    spec,
    store,
    subscribed,
    watched,
)

SECOND = timedelta(seconds=1)


class Clock:
    """The time, as the test has it."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at


class Desk:
    """Receives messages in this process, and takes what it was told to take."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.received: list[tuple[datetime, str, Message]] = []
        self.down = False

    def send(self, message: Message, address: str) -> str:
        if self.down:
            raise DeliveryError(f"{address} is down")
        self.received.append((self.clock(), address, message))
        return "taken"

    def texts(self) -> list[str]:
        return [message.text for _, _, message in self.received]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(clock: Clock) -> Desk:
    return Desk(clock)


@pytest.fixture
def dispatch(database: Database, clock: Clock, desk: Desk) -> Dispatch:
    return dispatch_of(database, clock, desk)


@pytest.fixture
def source(database: Database) -> Source:
    return watched(database)


def dispatch_of(database: Database, clock: Clock, desk: Desk, owner: str = "host/1/a") -> Dispatch:
    def senders(address: str, console: TextIO) -> Desk:
        return desk

    return Dispatch(database, owner=owner, console=io.StringIO(), clock=clock, senders=senders)


async def tick(dispatch: Dispatch) -> int:
    made = await dispatch.match_new()
    await dispatch.deliver_due()
    await dispatch.settled()
    return made


async def until(dispatch: Dispatch, clock: Clock, end: datetime, step: timedelta = 5 * MINUTE) -> None:
    """Let the time pass."""
    while clock.at < end:
        clock.at += step
        await tick(dispatch)


def publish(database: Database, source: Source, *numbers: int, at: datetime, poll: Poll | None = None) -> list[Stored]:
    return store(database, *(draft(source, number, poll=poll) for number in numbers), now=at)


def listed(database: Database, source: Source, *numbers: int, at: datetime, reason: Reason = Reason.OK) -> None:
    """A whole poll: it lists new statements, reads them, and ends."""
    poll = polling(database, source, now=at)
    database.write(sightings.record_entries, source, [entry(number) for number in numbers], silent=False, now=at)
    publish(database, source, *numbers, at=at, poll=poll)
    database.write(polls.end_polls, [poll_result(poll, reason, at=at)])


# -- rhythms -------------------------------------------------------------------------------------------------------


async def test_a_burst_of_ten_statements_is_one_message(
    database: Database, source: Source, dispatch: Dispatch, clock: Clock, desk: Desk
) -> None:
    subscribed(database, rhythm=rhythms.parse("grouped 15m"))
    for number in range(10):
        publish(database, source, number, at=clock.at)
        await tick(dispatch)
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
    await tick(dispatch)
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
    await tick(dispatch)
    for words in ("weekly friday 08:00", "grouped 2h", "immediately"):
        rhythm = rhythms.parse(words)
        due = leaves_at(rhythm, clock.at)
        assert database.write(subscriptions.change, subscription.id, rhythm, due) == 2
        assert database.read(outbox.next_due) == due
        assert str(database.read(subscriptions.every, SOLE_OWNER)[0].rhythm).startswith(words.replace("2h", "120m"))
    await tick(dispatch)
    [message] = desk.texts()
    assert message.count("https://mfa.example/news/") == 2


# -- what must not alert -------------------------------------------------------------------------------------------


async def test_after_a_day_without_power_each_user_gets_one_summary(
    database: Database, dispatch: Dispatch, clock: Clock, desk: Desk
) -> None:
    subscribed(database, name="mine")
    subscribed(database, "Ministers", "minister", name="mine")
    subscribed(database, name="others")
    places = [watched(database, f"mfa-{name}/news") for name in ("xy", "zz", "yy")]
    for number, place in enumerate(places):
        listed(database, place, number, at=clock.at)
    await tick(dispatch)
    await until(dispatch, clock, clock.at + HOUR)
    desk.received.clear()
    clock.at += 24 * HOUR
    for number, place in enumerate(places):
        listed(database, place, *range(100 * number + 10, 100 * number + 20), at=clock.at)
        await tick(dispatch)
        clock.at += 2 * MINUTE
    assert desk.received == []
    await until(dispatch, clock, clock.at + HOUR)
    assert len(desk.received) == 2, "one for each channel, whatever the topics"
    for _, _, message in desk.received:
        assert all(f"/news/{100 * number + 19}\n" in message.text for number in range(3))
    desk.received.clear()
    listed(database, places[0], 500, at=clock.at)
    await tick(dispatch)
    assert len(desk.received) == 2, "and then news is news again"


async def test_a_flood_that_two_polls_read_is_one_message_whatever_else_the_channel_gets(
    database: Database, source: Source, dispatch: Dispatch, clock: Clock, desk: Desk
) -> None:
    subscribed(database)
    subscribed(database, "Ministers", "minister", rhythm=rhythms.parse("grouped 1m"))
    listed(database, source, 1, at=clock.at)
    await tick(dispatch)
    clock.at += HOUR
    poll = polling(database, source, now=clock.at)
    renamed = [entry(number, address=f"https://mfa.example/new/{number}") for number in range(40)]
    database.write(sightings.record_entries, source, renamed, silent=False, now=clock.at)
    waiting = database.read(sightings.pending, source.id, clock.at)
    await tick(dispatch)
    desk.received.clear()
    for half in (waiting[:20], waiting[20:]):  # a poll whose time is over leaves what is left to the next one
        for sighting in half:
            one = draft(source, 0, address=sighting.address, poll=poll, sighting_id=sighting.id, title=sighting.address)
            store(database, one, now=clock.at)
        database.write(polls.end_polls, [poll_result(poll, at=clock.at)])
        await tick(dispatch)
        assert desk.received == []
        clock.at += MINUTE / 2
        listed(database, watched(database, f"mfa-{half[0].id}/news"), 1000 + half[0].id, at=clock.at)
        await tick(dispatch)
        desk.received.clear()
        clock.at += MINUTE / 4
        poll = polling(database, source, now=clock.at)
    await until(dispatch, clock, clock.at + HOUR)
    leaving = [at for at, _, message in desk.received if "https://mfa.example/new/" in message.text]
    assert len(set(leaving)) == 1
    assert leaving[0] >= NOW + HOUR + 10 * MINUTE
    text = "".join(desk.texts())
    assert all(f"https://mfa.example/new/{number}\n" in text for number in range(40))


async def test_a_section_built_anew_makes_one_summary_even_if_it_is_read_for_a_quarter_of_an_hour(
    database: Database, source: Source, dispatch: Dispatch, clock: Clock, desk: Desk
) -> None:
    subscribed(database)
    listed(database, source, 1, at=clock.at)
    await tick(dispatch)
    desk.received.clear()
    poll = polling(database, source, now=clock.at + SECOND)
    clock.at += MINUTE
    renamed = [entry(number, address=f"https://mfa.example/new/{number}") for number in range(60)]
    database.write(sightings.record_entries, source, renamed, silent=False, now=clock.at)
    for number in range(0, 60, 4):
        drafts = [
            draft(source, each, address=f"https://mfa.example/new/{each}", title=f"Renamed {each}")
            for each in range(number, number + 4)
        ]
        for one in drafts:
            store(
                database,
                draft(source, 0, address=one.article.address, title=one.article.title, poll=poll),
                now=clock.at,
            )
        clock.at += MINUTE
        await tick(dispatch)
    database.write(polls.end_polls, [poll_result(poll, at=clock.at)])
    assert desk.received == []
    await until(dispatch, clock, clock.at + HOUR)
    [message] = desk.texts()
    assert message.count("https://mfa.example/new/") == 60


async def test_known_texts_at_new_addresses_make_no_alert_at_all(
    database: Database, source: Source, dispatch: Dispatch, clock: Clock, desk: Desk
) -> None:
    subscribed(database)
    listed(database, source, *range(30), at=clock.at)
    await until(dispatch, clock, clock.at + HOUR)
    assert len(desk.received) == 1
    moved = [
        draft(source, number, title=f"Statement {number}", address=f"https://mfa.example/new/{number}")
        for number in range(30)
    ]
    store(database, *moved, now=clock.at)
    assert await tick(dispatch) == 0
    await until(dispatch, clock, clock.at + 24 * HOUR, HOUR)
    assert len(desk.received) == 1


async def test_what_returns_is_reordered_redated_or_restarted_is_no_news(
    database: Database, source: Source, dispatch: Dispatch, clock: Clock, desk: Desk
) -> None:
    subscribed(database)
    listed(database, source, 1, 2, 3, at=clock.at)
    await tick(dispatch)
    assert len(desk.received) == 1
    database.write(
        sightings.record_entries, source, [entry(3), entry(1), entry(2)], silent=False, now=clock.at + MINUTE
    )
    again = store(database, draft(source, 2), draft(source, 1), now=clock.at + MINUTE)
    assert {one.decision.value for one in again} == {"same"}, "also with another date: the text alone is compared"
    restarted = dispatch_of(database, clock, desk, "host/2/b")
    assert await tick(restarted) == 0
    assert len(desk.received) == 1


async def test_the_edition_in_another_language_makes_no_alert_and_the_next_message_says_so(
    database: Database, source: Source, dispatch: Dispatch, clock: Clock, desk: Desk
) -> None:
    subscribed(database, query="bridge OR мост")
    subscribed(database, "Bridges", name="others")
    [first] = publish(database, source, 1, at=clock.at)
    await tick(dispatch)
    assert len(desk.received) == 2
    edition(database, source, first)
    assert await tick(dispatch) == 0
    assert len(desk.received) == 2
    clock.at += HOUR
    publish(database, source, 3, at=clock.at)
    await tick(dispatch)
    said = desk.texts()[2:]
    assert len(said) == 2
    for message in said:
        assert "Also in Russian: О мосте, https://mfa.example/ru/2 (announced before: Statement 1)" in message
    publish(database, source, 4, at=clock.at)
    await tick(dispatch)
    assert "Also in Russian" not in desk.texts()[-1], "once"


async def test_editions_found_together_are_one_alert_that_names_both(
    database: Database, source: Source, dispatch: Dispatch, clock: Clock, desk: Desk
) -> None:
    subscribed(database, query="bridge OR мост", rhythm=rhythms.parse("daily 08:00"))
    [first] = publish(database, source, 1, at=clock.at)
    edition(database, source, first)
    assert await tick(dispatch) == 1
    await until(dispatch, clock, clock.at + 24 * HOUR, HOUR)
    [message] = desk.texts()
    assert "Statement 1\n" in message
    assert "https://mfa.example/ru/2" in message


async def test_a_message_names_the_editions_and_copies_of_its_story_whether_the_topic_met_them_or_not(
    database: Database, source: Source, dispatch: Dispatch, clock: Clock, desk: Desk
) -> None:
    subscribed(database, query="bridge", rhythm=rhythms.parse("grouped 15m"))
    subscribed(database, "Ministers", query="ministers", name="console", rhythm=rhythms.parse("grouped 15m"))
    [first] = publish(database, source, 1, at=clock.at)
    edition(database, source, first)
    government = body(database, "gov-xy/news", "Government of Riverland")
    copy = draft(government, 7, title="Statement 1", address="https://gov.example/7")
    assert store(database, copy)[0].item_id != first.item_id
    await tick(dispatch)
    await until(dispatch, clock, NOW + HOUR)
    [message] = desk.texts()
    assert message.count("Also in Russian: О мосте, https://mfa.example/ru/2") == 1
    assert message.count("Also published by Government of Riverland: Statement 1, https://gov.example/7") == 1
    publish(database, source, 3, at=clock.at)
    await until(dispatch, clock, clock.at + HOUR)
    assert "Also" not in desk.texts()[-1], "once"


async def test_a_message_names_the_other_bodies_that_list_its_statement(
    database: Database, source: Source, dispatch: Dispatch, clock: Clock, desk: Desk
) -> None:
    subscribed(database)
    publish(database, source, 1, at=clock.at)
    own, government = source, body(database, "gov-xy/news", "Government of Riverland")
    for section in (own, government):
        database.write(sightings.record_entries, section, [entry(1)], silent=False, now=clock.at)
    await tick(dispatch)
    [message] = desk.texts()
    assert message.count("Also published by") == 1
    assert "Also published by Government of Riverland: Statement 1, https://mfa.example/news/1" in message


def body(database: Database, key: str, organisation: str) -> Source:
    return database.write(sources.add, spec(key, organisation=organisation), alert_first=False, now=NOW)


def edition(database: Database, source: Source, of: Stored) -> None:
    """Store the same statement in Russian, of the same story."""
    russian = draft(
        source, 2, title="О мосте", body="Новый мост открыт.", address="https://mfa.example/ru/2", language="ru"
    )
    [stored] = store(database, russian)
    story = database.read(items.get, of.item_id).story_id
    database.write(
        lambda c: c.execute(update(items_table).where(items_table.c.id == stored.item_id).values(story_id=story))
    )


# -- channels that are slow, down or sparing -----------------------------------------------------------------------


async def test_a_channel_that_was_down_for_a_day_gets_one_message_when_it_is_back(
    database: Database, source: Source, dispatch: Dispatch, clock: Clock, desk: Desk
) -> None:
    subscribed(database)
    desk.down = True
    for number in range(24):
        publish(database, source, number, at=clock.at)
        await until(dispatch, clock, clock.at + HOUR, 10 * MINUTE)
    desk.down = False
    await until(dispatch, clock, clock.at + 2 * HOUR)
    [message] = desk.texts()
    assert message.count("https://mfa.example/news/") == 24
    assert {alert.state for alert in database.read(outbox.listing)} == {AlertState.SENT}


def held_until(connection: Connection) -> datetime:
    """The end of the only lease."""
    until: datetime = connection.execute(select(alerts_table.c.lease_until)).scalar_one()
    return until


async def test_a_sink_slower_than_the_lease_gets_nothing_twice(
    database: Database, source: Source, clock: Clock
) -> None:
    with HTTPSink() as sink:
        sink.hang()
        subscribed(database, channel=sink.address)
        lease = timedelta(seconds=0.4)
        mine, other = (
            Dispatch(database, owner=f"host/{number}/x", console=io.StringIO(), clock=clock, lease=lease)
            for number in (1, 2)
        )
        store(database, draft(source), now=clock.at)
        await mine.match_new()
        await mine.deliver_due()
        await asyncio.to_thread(sink.wait_for, 1)
        for _ in range(9):  # four leases long
            clock.at += lease * 0.5
            async with asyncio.timeout(PATIENCE):
                while database.read(held_until) < clock.at + lease:
                    await asyncio.sleep(0)
            await other.deliver_due()
            assert not other._in_flight, "nobody else may send it"
        sink.release()
        await mine.settled()
        await other.deliver_due()
        await other.settled()
        assert len(sink.received) == 1


async def test_hanging_channels_take_no_places_from_the_others(database: Database, source: Source) -> None:
    with HTTPSink() as hanging, HTTPSink() as refusing, HTTPSink() as sink:
        hanging.hang()
        refusing.answer_with(400)
        subscribed(database, channel=hanging.address, name="hangs")
        subscribed(database, channel=refusing.address, name="refuses")
        for number in range(48):
            subscribed(database, channel=sink.address.replace("/hook", f"/{number}"), name=f"works {number}")
        dispatch = Dispatch(database, owner="host/1/x", console=io.StringIO())
        for number in (1, 2):
            store(database, draft(source, number))
            await dispatch.match_new()
            await dispatch.deliver_due()
            await asyncio.to_thread(sink.wait_for, 48 * number)
            while len(dispatch._in_flight) > 1:
                await asyncio.sleep(0)
        assert len(hanging.received) == 1, "one in flight"
        hanging.release()
        await dispatch.settled()
        states = {alert.channel.name: alert.state for alert in database.read(outbox.listing, limit=200)}
        assert states.pop("refuses") is AlertState.DEAD
        assert set(states.values()) == {AlertState.SENT}


async def test_a_sweep_frees_and_closes_what_a_crash_left(
    database: Database, source: Source, dispatch: Dispatch, clock: Clock, desk: Desk
) -> None:
    subscribed(database)
    publish(database, source, 1, at=clock.at)
    await dispatch.match_new()
    [alert] = database.read(outbox.listing)
    database.write(deliveries.claim, {"host/9/dead/1": [alert.id]}, clock.at, lease=timedelta(minutes=1))
    await tick(dispatch)
    assert desk.received == []
    assert database.read(outbox.last_answers, [alert.id]) == {alert.id: "being sent"}
    clock.at += 2 * MINUTE
    assert database.write(deliveries.close_interrupted, clock.at) == 1
    assert "ended while sending" in database.read(outbox.last_answers, [alert.id])[alert.id]
    await tick(dispatch)
    assert len(desk.received) == 1


# -- services' limits ----------------------------------------------------------------------------------------------


class StrictService(Desk):
    """Telegram as it says it is: 1 message a second in a chat, 20 a minute in a group, 30 a second of a bot."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.refused = 0

    def send(self, message: Message, address: str) -> str:
        if (
            self._within(address, SECOND) >= 1
            or ("/-" in address and self._within(address, MINUTE) >= 20)
            or self._within("", SECOND) >= 30
        ):
            self.refused += 1
            raise DeliveryError("answered 429", retry_after=1.0)
        return super().send(message, address)

    def _within(self, address: str, span: timedelta) -> int:
        return sum(at > self.clock() - span and to.startswith(address) for at, to, _ in self.received)


@pytest.mark.slow
async def test_ten_thousand_alerts_pass_strict_limits_without_a_loss(
    database: Database, source: Source, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two processes share what the service allows."""
    monkeypatch.setattr("notify.delivery.dispatch.SHORT_WAIT", timedelta(-1))
    service = StrictService(clock)
    chats = [f"tgram://123456789:{'A' * 35}/{sign}{1000 + number}" for number in range(20) for sign in ("", "-")]
    for chat in chats:
        subscribed(database, channel=chat, name=chat)
    both = [dispatch_of(database, clock, service, f"host/{number}/x") for number in range(2)]
    statements = 10_000 // len(chats)
    for start in range(0, statements, 25):
        publish(database, source, *range(start, start + 25), at=clock.at)
        await both[0].match_new()
        for _ in range(2):
            await asyncio.gather(*(each.deliver_due() for each in both))
            await asyncio.gather(*(each.settled() for each in both))
            clock.at += SECOND * 0.7
    while database.read(outbox.next_due) is not None:
        await asyncio.gather(*(each.deliver_due() for each in both))
        await asyncio.gather(*(each.settled() for each in both))
        clock.at += SECOND * 0.7
    assert database.read(outbox.count_by_state) == {AlertState.SENT: 10_000}
    keys = [key for _, _, message in service.received for key in message.key.split(", ")]
    assert len(keys) == len(set(keys)) == 10_000
    assert len(service.received) > 200
    assert service.refused <= 0.001 * len(service.received)


def test_what_is_claimed_together_is_counted_together(database: Database, source: Source) -> None:
    """A bot of Telegram sends 30 messages a second, however many chats wait at the same moment."""
    chats = [f"tgram://123456789:{'A' * 35}/{1000 + number}" for number in range(40)]
    each = [subscribed(database, channel=chat, name=chat) for chat in chats]
    matched(database, each[0], *publish(database, source, 1, at=NOW))
    turns = [ClaimRequest(one.channel_id, f"host/1/a/{one.id}") for one in each]
    claimed = database.write(claim_next, database.keyring, turns, NOW, MINUTE)
    spared = [one.until for one in claimed if isinstance(one, RateLimited)]
    assert sum(isinstance(one, ClaimedMessage) for one in claimed) == 11, "a burst of ten more than one"
    assert len(spared) == 29
    assert NOW < min(spared) <= max(spared) <= NOW + SECOND
    again = [turn for turn, one in zip(turns, claimed, strict=True) if isinstance(one, RateLimited)]
    assert database.write(claim_next, database.keyring, again, NOW, MINUTE) == [None] * 29, "they wait in their rows"


def test_the_names_of_buckets_hold_nothing_of_the_address() -> None:
    names = " ".join(
        buckets_of("tgram://123456789:AAbbCCdd/-100200") | buckets_of("matrix://bot:hunter2@chat.example/#a")
    )
    assert not any(secret in names for secret in ("123456789", "AAbbCCdd", "100200", "hunter2", "chat.example"))
    assert len(buckets_of("tgram://1:A/-1")) == 3
    assert len(buckets_of("tgram://1:A/1")) == 2
    assert buckets_of("json://sink.example/hook") == {}
    accounts = [set(buckets_of(f"matrix://bot:{word}@chat.example/#a")) for word in ("one", "two")]
    assert accounts[0] == accounts[1], "a password can be changed, and cannot be guessed from the name"
