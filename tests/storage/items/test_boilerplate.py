"""What repeats across a site's pages. Touches the database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from storage.database import Database
from storage.items import boilerplate, items
from storage.types import Decision
from tests.storage.examples import NOW, draft, store, watched

MENU = "Our country presides over the CSTO: see the special section of this site."
CONDOLENCES = "The ministry expresses its condolences to the families and friends of those who died."


def body(number: int, *others: str) -> str:
    return "\n\n".join((f"Statement {number} speaks of the {number}. bridge.", f"It has {number} arches.", *others))


def current(database: Database, item_id: int) -> tuple[str, tuple[str, ...]]:
    version = database.read(items.get, item_id).version
    return version.body, version.cut


def test_a_paragraph_on_most_pages_of_a_site_is_left_out_and_kept_apart(database: Database) -> None:
    source = watched(database)
    first = store(database, *(draft(source, number, body=body(number, MENU)) for number in range(1, 9)))
    assert current(database, first[0].item_id) == (body(1), (MENU,)), "they came in one batch"
    (late,) = store(database, draft(source, 10, body=body(10, MENU)))
    assert current(database, late.item_id) == (body(10), (MENU,))


def test_a_formula_that_repeats_in_some_statements_is_part_of_them(database: Database) -> None:
    source = watched(database)
    for number in range(1, 41):
        formula = (CONDOLENCES,) if number % 3 == 0 else ()
        (stored,) = store(database, draft(source, number, body=body(number, *formula)))
        assert current(database, stored.item_id) == (body(number, *formula), ())


def test_a_block_that_a_site_adds_later_is_learned_too(database: Database) -> None:
    source = watched(database)
    store(database, *(draft(source, number, body=body(number)) for number in range(1, 100)))
    store(database, *(draft(source, number, body=body(number, MENU)) for number in range(100, 106)))
    (late,) = store(database, draft(source, 200, body=body(200, MENU)))
    assert current(database, late.item_id) == (body(200), (MENU,))


def test_another_site_s_paragraph_and_another_language_s_are_its_own(database: Database) -> None:
    source = watched(database)
    store(database, *(draft(source, number, body=body(number, MENU)) for number in range(1, 9)))
    elsewhere = draft(source, 50, body=body(50, MENU), address="https://elsewhere.example/50")
    russian = draft(source, 51, body=body(51, MENU), language="ru")
    for stored in store(database, elsewhere, russian):
        assert current(database, stored.item_id)[1] == ()


def test_a_text_that_is_nothing_else_stays(database: Database) -> None:
    source = watched(database)
    stored = store(database, *(draft(source, number, body=MENU) for number in range(1, 9)))
    assert {current(database, one.item_id) for one in stored} == {(MENU, ())}


def test_reading_again_what_was_read_before_it_was_learned_is_no_edit(database: Database) -> None:
    source = watched(database)
    early = [store(database, draft(source, number, body=body(number, MENU)))[0] for number in range(1, 9)]
    assert current(database, early[0].item_id) == (body(1, MENU), ()), "not learned yet"
    again = draft(source, 1, body=body(1, MENU), item_id=early[0].item_id)
    (stored,) = store(database, again, now=NOW + timedelta(days=1))
    assert stored.decision is Decision.SAME
    edited = replace(again, article=replace(again.article, body=body(1, "A word was added.", MENU)))
    (stored,) = store(database, edited, now=NOW + timedelta(days=2))
    assert stored.decision is Decision.CHANGED
    assert current(database, stored.item_id) == (body(1, "A word was added."), (MENU,))


def test_a_block_that_is_forgotten_again_makes_no_edit(database: Database) -> None:
    source = watched(database)
    learned = store(database, *(draft(source, number, body=body(number, MENU)) for number in range(1, 9)))
    store(database, *(draft(source, number, body=body(number)) for number in range(100, 120)))
    again = draft(source, 1, body=body(1, MENU), item_id=learned[0].item_id)
    assert store(database, again)[0].decision is Decision.SAME


def test_reading_a_page_again_teaches_nothing(database: Database) -> None:
    source = watched(database)
    first = store(database, *(draft(source, number, body=body(number, CONDOLENCES)) for number in range(1, 4)))
    for hour in range(1, 9):
        store(database, draft(source, 1, body=body(1, CONDOLENCES)), now=NOW + timedelta(hours=hour))
    assert current(database, first[0].item_id) == (body(1, CONDOLENCES), ())


def test_what_stood_in_one_statement_alone_is_forgotten(database: Database) -> None:
    source = watched(database)
    for batch in range(4):
        numbers = range(batch * 50, batch * 50 + 50)
        store(database, *(draft(source, n, body=body(n)) for n in numbers), now=NOW + timedelta(days=61 * batch))
    rows = database.read(lambda connection: connection.exec_driver_sql("SELECT count(*) FROM blocks").scalar_one())
    assert rows <= 201


def test_marks_and_capitals_make_no_other_block() -> None:
    assert boilerplate.block_hash("See the CSTO — section!") == boilerplate.block_hash("see the csto, Section")
    assert boilerplate.block_hash(" — ") == ""
