"""Answers are small on the wire, but for those whose length could tell somebody what is in them."""

from __future__ import annotations

import pytest

from presswatch.web.desk import Desk
from storage.types import Role
from tests.presswatch.web.api.asking import Program, token_of, user
from tests.presswatch.web.visiting import Person

PAGE = "/search?q=bridge"


@pytest.mark.parametrize("asks", ["same-origin", "none"])
async def test_what_the_person_or_our_own_page_asks_for_is_compressed(owner: Person, asks: str) -> None:
    answer = await owner.visit(PAGE, **{"Sec-Fetch-Site": asks})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "accept-encoding" in answer.headers["Vary"].lower()
    assert int(answer.headers["Content-Length"]) * 2 < len(answer.content)


@pytest.mark.parametrize("asks", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {}])
async def test_what_a_strangers_page_may_have_asked_for_is_not(owner: Person, asks: dict[str, str]) -> None:
    answer = await owner.visit(PAGE, **asks)
    assert answer.status_code == 200
    assert "Content-Encoding" not in answer.headers
    assert int(answer.headers["Content-Length"]) == len(answer.content)


async def test_files_and_what_programs_get_are_compressed_for_those_who_take_it(desk: Desk, stranger: Person) -> None:
    ann = await user(desk.database, "ann", Role.OWNER)
    program = Program(desk, await token_of(desk.database, ann))._client
    for asker, path in ((stranger._client, "/static/presswatch.css"), (program, "/api/v1/openapi.json")):
        small = await asker.get(path)
        plain = await asker.get(path, headers={"Accept-Encoding": "identity"})
        assert (small.headers["Content-Encoding"], "Content-Encoding" in plain.headers) == ("gzip", False)
        assert int(small.headers["Content-Length"]) * 2 < len(plain.content) == len(small.content)
        assert small.headers.get("ETag") == plain.headers.get("ETag")
