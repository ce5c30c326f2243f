from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, event, text

from storage.database import Database
from storage.errors import NotFoundError
from storage.items import items, revisits
from storage.opening import open_database
from storage.search.search import search
from storage.sources import sightings, sources
from storage.types import ArticleDraft, Decision, Item, Precision, Published, Source, Stored, Validators
from tests.storage.examples import BODY, HOUR, NOW, draft, entry, polling, spec, store, watched


@pytest.fixture
def source(database: Database) -> Source:
    return watched(database)


def found(database: Database, query: str) -> list[int]:
    return [one.item.id for one in database.read(search, database.packs, query).found]


def count(database: Database, table: str) -> int:
    def ask(connection: Connection) -> int:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())

    return database.read(ask)


# -- new, changed, same -------------------------------------------------------------------------------------------


def test_a_new_statement_is_stored_as_its_first_version(database: Database, source: Source) -> None:
    published = Published(date(2024, 11, 28), datetime(2024, 11, 28, 11, 5, tzinfo=UTC), "Europe/Minsk", "28.11, 14:05")
    [stored] = store(database, draft(source, title="On the bridge", language="en", published=published))
    item = database.read(items.get, stored.item_id)
    assert (stored.decision, stored.number) == (Decision.NEW, 1)
    assert (item.version.title, item.version.body, item.version.language) == ("On the bridge", BODY, "en")
    assert (item.source_key, item.first_seen_at, item.versions, item.story_id) == (source.key, NOW, 1, item.id)
    assert item.version.published == published
    assert str(item.version.published) == "2024-11-28T14:05+03:00"


@pytest.mark.parametrize("published", [Published(), Published(date(2024, 11, 28), zone="Asia/Almaty", text="28.11.24")])
def test_a_claimed_date_is_kept_as_exactly_as_it_was_claimed(
    database: Database, source: Source, published: Published
) -> None:
    [stored] = store(database, draft(source, published=published))
    kept = database.read(items.get, stored.item_id).version.published
    assert kept == published
    assert kept.precision is (Precision.DAY if published.day else Precision.NONE)


def test_an_edit_makes_a_second_version_and_the_old_text_stays_readable(database: Database, source: Source) -> None:
    [first] = store(database, draft(source, body="The tolls stay at five crowns."))
    [second] = store(database, draft(source, body="The tolls rise to seven crowns."), now=NOW + HOUR)
    assert (second.decision, second.item_id, second.number) == (Decision.CHANGED, first.item_id, 2)
    old, new = database.read(items.history, first.item_id)
    assert (old.number, old.body, old.seen_at) == (1, "The tolls stay at five crowns.", NOW)
    assert (new.number, new.body, new.seen_at) == (2, "The tolls rise to seven crowns.", NOW + HOUR)
    assert database.read(items.get, first.item_id).version == new
    assert database.read(items.get, first.item_id).versions == 2


def test_the_search_finds_what_an_item_says_now_and_not_what_it_said(database: Database, source: Source) -> None:
    [stored] = store(database, draft(source, title="Tolls", body="The tolls stay at five crowns."))
    assert found(database, "five") == [stored.item_id]
    store(database, draft(source, title="Tolls", body="The tolls rise to seven crowns."))
    assert found(database, "five") == []
    assert found(database, "seven") == [stored.item_id]
    assert found(database, "tolls") == [stored.item_id]


def test_a_statement_that_says_the_same_changes_nothing(database: Database, source: Source) -> None:
    [first] = store(database, draft(source))
    before = database.read(items.get, first.item_id)
    [again] = store(database, draft(source, body=f" {BODY}\n"), now=NOW + HOUR)
    assert (again.decision, again.item_id, again.version_id) == (Decision.SAME, first.item_id, first.version_id)
    assert database.read(items.get, first.item_id) == before
    assert (count(database, "items"), count(database, "versions")) == (1, 1)


def test_an_edit_that_is_taken_back_is_a_third_version(database: Database, source: Source) -> None:
    for body in ("one", "two", "one"):
        [stored] = store(database, draft(source, body=body))
    assert stored.number == 3
    assert [version.body for version in database.read(items.history, stored.item_id)] == ["one", "two", "one"]


def test_two_statements_with_one_title_are_two_items(database: Database, source: Source) -> None:
    stored = store(
        database,
        draft(source, 1, title="The weekly briefing", body="About the bridge."),
        draft(source, 2, title="The weekly briefing", body="About the tolls."),
    )
    assert len({one.item_id for one in stored}) == 2


def test_two_statements_with_one_text_are_two_items(database: Database, source: Source) -> None:
    stored = store(database, draft(source, 1, title="Greetings"), draft(source, 2, title="Greetings"))
    assert len({one.item_id for one in stored}) == 2


def test_spellings_of_one_address_are_one_item(database: Database, source: Source) -> None:
    [first] = store(database, draft(source, address="https://mfa.example/news/7?a=1&b=2"))
    [again] = store(
        database, draft(source, title="Statement 1", address="http://MFA.example/news/7/?b=2&a=1&utm_source=x")
    )
    assert (again.decision, again.item_id) == (Decision.SAME, first.item_id)
    for address in ("http://mfa.example/news/7?b=2&a=1", "https://mfa.example/news/7/?a=1&b=2#top"):
        item = database.read(items.find, address)
        assert item is not None
        assert item.id == first.item_id
    assert database.read(items.find, "https://mfa.example/news/7") is None


# -- batches ------------------------------------------------------------------------------------------------------


def test_the_results_stand_in_the_order_of_the_drafts(database: Database, source: Source) -> None:
    store(database, draft(source, 3), draft(source, 5, body="before"))
    stored = store(database, *(draft(source, number) for number in range(1, 8)))
    assert [one.title for one in stored] == [f"Statement {number}" for number in range(1, 8)]
    new, changed, same = Decision.NEW, Decision.CHANGED, Decision.SAME
    assert [one.decision for one in stored] == [new, new, same, new, changed, new, new]
    ids = [one.item_id for one in stored if one.decision is new]
    assert ids == sorted(ids)


def test_a_statement_that_stands_twice_in_a_batch_is_stored_once(database: Database, source: Source) -> None:
    first, other, again, edited = store(
        database, draft(source, 1), draft(source, 2), draft(source, 1), draft(source, 1, body="The text was edited.")
    )
    assert first.item_id == again.item_id == edited.item_id != other.item_id
    assert [first.decision, again.decision, edited.decision] == [Decision.NEW, Decision.SAME, Decision.CHANGED]
    assert (count(database, "items"), count(database, "versions")) == (2, 3)


def test_an_empty_batch_is_no_fault(database: Database) -> None:
    assert store(database) == []


class Steps:
    """What a piece of work asks of SQLite: statements, and instructions of its virtual machine in thousands."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.instructions = 0

    @property
    def statements(self) -> int:
        return len(self.said)


@contextmanager
def counted(database: Database) -> Iterator[Steps]:
    steps = Steps()

    def statement(_: Any, __: Any, said: str, *___: Any) -> None:
        steps.said.append(said)

    def instruction() -> int:
        steps.instructions += 1
        return 0

    def watch(connection: Connection, handler: Any) -> None:
        raw = connection.connection.dbapi_connection
        assert raw is not None
        raw.set_progress_handler(handler, 1000)

    database.write(watch, instruction)
    event.listen(Engine, "before_cursor_execute", statement)
    try:
        yield steps
    finally:
        event.remove(Engine, "before_cursor_execute", statement)
        database.write(watch, None)


def test_ten_thousand_statements_are_stored_in_linear_time(database: Database, source: Source) -> None:
    """Each batch costs as many statements as the first one, and about as much work, however full the archive is."""
    statements: list[int] = []
    instructions: list[int] = []
    with counted(database) as total:
        for start in range(0, 10_000, 50):
            before = (total.statements, total.instructions)
            store(database, *(draft(source, start + number, body="On the bridge.") for number in range(50)))
            statements.append(total.statements - before[0])
            instructions.append(total.instructions - before[1])
    assert count(database, "items") == 10_000
    assert len(set(statements)) == 1
    early, late = (sorted(part)[10] for part in (instructions[1:21], instructions[-20:]))
    assert late < 3 * early


def test_a_batch_costs_a_handful_of_statements_whatever_its_size(database: Database, source: Source) -> None:
    costs = []
    for size in (1, 10, 100):
        with counted(database) as steps:
            store(database, *(draft(source, 10_000 * size + number) for number in range(size)))
        costs.append(steps.statements)
    assert len(set(costs)) == 1
    written = [said.split()[2] for said in steps.said if said.startswith("INSERT")]
    assert len(written) == len(set(written)), "each table is written once"
    assert costs[0] - len(written) <= 7, "keys, blocks, versions, texts, editions; new ids of items and of versions"


edits = st.lists(
    st.tuples(st.integers(1, 4), st.sampled_from(["one", "two", "three"]), st.booleans()), min_size=1, max_size=12
)


@settings(max_examples=25)
@given(edits)
def test_every_text_that_was_ever_read_can_be_read_again(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, str, bool]]
) -> None:
    """However the drafts are cut into batches, an item's versions are the texts it showed, in order."""
    said: dict[int, list[str]] = {}
    with open_database(tmp_path_factory.mktemp("edits")) as database:
        source = watched(database)
        batch: list[ArticleDraft] = []
        for number, body, ends_batch in steps:
            if said.setdefault(number, [""])[-1] != body:
                said[number].append(body)
            batch.append(draft(source, number, body=body))
            if ends_batch:
                store(database, *batch)
                batch = []
        store(database, *batch)
        for number, bodies in said.items():
            item = database.read(items.find, f"https://mfa.example/news/{number}")
            assert item is not None
            versions = database.read(items.history, item.id)
            assert [version.body for version in versions] == bodies[1:]
            assert [version.number for version in versions] == list(range(1, len(bodies)))


# -- pages that claim another address -----------------------------------------------------------------------------


def test_a_page_is_known_by_the_address_it_claims(database: Database, source: Source) -> None:
    [first] = store(database, draft(source, 7))
    [again] = store(database, draft(source, 7, fetched="https://mfa.example/print?id=7"))
    assert (again.decision, again.item_id) == (Decision.SAME, first.item_id)


def test_a_page_that_claims_anothers_address_and_says_something_else_stays_an_item_of_its_own(
    database: Database, source: Source
) -> None:
    """There are sites whose every page claims the address of the front page."""
    pages = [
        draft(source, address="https://mfa.example/", fetched=f"https://mfa.example/news/{number}", body=f"{number}")
        for number in range(1, 4)
    ]
    together = store(database, *pages)
    assert len({one.item_id for one in together}) == 3
    assert [one.address for one in together] == [
        "https://mfa.example/", "https://mfa.example/news/2", "https://mfa.example/news/3",
    ]  # fmt: skip
    again = store(database, *pages)
    assert [(one.decision, one.item_id) for one in again] == [(Decision.SAME, one.item_id) for one in together]
    assert count(database, "versions") == 3


def test_a_revisit_finds_its_item_by_number_whatever_the_page_claims(database: Database, source: Source) -> None:
    [first] = store(database, draft(source, 7))
    moved = draft(source, 7, address="https://mfa.example/moved", body="Edited.", item_id=first.item_id)
    [again] = store(database, moved)
    assert (again.decision, again.item_id, again.number) == (Decision.CHANGED, first.item_id, 2)


# -- stories ------------------------------------------------------------------------------------------------------


def stories(database: Database, stored: list[Stored]) -> list[int]:
    return [database.read(items.get, one.item_id).story_id for one in stored]


def test_an_identical_text_at_another_address_joins_the_story(database: Database, source: Source) -> None:
    first = store(database, draft(source, 1, title="On the bridge"))
    copies = store(database, *(draft(source, number, title="On the bridge") for number in (2, 3)), now=NOW + HOUR)
    assert stories(database, first + copies) == [first[0].item_id] * 3


def test_an_identical_text_in_the_same_batch_joins_the_story(database: Database, source: Source) -> None:
    stored = store(database, draft(source, 1, title="On the bridge"), draft(source, 2, title="On the bridge"))
    assert stories(database, stored) == [stored[0].item_id] * 2


def test_short_identical_texts_are_no_story(database: Database, source: Source) -> None:
    stored = store(
        database,
        draft(source, 1, title="Greetings", body="The minister sends greetings."),
        draft(source, 2, title="Greetings", body="The minister sends greetings."),
    )
    assert stories(database, stored) == [one.item_id for one in stored]


def test_the_same_words_a_year_later_are_another_story(database: Database, source: Source) -> None:
    first = store(database, draft(source, 1, title="National day"))
    later = store(database, draft(source, 2, title="National day"), now=NOW + timedelta(days=365))
    assert stories(database, first + later) == [first[0].item_id, later[0].item_id]


def test_a_similar_text_is_another_story(database: Database, source: Source) -> None:
    stored = store(database, draft(source, 1, title="On the bridge"), draft(source, 2, title="On the bridges"))
    assert stories(database, stored) == [one.item_id for one in stored]


# -- reading and revisits -----------------------------------------------------------------------------------------


def test_an_unknown_item_is_told(database: Database) -> None:
    with pytest.raises(NotFoundError, match="41"):
        database.read(items.get, 41)


def test_many_items_come_in_the_order_they_were_asked_for(database: Database, source: Source) -> None:
    first, second, third = (one.item_id for one in store(database, *(draft(source, number) for number in range(3))))
    wanted = [third, 99, first, second]
    assert [item.id for item in database.read(items.get_many, wanted)] == [third, first, second]


def test_an_item_knows_the_sections_it_was_seen_in(database: Database, source: Source) -> None:
    other = watched(database, "mfa-xy/speeches")
    database.write(sightings.record_entries, source, [entry(1)], silent=False, now=NOW)
    [pending] = database.read(sightings.pending, source.id, NOW)
    [stored] = store(database, draft(source, 1, sighting_id=pending.id))
    database.write(sightings.record_entries, other, [entry(1)], silent=False, now=NOW)
    assert database.read(items.sections, stored.item_id) == ("mfa-xy/news", "mfa-xy/speeches")


def due(database: Database, now: datetime, limit: int = 64) -> list[revisits.Revisit]:
    return list(database.read(revisits.due, now, limit))


def test_of_each_source_the_longest_waiting_item_is_read_again(database: Database, source: Source) -> None:
    other = watched(database, "mfa-xy/speeches")
    for where, number, hours in ((source, 1, 3), (source, 2, 1), (source, 3, 2), (other, 4, 9)):
        store(database, replace(draft(where, number), next_revisit_at=NOW + hours * HOUR))
    store(database, draft(source, 5))

    def ids(now: datetime) -> list[int]:
        return sorted(revisit.item.id for revisit in due(database, now))

    assert ids(NOW) == []
    assert ids(NOW + 3 * HOUR) == [2]
    assert ids(NOW + 9 * HOUR) == [2, 4]
    assert [revisit.item.id for revisit in due(database, NOW + 9 * HOUR, limit=1)] == [2], "the longest waiting first"
    database.write(sources.set_enabled, source.key, False, NOW)
    assert ids(NOW + 9 * HOUR) == [4]
    database.write(sources.set_enabled, other.key, False, NOW)
    assert ids(NOW + 9 * HOUR) == []


def test_a_revisit_leaves_its_count_its_validators_and_its_next_time(database: Database, source: Source) -> None:
    [stored] = store(database, replace(draft(source), next_revisit_at=NOW))
    shown = Validators('"a"', "yesterday")
    database.write(revisits.revisited, stored.item_id, next_revisit_at=NOW + HOUR, validators=shown)
    assert due(database, now=NOW) == []
    [revisit] = due(database, now=NOW + HOUR)
    assert (revisit.revisits, revisit.validators) == (1, shown)


def test_a_revisit_that_said_nothing_counts_and_keeps_the_validators(database: Database, source: Source) -> None:
    [stored] = store(database, replace(draft(source), next_revisit_at=NOW))
    database.write(revisits.revisited, stored.item_id, next_revisit_at=NOW, validators=Validators('"a"'))
    database.write(revisits.postpone, stored.item_id, NOW + HOUR)
    assert due(database, now=NOW) == []
    [revisit] = due(database, now=NOW + HOUR)
    assert (revisit.revisits, revisit.validators) == (2, Validators('"a"'))
    database.write(revisits.postpone, stored.item_id, None)
    assert due(database, now=NOW + 1000 * HOUR) == []


def test_a_withdrawn_statement_stays_readable(database: Database, source: Source) -> None:
    [stored] = store(database, draft(source))

    def after(withdrawn_at: datetime | None) -> Item:
        database.write(revisits.revisited, stored.item_id, next_revisit_at=None, withdrawn_at=withdrawn_at)
        return database.read(items.get, stored.item_id)

    assert after(NOW).withdrawn_at == NOW
    assert after(NOW).version.body == BODY
    assert after(None).withdrawn_at is None


def test_a_version_knows_the_poll_that_found_it(database: Database, source: Source) -> None:
    poll = polling(database, source)
    store(database, draft(source, poll=poll))
    assert database.read(lambda c: c.execute(text("SELECT poll_id FROM versions")).scalars().all()) == [poll.id]


def test_a_time_without_a_zone_is_refused(database: Database, source: Source) -> None:
    with pytest.raises(Exception, match="without a zone"):
        store(database, draft(source), now=NOW.replace(tzinfo=None))
    assert count(database, "items") == 0


def test_a_removed_source_keeps_its_items(database: Database, source: Source) -> None:
    [stored] = store(database, draft(source))
    database.write(sources.remove, spec().key, NOW)
    assert database.read(items.get, stored.item_id).source_key == spec().key
    assert found(database, "bridge") == [stored.item_id]
