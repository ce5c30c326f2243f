"""Which statements with one text are one story."""

from __future__ import annotations

from datetime import timedelta

from storage.database import Database
from storage.items import items
from storage.types import Source, Stored
from tests.storage.examples import HOUR, NOW, draft, store


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
