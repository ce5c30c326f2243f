"""Statements, searches and what they are spread over, for programs."""

from __future__ import annotations

import pytest

from presswatch.web.desk import Desk
from storage.types import Published
from tests.presswatch.web.api.asking import Program
from tests.storage.examples import NOW, draft, matched, store, subscribed, watched


@pytest.fixture
def archive(desk: Desk) -> list[int]:
    """Seven statements of one source; the last one was edited."""
    source = watched(desk.database)
    stored = store(desk.database, *(draft(source, number) for number in range(1, 8)))
    store(desk.database, draft(source, 7, title="The bridge is open", item_id=stored[-1].item_id))
    return [one.item_id for one in stored]


async def test_a_statement_is_told_whole_and_in_each_version(program: Program, archive: list[int]) -> None:
    now = await program.get(f"/items/{archive[-1]}")
    assert (now["title"], now["version"], now["source"]) == ("The bridge is open", 2, "mfa-xy/news")
    assert "masons" in now["body"]
    before = await program.get(f"/items/{archive[-1]}", version=1)
    assert before["title"] == "Statement 7"
    versions = await program.get(f"/items/{archive[-1]}/versions")
    assert [each["title"] for each in versions["data"]] == ["Statement 7", "The bridge is open"]
    assert await program.refused("GET", f"/items/{archive[-1]}", params={"version": 3}) == (
        404,
        f"statement {archive[-1]} has no version 3",
    )
    assert (await program.refused("GET", "/items/999"))[0] == 404


async def test_an_edit_is_told_word_by_word(program: Program, archive: list[int]) -> None:
    told = await program.get(f"/items/{archive[-1]}/diff")
    assert (told["before"], told["after"], told["added"], told["removed"]) == (1, 2, 4, 2)
    assert "".join(run["text"] for run in told["title"] if run["change"] != "removed") == "The bridge is open"
    assert (await program.refused("GET", f"/items/{archive[-1]}/diff?before=2&after=1"))[0] == 422
    assert (await program.refused("GET", f"/items/{archive[0]}/diff"))[0] == 404


async def test_a_claimed_day_stays_a_day(program: Program, desk: Desk) -> None:
    claim = Published(day=NOW.date(), zone="Europe/Minsk", text="28 November 2024")
    [stored] = store(desk.database, draft(watched(desk.database), published=claim))
    told = await program.get(f"/items/{stored.item_id}")
    assert (told["published_at"], told["published_precision"]) == ("2024-11-28", "day")


@pytest.mark.parametrize(("path", "asked"), [("/items", {}), ("/search", {"query": "bridge"})])
async def test_paging_neither_repeats_nor_leaves_out_while_statements_arrive(
    program: Program, desk: Desk, archive: list[int], path: str, asked: dict[str, str]
) -> None:
    seen, page = [], await program.get(path, limit=3, **asked)
    while True:
        seen += [each["id"] for each in page["data"]]
        if page["next"] is None:
            break
        store(desk.database, draft(watched(desk.database, f"mfa-xy/{len(seen)}"), 100 + len(seen)))
        page = await program.get(path, limit=3, start=page["next"], **asked)
    assert seen == archive[::-1]


async def test_the_next_page_is_a_link_too(program: Program, archive: list[int]) -> None:
    answer = await program.ask("GET", "/search", params={"query": "bridge", "limit": 3})
    following = answer.links["next"]["url"]
    assert following.startswith("/api/v1/search?")
    again = await program._client.get(following)
    assert [each["id"] for each in again.json()["data"]] == archive[3::-1][:3]


async def test_a_search_says_how_many_and_where(program: Program, archive: list[int]) -> None:
    found = await program.get("/search", query="title:bridge")
    assert (found["total"], found["exact"], found["next"]) == (1, True, None)
    [hit] = found["data"][0]["hits"]
    assert (hit["field"], hit["start"], hit["end"]) == ("title", 4, 10)
    best = await program.get("/search", query="bridge", order="ranked")
    assert best["total"] == 7


async def test_a_day_is_told_by_topic_and_by_time(program: Program, desk: Desk, archive: list[int]) -> None:
    told = subscribed(desk.database)
    [stored] = store(desk.database, draft(watched(desk.database, "mfa-xy/late"), 50))
    matched(desk.database, told, stored)
    day = await program.get("/today", day="2024-11-28")
    assert (day["statements"], day["edited"], day["over"], sum(day["hours"])) == (8, 1, True, 8)
    topic, rest = day["groups"]
    assert (topic["name"], [each["id"] for each in topic["data"]]) == ("Bridges", [stored.item_id])
    assert (rest["name"], rest["statements"]) == (None, 7)
    assert [(each["id"], each["added"]) for each in day["changed"]] == [(archive[-1], 4)]
    by_time = await program.get("/today", day="2024-11-28", by="time")
    assert [each["id"] for each in by_time["groups"][0]["data"]] == [stored.item_id, *archive[::-1]]
    assert (await program.get("/today"))["statements"] == 0
    assert (await program.refused("GET", "/today?day=soon"))[0] == 422


async def test_a_query_that_cannot_be_read_is_told_at_its_character(program: Program) -> None:
    answer = await program.ask("GET", "/search", params={"query": "bridge AND ("})
    told = answer.json()
    assert answer.status_code == 422
    assert told["query"] == "bridge AND ("
    assert told["position"] == 12
    assert told["mend"]
    mistyped = await program.ask("GET", "/search", params={"query": "bridge published:2026-03..2026-01"})
    assert mistyped.json()["mended"] == "bridge published:2026-01..2026-03"
    assert (await program.refused("GET", "/search"))[0] == 422
    assert (await program.refused("GET", "/search", params={"query": "bridge", "start": "nowhere"}))[0] == 422
    assert (await program.refused("GET", "/items", params={"start": "-1"}))[0] == 422


async def test_what_was_found_is_counted(program: Program, archive: list[int]) -> None:
    await program.post("/topics", name="Bridges", query="bridge")
    facets = await program.get("/search/facets", query="bridge")
    assert (facets["total"], facets["sources"], facets["topics"]) == (7, {"mfa-xy/news": 7}, {"Bridges": 7})
    chart = await program.get("/search/histogram", topic="Bridges", by="day")
    assert chart["bars"][0] == {"first": "2024-11-28", "count": 7}
    coverage = await program.get("/coverage", days=3)
    assert len(coverage["days"]) == 3
    assert [each["topic"] for each in coverage["data"]] == ["Bridges"]


async def test_why_a_statement_meets_a_topic_or_not(program: Program, desk: Desk, archive: list[int]) -> None:
    told = subscribed(desk.database)
    [stored] = store(desk.database, draft(watched(desk.database, "mfa-xy/late"), 50))
    matched(desk.database, told, stored)
    met = await program.get(f"/items/{stored.item_id}/why", topic="Bridges")
    assert (met["holds"], met["query"]) == (True, "bridge")
    assert met["outcome"]
    missed = await program.get(f"/items/{stored.item_id}/why", query="bridge AND tunnel")
    assert missed["holds"] is False
    assert [part["holds"] for part in missed["parts"]] == [True, False]
    assert (await program.refused("GET", f"/items/{stored.item_id}/why", params={"topic": "Bridge"}))[0] == 404


async def test_a_story_is_all_that_says_the_same(program: Program, archive: list[int]) -> None:
    story = await program.get(f"/stories/{archive[0]}")
    assert [each["id"] for each in story["data"]] == [archive[0]]
    assert (await program.refused("GET", "/stories/999"))[0] == 404


async def test_aliases_have_their_names(program: Program) -> None:
    listed = await program.get("/aliases")
    assert "CSTO" in {each["name"] for each in listed["data"]}
    assert "ОДКБ" in {each["name"] for each in (await program.get("/aliases/csto"))["every_name"]}
    assert (await program.refused("GET", "/aliases/no-such"))[0] == 422
