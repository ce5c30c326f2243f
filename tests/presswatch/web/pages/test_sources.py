"""Whom the desk watches: the worst first, each fault with its mend; who edits says what is watched."""

from __future__ import annotations

import pytest

from presswatch.web.desk import Desk
from storage.sources import sources
from tests.presswatch.web.visiting import Person
from tests.storage.examples import NOW, watched


@pytest.fixture
def section(desk: Desk) -> str:
    """A section that is watched."""
    return desk.database.write(sources.set_enabled, watched(desk.database).key, True, NOW).key


async def test_what_is_watched_stands_there_and_leads_to_its_page(owner: Person, section: str) -> None:
    await owner.visit("/sources")
    assert "1 section is watched" in owner.text
    assert "not polled yet" in owner.text
    await owner.visit(f"/sources/{section}")
    assert owner.answer.status_code == 200
    assert section in owner.text
    assert "It has not been polled yet." in owner.text


async def test_a_section_is_watched_no_longer_and_again(owner: Person, desk: Desk, section: str) -> None:
    await owner.visit(f"/sources/{section}")
    await owner.send("/sources")
    assert owner.place == f"/sources/{section}"
    assert not desk.database.read(sources.get, section).enabled
    await owner.send("/sources")
    assert desk.database.read(sources.get, section).enabled


async def test_a_section_that_is_none_is_told_so(owner: Person) -> None:
    assert (await owner.visit("/sources/nobody/news")).status_code == 404
