"""New statements and edits are told as they come in, each once, to who may read them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from presswatch.web.api import events
from presswatch.web.desk import Desk
from presswatch.web.server import listening, serving
from storage.database import Database
from storage.types import Source
from tests.patience import PATIENCE
from tests.presswatch.web.visiting import Person, application
from tests.storage.examples import BODY, draft, store, watched

PATHS = ["/events", "/api/v1/events"]


@pytest.fixture
def source(database: Database) -> Source:
    return watched(database)


@pytest.fixture
async def served(owner: Person) -> AsyncIterator[httpx.AsyncClient]:
    """The pages as they are served, to a browser in which the owner is signed in."""
    with listening("127.0.0.1:0") as at:
        address = f"http://127.0.0.1:{at.getsockname()[1]}"
        async with (
            serving(owner.pages, at),
            httpx.AsyncClient(base_url=address, cookies=owner.cookies, timeout=PATIENCE) as client,
        ):
            yield client


async def heard(answer: httpx.Response, count: int) -> list[dict[str, Any]]:
    """The next events of a stream, each with its id, its kind and what it says."""
    found: list[dict[str, Any]] = []
    event: dict[str, Any] = {}
    async for line in answer.aiter_lines():
        field, _, value = line.partition(": ")
        if line and field:
            event[field] = json.loads(value) if field == "data" else value
        elif "data" in event:
            found.append(event)
            event = {}
        if len(found) == count:
            break
    return found


@pytest.fixture(autouse=True)
def _in_haste(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "EVERY", 0.01)


@pytest.mark.parametrize("path", PATHS)
async def test_what_comes_in_is_told(served: httpx.AsyncClient, database: Database, source: Source, path: str) -> None:
    [before] = store(database, draft(source, 1))
    async with served.stream("GET", path, headers={"Last-Event-ID": str(before.version_id)}) as answer:
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        store(database, draft(source, 2, silent=True))
        [new] = store(database, draft(source, 3, title="Über die Brücke\nund\r\nweiter"))
        [edit] = store(database, draft(source, 1, body=BODY + " More.", item_id=before.item_id))
        first, second = await heard(answer, 2)
    assert (first["event"], first["id"], first["data"]["id"]) == ("statement", str(new.version_id), new.item_id)
    assert first["data"]["title"].startswith("Über die Brücke")
    assert (second["event"], second["id"], second["data"]["version"]) == ("edit", str(edit.version_id), 2)


async def test_who_comes_back_misses_nothing(served: httpx.AsyncClient, database: Database, source: Source) -> None:
    stored = store(database, *(draft(source, number) for number in range(1, 151)))
    async with served.stream("GET", "/events", headers={"Last-Event-ID": str(stored[9].version_id)}) as answer:
        told = await heard(answer, 140)
    assert [event["data"]["id"] for event in told] == [one.item_id for one in stored[10:]]


async def test_a_stream_ends_by_itself(
    served: httpx.AsyncClient, database: Database, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "LASTS", 0.0)
    answer = await asyncio.wait_for(served.get("/events"), PATIENCE)
    assert answer.status_code == 200
    assert "retry: 3000" in answer.text


async def test_a_stream_ends_with_the_process_and_without_a_word_in_the_log(
    owner: Person, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    with listening("127.0.0.1:0") as at:
        address = f"http://127.0.0.1:{at.getsockname()[1]}"
        async with httpx.AsyncClient(base_url=address, cookies=owner.cookies, timeout=PATIENCE) as client:
            async with serving(owner.pages, at):
                answer = await client.send(client.build_request("GET", "/events"), stream=True)
            assert "from now on" in (await answer.aread()).decode()
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []


@pytest.mark.parametrize("path", PATHS)
async def test_a_stranger_hears_nothing(desk: Desk, path: str) -> None:
    stranger = Person(desk, application(desk))
    answer = await stranger.ask("GET", path)
    assert answer.status_code in (303, 401)
