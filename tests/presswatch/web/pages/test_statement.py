"""A statement's page shows what was said, when, why one sees it, and what changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from presswatch.actions import signing_in
from presswatch.web.desk import Desk
from storage.database import Database
from storage.outbox import matches
from storage.outbox.matches import FoundMatch
from storage.people import topics
from storage.tables import alerts, items, sources, versions
from storage.types import Hit, Published, Role, Source, Stored
from tests.presswatch.web.visiting import PASSPHRASE, Person
from tests.storage.examples import BODY, HOUR, MINUTE, NOW, draft, matched, store, subscribed, watched

AT = BODY.index("bridge")
HIT = Hit("bridge", "bridge", "body", AT, AT + 6)
TWO = f"{BODY}\n\nThe treaty will be signed in spring."
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


@pytest.fixture
def desk(desk: Desk) -> Desk:
    return replace(desk, clock=lambda: NOW + HOUR)


@pytest.fixture
def source(database: Database) -> Source:
    return watched(database)


def met(database: Database, one: Stored, name: str = "Bridges", owner: int = 1, hit: Hit = HIT) -> None:
    topic = database.write(topics.add, owner, database.packs, name, "bridge", NOW - HOUR)
    found = [FoundMatch(one.version_id, topic.id, (hit,))]
    database.write(matches.record_matches, [one.version_id], found, NOW, lambda rhythm, timing: NOW)


def part(person: Person, name: str) -> str:
    return " ".join(person.tree.get_element_by_id(name).text_content().split())


async def test_the_original_comes_first_then_the_text(owner: Person, database: Database, source: Source) -> None:
    [one] = store(database, draft(source, 1, title="On the bridge", body=TWO))
    await owner.visit(f"/statements/{one.item_id}")
    original = owner.tree.xpath("//a[@data-original]")[0]
    assert original.get("href") == "https://mfa.example/news/1"
    assert owner.tree.find(".//h1").text_content() == "On the bridge"
    assert [each.get("id") for each in owner.tree.find_class("said-in-full")[0].findall("p")] == ["p1", "p2"]


@pytest.mark.parametrize(
    ("published", "said"),
    [
        (Published(), "no date"),
        (Published(day=date(2024, 11, 28), zone="Europe/Minsk"), "28 November 2024 the day only, in Minsk"),
        (
            Published(date(2024, 11, 28), datetime(2024, 11, 28, 11, 5, tzinfo=UTC), "Europe/Minsk"),
            "28 Nov 2024, 11:05 14:05 in Minsk",
        ),
        (Published(day=date(2199, 1, 1)), "doubtful"),
    ],
)
async def test_the_ministrys_claim_is_shown_to_its_precision(
    owner: Person, database: Database, source: Source, published: Published, said: str
) -> None:
    [one] = store(database, draft(source, 1, published=published))
    await owner.visit(f"/statements/{one.item_id}")
    assert said in owner.text_of("clocks")


async def test_three_clocks_stand_side_by_side(owner: Person, database: Database, source: Source) -> None:
    subscription = subscribed(database)
    [one] = store(database, draft(source, 1))
    matched(database, subscription, one)
    sent = {"state": "sent", "sent_at": NOW + timedelta(seconds=45)}
    database.write(lambda connection: connection.execute(update(alerts).values(**sent)))
    await owner.visit(f"/statements/{one.item_id}")
    clocks = owner.text_of("clocks")
    assert "We first saw it 28 Nov 2024, 12:00:00" in clocks
    assert "You were told 28 Nov 2024, 12:00:45 45 sec later · 1 of 1 channel" in clocks
    assert "console · sent" in part(owner, "told")


async def test_why_leads_to_each_place(owner: Person, database: Database, source: Source) -> None:
    [one] = store(database, draft(source, 1, body=TWO))
    met(database, one)
    await owner.visit(f"/statements/{one.item_id}")
    why = owner.tree.get_element_by_id("why")
    assert "“bridge” · paragraph 1" in part(owner, "why")
    assert why.xpath(".//a[@href='#p1']")
    assert [mark.text for mark in owner.tree.get_element_by_id("p1").findall("mark")] == ["bridge"]


async def test_why_not_is_answered_clause_by_clause(owner: Person, database: Database, source: Source) -> None:
    [one] = store(database, draft(source, 1))
    database.write(topics.add, 1, database.packs, "Zeppelins", "zeppelin OR balloon", NOW - HOUR)
    await owner.visit(f"/statements/{one.item_id}")
    [link] = owner.tree.xpath("//section[@id='why']//a[contains(@href, 'why=Zeppelins')]/@href")
    await owner.visit(link)
    assert "does not hold OR" in part(owner, "why")
    assert "does not hold zeppelin it does not occur" in part(owner, "why")


async def test_versions_are_a_timeline_and_compared(owner: Person, database: Database, source: Source) -> None:
    [one] = store(database, draft(source, 1, body=TWO))
    edited = TWO.replace("spring", "autumn of next year")
    store(database, draft(source, 1, body=edited, item_id=one.item_id), now=NOW + 31 * MINUTE)
    await owner.visit(f"/statements/{one.item_id}")
    assert "Version 2 · 12:31 edited 4 words added, 1 removed Version 1 · 12:00 first seen" in part(owner, "versions")
    assert not owner.tree.xpath("//*[@id='changed']")
    await owner.visit(owner.tree.xpath("//a[@data-changes]/@href")[0])
    changed = owner.tree.get_element_by_id("changed")
    assert "1 paragraph unchanged" in changed.text_content()
    assert [each.text_content() for each in changed.findall(".//del")] == ["removed: spring"]
    assert [each.text_content() for each in changed.findall(".//ins")] == ["added: autumn of next year"]
    await owner.visit(changed.xpath(".//a[@class='end']/@href")[0])
    assert "columns=2" in owner.place
    left, right = owner.tree.find_class("diffs")[0].findall("p")[-2:]
    assert (bool(left.findall("ins")), bool(right.findall("del"))) == (False, False)
    assert (len(left.findall("del")), len(right.findall("ins"))) == (1, 1)
    await owner.visit(f"/statements/{one.item_id}?version=1")
    assert "spring" in owner.tree.find_class("said-in-full")[0].text_content()
    assert "This is version 1" in owner.text


@pytest.mark.parametrize(
    "asked", ["compare=2..1", "compare=1..9", "compare=x", "version=7", "version=%2e", "beside=99"]
)
async def test_what_is_not_there_is_said_to_be_not_there(
    owner: Person, database: Database, source: Source, asked: str
) -> None:
    [one] = store(database, draft(source, 1))
    answer = await owner.visit(f"/statements/{one.item_id}?{asked}")
    assert answer.status_code in (404, 422)


@pytest.mark.parametrize("number", ["0", "999", "x", "1e3", "99999999999999999999", "-1"])
async def test_a_statement_that_does_not_exist_is_a_page_of_its_own(owner: Person, number: str) -> None:
    answer = await owner.visit(f"/statements/{number}")
    assert answer.status_code == 404
    assert "There is nothing here" in owner.text


async def test_editions_stand_side_by_side(owner: Person, database: Database, source: Source) -> None:
    one, other, third = store(
        database,
        draft(source, 1, body=TWO),
        draft(source, 2, body="Первый абзац.\n\nВторой абзац.", language="ru"),
        draft(source, 3, body="Один.", language="be"),
    )
    theirs = items.c.id.in_([other.item_id, third.item_id])
    database.write(lambda connection: connection.execute(update(items).where(theirs).values(story_id=one.item_id)))
    await owner.visit(f"/statements/{one.item_id}")
    cells = owner.tree.find_class("columns")[0].findall("p")
    assert [cell.get("lang") for cell in cells[2:]] == ["en", "ru", "en", "ru"]
    await owner.visit(owner.tree.xpath("//a[text()='With Belarusian instead']/@href")[0])
    assert "do not agree in number" in part(owner, "editions")


async def test_a_withdrawn_statement_says_that_this_is_our_copy(
    owner: Person, database: Database, source: Source
) -> None:
    [one] = store(database, draft(source, 1))
    database.write(lambda connection: connection.execute(update(items).values(withdrawn_at=NOW + MINUTE)))
    await owner.visit(f"/statements/{one.item_id}")
    assert "Withdrawn: since 12:01 it no longer stands at its address" in owner.text_of("note")
    assert "our copy" in owner.text_of("note")


async def test_a_title_alone_says_so(owner: Person, database: Database, source: Source) -> None:
    [one] = store(database, draft(source, 1, body=""))
    await owner.visit(f"/statements/{one.item_id}")
    assert "The title is all that could be read." in owner.text


async def test_topics_and_alerts_of_others_are_not_seen(
    owner: Person, desk: Desk, database: Database, source: Source
) -> None:
    subscription = subscribed(database, name="night desk")
    [one] = store(database, draft(source, 1))
    matched(database, subscription, one)
    other = Person(desk)
    link = await signing_in.invite(database, Role.READER)
    await other.visit(f"/begin/{link}")
    await other.send(f"/begin/{link}", name="other", passphrase=PASSPHRASE)
    await other.visit(f"/statements/{one.item_id}")
    assert "Bridges" not in other.text
    assert "night desk" not in other.text
    assert not other.tree.findall(".//mark")
    assert (await other.visit(f"/statements/{one.item_id}?why=Bridges")).status_code == 404


async def test_no_word_of_a_site_or_a_person_is_markup(owner: Person, database: Database, source: Source) -> None:
    values = {"organisation": HOSTILE, "name": HOSTILE}
    database.write(lambda connection: connection.execute(update(sources).values(**values)))
    claim = Published(day=date(2024, 11, 28), text=HOSTILE)
    [one] = store(database, draft(source, 1, title=HOSTILE, body=HOSTILE, published=claim))
    store(database, draft(source, 1, title=HOSTILE, body=f"{HOSTILE} again", item_id=one.item_id, published=claim))
    [other] = store(database, draft(source, 2, title=HOSTILE, body=HOSTILE, language="ru"))
    theirs = items.c.id == other.item_id
    database.write(lambda connection: connection.execute(update(items).where(theirs).values(story_id=one.item_id)))
    database.write(lambda connection: connection.execute(update(versions).values(cut=[HOSTILE])))
    met(database, one, HOSTILE, hit=Hit("x", HOSTILE, "body", 0, len(HOSTILE), alias=HOSTILE))
    for asked in ("", "?compare=1..2", "?compare=1..2&columns=2", "?version=1", f"?beside={other.item_id}"):
        answer = await owner.visit(f"/statements/{one.item_id}{asked}")
        assert answer.status_code == 200
        assert not owner.tree.xpath("//script[not(@src)] | //img | //@onerror")
        assert HOSTILE in owner.tree.text_content()
