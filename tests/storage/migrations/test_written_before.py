"""A database written by presswatch of before (commit cf8f7a2) is opened, and goes on with nothing lost.

What was done with it then, by its own commands: the replica of a ministry published what `statements.json` has
`before`; a topic for three channels, of which one takes what it is sent, one refuses it for good and one is not ready,
and a digest; a poll; what was published `live`; a poll; the first of that was edited, the last withdrawn. The names of
its processes are made up, and all addresses are on loopback.
"""

from __future__ import annotations

import gzip
import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from crawler.run import Crawl
from notify.matching.new_versions import MatchRun
from presswatch.demo.pages import ReplicaStatement
from presswatch.demo.site import ReplicaSite
from storage.database import Database
from storage.items import items
from storage.opening import open_database
from storage.outbox import alerts
from storage.people import channels, subscriptions, topics
from storage.query.text import ANALYSIS
from storage.search.search import search
from storage.sources import sources
from storage.types import SOLE_OWNER, AlertState, ChannelReason
from tests.crawler.running import poll, running

WRITTEN = Path(__file__).parent / "written_by_cf8f7a2"
SITE = "127.0.0.1:43609"
"""Where the replica stood then."""
ADDRESSES = (
    ("sources", "address"), ("sources", "spec"), ("items", "key"), ("items", "address"), ("sightings", "key"),
    ("sightings", "address"), ("editions", "key"), ("robots", "site"),
)  # fmt: skip
"""Where it is written: tables and columns."""
DESK = "json://127.0.0.1:34271/hook"

Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with gzip.open(WRITTEN / "presswatch.db.gz") as packed, (tmp_path / "presswatch.db").open("wb") as file:
        shutil.copyfileobj(packed, file)
    shutil.copy(WRITTEN / "secret.key", tmp_path)
    return tmp_path


@pytest.fixture
def opened(folder: Path) -> Iterator[Database]:
    with open_database(folder) as database:
        yield database


def rows(folder: Path) -> Rows:
    """All that a person or a site said, by table; the indexes of the texts are made from it."""
    with closing(sqlite3.connect(folder / "presswatch.db")) as connection:
        connection.row_factory = sqlite3.Row
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        kept = [name for name in names if not name.startswith("version_text") and name != "alembic_version"]
        return {name: [dict(row) for row in connection.execute(f"SELECT * FROM {name}")] for name in kept}


def statement(site: ReplicaSite, said: dict[str, Any]) -> ReplicaStatement:
    return site.publish(said["title"], said["body"], said["language"], date.fromisoformat(said["date"]))


def as_it_stood(site: ReplicaSite) -> None:
    """Make the replica what it was when the database was written."""
    said = json.loads((WRITTEN / "statements.json").read_text(encoding="utf-8"))
    for each in said["before"]:
        statement(site, each)
    live = [statement(site, each) for each in said["live"]]
    site.edit(live[0], body=[*live[0].body, "The tolls were clarified."])
    site.withdraw(live[-1])


def moved(folder: Path, site: ReplicaSite) -> None:
    """The replica stands at another port today: say so wherever its address stands."""
    with closing(sqlite3.connect(folder / "presswatch.db")) as connection, connection:
        for table, column in ADDRESSES:
            connection.execute(
                f"UPDATE {table} SET {column} = replace({column}, ?, ?)", (SITE, f"127.0.0.1:{site.port}")
            )


def test_nothing_that_was_written_is_lost(folder: Path) -> None:
    before = rows(folder)
    open_database(folder).close()
    after = rows(folder)
    for channel in after["channels"]:  # what held a code or a sentence holds the code, and the sentence stands apart
        channel["reason"] = channel["detail"] or channel["reason"]
    [indexes] = before["full_texts"]
    assert indexes["analysis"] < ANALYSIS  # they are made anew by ours
    indexes["analysis"] = ANALYSIS
    assert before.keys() <= after.keys()
    for table, then in before.items():
        assert [{name: row[name] for name in then[0]} for row in after[table]] == then if then else True, table


def test_its_statements_are_found_as_they_were_last_said(opened: Database) -> None:
    bridges = opened.read(search, opened.packs, "bridge OR мост").found
    assert [hit.item.version.title for hit in bridges] == [
        "A visit put off", "Мост через реку", "The tolls of the bridge", "A bridge over the river",
    ]  # fmt: skip
    withdrawn, _, edited, _ = (hit.item for hit in bridges)
    assert withdrawn.withdrawn_at is not None
    assert [version.body.endswith("clarified.") for version in opened.read(items.history, edited.id)] == [False, True]
    assert [hit.item.version.title for hit in opened.read(search, opened.packs, "alias:CSTO").found] == [
        "A session of the CSTO"
    ]


def test_its_alerts_are_in_their_states_and_go_where_they_were_to_go(opened: Database) -> None:
    listed = opened.read(alerts.listing, SOLE_OWNER)
    assert Counter((alert.channel.name, alert.topic.name, alert.state) for alert in listed) == {
        ("desk", "Bridges", AlertState.SENT): 3,
        ("gone", "Bridges", AlertState.DEAD): 3,
        ("late", "Bridges", AlertState.FAILED): 3,
        ("desk", "CSTO", AlertState.PENDING): 1,
    }
    assert {str(alert.rhythm) for alert in listed if alert.topic.name == "CSTO"} == {
        "daily 08:00 Europe/Minsk, quiet 22:00-07:00"
    }


def test_the_health_of_its_channels_is_a_code_and_a_sentence(opened: Database) -> None:
    health = list(opened.read(channels.health).values())
    assert [one.reason for one in health] == [
        ChannelReason.OK,
        ChannelReason.UNDELIVERABLE,
        ChannelReason.UNDELIVERABLE,
    ]
    assert [one.detail.partition("answered ")[2] for one in health] == ["", "404 Not Found", "503 Service Unavailable"]


def test_its_topics_channels_and_subscriptions_are_the_sole_owners(opened: Database) -> None:
    assert [topic.name for topic in opened.read(topics.every, SOLE_OWNER)] == ["Bridges", "CSTO"]
    assert [channel.name for channel in opened.read(channels.every, SOLE_OWNER)] == ["desk", "gone", "late"]
    assert len(opened.read(subscriptions.every, SOLE_OWNER)) == 4


def test_its_key_opens_its_channels(opened: Database) -> None:
    desk = opened.read(channels.get, SOLE_OWNER, opened.keyring, "desk")
    assert opened.keyring.open(desk.address) == DESK
    found = opened.read(channels.find, SOLE_OWNER, opened.keyring, DESK)
    assert found is not None
    assert found.name == "desk"


@pytest.mark.asyncio(loop_scope="session")  # Twisted has one reactor, and it has one loop
async def test_its_next_poll_stores_and_alerts_what_is_new_alone(folder: Path) -> None:
    with ReplicaSite() as site:
        as_it_stood(site)
        moved(folder, site)
        published = site.publish("Another bridge", ["A second bridge stands."])
        with open_database(folder) as database:
            async with running(Crawl(database)) as crawl:
                await poll(crawl, "replica/news-en", "replica/news-ru")
            every = [database.read(items.get, number) for number in range(1, 9)]
            assert every[-1].address == published.address
            assert [item.versions for item in every] == [1, 1, 1, 2, 1, 1, 1, 1]
            assert all(
                database.read(sources.get, f"replica/news-{language}").reason.healthy for language in ("en", "ru")
            )
            assert await MatchRun(database, lambda event: None).match_new() == 3
            new = database.read(alerts.listing, SOLE_OWNER)[:3]
            assert {alert.item.version.title for alert in new} == {"Another bridge"}
            assert sorted(alert.channel.name for alert in new) == ["desk", "gone", "late"]
