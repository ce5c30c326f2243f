"""What a language model can ask, and what it is told where it asks wrongly: real tools over a real database."""

from __future__ import annotations

import asyncio
import re
import shlex
import sys
from pathlib import Path
from typing import Any

import pytest
from mcp import MCPError
from typer.testing import CliRunner

from presswatch import mcp
from presswatch.cli import app
from presswatch.mcp.server import ABOUT, call, described
from presswatch.mcp.tools import TOOLS
from storage.database import Database
from storage.errors import PresswatchError, SettingsError
from storage.query.parser import parse
from storage.types import SOLE_OWNER
from tests.storage.examples import BODY, draft, store, subscribed, watched


@pytest.fixture
def archive(database: Database) -> Database:
    """Three statements, the last one edited, and a topic of the owner's."""
    source = watched(database)
    *_, last = store(database, *(draft(source, number) for number in (1, 2, 3)))
    store(database, draft(source, 3, title="The bridge is open", body=f"{BODY} It is open.", item_id=last.item_id))
    subscribed(database, "Bridges")
    return database


async def asked(database: Database, name: str, /, owner: int = SOLE_OWNER, **arguments: Any) -> Any:
    """What a tool answers. Raises `AssertionError` where it cannot."""
    answer = await call(database, owner, name, arguments)
    assert not answer.is_error, answer.content
    return answer.structured_content


async def refused(database: Database, name: str, /, **arguments: Any) -> str:
    """In which words a tool says that it cannot."""
    answer = await call(database, SOLE_OWNER, name, arguments)
    assert answer.is_error, answer.content
    return str(answer.content[0].text)  # type: ignore[union-attr]


async def test_a_statement_is_found_read_and_compared_with_what_it_said_before(archive: Database) -> None:
    first = await asked(archive, "search", query="bridge", limit=2)
    assert (first["total"], [each["id"] for each in first["data"]]) == (3, [3, 2])
    rest = await asked(archive, "search", topic="Bridges", limit=2, start=first["next"])
    assert ([each["id"] for each in rest["data"]], rest["next"]) == ([1], None)
    shown = await asked(archive, "show", statement=3)
    assert shown == await asked(archive, "show", statement="https://mfa.example/news/3", version=2)
    assert shown["body"].endswith("It is open.")
    assert (await asked(archive, "show", statement="3", version=1))["body"] == BODY
    edit = await asked(archive, "diff", statement=3)
    assert (edit["before"], edit["after"]) == (1, 2)
    assert "".join(run["text"] for run in edit["title"] if run["change"] != "removed") == "The bridge is open"


async def test_what_was_said_is_counted_over_time_and_by_who_said_it(archive: Database) -> None:
    trend = await asked(archive, "trend", query="bridge", by="year")
    assert (trend["by"], trend["bars"][0]) == ("year", {"first": "2024-01-01", "count": 3})
    coverage = await asked(archive, "coverage", days=2)
    assert (len(coverage["days"]), [row["topic"] for row in coverage["data"]]) == (2, ["Bridges"])
    [topic] = (await asked(archive, "topics"))["data"]
    assert (topic["name"], topic["query"], topic["channels"]) == ("Bridges", "bridge", ["console"])


async def test_the_topics_are_the_owners_alone(archive: Database) -> None:
    assert (await asked(archive, "topics", owner=2)) == {"data": []}
    assert (await asked(archive, "coverage", owner=2))["data"] == []
    assert "no topic" in (await call(archive, 2, "search", {"topic": "Bridges"})).structured_content["problem"]


WRONG: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("search", {"query": "bridge AND ("}, "search 'bridge AND ('"),
    ("search", {"query": "alias:CST0"}, "search alias:CST0"),
    ("search", {"query": "bridge", "start": "nowhere"}, "search bridge --start nowhere"),
    ("search", {}, "search"),
    ("trend", {"topic": "Bridge"}, "trend --topic Bridge"),
    ("show", {"statement": 9}, "show 9"),
    ("show", {"statement": 3, "version": 7}, "show 3 --version 7"),
    ("show", {"statement": "https://mfa.example/none"}, "show https://mfa.example/none"),
    ("coverage", {"topic": "Bridge"}, "silence --topic Bridge"),
)
"""A tool and what it is asked, and the same at the command line."""


def test_what_is_wrong_is_told_as_at_the_command_line(archive: Database) -> None:
    for name, arguments, line in WRONG:
        with pytest.raises(PresswatchError) as error:
            CliRunner().invoke(app, ["--data", str(archive.path.parent), *shlex.split(line)], catch_exceptions=False)
        said = asyncio.run(refused(archive, name, **arguments))
        assert said.startswith(f"error: {error.value}"), line
        assert said.endswith(f"mend: {error.value.mend}"), line
        if "AND (" in line:
            assert said.splitlines()[1:3] == ["  bridge AND (", f"  {' ' * 12}^"]


async def test_a_statement_that_was_never_edited_has_nothing_to_compare(archive: Database) -> None:
    assert "statement 1 has no version before the first" in await refused(archive, "diff", statement=1)
    assert "the earlier one first" in await refused(archive, "diff", statement=3, before=2, after=1)


async def test_whatever_a_model_makes_up_is_told_and_never_a_mistake_of_ours(archive: Database) -> None:
    strange: list[Any] = [True, -1, 2**70, 1.5, "", "x" * 100_000, "\x00\u202e", [], ["a"], {"a": {}}, "' OR 1=1 --"]
    for name, tool in TOOLS.items():
        for field in tool.question.model_fields:
            for value in strange:
                answer = await call(archive, SOLE_OWNER, name, {"query": "bridge", "statement": 1, field: value})
                assert "mistake" not in answer.content[0].text, (name, field, value)  # type: ignore[union-attr]
    assert "it takes statement, version" in await refused(archive, "show", number=1)
    assert (await asked(archive, "search", query="bridge", topic=None, limit=None))["total"] == 3
    with pytest.raises(MCPError, match="no tool 'drop'"):
        await call(archive, SOLE_OWNER, "drop", {})


async def test_a_mistake_of_our_own_shows_nothing_of_itself(archive: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    async def mistaken(*_: Any) -> None:
        raise RuntimeError("hush: /home/somebody")

    monkeypatch.setattr("presswatch.mcp.tools.topics.listing", mistaken)
    said = await refused(archive, "topics")
    assert "mistake of presswatch's own" in said
    assert "hush" not in said


def test_each_tool_says_what_it_is_for_and_that_it_only_reads() -> None:
    for tool in described():
        assert tool.description and len(tool.description) > 60
        assert tool.annotations and tool.annotations.read_only_hint
        for name, field in tool.input_schema["properties"].items():
            assert field["description"], (tool.name, name)


def test_each_query_in_what_models_are_told_can_be_read() -> None:
    lines = re.findall(r"^(\S.*?)  +\S", ABOUT, re.MULTILINE)
    assert len(lines) > 10
    for query in lines:
        parse(query)


def test_without_the_extra_the_command_says_so_with_the_mend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mcp", None)
    with pytest.raises(SettingsError, match="the extra `mcp` is not installed") as error:
        CliRunner().invoke(app, ["--data", str(tmp_path), "mcp"], catch_exceptions=False)
    assert "install it: " in error.value.mend
    with pytest.raises(SettingsError):
        mcp.require()
