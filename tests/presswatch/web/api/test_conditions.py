"""What programs rely on: tags, conditions, keys of what must be done once, and limits."""

from __future__ import annotations

import asyncio

import pytest

from presswatch.web.api import programs
from presswatch.web.desk import Desk
from storage.types import User
from tests.presswatch.web.api.asking import Program, token_of


async def test_nothing_is_sent_twice_that_did_not_change(program: Program) -> None:
    await program.post("/topics", name="Roads", query="road")
    tag = (await program.ask("GET", "/topics")).headers["ETag"]
    for condition in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        again = await program.ask("GET", "/topics", headers={"If-None-Match": condition})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    await program.post("/topics", name="Rails", query="rail")
    assert (await program.ask("GET", "/topics", headers={"If-None-Match": tag})).status_code == 200


async def test_of_two_who_change_a_topic_one_is_told(program: Program) -> None:
    await program.post("/topics", name="Roads", query="road")
    tag = (await program.ask("GET", "/topics/Roads")).headers["ETag"]
    answers = await asyncio.gather(
        *(
            program.ask("PATCH", "/topics/Roads", {"query": f"road AND {place}"}, headers={"If-Match": tag})
            for place in ("north", "south", "east", "west")
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]
    [done] = [answer.json() for answer in answers if answer.status_code == 200]
    assert await program.get("/topics/Roads") == done
    assert (await program.refused("DELETE", "/topics/Roads", headers={"If-Match": tag}))[0] == 412
    assert (await program.ask("DELETE", "/topics/Roads", headers={"If-Match": "*"})).status_code == 204


async def test_what_is_sent_again_with_its_key_is_done_once(program: Program) -> None:
    sent = {"name": "dashboard", "scopes": ["read"]}
    first, second = [await program.ask("POST", "/tokens", sent, headers={"Idempotency-Key": "a"}) for _ in range(2)]
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert len((await program.get("/tokens"))["data"]) == 2
    status, told = await program.refused("POST", "/tokens", sent | {"days": 3}, headers={"Idempotency-Key": "a"})
    assert (status, told) == (422, "this Idempotency-Key was used for another request")
    assert (await program.refused("POST", "/tokens", sent, headers={"Idempotency-Key": "b"}))[0] == 422
    assert (await program.refused("POST", "/tokens", sent, headers={"Idempotency-Key": "c" * 300}))[0] == 422


async def test_what_failed_is_tried_again_with_its_key(program: Program) -> None:
    key = {"Idempotency-Key": "a"}
    assert (await program.refused("POST", "/subscriptions", {"topic": "Roads", "channel": "console"}, headers=key))[0]
    await program.post("/topics", name="Roads", query="road")
    again = await program.ask("POST", "/subscriptions", {"topic": "Roads", "channel": "console"}, headers=key)
    assert again.status_code == 201


async def test_a_key_is_its_programs_alone(desk: Desk, ann: User, program: Program, other: Program) -> None:
    key = {"Idempotency-Key": "a"}
    await program.ask("POST", "/topics", {"name": "Roads", "query": "road"}, headers=key)
    theirs = await other.ask("POST", "/topics", {"name": "Rails", "query": "rail"}, headers=key)
    assert theirs.json()["name"] == "Rails"


async def test_of_what_is_sent_twice_at_once_one_waits(program: Program) -> None:
    sent, key = {"name": "Roads", "query": "road"}, {"Idempotency-Key": "a"}
    answers = await asyncio.gather(*(program.ask("POST", "/topics", sent, headers=key) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]


async def test_a_token_has_its_limit(
    desk: Desk, ann: User, program: Program, other: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programs, "A_MINUTE", 3)
    busy = Program(desk, await token_of(desk.database, ann, name="busy"))
    for _ in range(3):
        await busy.get("/me")
    answer = await busy.ask("GET", "/me")
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert (await other.get("/me"))["name"] == "bob"


async def test_halves_of_characters_are_no_text(program: Program) -> None:
    for method, path, body in (
        ("POST", "/topics", '{"name": "Roads", "query": "\\ud83d"}'),
        ("POST", "/topics", '{"name": "Ro\\u0000ads", "query": "road"}'),
        ("POST", "/channels", '{"name": "hook", "address": "json://mfa.example/\\udc00"}'),
        ("POST", "/subscriptions", '{"topic": "CSTO", "channel": "console", "zone": "\\ud800"}'),
        ("PATCH", "/me", '{"zone": "\\udfff"}'),
        ("POST", "/collections", '{"name": "\\ud800"}'),
        ("PUT", "/kept/1", '{"note": "\\ud800"}'),
    ):
        status, told = await program.refused(method, path, content=body, headers={"Content-Type": "application/json"})
        assert (status, "is no text" in told) == (422, True), path
    whole = '{"name": "Roads", "query": "\\ud83d\\ude80 OR road"}'
    made = await program.ask("POST", "/topics", content=whole, headers={"Content-Type": "application/json"})
    assert made.json()["query"] == "\U0001f680 OR road"


async def test_what_is_not_there_and_cannot_be_done_there(program: Program) -> None:
    assert (await program.refused("GET", "/nothing"))[0] == 404
    answer = await program.ask("PUT", "/topics/Roads", {"query": "x"})
    assert answer.status_code == 405
    assert answer.headers["Allow"]
    assert (await program.refused("GET", "/items/abc"))[0] == 422
    assert (await program.refused("GET", f"/items/{2**70}"))[0] == 422
    assert (await program.refused("POST", "/topics", content=b"{"))[0] == 422
