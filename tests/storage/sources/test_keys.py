"""Statements are told apart where an address is not their own, and what is one statement is never split."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.database import Database
from storage.items import items, revisits
from storage.sources import keys, sightings
from storage.types import Entry, Published, Sighting, Source
from tests.storage.examples import NOW, draft, store, watched

SECTION = "https://m.example/en/statements"
FRIDAY = Published(date(2026, 11, 13), datetime(2026, 11, 13, 6, tzinfo=UTC))
SATURDAY = Published(date(2026, 11, 14), datetime(2026, 11, 14, 6, tzinfo=UTC))


def entry(
    number: int, address: str = SECTION, feed_id: str = "", published: Published = FRIDAY, text: str = ""
) -> Entry:
    return Entry(address, f"Statement no {number} on rivers", published, text, feed_id)


@pytest.fixture
def source(database: Database) -> Source:
    return watched(database)


def seen(database: Database, source: Source, *entries: Entry) -> int:
    return database.write(sightings.record_entries, source, entries, silent=False, now=NOW)


def waiting(database: Database, source: Source) -> list[Sighting]:
    return list(database.read(sightings.pending, source.id, NOW))


def read(database: Database, source: Source, *bodies: str) -> list[int]:
    """Store the articles that wait; the ids of their items."""
    stored = []
    for number, sighting in enumerate(waiting(database, source)):
        body = bodies[number] if number < len(bodies) else f"What {sighting.title} says."
        made = draft(source, address=sighting.address, title=sighting.title, body=body, sighting_id=sighting.id)
        stored += store(database, replace(made, part=sighting.part, next_revisit_at=NOW + timedelta(hours=1)))
    return [one.item_id for one in stored]


def is_read_again(database: Database) -> set[int]:
    """Which items are ever read again, one after the other."""
    found = set()
    while due := database.read(revisits.due, NOW + timedelta(days=1)):
        found.add(due[0].item.id)
        database.write(revisits.postpone, due[0].item.id, None)
    return found


def numbered(kind: str, count: int = 3) -> list[Entry]:
    """Entries of a listing that shows several statements at one address."""
    at = {
        "ids": lambda number: entry(number, feed_id=f"st-{number}"),
        "anchors": lambda number: entry(number, f"{SECTION}#st{number}", f"{SECTION}#st{number}"),
        "numbers": lambda number: entry(number, f"{SECTION}#{number}"),
        "hashbang": lambda number: entry(number, f"https://m.example/#!/news/{number}"),
        "route": lambda number: entry(number, f"https://m.example/app#/news/{number}"),
        "route's id": lambda number: entry(number, f"https://m.example/app#/news?id={number}"),
        "no link": lambda number: entry(number, "", f"n-{number}", text="The talks are over."),
        "no link, no id": lambda number: entry(number, "", text=f"The talks on river {number} are over."),
        "uuids": lambda number: entry(number, feed_id=f"urn:uuid:0000-{number}"),
        "tags": lambda number: entry(number, feed_id=f"tag:m.example,2026:{number}"),
        "addresses as ids": lambda number: entry(number, feed_id=f"https://m.example/?p={number}"),
        "home": lambda number: entry(number, "https://m.example/", f"st-{number}"),
        "same title": lambda number: Entry(
            SECTION, "Briefing of the spokesman", Published(date(2026, 11, number)), "", f"b-{number}"
        ),
        "same title, other text": lambda number: Entry(
            SECTION, "Briefing", FRIDAY, f"Answers to {number}.", f"b-{number}"
        ),
    }
    return [at[kind](number) for number in range(count, 0, -1)]


KINDS = (
    "ids", "anchors", "numbers", "hashbang", "route", "route's id", "no link", "no link, no id", "uuids", "tags",
    "addresses as ids", "home", "same title", "same title, other text",
)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_statements_at_one_address_are_told_apart(database: Database, source: Source, kind: str) -> None:
    assert sightings.distinct(numbered(kind)) == 3
    assert seen(database, source, *numbered(kind)) == 3
    assert len(set(read(database, source))) == 3
    assert seen(database, source, *numbered(kind)) == 0, "and are known the next time"
    assert seen(database, source, *numbered(kind, 5)) == 2, "and so are the next ones"
    assert len(set(read(database, source))) == 2
    assert seen(database, source, *numbered(kind, 5)[2:]) == 0
    assert waiting(database, source) == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_first_one_that_stood_alone_stays_itself(database: Database, source: Source, kind: str) -> None:
    if kind == "same title":
        pytest.skip("alone, an address with one title is one statement")
    first, *_ = reversed(numbered(kind))
    assert seen(database, source, first) == 1
    read(database, source)
    assert seen(database, source, *numbered(kind)) == 2


def test_the_next_briefing_at_a_fixed_address_is_a_statement_and_the_old_one_is_kept(
    database: Database, source: Source
) -> None:
    days = [entry(day, feed_id=f"b-{day}", published=Published(date(2026, 11, day))) for day in (12, 13, 14, 15)]
    ids = []
    for day in days:
        assert seen(database, source, day) == 1
        [sighting] = waiting(database, source)
        assert (sighting.address, sighting.title) == (SECTION, day.title)
        ids += read(database, source)
        assert seen(database, source, day) == 0
    assert len(set(ids)) == 4
    assert is_read_again(database) == {ids[-1]}, "the page is the newest one's"
    assert [database.read(items.get, one).version.title for one in ids] == [day.title for day in days]
    assert {database.read(items.get, one).versions for one in ids} == {1}


def test_the_next_briefing_is_one_too_where_the_feed_still_shows_the_last(database: Database, source: Source) -> None:
    first, second = (entry(day, feed_id=f"b-{day}", published=Published(date(2026, 11, day))) for day in (12, 13))
    seen(database, source, first)
    [one] = read(database, source)
    assert seen(database, source, second, first) == 1
    [other] = read(database, source)
    assert one != other
    assert seen(database, source, second, first) == 0
    assert is_read_again(database) == {other}


def test_a_briefing_that_two_sections_show_is_one(database: Database, source: Source) -> None:
    other = watched(database, "mfa-xy/speeches")
    first, second = (entry(day, feed_id=f"b-{day}", published=Published(date(2026, 11, day))) for day in (12, 13))
    for day in (first, second):
        made = []
        for section in (source, other):
            seen(database, section, day)
            made += read(database, section)
        assert len(set(made)) <= 1


def test_a_title_a_date_and_an_id_that_are_new_over_the_same_text_are_an_edit(
    database: Database, source: Source
) -> None:
    seen(database, source, entry(1, feed_id="r-1"))
    [one] = read(database, source, "The ministers met on the bridge.")
    assert seen(database, source, entry(2, feed_id="r-2", published=SATURDAY)) == 1
    assert read(database, source, "The ministers met on the bridge.") == [one]
    assert database.read(items.get, one).versions == 2
    assert is_read_again(database) == {one}


def test_what_a_feed_says_of_a_statement_without_a_page_is_stored_again_when_it_is_edited(
    database: Database, source: Source
) -> None:
    seen(database, source, entry(1, "", "n-1", text="The talks are over."))
    [one] = read(database, source)
    assert seen(database, source, entry(1, "", "n-1", text="The talks go on.")) == 0
    [sighting] = waiting(database, source)
    assert sighting.summary == "The talks go on."
    assert read(database, source, "The talks go on.") == [one]


# -- what is one statement ---------------------------------------------------------------------------------------------

ADDRESS = "https://m.example/news/1?id=7&page=2"
_SPELLINGS = st.sampled_from(
    [
        ADDRESS, "http://m.example/news/1?id=7&page=2", "https://M.EXAMPLE:443/news/1/?page=2&id=7", f"{ADDRESS}#top",
        f"{ADDRESS}&utm_source=feed", f"{ADDRESS}&amp;fbclid=1", f"{ADDRESS}#comments", f"{ADDRESS}#xtor=RSS-1",
        f"{ADDRESS}&sid=4f2a9c1be07d4f2a9c1be07d11", "https://m.example/x/../news/1?id=7&page=2", f"{ADDRESS}#!",
        "https://m.example/news/1;jsessionid=12?id=7&page=2", f"{ADDRESS}&PHPSESSID=ab12", f"{ADDRESS}#more-12",
        "https://m.example/(S(abcdefgh12345678))/news/1?id=7&page=2", f"{ADDRESS}#:~:text=talks", f"{ADDRESS}#part",
    ]
)  # fmt: skip
_ONE = st.builds(
    Entry,
    _SPELLINGS,
    st.sampled_from(["Statement on rivers", "Statement on  Rivers", "STATEMENT ON RIVERS"]),
    st.sampled_from([FRIDAY, SATURDAY, Published(), Published(date(2026, 11, 13))]),
    st.sampled_from(["", "The talks are over."]),
    st.sampled_from(["", "1", "2", "urn:uuid:7", "urn:uuid:8", ADDRESS, f"{ADDRESS}&v=2"]),
)


@given(st.lists(_ONE, min_size=1, max_size=6))
def test_one_statement_is_one_however_a_feed_writes_it_from_poll_to_poll(polls: list[Entry]) -> None:
    known: dict[str, keys.Known] = {}
    for shown in polls:
        for key, one in keys.by_key([shown], known.values()).items():
            anchor = keys.anchor_of(one.address)
            known[key] = keys.Known(key, one.title, keys.named(one.feed_id), anchor, one.published)
    assert len(known) == 1


def test_a_redesign_that_makes_all_ids_and_anchors_anew_announces_nothing(database: Database, source: Source) -> None:
    def shown(ids: str, anchor: str, published: Published, number: int) -> Entry:
        return entry(number, f"https://m.example/news/{number}{anchor}", f"{ids}{number}", published)

    seen(database, source, *(shown("old-", "", FRIDAY, number) for number in range(9, 0, -1)))
    made = read(database, source)
    for change in (("new-", "", FRIDAY), ("new-", "#item", FRIDAY), ("x", "#story", SATURDAY), ("y", "#c", SATURDAY)):
        assert seen(database, source, *(shown(*change, number) for number in range(9, 0, -1))) == 0
    assert read(database, source) == []
    assert len(made) == 9


def test_ids_that_a_feed_makes_anew_at_each_poll_tell_nothing(database: Database, source: Source) -> None:
    for poll in range(4):
        day = Published(date(2026, 11, 13 + poll))
        shown = [entry(number, feed_id=f"{poll}-{number}", published=day) for number in range(3, 0, -1)]
        assert seen(database, source, *shown) == (0 if poll else 3)
        read(database, source)


@pytest.mark.parametrize(
    "edited",
    [
        replace(entry(1), title="Statement no 1 on the rivers of Zalesia", published=SATURDAY, feed_id="r-1"),
        replace(entry(1), title="Statement no 1 on rivers (updated)", published=SATURDAY, feed_id="r-2"),
        replace(entry(1), title="Declaration on rivers", published=FRIDAY, feed_id="r-2"),
        replace(entry(1), title="Declaration on rivers", published=Published(), feed_id="r-2"),
        replace(entry(1), title="Declaration on rivers", published=SATURDAY, feed_id=""),
    ],
)
def test_an_edited_title_is_no_new_statement(database: Database, source: Source, edited: Entry) -> None:
    seen(database, source, entry(1, feed_id="r-1"))
    read(database, source)
    assert seen(database, source, edited) == 0


@pytest.mark.parametrize(
    ("neighbour_s_id", "new"),
    [("st-2", 1), ("anew-2", 0), ("urn:uuid:anew-2", 0), ("https://m.example/anew?p=2", 0), ("st-2 ", 1)],
)
def test_a_feed_whose_known_ids_are_other_ones_now_is_not_believed(
    database: Database, source: Source, neighbour_s_id: str, new: int
) -> None:
    """The neighbour betrays it: the same statement of the same day has another id."""
    seen(database, source, entry(1, feed_id="st-1"), entry(2, "https://m.example/2", "st-2"))
    read(database, source)
    other = replace(entry(3, feed_id="st-3", published=SATURDAY), title="Briefing on tunnels")
    assert seen(database, source, other, entry(2, "https://m.example/2", neighbour_s_id)) == new


def test_one_statement_that_a_feed_lists_twice_is_one() -> None:
    twice = [
        [entry(1, feed_id="a"), entry(1, feed_id="b")],
        [entry(1, feed_id="a"), entry(2, feed_id="a")],
        [entry(1, f"{SECTION}#a"), entry(1, f"{SECTION}#b")],
        [entry(1), entry(2, f"{SECTION}#comments")],
        [entry(1), entry(2, f"{SECTION}#part")],
        [entry(1, f"{SECTION}#a"), entry(2, f"{SECTION}#a")],
        [entry(1), entry(2)],
    ]
    assert [sightings.distinct(entries) for entries in twice] == [1] * len(twice)
