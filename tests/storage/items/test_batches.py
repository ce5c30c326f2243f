"""Many drafts at once: in their order, each once, and in a handful of statements."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, event

from storage.database import Database
from storage.items import items
from storage.opening import open_database
from storage.types import ArticleDraft, Decision, Source
from tests.storage.examples import draft, store, watched
from tests.storage.items.counting import count


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


@pytest.mark.sqlite
@pytest.mark.slow
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


@pytest.mark.sqlite
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


@pytest.mark.slow
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
