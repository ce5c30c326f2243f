"""What an operator does: back up while presswatch watches, bring it back, go on; see who watches; read its log."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path

from presswatch.demo.site import ReplicaSite
from storage.clock import now
from storage.sources import sources
from storage.types import SourceSpec
from tests.crawler.website import Website
from tests.fakes.program import Program, Result
from tests.fakes.sinks import HTTPSink


def last_line(finished: Result) -> str:
    return finished.out.strip().splitlines()[-1]


def test_a_backup_made_while_it_watches_goes_on_elsewhere(tmp_path: Path) -> None:
    """Poll, match and send after the restore: what came before the backup is not sent again, what came after it is."""
    program = Program(tmp_path / "data")
    file = tmp_path / "backup.tar.gz"
    with ReplicaSite() as site, HTTPSink() as sink:
        site.publish("What stood there before", "It is about trade.")
        site.publish("Что было раньше", "О торговле.", "ru")
        program.watch(site)
        program("channels", "add", "hook", f"json://127.0.0.1:{sink.port}/")
        assert program("subscribe", "CSTO", "--to", "hook").code == 0
        with program.started() as running:
            running.wait_for("1 new")
            site.publish("The CSTO met", "The CSTO met in the capital.")
            running.wait_for("alert     CSTO -> hook")
            made = program("backup", str(file))
            assert made.code == 0, made
            assert "3 statements" in made.out
            refused = program("restore", str(file))
            assert refused.code == 2 and "--force" in refused.err
            refused = program("restore", str(file), "--force")
            assert refused.code == 2 and "another process" in refused.err, refused
            site.publish("The CSTO met again", "The CSTO met again, after the backup.")
            running.wait_for("alert     CSTO -> hook")
            assert running.stop() == 0
        assert program("restore", str(file), "--check").out.startswith(f"{file} is whole: 3 statements")
        before = len(sink.received)

        elsewhere = Program.__new__(Program)
        elsewhere.folder = tmp_path / "elsewhere"
        elsewhere.environment = {**program.environment, "PRESSWATCH_DATA": str(elsewhere.folder)}
        back = elsewhere("restore", str(file))
        assert back.code == 0, back
        assert "holds again: 3 statements" in back.out
        site.publish("The CSTO met a third time", "The CSTO met for the third time.")
        assert elsewhere("poll").code == 0
        assert elsewhere("search", "alias:CSTO").out.count("#") == 3
    sent = json.dumps(sink.received[before:])
    assert "third time" in sent and "after the backup" in sent
    assert "The CSTO met in the capital" not in sent


def test_a_second_process_that_watches_is_told_of_the_first(tmp_path: Path) -> None:
    program = Program(tmp_path)
    assert "no process watches with this database now" in program("doctor").out
    with program.started() as first:
        first.wait_for("stop with Ctrl-C")
        with program.started() as second:
            said = second.wait_for("already")
            assert f"process {first.process.pid} watches with {tmp_path} already" in said
        assert "a process watches with this database" in program("doctor").out
        assert not [line for line in first.lines if "already" in line]
        first.kill()
    with program.started() as third:
        third.wait_for("stop with Ctrl-C")
        third.kill()
        third.close()
        assert not [line for line in third.lines if "already" in line]


def test_what_it_logs_as_json_is_json_line_by_line(tmp_path: Path) -> None:
    program = Program(tmp_path)
    with ReplicaSite() as site:
        program.watch(site, alert_first=True)
        assert program("subscribe", "CSTO", "--to", "console").code == 0
        site.publish("The CSTO met", "The CSTO met in the capital.")
        site.publish("Что было раньше", "О торговле.", "ru")
        polled = program("poll", "--log-json")
    assert polled.code == 0, polled
    lines = [json.loads(line) for line in polled.out.splitlines()]
    assert {"poll", "statement", "alert", "console"} <= {line["event"] for line in lines}
    assert all({"at", "level", "event", "text"} <= set(line) for line in lines)
    [statement] = [line for line in lines if line["event"] == "statement" and line["source"] == "replica/news-en"]
    assert (statement["title"], statement["number"], statement["silent"]) == ("The CSTO met", 1, False)
    [alert] = [line for line in lines if line["event"] == "console"]
    assert "=== ALERT ===" in alert["text"] and "The *CSTO* met" in alert["text"]


def test_in_a_file_a_line_has_its_date_and_level(tmp_path: Path) -> None:
    program = Program(tmp_path)
    with ReplicaSite() as site:
        program.watch(site)
        site.publish("What stood there before", "It is about trade.")
        out = program("poll").out
    assert re.search(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ info    statement #1 new", out, re.MULTILINE)


def test_the_list_of_sources_counts_the_polls_that_failed(tmp_path: Path) -> None:
    program = Program(tmp_path)
    with ReplicaSite() as site:
        site.publish("What stood there before", "It is about trade.")
        site.publish("Что было раньше", "О торговле.", "ru")
        program.watch(site)
        program("poll")
    program("poll")  # nobody is there any more
    [english] = [each for each in program("sources", "list", "--json").json if each["key"] == "replica/news-en"]
    assert [poll["reason"] for poll in english["polls"]] == ["unreachable", "ok"]
    assert english["polls"][1]["new"] == 1
    assert english["failures"] == 1
    assert "1 of the last 2" in program("sources", "list", "--enabled").out


def test_doctor_ends_with_what_to_do_first(tmp_path: Path) -> None:
    program = Program(tmp_path)
    assert last_line(program("doctor")).startswith("first: sources: ")
    tmp_path.chmod(0o755)
    with ReplicaSite() as site:
        site.publish("What stood there before", "It is about trade.")
        site.publish("Что было раньше", "О торговле.", "ru")
        program.watch(site)
        asked = program("doctor")
        assert asked.code == 0, asked
        assert f"others may look into {tmp_path}" in asked.out
        assert re.match(r"first: (contact|folder): ", last_line(asked))
        program("channels", "add", "hook", "json://127.0.0.1:9/")
        with sqlite3.connect(tmp_path / "presswatch.db") as connection:
            connection.execute("UPDATE channels SET address = 'sealed:x'")
        connection.close()
        assert last_line(program("doctor")).startswith("first: channel hook: put the key back")
    assert last_line(program("doctor")).startswith("first: channel hook"), "before sources that do not answer"


QUESTIONS = (
    *((noun, "list") for noun in ("topics", "sources", "channels", "alerts", "subscriptions", "notices", "aliases")),
    *((verb, "rivers") for verb in ("search", "trend", "facets", "export")),
    ("watchlist", "export"),
)


def test_a_question_is_answered_while_a_tool_holds_the_database(tmp_path: Path) -> None:
    """A backup tool or a `VACUUM` of somebody's holds the write lock."""
    program = Program(tmp_path)
    assert program("topics", "add", "rivers", "rivers").code == 0
    tool = sqlite3.connect(tmp_path / "presswatch.db", isolation_level=None)
    tool.execute("BEGIN IMMEDIATE")
    try:
        for question in (*QUESTIONS, ("backup", str(tmp_path / "backup.tar.gz"))):
            answered = program(*question)
            assert answered.code == 0, (question, answered)
    finally:
        tool.close()
    assert (tmp_path / "backup.tar.gz").exists()


def test_what_doctor_tells_to_type_names_the_program_as_it_was_called(tmp_path: Path) -> None:
    program = Program(tmp_path)
    with Website() as site, program.database() as database:
        gone = SourceSpec("mfa-1/news", "News", site.address("/news"), delay=0.0)
        database.write(sources.add, gone, alert_first=False, now=now())
        for called in ("./run", "presswatch"):
            examined = program("doctor", PRESSWATCH_COMMAND=called)
            assert examined.code == 1
            assert f"find its new address and add it with: {called} sources add" in examined.out
            found = program("doctor", "--json", PRESSWATCH_COMMAND=called).json
            [mend] = [one["mend"] for one in found if one["what"] == "mfa-1/news"]
            assert mend.endswith(f": {called} sources add")
