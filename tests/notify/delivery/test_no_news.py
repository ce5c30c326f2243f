"""What people are not told, or once: what was there before, comes again, or in other words."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from notify.delivery.dispatch import Dispatch
from storage.database import Database
from storage.items import items
from storage.people import rhythms
from storage.sources import polls, sightings, sources
from storage.tables import items as items_table
from storage.types import Source, Stored
from tests.notify.delivery.delivering import match_and_deliver
from tests.notify.delivery.desk import Clock, Desk, dispatch_of, listed, publish, until
from tests.storage.examples import (
    HOUR,
    MINUTE,
    NOW,
    draft,
    entry,
    poll_result,
    polling,
    spec,
    store,
    subscribed,
    watched,
)

SECOND = timedelta(seconds=1)


async def test_after_a_day_without_power_each_user_gets_one_summary(
    database: Database, dispatch: Dispatch, clock: Clock, desk: Desk
) -> None:
    subscribed(database, name="mine")
    subscribed(database, "Ministers", "minister", name="mine")
    subscribed(database, name="others")
    places = [watched(database, f"mfa-{name}/news") for name in ("xy", "zz", "yy")]
    for number, place in enumerate(places):
        listed(database, place, number, at=clock.at)
    await match_and_deliver(dispatch)
    await until(dispatch, clock, clock.at + HOUR)
    desk.received.clear()
    clock.at += 24 * HOUR
    for number, place in enumerate(places):
        listed(database, place, *range(100 * number + 10, 100 * number + 20), at=clock.at)
        await match_and_deliver(dispatch)
        clock.at += 2 * MINUTE
    assert desk.received == []
    await until(dispatch, clock, clock.at + HOUR)
    assert len(desk.received) == 2, "one for each channel, whatever the topics"
    for _, _, message in desk.received:
        assert all(f"/news/{100 * number + 19}\n" in message.text for number in range(3))
    desk.received.clear()
    listed(database, places[0], 500, at=clock.at)
    await match_and_deliver(dispatch)
    assert len(desk.received) == 2, "and then news is news again"


async def test_a_flood_that_two_polls_read_is_one_message_whatever_else_the_channel_gets(
    database: Database, source: Source, dispatch: Dispatch, clock: Clock, desk: Desk
) -> None:
    subscribed(database)
    subscribed(database, "Ministers", "minister", rhythm=rhythms.parse("grouped 1m"))
    listed(database, source, 1, at=clock.at)
    await match_and_deliver(dispatch)
    clock.at += HOUR
    poll = polling(database, source, now=clock.at)
    renamed = [entry(number, address=f"https://mfa.example/new/{number}") for number in range(40)]
    database.write(sightings.record_entries, source, renamed, silent=False, now=clock.at)
    waiting = database.read(sightings.pending, source.id, clock.at)
    await match_and_deliver(dispatch)
    desk.received.clear()
    for half in (waiting[:20], waiting[20:]):  # a poll whose time is over leaves what is left to the next one
        for sighting in half:
            one = draft(source, 0, address=sighting.address, poll=poll, sighting_id=sighting.id, title=sighting.address)
            store(database, one, now=clock.at)
        database.write(polls.end_polls, [poll_result(poll, at=clock.at)])
        await match_and_deliver(dispatch)
        assert desk.received == []
        clock.at += MINUTE / 2
        listed(database, watched(database, f"mfa-{half[0].id}/news"), 1000 + half[0].id, at=clock.at)
        await match_and_deliver(dispatch)
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
    await match_and_deliver(dispatch)
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
        await match_and_deliver(dispatch)
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
    assert await match_and_deliver(dispatch) == 0
    await until(dispatch, clock, clock.at + 24 * HOUR, HOUR)
    assert len(desk.received) == 1


async def test_what_returns_is_reordered_redated_or_restarted_is_no_news(
    database: Database, source: Source, dispatch: Dispatch, clock: Clock, desk: Desk
) -> None:
    subscribed(database)
    listed(database, source, 1, 2, 3, at=clock.at)
    await match_and_deliver(dispatch)
    assert len(desk.received) == 1
    database.write(
        sightings.record_entries, source, [entry(3), entry(1), entry(2)], silent=False, now=clock.at + MINUTE
    )
    again = store(database, draft(source, 2), draft(source, 1), now=clock.at + MINUTE)
    assert {one.decision.value for one in again} == {"same"}, "also with another date: the text alone is compared"
    restarted = dispatch_of(database, clock, desk, "host/2/b")
    assert await match_and_deliver(restarted) == 0
    assert len(desk.received) == 1


async def test_the_edition_in_another_language_makes_no_alert_and_the_next_message_says_so(
    database: Database, source: Source, dispatch: Dispatch, clock: Clock, desk: Desk
) -> None:
    subscribed(database, query="bridge OR мост")
    subscribed(database, "Bridges", name="others")
    [first] = publish(database, source, 1, at=clock.at)
    await match_and_deliver(dispatch)
    assert len(desk.received) == 2
    edition(database, source, first)
    assert await match_and_deliver(dispatch) == 0
    assert len(desk.received) == 2
    clock.at += HOUR
    publish(database, source, 3, at=clock.at)
    await match_and_deliver(dispatch)
    said = desk.texts()[2:]
    assert len(said) == 2
    for message in said:
        assert "Also in Russian: О мосте, https://mfa.example/ru/2 (announced before: Statement 1)" in message
    publish(database, source, 4, at=clock.at)
    await match_and_deliver(dispatch)
    assert "Also in Russian" not in desk.texts()[-1], "once"


async def test_editions_found_together_are_one_alert_that_names_both(
    database: Database, source: Source, dispatch: Dispatch, clock: Clock, desk: Desk
) -> None:
    subscribed(database, query="bridge OR мост", rhythm=rhythms.parse("daily 08:00"))
    [first] = publish(database, source, 1, at=clock.at)
    edition(database, source, first)
    assert await match_and_deliver(dispatch) == 1
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
    await match_and_deliver(dispatch)
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
    await match_and_deliver(dispatch)
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
