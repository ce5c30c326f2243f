"""A topic whose saved query cannot be asked any more is told in one line, and the others are asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, update
from typer.testing import CliRunner, Result

from presswatch.cli import app
from storage.clock import now
from storage.errors import QueryError
from storage.opening import open_database
from storage.people import topics
from storage.sources import sources
from storage.tables import topics as topics_table
from storage.types import SOLE_OWNER
from tests.storage.examples import draft, spec, store

NO_LONGER = {
    "gone": "alias:ATLANTIS",
    "half": "bridge AND",
    "open": '"the bridge',
    "parted": "(bridge OR tunnel",
    "blank": "",
    "other words": "NEAR(bridge",
    "both": "bridge OR alias:ATLANTIS",
}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with a statement, a topic that it meets, and topics of another time."""
    with open_database(tmp_path) as database:
        source = database.write(sources.add, spec(), alert_first=False, now=now())
        database.write(topics.add, SOLE_OWNER, database.packs, "Bridges", "bridge", now())
        store(database, draft(source, 1, body="The bridge opens."), now=now())

        def spoil(connection: Connection) -> None:
            for name, query in NO_LONGER.items():
                row = {"owner_id": SOLE_OWNER, "name": name, "query": query, "created_at": now()}
                connection.execute(insert(topics_table).values(**row))

        database.write(spoil)
    return tmp_path


def typed(data: Path, *words: str) -> Result:
    outcome = CliRunner().invoke(app, ["--data", str(data), *words], catch_exceptions=False)
    assert outcome.exit_code == 0, outcome.output
    return outcome


def left_out(told: str) -> list[str]:
    return [line.split(":")[1].removeprefix(" the topic ") for line in told.splitlines() if "left out: " in line]


def test_silence_asks_the_others(data: Path) -> None:
    told = typed(data, "silence", "--json")
    assert {(row["topic"], row["total"]) for row in json.loads(told.stdout)} == {("Bridges", 1)}
    assert left_out(told.stderr) == list(NO_LONGER)
    assert "topics change 'other words' QUERY" in told.stderr
    assert "there is no alias" in told.stderr or "ATLANTIS" in told.stderr


def test_facets_count_the_others(data: Path) -> None:
    told = typed(data, "facets", "bridge", "--json")
    counted = json.loads(told.stdout)
    assert counted["topics"] == {"Bridges": 1}
    assert list(counted["left_out"]) == left_out(told.stderr)
    assert counted["left_out"].keys() == NO_LONGER.keys()
    assert "Bridges" in typed(data, "facets", "bridge").stdout


def test_a_topic_that_is_named_says_what_is_wrong_with_it(data: Path) -> None:
    for command in (["silence", "--topic", "gone"], ["search", "--topic", "half"], ["trend", "--topic", "open"]):
        with pytest.raises(QueryError):
            typed(data, *command)


def test_lists_show_them_and_a_change_mends_them(data: Path) -> None:
    assert {topic["name"] for topic in json.loads(typed(data, "topics", "list", "--json").stdout)} >= set(NO_LONGER)
    for name in NO_LONGER:
        typed(data, "topics", "change", name, "bridge")
    told = typed(data, "silence", "--json")
    assert told.stderr == ""
    assert len(json.loads(told.stdout)) == len(NO_LONGER) + 1


def test_nothing_is_said_where_all_can_be_asked(data: Path) -> None:
    with open_database(data) as database:
        database.write(lambda connection: connection.execute(update(topics_table).values(query="bridge")))
    assert typed(data, "silence").stderr == ""
    assert json.loads(typed(data, "facets", "bridge", "--json").stdout)["left_out"] == {}
