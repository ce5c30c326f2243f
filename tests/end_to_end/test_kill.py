"""A killed process loses nothing.

Real processes crawl a real site over HTTP, match and deliver to a real receiver, and are killed with SIGKILL at random
moments. What the ministry published is then stored once each, every statement that touches the topic was announced,
and what was announced twice was in flight when its process died.
"""

from __future__ import annotations

import random
import re
import sqlite3
import threading
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from presswatch.demo.pages import Statement
from presswatch.demo.site import ReplicaSite
from tests.fakes.program import Program
from tests.fakes.sinks import HTTPSink

KILLS = 26
"""Of each run; two runs side by side make more than fifty."""

LONGEST_LIFE = 3.0
"""Seconds after its first line that a process lives at most: long enough to poll, match and deliver."""


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.timeout(300)
def test_killed_processes_lose_no_statement_and_no_alert(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    pause = threading.Event()
    program = Program(tmp_path)
    with ReplicaSite(page_size=1000) as site, HTTPSink() as sink:
        site.publish("What stood there before", "It is about trade.")
        site.publish("Что было раньше", "О торговле.", "ru")
        program.watch(site)
        assert program("subscribe", "CSTO", "--to", f"json://127.0.0.1:{sink.port}/").code == 0
        with program.started() as running:
            for _ in range(2):
                running.wait_for("poll      replica/")
            running.stop()

        published: list[Statement] = []
        for _ in range(KILLS):
            with program.started() as running:
                running.wait_for("presswatch")
                for _ in range(chance.randint(0, 3)):
                    number = len(published)
                    language = chance.choice(["en", "ru"])
                    name = "CSTO" if language == "en" else "ОДКБ"
                    title = f"{name} statement {number}"
                    published.append(site.publish(title, f"{name} number {number}.", language))
                pause.wait(chance.uniform(0, LONGEST_LIFE))
                running.kill()

        with program.started() as running:
            wanted = {statement.title for statement in published}
            sink.wait_until(lambda received: announced(received).keys() >= wanted, seconds=60)
            running.stop()

    stored = Counter(row[0] for row in rows(tmp_path, "SELECT title FROM versions WHERE number = 1"))
    assert stored == Counter(["What stood there before", "Что было раньше", *wanted]), "each statement is stored once"
    assert announced(sink.received).keys() == wanted, "what stood there before is not announced"
    assert repeated_deliveries(sink.received) <= KILLS, "at most the delivery in flight is repeated"
    keys = {key for message in sink.received for key in keys_of(message)}
    assert len(keys) == len(published), "a repetition carries the same key"
    assert rows(tmp_path, "PRAGMA integrity_check") == [("ok",)]
    assert rows(tmp_path, "SELECT count(*) FROM alerts WHERE state <> 'sent'") == [(0,)]


def announced(received: list[dict[str, Any]]) -> Counter[str]:
    """How often each statement was announced."""
    told: Counter[str] = Counter()
    for message in received:
        told.update(re.findall(r"(?:CSTO|ОДКБ) statement \d+", message["message"].replace("*", "")))
    return told


def keys_of(message: dict[str, Any]) -> list[str]:
    """The keys of the alerts in a message."""
    return re.findall(r"\d+-\d+", message["message"].rpartition("ref ")[2])


def repeated_deliveries(received: list[dict[str, Any]]) -> int:
    """How many messages carried an alert that had come before."""
    seen: set[str] = set()
    repeated = 0
    for message in received:
        keys = set(keys_of(message))
        repeated += not keys.isdisjoint(seen)
        seen |= keys
    return repeated


def rows(folder: Path, statement: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(folder / "presswatch.db")
    try:
        return connection.execute(statement).fetchall()
    finally:
        connection.close()
