"""What the operator is told of sources' health: real processes, a real site, a real receiver."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, update

from presswatch.demo.scenario import specs
from presswatch.demo.site import ReplicaSite
from storage.clock import now
from storage.sources import sources
from storage.tables import notices
from storage.types import SourceSpec
from tests.fakes.program import Program
from tests.fakes.sinks import HTTPSink

TRADE = ["The ministers spoke about trade.", "Both sides agreed to meet again in the autumn."]


@pytest.fixture
def site() -> Iterator[ReplicaSite]:
    with ReplicaSite() as running:
        running.publish("A reception", TRADE)
        running.publish("A visit", TRADE)
        yield running


@pytest.fixture
def program(tmp_path: Path, sink: HTTPSink) -> Program:
    program = Program(tmp_path / "data")
    assert program("channels", "add", "desk", sink.address).code == 0
    assert "through desk" in program("channels", "operator", "desk").out
    return program


def watch(program: Program, site: ReplicaSite) -> None:
    """Watch one section of the replica."""
    with program.database() as database:
        database.write(sources.add, specs(site)[0], alert_first=False, now=now())


def test_a_fault_is_told_once_when_it_begins_and_once_when_it_ends(
    program: Program, site: ReplicaSite, sink: HTTPSink
) -> None:
    watch(program, site)
    with program.started() as running:
        running.wait_for("poll      replica/news-en: ok")
        site.break_listing("login")
        sink.wait_for(1)
        running.wait_for("poll      replica/news-en: login")
        site.mend()
        began, ended = sink.wait_for(2)
        for _ in range(3):
            running.wait_for("poll      replica/news-en: unchanged")
        assert running.stop() == 0
    assert began["title"] == "presswatch: replica/news-en: login"
    assert "Mend: the section now asks for a password" in began["message"]
    assert "ref notice-1" in began["message"]
    assert ended["title"] == "presswatch: replica/news-en is well again, was login"
    assert len(sink.received) == 2, "and nothing else"
    listed = program("notices", "list", "--json").json
    assert [(one["state"], one["reason"], one["source"]) for one in listed] == [
        ("ended", "login", "replica/news-en"),
        ("began", "login", "replica/news-en"),
    ]
    assert all(one["sent_at"] for one in listed)


def test_without_a_network_a_poll_has_a_line_for_each_section_and_one_for_all(
    program: Program, site: ReplicaSite
) -> None:
    """A site of this machine answers all the same."""
    watch(program, site)
    hosts = [f"mfa-{number}.invalid" for number in (1, 2, 3)]
    with program.database() as database:
        for host in hosts:
            section = SourceSpec(f"{host.partition('.')[0]}/news", "News", f"http://{host}/news", delay=0.0)
            database.write(sources.add, section, alert_first=False, now=now())
    polled = program("poll", "replica/news-en", "mfa-1/news", "mfa-2/news", "mfa-3/news")
    assert polled.code == 1
    for host in hosts:
        assert len([line for line in polled.out.splitlines() if f"{host.partition('.')[0]}/news: " in line]) == 1
    assert polled.out.count("none of 3 sites could be reached") == 1
    assert "look at the connection of this machine" in polled.out
    alone = program("poll", "replica/news-en")
    assert "could be reached" not in alone.out


def test_a_notice_that_a_killed_process_was_sending_is_sent_again_with_its_key(
    program: Program, site: ReplicaSite, sink: HTTPSink
) -> None:
    watch(program, site)
    program("poll", "replica/news-en")
    site.break_listing("login")
    sink.hang()
    with program.started() as running:
        sink.wait_for(1)
        running.kill()
    sink.release()
    assert [one["sent_at"] for one in program("notices", "list", "--json").json] == [None]
    with program.database() as database:
        over = update(notices).values(due_at=now() - timedelta(seconds=1))
        database.write(lambda connection: connection.execute(over))  # the lease: ten minutes
    program("poll", "replica/news-en")
    first, again = sink.wait_for(2)
    assert first["message"] == again["message"], "the same words, and the same key"
    assert [bool(one["sent_at"]) for one in program("notices", "list", "--json").json] == [True]


def test_without_an_operator_s_channel_notices_are_kept_and_doctor_says_so(
    program: Program, site: ReplicaSite, sink: HTTPSink
) -> None:
    assert "is not told" in program("channels", "operator", "--off").out
    watch(program, site)
    program("poll", "replica/news-en")
    site.break_listing("login")
    program("poll", "replica/news-en")
    program("poll", "replica/news-en")
    assert [one["reason"] for one in program("notices", "list", "--json").json] == ["login"]
    program("channels", "operator", "desk")
    program("poll", "replica/news-en")
    assert sink.received == [], "what was before is in the list, and is no news"
    source = next(one for one in program("sources", "list", "--json").json if one["key"] == "replica/news-en")
    assert (source["health"], bool(source["since"]), source["mend"][:11]) == ("login", True, "the section")


def come_due(connection: Connection) -> None:
    connection.execute(update(notices).values(due_at=now() - timedelta(seconds=1)))


def test_dead_alerts_are_told_once_and_can_be_sent_again(program: Program, site: ReplicaSite, sink: HTTPSink) -> None:
    with HTTPSink() as broken:
        broken.answer_with(404)
        program("channels", "add", "broken", broken.address)
        program("topics", "add", "Ferries", "ferry")
        program("subscribe", "Ferries", "--to", "broken")
        watch(program, site)
        program("poll", "replica/news-en")
        site.publish("A new ferry", ["The ferry sails on Sundays."])
        program("poll", "replica/news-en")
        assert [one["state"] for one in program("alerts", "list", "--json").json] == ["dead"]
        for _ in range(2):  # it waits ten minutes for others; then it is sent, once
            with program.database() as database:
                database.write(come_due)
            program("poll", "replica/news-en")
        [told] = sink.wait_for(1)
        assert told["title"] == "presswatch: 1 alert to broken not delivered"
        assert "answered 404" in told["message"]
        assert [one["channel"] for one in program("notices", "list", "--json").json] == ["broken"]
        broken.answer_with(200)
        assert program("alerts", "retry").code == 0
        program("poll", "replica/news-en")
        assert [one["state"] for one in program("alerts", "list", "--json").json] == ["sent"]
        assert len(sink.received) == 1
        assert len(broken.received) == 2
