"""The history as tools over HTTP: the official client at a real server, and who is not let in."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest
from mcp import Client, ClientSession
from mcp.client.streamable_http import streamable_http_client

from presswatch.web.api import programs
from presswatch.web.desk import Desk
from presswatch.web.server import listening, serving
from storage.types import Scope, User
from tests.patience import PATIENCE
from tests.presswatch.web.api.asking import Program, token_of
from tests.presswatch.web.visiting import ADDRESS, Person
from tests.storage.examples import draft, matched, store, subscribed, watched

PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}


@pytest.fixture
async def archive(desk: Desk, ann: User) -> None:
    """Statements, one of them edited, and a topic of Ann's."""
    told, source = subscribed(desk.database, "Bridges"), watched(desk.database)
    stored = store(desk.database, *(draft(source, number) for number in (1, 2, 3)))
    matched(desk.database, told, *stored)
    store(desk.database, draft(source, 3, title="The bridge is open", item_id=stored[-1].item_id))


@asynccontextmanager
async def served(pages: Any, token: str) -> AsyncIterator[tuple[str, httpx2.AsyncClient]]:
    """Where the tools are, and how a program with this token gets there."""
    with listening("127.0.0.1:0") as at:
        headers = {"Authorization": f"Bearer {token}"}
        async with serving(pages, at), httpx2.AsyncClient(headers=headers, timeout=PATIENCE) as client:
            yield f"http://127.0.0.1:{at.getsockname()[1]}/mcp", client


async def test_the_tools_answer_what_the_api_answers(desk: Desk, ann: User, program: Program, archive: None) -> None:
    reading = await token_of(desk.database, ann, (Scope.READ,), "model")
    async with (
        served(program.pages, reading) as (at, http),
        Client(streamable_http_client(at, http_client=http)) as client,
    ):
        for name, arguments, path, params in (
            ("search", {"query": "bridge", "limit": 2}, "/search", {"query": "bridge", "limit": 2}),
            ("show", {"statement": 3}, "/items/3", {}),
            ("diff", {"statement": 3}, "/items/3/diff", {}),
            ("trend", {"topic": "Bridges", "by": "year"}, "/search/histogram", {"topic": "Bridges", "by": "year"}),
            ("coverage", {"days": 3}, "/coverage", {"days": 3}),
        ):
            told = await client.call_tool(name, arguments)
            assert told.structured_content == await program.get(path, **params), name
        topics = (await client.call_tool("topics", {})).structured_content
        assert topics and topics["data"] == (await program.get("/topics"))["data"]
        wrong = await client.call_tool("search", {"query": "bridge AND ("})
        problem = (await program.ask("GET", "/search", params={"query": "bridge AND ("})).json()
        assert wrong.is_error
        assert wrong.structured_content == {"problem": problem["detail"], "mend": problem["mend"]}


async def test_an_older_client_is_answered_in_the_name_of_its_user(desk: Desk, other: Program, archive: None) -> None:
    secret = (await other.post("/tokens", name="model", scopes=["read"]))["secret"]
    async with (
        served(other.pages, secret) as (at, http),
        streamable_http_client(at, http_client=http) as (read, write),
        ClientSession(read, write) as client,
    ):
        await client.initialize()
        assert len((await client.list_tools()).tools) == 6
        assert (await client.call_tool("topics", {})).structured_content == {"data": []}
        hidden = await client.call_tool("search", {"topic": "Bridges"})
        assert hidden.is_error
        found = await client.call_tool("search", {"query": "bridge"})
        assert found.structured_content and found.structured_content["total"] == 3


JSON = {"Accept": "application/json, text/event-stream"}


async def test_only_a_token_that_may_read_is_let_in(desk: Desk, ann: User, program: Program) -> None:
    async def status(token: str = "", person: Person | None = None, **headers: str) -> int:
        asking = person or Person(desk, program.pages)
        borne = {"Authorization": f"Bearer {token}"} if token else {}
        answer = await asking.ask("POST", "/mcp", json=PING, headers={**JSON, **borne, **headers})
        if answer.status_code >= 400 and answer.status_code != 421:
            assert answer.headers["Content-Type"] == "application/problem+json"
        if answer.status_code == 401:
            assert answer.headers["WWW-Authenticate"] == "Bearer"
        return answer.status_code

    reading, browser = await token_of(desk.database, ann, (Scope.READ,), "reading"), Person(desk, program.pages)
    await browser.sign_in("ann")
    assert await status(reading) == 200
    assert await status(reading, Origin=ADDRESS) == 200
    assert await status() == 401
    assert await status("presswatch_no") == 401
    assert await status(person=browser) == 401  # a browser sends its cookie whoever asks it to
    assert await status(await token_of(desk.database, ann, (Scope.WRITE,), "writing")) == 403
    assert await status(await token_of(desk.database, ann, (Scope.FEEDS,), "feeds")) == 403
    assert await status(reading, Origin="https://evil.example") == 403
    assert await status(reading, Host="evil.example") == 421


async def test_what_is_sent_and_how_often_is_bounded(
    desk: Desk, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking = program._client
    assert (await asking.post("/mcp", content=b"a" * 1_000_001, headers=JSON)).status_code == 413
    for rubbish in (b"", b"{", b"[]", b"\xff", b'{"jsonrpc": "2.0"}', b"[" * 100_000):
        answer = await asking.post("/mcp", content=rubbish, headers={**JSON, "Content-Type": "application/json"})
        assert 400 <= answer.status_code < 500, rubbish[:20]
    for method in ("GET", "DELETE"):
        assert (await asking.request(method, "/mcp", headers=JSON)).status_code == 405
    monkeypatch.setattr(programs, "A_MINUTE", 1)
    busy = Program(desk, asking.headers["Authorization"].removeprefix("Bearer "))
    statuses = [(await busy._client.post("/mcp", json=PING, headers=JSON)).status_code for _ in range(2)]
    assert statuses == [200, 429]


async def test_a_desk_without_the_extra_says_so(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mcp", None)
    answer = await program._client.post("/mcp", json=PING, headers=JSON)
    assert answer.status_code == 501
    assert "not installed" in answer.json()["detail"]
