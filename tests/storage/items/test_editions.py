"""Language editions of one statement. Touches the database."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage.database import Database
from storage.identity import edition_key
from storage.items import items
from storage.types import ArticleDraft, Source
from tests.storage.examples import BODY, draft, store, watched

RUSSIAN = "Министры встретились в четверг и говорили о мосте, который строят обе страны."


def edition(
    source: Source, address: str, language: str, *others: tuple[str, str], title: str = "", body: str = ""
) -> ArticleDraft:
    own = draft(source, 1, address=address, language=language, title=title or f"In {language}", body=body or RUSSIAN)
    return replace(own, article=replace(own.article, editions=others))


def stories(database: Database, *ids: int) -> list[int]:
    return [database.read(items.get, item_id).story_id for item_id in ids]


EN, RU, BE = (f"https://mfa.example/{language}/bridge" for language in ("en", "ru", "be"))


def test_an_edition_that_names_the_other_joins_its_story(database: Database) -> None:
    source = watched(database)
    (first,) = store(database, edition(source, EN, "en", body=BODY))
    (second,) = store(database, edition(source, RU, "ru", ("en", EN)))
    assert stories(database, first.item_id, second.item_id) == [first.item_id, first.item_id]


def test_an_edition_that_was_named_joins_the_story_that_named_it(database: Database) -> None:
    source = watched(database)
    (first,) = store(database, edition(source, EN, "en", ("ru", RU), ("be", BE), body=BODY))
    second, third = store(database, edition(source, RU, "ru"), edition(source, BE, "be"))
    assert stories(database, second.item_id, third.item_id) == [first.item_id, first.item_id]


def test_editions_that_arrive_together_are_one_story(database: Database) -> None:
    source = watched(database)
    stored = store(database, edition(source, RU, "ru", ("en", EN)), edition(source, EN, "en", ("ru", RU), body=BODY))
    assert set(stories(database, *(one.item_id for one in stored))) == {stored[0].item_id}


def test_a_page_that_every_statement_names_as_its_edition_merges_none(database: Database) -> None:
    source = watched(database)
    (home,) = store(database, edition(source, EN, "en", body=BODY))
    numbers = [
        store(database, edition(source, f"{RU}/{n}", "ru", ("en", EN), title=f"N {n}", body=f"{RUSSIAN} {n}"))[
            0
        ].item_id
        for n in range(3)
    ]
    assert stories(database, *numbers) == [home.item_id, numbers[1], numbers[2]]


def test_the_same_language_is_no_edition(database: Database) -> None:
    source = watched(database)
    (first,) = store(database, edition(source, EN, "en", body=BODY))
    (second,) = store(database, edition(source, RU, "en", ("ru", EN), body=f"{BODY} And more."))
    assert stories(database, second.item_id) == [second.item_id]
    assert first.item_id != second.item_id


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://president.example/news/80912", "https://en.president.example/news/80912", True),
        ("https://www.president.example/news/80912", "https://en.president.example/news/80912", True),
        ("https://mfa.example/en/news/1976543/", "https://mfa.example/ru/news/1976543/", True),
        ("https://mfa.example/news/0a1b2c3d4e.html", "https://mfa.example/en/news/0a1b2c3d4e.html", True),
        ("https://mfa.example/en/news/12", "https://mfa.example/ru/news/12", False),
        ("https://mfa.example/en/news/bridge", "https://mfa.example/ru/news/bridge", False),
        ("https://mfa.example/en/news/1976543", "https://mfa.example/ru/news/1976544", False),
        ("https://a.example/news/80912", "https://b.example/news/80912", False),
    ],
)
def test_addresses_that_differ_in_the_language_alone(database: Database, one: str, other: str, same: bool) -> None:
    assert (bool(edition_key(one)) and edition_key(one) == edition_key(other)) == same
    source = watched(database)
    first, second = store(database, edition(source, one, "en", body=BODY), edition(source, other, "ru"))
    assert (stories(database, second.item_id) == [first.item_id]) == same
