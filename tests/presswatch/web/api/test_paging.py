"""Whoever goes on from page to page gets what there was when he began, each once, whatever happens meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from presswatch.actions import kept
from presswatch.web.desk import Desk
from storage.database import Database
from storage.types import Source, User
from tests.presswatch.web.api.asking import Program
from tests.storage.examples import BODY, draft, matched, store, subscribed, watched

_numbers = count(1)
Happens = st.lists(st.sampled_from(["new", "unlike", "edit", "nothing"]), min_size=1, max_size=6)
"""What happens before a page is asked for; after the last one, it happens again from the first."""


class Archive:
    """What arrives and is edited between two pages. Each has words of its own, so that one database does for all."""

    def __init__(self, database: Database, source: Source, word: str) -> None:
        self.database, self.source, self.word = database, source, word
        self.items: list[int] = []

    def happens(self, what: str) -> None:
        if what == "edit":
            self._store(item_id=self.items[len(self.items) // 2], words=f"{self.word} edited {next(_numbers)}")
        elif what != "nothing":
            self._store(words=self.word if what == "new" else "masons")

    def begins(self, number: int) -> list[int]:
        """So many statements, the last one first."""
        self.items = [self._store(words=self.word) for _ in range(number)]
        return self.items[::-1]

    def _store(self, words: str, item_id: int | None = None) -> int:
        number = next(_numbers)
        [stored] = store(self.database, draft(self.source, number, body=f"{BODY} {words} {number}", item_id=item_id))
        return stored.item_id


async def walked(program: Program, path: str, limit: int, before: Callable[[int], None], **asked: Any) -> list[int]:
    """The ids on all pages; `before` is called with the number of the page that is asked for next."""
    page = await program.get(path, limit=limit, **asked)
    seen = [each["id"] for each in page["data"]]
    for number in count():
        if page["next"] is None:
            return seen
        before(number)
        page = await program.get(path, limit=limit, start=page["next"], **asked)
        seen += [each["id"] for each in page["data"]]
    raise AssertionError


@pytest.fixture
def source(desk: Desk) -> Source:
    return watched(desk.database)


often = settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@often
@given(first=st.integers(1, 9), limit=st.integers(2, 4), happens=Happens)
async def test_statements_kept_ones_and_alerts(
    program: Program, ann: User, desk: Desk, source: Source, first: int, limit: int, happens: Sequence[str]
) -> None:
    archive = Archive(desk.database, source, "bridge")
    told = subscribed(desk.database)
    there = archive.begins(first)

    async def keeps(number: int) -> None:
        await kept.keep(desk.database, ann.id, number, "")

    for number in there[::-1]:
        await keeps(number)
    stored = store(
        desk.database, *(draft(source, next(_numbers), body=f"{BODY} {next(_numbers)}") for _ in range(first))
    )
    matched(desk.database, told, *stored)
    alerts = [each["id"] for each in (await program.get("/alerts", limit=200))["data"]]

    def meanwhile(page: int) -> None:
        archive.happens(happens[page % len(happens)])
        [more] = store(desk.database, draft(source, next(_numbers), body=f"{BODY} {next(_numbers)}"))
        matched(desk.database, told, more)

    assert (await walked(program, "/alerts", limit, meanwhile))[: len(alerts)] == alerts
    assert (await walked(program, "/kept", limit, meanwhile))[: len(there)] == there
