"""Sources and packs, how they stand, and a section that is looked at before it is watched."""

from __future__ import annotations

import pytest

from crawler.catalog import catalogue
from presswatch.web.desk import Desk
from storage.sources import polls, sources
from storage.types import Reason
from tests.presswatch.web.api.asking import Program
from tests.storage.examples import NOW, poll_result, polling, watched


@pytest.fixture(autouse=True)
def _catalogue(desk: Desk) -> None:
    desk.database.write(sources.sync_catalogue, catalogue(), NOW)


async def test_a_source_in_trouble_says_why_and_how_to_mend_it(program: Program, desk: Desk) -> None:
    poll = polling(desk.database, watched(desk.database))
    desk.database.write(polls.end_polls, [poll_result(poll, Reason.UNREACHABLE, detail="no route")])
    told = await program.get("/sources/mfa-xy/news")
    assert (told["health"], told["detail"]) == ("unreachable", "no route")
    assert told["mend"]
    assert [each["reason"] for each in told["polls"]] == ["unreachable"]
    health = await program.get("/health")
    assert health["trouble"][0]["source"] == "mfa-xy/news"
    assert health["sources"]["unreachable"] == 1


async def test_a_source_is_switched_off_and_removed(program: Program, desk: Desk) -> None:
    watched(desk.database)
    switched = await program.ask("PATCH", "/sources/mfa-xy/news", {"enabled": False})
    assert switched.json()["enabled"] is False
    assert "mfa-xy/news" not in {each["key"] for each in (await program.get("/sources", enabled=True))["data"]}
    assert (await program.ask("DELETE", "/sources/mfa-xy/news")).status_code == 204
    assert (await program.refused("GET", "/sources/mfa-xy/news"))[0] == 404
    assert (await program.refused("DELETE", "/sources/mfa-by/news-en"))[0] == 422  # of the catalogue


async def test_packs_are_switched_together(program: Program) -> None:
    packs = {each["name"]: each for each in (await program.get("/packs"))["data"]}
    name, pack = next((name, each) for name, each in packs.items() if each["enabled"] < len(each["sources"]))
    done = await program.ask("PUT", f"/packs/{name}", {"enabled": True})
    assert done.json()["changed"] == len(pack["sources"]) - pack["enabled"]
    listed = await program.get("/sources", pack=name, enabled=True)
    assert sorted(each["key"] for each in listed["data"]) == sorted(pack["sources"])
    assert (await program.refused("GET", "/sources", params={"pack": "no-such"}))[0] == 404
    [poland] = [each for each in (await program.get("/countries"))["data"] if each["name"] == "PL"]
    done = await program.ask("PUT", "/countries/PL", {"enabled": True})
    assert done.json()["changed"] == len(poland["sources"]) - poland["enabled"]
    assert (await program.ask("PUT", "/countries/none", {"enabled": True})).json()["changed"] > 0
    assert (await program.refused("PUT", "/countries/XX", {"enabled": True}))[0] == 404
    assert await program.get("/backfills") == {"data": [], "next": None}


async def test_where_nothing_is_fetched_no_section_is_looked_at(program: Program) -> None:
    status, told = await program.refused("POST", "/sources/preview", {"address": "https://mfa.example/news"})
    assert (status, told) == (503, "nothing is fetched by this process")


async def test_readers_watch_nothing(other: Program, desk: Desk) -> None:
    watched(desk.database)
    for method, path, sent in (
        ("POST", "/sources", {"address": "https://mfa.example/news"}),
        ("POST", "/sources/preview", {"address": "https://mfa.example/news"}),
        ("PATCH", "/sources/mfa-xy/news", {"enabled": False}),
        ("DELETE", "/sources/mfa-xy/news", None),
        ("PUT", "/packs/csto", {"enabled": True}),
        ("PUT", "/countries/PL", {"enabled": True}),
        ("POST", "/backfills", {"source": "mfa-xy/news", "since": "2024-01-01"}),
        ("POST", "/backfills/mfa-xy/news/stop", {}),
        ("POST", "/sources/mfa-xy/news/polls", {}),
    ):
        assert (await other.refused(method, path, sent))[0] == 403, path
    assert (await other.get("/sources/mfa-xy/news"))["enabled"] is True
