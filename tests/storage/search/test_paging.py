"""Whoever goes on from page to page gets what there was when he began, each once, whatever arrives meanwhile."""

from __future__ import annotations

from itertools import count

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from storage.database import Database
from storage.errors import InvalidInputError
from storage.search.paging import LONGEST, read_start, start_of
from storage.search.search import Order, search
from tests.storage.examples import draft, store, watched

_numbers = count(1)
Text = st.tuples(st.integers(1, 4), st.integers(0, 3), st.sampled_from([0, 5, 80, 400]))
"""How often it says the one word, the other one, and how many further words."""


class Archive:
    """Statements of two words that no other has, however often they are stored."""

    def __init__(self, database: Database) -> None:
        self.database, number = database, next(_numbers)
        self.source = watched(database, f"mfa-xy/{number}")
        self.words = f"qx{number}qx", f"qz{number}qz"

    def stores(self, one: int, other: int, more: int, item_id: int | None = None) -> int:
        """A statement that says the words so often. Its number."""
        said = [self.words[0]] * one + [self.words[1]] * other + ["masons"] * more
        number = next(_numbers)
        body = " ".join(said)
        [stored] = store(self.database, draft(self.source, number, body=f"{body}. {number}", item_id=item_id))
        return stored.item_id

    def page(self, order: Order, limit: int, start: str) -> tuple[list[int], str]:
        """The statements on a page, and where the following one begins."""
        query = f"{self.words[0]} OR {self.words[1]}"
        page = self.database.read(search, self.database.packs, query, limit=limit, order=order, start=start)
        return [found.item.id for found in page.found], page.next


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    before=st.lists(Text, min_size=1, max_size=8),
    meanwhile=st.lists(Text, min_size=1, max_size=4),
    edited=st.booleans(),
    limit=st.integers(1, 3),
    order=st.sampled_from(Order),
)
@example(  # what arrives says one of the words alone, in short texts and in long ones: the ranks change places
    before=[(1, 0, 0), (3, 1, 80), (3, 2, 80), (2, 0, 80), (2, 3, 80), (4, 2, 80)],
    meanwhile=[(0, 3, 0), (0, 3, 400), (0, 1, 0), (0, 2, 5)],
    edited=False,
    limit=1,
    order=Order.RANKED,
)
def test_pages_neither_repeat_nor_leave_out_a_statement(
    database: Database,
    before: list[tuple[int, int, int]],
    meanwhile: list[tuple[int, int, int]],
    edited: bool,
    limit: int,
    order: Order,
) -> None:
    archive = Archive(database)
    there = [archive.stores(*text) for text in before]
    seen, start = archive.page(order, limit, "")
    for _ in before:
        if not start:
            break
        for text in meanwhile:
            archive.stores(*text)
        if edited:
            archive.stores(1, 0, 7, item_id=there[0])
        ids, start = archive.page(order, limit, start)
        seen += ids
    assert start == ""
    assert sorted(seen) == there
    if order is Order.NEWEST:
        assert seen == there[::-1]


@given(st.integers(2, 10**17), st.data())
def test_a_start_says_what_was_shown_in_few_characters(below: int, data: st.DataObject) -> None:
    before = st.integers(max(1, below - 300_000), below - 1)
    shown = data.draw(st.frozensets(before, min_size=1, max_size=50))
    start = start_of(below, shown)
    assert read_start(start) == (below, shown)
    assert len(start) < 40 + 7 * len(shown)
    assert start.replace("-", "").replace("_", "").replace(".", "").isalnum()


def test_the_last_page_of_a_whole_window_has_a_start_that_is_taken() -> None:
    shown = frozenset(range(1, 300_000, 150))
    assert read_start(start_of(300_000, shown)) == (300_000, shown)
    assert len(start_of(300_000, shown)) < LONGEST


@given(st.text(max_size=40) | st.from_regex(r"[0-9]{1,20}\.[A-Za-z0-9_-]{0,60}", fullmatch=True))
def test_what_is_no_start_is_refused_or_read_and_never_a_mistake_of_ours(start: str) -> None:
    try:
        below, shown = read_start(start)
    except InvalidInputError:
        return
    assert below >= 0
    assert isinstance(shown, frozenset)
