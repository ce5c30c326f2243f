"""Today says what is new, why one came, and what became of what was there; nothing moves until it is asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, event, update

from presswatch.actions import signing_in
from presswatch.actions.today import LEAST, shared
from presswatch.web.desk import Desk
from storage.database import Database
from storage.outbox import matches
from storage.outbox.matches import FoundMatch
from storage.people import topics
from storage.tables import alerts, items, sources
from storage.types import Hit, Reason, Role, Source, Stored, Topic
from tests.presswatch.web.visiting import PASSPHRASE, Person
from tests.storage.examples import BODY, HOUR, MINUTE, NOW, draft, matched, store, subscribed, watched

AT = BODY.index("bridge")
HIT = Hit("bridge", "bridge", "body", AT, AT + 6)
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


@pytest.fixture
def desk(desk: Desk) -> Desk:
    return replace(desk, clock=lambda: NOW + HOUR)


@pytest.fixture
def source(database: Database) -> Source:
    found = watched(database)
    database.write(lambda connection: connection.execute(update(sources).values(country="BY", organisation="MFA")))
    return found


def topic(database: Database, name: str = "Bridges", owner: int = 1) -> Topic:
    return database.write(topics.add, owner, database.packs, name, "bridge", NOW - HOUR)


def met(database: Database, topic: Topic, *stored: Stored, hit: Hit = HIT) -> None:
    """The topic met these statements, and nobody is subscribed to it."""
    versions = [one.version_id for one in stored]
    found = [FoundMatch(version, topic.id, (hit,)) for version in versions]
    database.write(matches.record_matches, versions, found, NOW, lambda rhythm, timing: NOW)


def titles(person: Person) -> list[str]:
    return [link.text_content() for link in person.tree.find_class("title")]


async def test_the_lead_counts_statements_and_stories(owner: Person, database: Database, source: Source) -> None:
    stored = store(database, *(draft(source, number) for number in range(1, 4)))
    met(database, topic(database), stored[0])
    await owner.visit("/")
    assert owner.text_of("lead").startswith(
        "3 new statements from 1 ministry since midnight. 1 story meets your topics"
    )
    assert owner.tree.find(".//h1").text_content() == "Thursday, 28 November 2024"


async def test_what_met_a_topic_stands_under_it_with_its_words_marked(
    owner: Person, database: Database, source: Source
) -> None:
    one, _ = store(database, draft(source, 1, title="On the bridge"), draft(source, 2, title="On bread"))
    met(database, topic(database), one)
    await owner.visit("/")
    first, second = owner.tree.xpath("//div[@id='topics']/section")
    assert first.find(".//h2").text_content() == "Bridges"
    assert [mark.text for mark in first.findall(".//mark")] == ["bridge"]
    assert "No topic of yours" in second.text_content()
    assert [link.text for link in second.find_class("title")] == ["On bread"]
    assert not second.find_class("snippet")


async def test_a_story_stands_once_under_its_first_topic(owner: Person, database: Database, source: Source) -> None:
    [one] = store(database, draft(source, 1))
    for name in ("Bridges", "Tolls"):
        met(database, topic(database, name), one)
    await owner.visit("/")
    assert titles(owner) == ["Statement 1"]
    assert "also meets Tolls" in owner.text


async def test_other_editions_stand_in_its_row(owner: Person, database: Database, source: Source) -> None:
    one, other = store(database, draft(source, 1), draft(source, 2, title="О мосте", language="ru"))
    database.write(
        lambda connection: connection.execute(
            update(items).where(items.c.id == other.item_id).values(story_id=one.item_id)
        )
    )
    met(database, topic(database), one, other)
    await owner.visit("/")
    assert titles(owner) == ["Statement 1"]
    assert "1 story, 2 statements" in owner.text
    assert "English, also Russian" in owner.text


async def test_by_country_and_by_time_are_addresses(owner: Person, database: Database, source: Source) -> None:
    store(database, draft(source, 1), draft(source, 2))
    await owner.visit("/?by=country")
    assert owner.tree.xpath("//div[@id='topics']/section//h2")[0].text_content() == "Belarus"
    await owner.visit("/?by=time")
    assert titles(owner) == ["Statement 2", "Statement 1"]
    assert owner.tree.xpath("//nav[@class='tabs']/a[@aria-current]")[0].text == "By time"


async def test_a_long_day_goes_on_behind_a_link(owner: Person, database: Database, source: Source) -> None:
    store(database, *(draft(source, number) for number in range(1, 131)))
    await owner.visit("/?by=time")
    shown = [titles(owner)]
    while onward := owner.tree.xpath("//a[starts-with(@href, '/?by=time&before=')]/@href"):
        await owner.visit(onward[0])
        shown.append(titles(owner))
    assert [len(page) for page in shown] == [60, 60, 10]
    assert sorted(title for page in shown for title in page) == sorted(
        f"Statement {number}" for number in range(1, 131)
    )
    await owner.visit("/")
    assert "120 more of the day" in owner.text


async def test_days_are_left_and_come_back_to(owner: Person, database: Database, source: Source) -> None:
    store(database, draft(source, 1, title="Yesterday's"), now=NOW - 24 * HOUR)
    store(database, draft(source, 2, title="Today's"))
    await owner.visit("/")
    assert titles(owner) == ["Today's"]
    assert not owner.tree.xpath("//a[@rel='next']")
    await owner.visit(owner.tree.xpath("//a[@rel='prev']/@href")[0])
    assert owner.place == "/?day=2024-11-27"
    assert titles(owner) == ["Yesterday's"]
    assert not owner.tree.xpath("//*[@id='news']")
    assert owner.tree.xpath("//a[@rel='next']/@href") == ["/?day=2024-11-28"]


async def test_midnight_is_the_readers(desk: Desk, database: Database, source: Source) -> None:
    store(database, draft(source, 1), now=NOW.replace(hour=22) - 24 * HOUR)
    link = await signing_in.first_link(database)
    reader = Person(desk)
    await reader.visit(f"/begin/{link}")
    await reader.send(f"/begin/{link}", name="ann", passphrase=PASSPHRASE, zone="Europe/Minsk")
    await reader.visit("/")
    assert titles(reader) == ["Statement 1"]
    assert "01:00" in reader.text


@pytest.mark.parametrize("day", ["yesterday", "2024-13-01", "0001-01-01", "9999-12-31", "2024-11-28T00:00", "%00"])
async def test_a_day_that_is_none_is_said_to_be_none(owner: Person, day: str) -> None:
    answer = await owner.visit(f"/?day={day}")
    assert answer.status_code == 422
    assert "write it as year-month-day" in owner.text


async def test_first_polls_are_counted_and_not_listed(owner: Person, database: Database, source: Source) -> None:
    store(database, draft(source, 1, silent=True), draft(source, 2, silent=True))
    await owner.visit("/")
    assert titles(owner) == []
    assert "2 older statements came in with first polls" in owner.text


async def test_an_edit_and_a_withdrawal_stand_beside(owner: Person, database: Database, source: Source) -> None:
    one, other = store(database, draft(source, 1), draft(source, 2))
    store(database, draft(source, 1, body=BODY.replace("praised", "thanked"), item_id=one.item_id), now=NOW + MINUTE)
    gone = NOW + 30 * MINUTE
    database.write(
        lambda connection: connection.execute(
            update(items).where(items.c.id == other.item_id).values(withdrawn_at=gone)
        )
    )
    await owner.visit("/")
    beside = owner.tree.get_element_by_id("changed")
    assert "Edited" in beside.text_content()
    assert "1 word added, 1 removed" in " ".join(beside.text_content().split())
    assert "online for 30 min" in beside.text_content()
    assert beside.xpath(f".//a[@href='/statements/{one.item_id}?compare=1..2#changed']")
    assert "1 was edited and 1 was withdrawn" in owner.text_of("lead")


async def test_a_source_in_trouble_has_its_reason_and_its_mend(
    owner: Person, database: Database, source: Source
) -> None:
    def fail(connection: Connection) -> None:
        values = {"enabled": True, "reason": Reason.LOGIN, "detail": "It answered with a login page"}
        connection.execute(update(sources).values(reason_since=NOW, **values))

    database.write(fail)
    await owner.visit("/")
    said = owner.tree.get_element_by_id("troubles").text_content()
    assert "login" in said
    assert "It answered with a login page" in said
    assert "find another one" in said


async def test_alerts_are_ones_own(owner: Person, desk: Desk, database: Database, source: Source) -> None:
    subscription = subscribed(database)
    [one] = store(database, draft(source, 1))
    matched(database, subscription, one)
    sent = {"state": "sent", "sent_at": NOW + timedelta(seconds=45)}
    database.write(lambda connection: connection.execute(update(alerts).values(**sent)))
    await owner.visit("/")
    assert "1 sent on this day, the slowest 45 sec after we saw it" in owner.text
    assert "told 45 sec later" in owner.text
    other = Person(desk)
    link = await signing_in.invite(database, Role.READER)
    await other.visit(f"/begin/{link}")
    await other.send(f"/begin/{link}", name="other", passphrase=PASSPHRASE)
    await other.visit("/")
    assert titles(other) == ["Statement 1"]
    assert "Bridges" not in other.text
    assert "told 45" not in other.text
    assert "0 sent on this day" in other.text


async def test_what_is_new_waits_in_the_bar(owner: Person, database: Database, source: Source) -> None:
    store(database, draft(source, 1))
    await owner.visit("/")
    bar = owner.tree.get_element_by_id("news")
    assert bar.find("a").get("href") == "/"
    since = {"after": bar.get("data-after"), "since": bar.get("data-since"), "version": bar.get("data-version")}
    assert (await owner.ask("GET", "/today/new", params=since)).status_code == 204
    stored = store(database, draft(source, 2), draft(source, 3), draft(source, 4, silent=True), now=NOW + HOUR)
    met(database, topic(database), stored[0])
    await owner.ask("GET", "/today/new", params=since)
    assert "2 new statements since 13:00" in " ".join(owner.tree.text_content().split())
    await owner.ask("GET", "/today/rows", params=since)
    assert titles(owner) == ["Statement 3", "Statement 2"]
    assert owner.tree.get("data-newest") == str(stored[-1].item_id)
    assert "meets Bridges" in owner.tree.text_content()


async def test_a_row_that_is_edited_meanwhile_gets_its_word_of_state(
    owner: Person, database: Database, source: Source
) -> None:
    [one] = store(database, draft(source, 1))
    await owner.visit("/")
    bar = owner.tree.get_element_by_id("news")
    since = {"after": bar.get("data-after"), "version": bar.get("data-version")}
    store(database, draft(source, 1, body="Edited.", item_id=one.item_id), now=NOW + 2 * MINUTE)
    await owner.ask("GET", "/today/new", params=since)
    [word] = owner.tree.xpath(f"//template[@data-row='s{one.item_id}']")
    assert word.text_content().strip() == "edited 12:02"
    assert "Look for new ones" in owner.tree.text_content()


async def test_a_row_that_is_withdrawn_meanwhile_gets_its_word_of_state(
    owner: Person, database: Database, source: Source
) -> None:
    [one] = store(database, draft(source, 1))
    await owner.visit("/")
    bar = owner.tree.get_element_by_id("news")
    since = {"after": bar.get("data-after"), "version": bar.get("data-version"), "since": bar.get("data-since")}
    gone = update(items).where(items.c.id == one.item_id).values(withdrawn_at=NOW + HOUR + MINUTE)
    database.write(lambda connection: connection.execute(gone))
    await owner.ask("GET", "/today/new", params=since)
    [word] = owner.tree.xpath(f"//template[@data-row='s{one.item_id}']")
    assert word.text_content().strip() == "withdrawn 13:01"


async def test_a_part_of_the_page_is_never_a_form_to_sign_in(stranger: Person) -> None:
    answer = await stranger.ask("GET", "/today/new", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert "You were signed out" in answer.text
    assert not stranger.tree.xpath("//form")


@pytest.mark.parametrize("after", ["-1", "x", "9" * 30, "٣", ""])
async def test_a_cursor_of_nothing_harms_nothing(owner: Person, after: str) -> None:
    answer = await owner.ask("GET", "/today/new", params={"after": after, "since": after})
    assert answer.status_code == 204


async def test_no_word_of_a_site_or_a_person_is_markup(owner: Person, database: Database) -> None:
    source = watched(database)
    values = {"country": "", "organisation": HOSTILE, "name": HOSTILE, "enabled": True, "reason": "login"}
    database.write(lambda connection: connection.execute(update(sources).values(detail=HOSTILE, **values)))
    [one] = store(database, draft(source, 1, title=HOSTILE, body=HOSTILE, language="en"))
    store(database, draft(source, 1, title=HOSTILE, body=HOSTILE + "!", item_id=one.item_id), now=NOW + MINUTE)
    met(database, topic(database, HOSTILE), one)
    for path in ("/", "/?by=country", "/?by=time", "/today/rows?after=0"):
        await owner.visit(path)
        assert not owner.tree.xpath("//script[not(@src)] | //img | //@onerror")
        assert HOSTILE in owner.tree.text_content()


async def test_an_empty_desk_says_what_next(owner: Person) -> None:
    await owner.visit("/")
    assert "No source yet: add an address, or enable a pack" in owner.text


@given(st.lists(st.integers(1, 500), max_size=80), st.integers(3, 30), st.integers(0, 100))
def test_groups_share_the_lines_of_a_page(sizes: list[int], most: int, lines: int) -> None:
    share = shared(sizes, most, lines)
    taken = sum(min(size, share) for size in sizes)
    assert LEAST <= share <= most
    assert taken <= lines or share == LEAST
    assert share == most or sum(min(size, share + 1) for size in sizes) > lines


async def test_many_topics_share_the_page_and_what_is_left_out_is_said(
    owner: Person, database: Database, source: Source
) -> None:
    stored = store(database, *(draft(source, number) for number in range(90)))
    for number in range(6):
        met(database, topic(database, f"Topic {number}"), *stored[number * 15 : number * 15 + 15])
    await owner.visit("/")
    assert len(titles(owner)) == 60
    assert owner.text.count("5 more of the day") == 6


async def test_many_topics_ask_the_database_no_more_often_than_one(
    owner: Person, database: Database, source: Source
) -> None:
    asked: list[str] = []
    event.listen(database.place.reader, "before_cursor_execute", lambda *args: asked.append(args[2]))
    stored = store(database, *(draft(source, number) for number in range(12)))

    async def questions() -> int:
        await owner.visit("/")
        asked.clear()
        await owner.visit("/")
        return len(asked)

    met(database, topic(database, "Topic 0"), *stored[:2])
    of_one = await questions()
    for number in range(1, 6):
        met(database, topic(database, f"Topic {number}"), *stored[number * 2 : number * 2 + 2])
    assert await questions() == of_one
    assert len(owner.tree.xpath("//div[@id='topics']/section//h2")) == 6
