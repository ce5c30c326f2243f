"""Trends: topics over time with what is usual, and who has said what, and who has not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random
from urllib.parse import quote

import pytest
from sqlalchemy import update

from presswatch.actions.trends import usual
from presswatch.web.desk import Desk
from storage.database import Database
from storage.people import topics
from storage.sources import sources as watched_sources
from storage.tables import sources, users
from storage.types import Published, Source
from tests.presswatch.web.visiting import Person
from tests.storage.examples import HOUR, NOW, draft, spec, store

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
TODAY = NOW.date()


@pytest.fixture
def desk(desk: Desk) -> Desk:
    return replace(desk, clock=lambda: NOW + HOUR)


def ministry(database: Database, key: str, name: str, *, read: bool = True) -> Source:
    made = database.write(
        watched_sources.add, spec(f"{key}/news", organisation=name, country="BY"), alert_first=False, now=NOW
    )
    if read:
        polled = update(sources).where(sources.c.id == made.id).values(last_poll_at=NOW, reason="ok")
        database.write(lambda connection: connection.execute(polled))
    return made


@pytest.fixture
def speaking(database: Database) -> None:
    """Riverland spoke thrice of bridges, Hillmark was read and said nothing, of Dunesia nobody knows."""
    river = ministry(database, "mfa-ri", "Riverland MFA")
    ministry(database, "mfa-hi", "Hillmark MFA")
    ministry(database, "mfa-du", "Dunesia MFA", read=False)
    for number, ago in enumerate((0, 0, 40)):
        claim = Published(TODAY - timedelta(days=ago))
        store(database, draft(river, number + 1, title=f"On the bridge {number}", published=claim))
    database.write(topics.add, 1, database.packs, "Bridges", "bridge", NOW)
    database.write(topics.add, 1, database.packs, "Unicorns", "unicorns", NOW)


def cells(person: Person) -> list[list[str]]:
    """The grid, row by row."""
    rows = person.tree.xpath("//table[contains(@class, 'grid')]/tbody/tr")
    return [[" ".join(cell.text_content().split()) for cell in row] for row in rows]


async def test_who_has_spoken_and_who_has_not_is_said(owner: Person, speaking: None) -> None:
    await owner.visit("/trends")
    assert "On Bridges 1 of 3 ministries have spoken. Hillmark MFA, Belarus has not." in owner.text
    assert "It is not known of Dunesia MFA, Belarus: that could not be read." in owner.text
    assert cells(owner) == [
        ["Riverland MFA, Belarus", "2", "–", "today"],
        ["Dunesia MFA, Belarus", "?", "?", "not read: not polled yet"],
        ["Hillmark MFA, Belarus", "–", "–", "never"],
    ]


async def test_each_number_leads_to_its_statements(owner: Person, speaking: None) -> None:
    await owner.visit("/trends")
    [address] = owner.tree.xpath("//table[contains(@class, 'grid')]/tbody//a/@href")
    await owner.visit(address)
    assert len(owner.tree.find_class("title")) == 2


async def test_another_column_is_an_address(owner: Person, speaking: None) -> None:
    await owner.visit("/trends")
    [head] = [link for link in owner.tree.xpath("//table//th/a") if link.text_content() == "Unicorns"]
    await owner.visit(head.get("href"))
    assert "On Unicorns 0 of 3 ministries have spoken." in owner.text
    assert owner.tree.xpath("//th[@aria-sort]/a")[0].text_content() == "Unicorns"


async def test_one_topic_stands_day_by_day(owner: Person, speaking: None) -> None:
    await owner.visit("/trends?topic=Bridges&by=day")
    first, *_ = cells(owner)
    assert (len(first), first[-1]) == (31, "2")
    [address] = owner.tree.xpath("//table[contains(@class, 'grid')]/tbody//a/@href")
    await owner.visit(address)
    assert len(owner.tree.find_class("title")) == 2


@pytest.mark.parametrize(("period", "columns"), [("30", 30), ("90", 13), ("365", 53), ("all", 41), ("x", 53)])
async def test_topics_stand_under_each_other_on_one_axis(
    owner: Person, speaking: None, period: str, columns: int
) -> None:
    await owner.visit(f"/trends?period={period}")
    charts = owner.tree.find_class("trend")
    assert len(charts) == 2
    assert not owner.tree.xpath("//svg//@style")
    [table] = [link.get("href") for link in owner.tree.xpath("//a") if link.text_content() == "As a table"]
    await owner.visit(table)
    rows = owner.tree.xpath("//div[contains(@class, 'scrolls')]/table[contains(@class, 'numbers')]/tbody/tr")
    assert abs(len(rows) - columns) <= 1
    assert all(len(row.findall("td")) == 2 for row in rows)


async def test_the_table_stands_alone_and_its_numbers_lead_to_their_statements(owner: Person, speaking: None) -> None:
    await owner.visit("/trends?view=table&topic=Unicorns")
    assert not owner.tree.find_class("trend") and not owner.tree.find_class("grid")
    newest, *_ = owner.tree.xpath("//table/tbody//a")
    assert newest.text_content() == "2"
    back = {link.text_content(): link.get("href") for link in owner.tree.xpath("//main//nav//a")}
    assert (back["As charts"], "view=table" in back["90 days"]) == ("/trends?period=365&topic=Unicorns", True)
    await owner.visit(newest.get("href"))
    assert len(owner.tree.find_class("title")) == 2


async def test_more_than_usual_is_said(owner: Person, speaking: None) -> None:
    await owner.visit("/trends")
    bridges, unicorns = owner.tree.find_class("over-time")
    assert "usual 0 to 0" in bridges.text_content()
    assert "more than usual" in bridges.text_content()
    assert "more than usual" not in unicorns.text_content()


async def test_a_query_stands_beside_them_and_its_mistake_is_told(owner: Person, speaking: None) -> None:
    await owner.visit("/trends?q=tolls")
    assert len(owner.tree.find_class("trend")) == 3
    await owner.visit("/trends?q=" + quote("(tolls"))
    assert len(owner.tree.find_class("trend")) == 2
    assert "This parenthesis is never closed." in owner.text
    assert owner.tree.get_element_by_id("query").get("value") == "(tolls"


async def test_the_tables_are_files(owner: Person, speaking: None) -> None:
    await owner.visit("/trends/grid.csv")
    assert "Riverland MFA,BY,2,0" in owner.answer.text
    assert "Dunesia MFA,BY,?,?" in owner.answer.text
    await owner.visit("/trends/over-time.csv?period=30&q=tolls")
    head, *rows = owner.answer.text.splitlines()
    assert head == "\ufefffirst,last,Bridges,Unicorns,tolls"
    assert (len(rows), rows[-1]) == (30, "2024-11-28,2024-11-28,2,0,2")


async def test_without_a_topic_or_a_source_it_says_what_next(owner: Person, database: Database) -> None:
    await owner.visit("/trends")
    assert "No topic of yours yet." in owner.text
    database.write(topics.add, 1, database.packs, "Bridges", "bridge", NOW)
    await owner.visit("/trends?period=all")
    assert "No source is watched." in owner.text


async def test_another_users_topics_are_not_seen(owner: Person, database: Database, speaking: None) -> None:
    another = users.insert().values(id=2, name="another", role="reader", created_at=NOW)
    database.write(lambda connection: connection.execute(another))
    database.write(topics.add, 2, database.packs, "Theirs", "bridge", NOW)
    for path in ("/trends", "/trends/grid.csv", "/trends/over-time.csv"):
        await owner.visit(path)
        assert "Theirs" not in owner.answer.text
        await owner.visit(f"{path}?topic=Theirs")
        assert "Theirs" not in owner.answer.text or owner.answer.status_code == 404


async def test_nothing_of_a_site_or_a_person_is_markup(owner: Person, database: Database, speaking: None) -> None:
    values = {"organisation": HOSTILE, "name": HOSTILE, "country": "<b>", "reason": "blocked"}
    database.write(lambda connection: connection.execute(update(sources).values(**values)))
    database.write(topics.add, 1, database.packs, HOSTILE, "bridge", NOW)
    for path in ("/trends", f"/trends?topic={quote(HOSTILE)}&by=day&period={quote(HOSTILE)}&q={quote(HOSTILE)}"):
        await owner.visit(path)
        assert owner.answer.status_code == 200
        assert not owner.tree.xpath("//main//script | //main//img | //main//@onerror")


def test_what_is_usual_is_the_middle_half() -> None:
    assert usual([0, 1, 2, 3, 4, 5, 6, 7, 8]) == (2, 6)
    assert usual([1] * 7) is None


@pytest.mark.slow
@pytest.mark.parametrize("view", ["", "table"])
async def test_twenty_topics_of_twenty_ministries_are_light(owner: Person, database: Database, view: str) -> None:
    chance, numbers = Random(20), range(20)
    sections = [ministry(database, f"mfa-{number}", f"The ministry of {number}") for number in numbers]
    for number in numbers:
        database.write(topics.add, 1, database.packs, f"Topic {number}", f"subject{number} OR matter{number}", NOW)
    drafts = (
        draft(
            chance.choice(sections),
            number,
            title=" ".join(f"subject{topic}" for topic in chance.sample(numbers, 10)),
            published=Published(TODAY - timedelta(days=chance.randrange(364))),
        )
        for number in range(300)
    )
    store(database, *drafts)
    await owner.visit(f"/trends?view={view}", **{"Sec-Fetch-Site": "same-origin"})
    assert len(owner.tree.find_class("trend")) == (0 if view else 20)
    assert int(owner.answer.headers["Content-Length"]) < 15_000
