"""A person's mistake, or a machine's trouble, gives one clear line with the mend: no traceback, and nothing is lost."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from presswatch.demo.site import ReplicaSite
from storage.clock import now
from storage.people import topics
from storage.types import SOLE_OWNER
from tests.fakes.program import Program, Result


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    return Program(tmp_path_factory.mktemp("data"))


def assert_clear(result: Result, *words: str) -> None:
    assert result.code == 2, result
    assert "Traceback" not in result.out + result.err
    first, *rest = result.err.strip().splitlines()
    assert first.startswith("error: ")
    assert any(line.strip().startswith("mend: ") for line in rest), result.err
    for word in words:
        assert word in result.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["poll", "mfa-by/news-ne"], ["mfa-by/news-ne", "did you mean mfa-by/news-en?"]),
        (["search", "CSTO AND"], ["character 9", "CSTO AND", "^"]),
        (["search", '"unfinished'], ["character"]),
        (["search", "alias:NOBODY"], ["NOBODY"]),
        (["topics", "add", "everything", "NOT CSTO"], ["only excludes"]),
        (["topics", "remove", "nothing"], ["nothing"]),
        (["topics", "change", "nothing", "CSTO"], ["nothing", "topics list"]),
        (["subscribe", "Atlantis", "--to", "console"], ["Atlantis", "topics add"]),
        (["subscribe", "CSTO", "--to", "nobody"], ["nobody", "channels add"]),
        (["subscribe", "CSTO", "--to", "json://10.0.0.1/"], ["10.0.0.1", "PRESSWATCH_ALLOW_ADDRESSES"]),
        (["channels", "add", "me", "syslog://"], ["syslog"]),
        (["sources", "add", "http://192.168.1.1/news/"], ["192.168.1.1", "PRESSWATCH_ALLOW_ADDRESSES"]),
        (["sources", "add", "file:///etc/passwd"], ["http"]),
        (["sources", "add", "http://127.0.0.1:9/", "--yes"], ["127.0.0.1:9", "refused"]),
        (["sources", "add", "http://localhost.invalid/", "--yes"], ["cannot be resolved"]),
        (["sources", "remove", "mfa-by/news-en"], ["catalogue", "disable"]),
        (["sources", "enable", "--pack", "atlantis"], ["atlantis", "csto"]),
        (["sources", "list", "--pack", "atlantis"], ["atlantis", "csto"]),
        (["sources", "enable"], ["one source, or one pack"]),
        (["sources", "disable", "mfa-by/news-en", "--pack", "csto"], ["one source, or one pack"]),
        (["watchlist", "import", "/no/such/desk.toml"], ["/no/such/desk.toml", "cannot be read"]),
        (["show", "4711"], ["4711", "search"]),
        (["show", "many"], ["many", "such as 12"]),
        (["export", "x", "--as", "pdf"], ["--as: pdf is none of csv", "presswatch export --help"]),
        (["search", "x", "--limit", "0"], ["--limit: it has to be 1 or more"]),
        (["search", "x", "--limit", "ten"], ["--limit: it has to be a whole number"]),
        (["search", "x", "--limt", "3"], ["no option --limt", "did you mean --limit?"]),
        (["search", "x", "--limit"], ["--limit", "requires an argument"]),
        (["serach", "x"], ["no command 'serach'", "did you mean search?"]),
        (["topics", "lst"], ["no command 'lst'", "did you mean list?"]),
        (["show"], ["ITEM is missing", "presswatch show --help"]),
        (
            ["topics", "add", "banks", "sanctions", "banks"],
            ["banks is one word too many", "in quotes", "'sanctions banks'"],
        ),
        (["search", "sanctions", "banks"], ["banks is one word too many", "in quotes", "'sanctions banks'"]),
        (["backfill", "mfa-by/news-en", "--since", "today"], ["--since: today is not written like 2024-01-31"]),
        (["topics", "list", "--data"], ["--data", "requires an argument"]),
        (["subscribe", "cstoo", "--to", "console"], ["did you mean CSTO?"]),
        (["subscribe", "CSTO", "--to", "desk@example.org"], ["mailtos://USER:PASSWORD@SERVER?to=desk@example.org"]),
        (["subscribe", "CSTO", "--to", "mailto:desk@example.org"], ["mailtos://", "to=desk@example.org"]),
        (["alerts", "retry", "4711"], ["alerts list"]),
        (["alerts", "retry", "#4711"], ["alerts list"]),
        (["alerts", "retry", "many"], ["alert's number", "such as 12"]),
        (["show", "#4711"], ["no statement 4711", "search"]),
        (["why", "#4711", "alias:CSTO"], ["no statement 4711"]),
        (["show", "#"], ["such as 12"]),
        (["show", "9" * 30], ["such as 12"]),
        (["show", "https://nobody.example/1#st1"], ["no statement at https://nobody.example/1#st1", "search"]),
        (["show", "https:///"], ["no address of a statement"]),
        (["search", "x", "--before", "many"], ["such as 12"]),
        (["search", "alias:CSTOO"], ["no alias CSTOO", "did you mean CSTO?", "with: presswatch aliases list"]),
        (["aliases", "show", "odkbb"], ["did you mean CSTO?"]),
        (["sources", "list", "--pack", "ctso"], ["did you mean csto?", "the packs are"]),
        (["subscribe", "CSTO", "--to", "console", "--zone", "Europe/Misnk"], ["did you mean Europe/Minsk?"]),
        (["subscribe", "CSTO", "--to", "console", "--rhythm", "dayly 08:00"], ["did you mean daily?", "'daily 08:00'"]),
        (["search", "sorce:mfa-by"], ["did you mean source:?", "the fields are"]),
        (["trend", "x", "--by", "weeks"], ["--by: weeks is none of", "did you mean week?", "presswatch trend --help"]),
        (["alerts", "list", "--state", "sen"], ["did you mean sent?"]),
        (["subscribe", "CSTO", "--to", "a/b c"], ["channels add 'a/b c' ADDRESS"]),
        (["subscribe", "a b", "--to", "console"], ["topics add 'a b' 'a query'"]),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, list) else None,
)
def test_a_mistake_gives_one_clear_line_with_its_mend(program: Program, arguments: list[str], words: list[str]) -> None:
    assert_clear(program(*arguments), *words)


def test_a_number_is_typed_as_it_is_shown(program: Program) -> None:
    for number in ("5", "#5", " #5 "):
        assert program("search", "CSTO", "--before", number).code == 0


def test_nothing_is_meant_where_nothing_is_near(program: Program) -> None:
    for mistaken in (
        ["poll", "example/news"],
        ["subscribe", "Atlantis", "--to", "console"],
        ["topics", "remove", "x"],
        ["search", "alias:ATLANTIS"],
        ["search", "ocean:deep"],
        ["sources", "list", "--pack", "atlantis"],
        ["subscribe", "CSTO", "--to", "console", "--zone", "Atlantis"],
        ["subscribe", "CSTO", "--to", "console", "--rhythm", "at full moon"],
        ["trend", "x", "--by", "moon"],
    ):
        assert "did you mean" not in program(*mistaken).err


@pytest.mark.parametrize(
    ("made", "mistaken", "meant"),
    [
        (["topics", "add", "sanctions", "sanctions"], ["topics", "remove", "sanction"], "sanctions"),
        (["topics", "add", "grain", "grain"], ["unsubscribe", "Grian"], "grain"),
        (["channels", "add", "desk", "json://127.0.0.1:9/"], ["channels", "remove", "dsk"], "desk"),
        (["channels", "add", "night", "json://127.0.0.1:9/n"], ["canary", "--to", "nigth"], "night"),
    ],
)
def test_a_slip_is_told_what_was_meant(program: Program, made: list[str], mistaken: list[str], meant: str) -> None:
    assert program(*made).code == 0
    assert_clear(program(*mistaken), f"did you mean {meant}?")


def test_a_hint_is_typed_as_it_stands(program: Program) -> None:
    added = program("channels", "add", "a/b c", "json://127.0.0.1:9/c")
    assert "channels test 'a/b c'" in added.out


def test_mistakes_name_the_program_as_it_was_called(program: Program) -> None:
    for mistaken in (["show"], ["topics", "remove", "x"], ["search", "x", "--limt", "1"]):
        told = program(*mistaken, PRESSWATCH_COMMAND="./run").err
        assert "./run " in told or "--limit" in told
        assert "presswatch" not in told
    elsewhere = program("topics", "remove", "x", "--data", str(program.folder), PRESSWATCH_COMMAND="./run")
    assert f"with: ./run --data {program.folder} topics list" in elsewhere.err


@pytest.mark.parametrize("encoding", ["ascii", "cp1251", "koi8-r", "latin-1"])
def test_a_terminal_that_lacks_letters_gets_them_escaped(program: Program, encoding: str) -> None:
    shown = typed_at(program, encoding, "search", "外交部 Заява")
    assert (shown.returncode, shown.stderr) == (0, b"")
    assert b"\\u5916\\u4ea4\\u90e8" in shown.stdout


@pytest.mark.parametrize("encoding", ["ascii", "cp1251"])
def test_what_a_terminal_lacks_is_no_fault_of_a_source_and_no_alert_is_lost(tmp_path: Path, encoding: str) -> None:
    program = Program(tmp_path)
    with ReplicaSite() as site:
        program.watch(site, alert_first=True)
        site.publish("外交部 on the CSTO", "The 外交部 spoke about the CSTO.")
        site.publish("Заявление", "Сказано.", "ru")
        assert program("subscribe", "CSTO", "--to", "console").code == 0
        polled = typed_at(program, encoding, "poll")
    assert (polled.returncode, polled.stderr) == (0, b"")
    assert b"\\u5916\\u4ea4\\u90e8 on the " in polled.stdout.partition(b"=== ALERT ===")[2]
    assert b"fault" not in polled.stdout
    assert program.rows("SELECT state FROM alerts") == [("sent",)]


def typed_at(program: Program, encoding: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """What a command prints at a terminal with these letters."""
    code = f"import sys; sys.argv = ['presswatch', *{arguments!r}]\nfrom presswatch.__main__ import start; start()"
    environment = program.environment | {"PYTHONIOENCODING": encoding}
    return subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True)


_INTERRUPTED_AT = """
import os, signal, sys
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == MODULE:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Finder())
from presswatch.__main__ import start
sys.argv = ['presswatch', 'topics', 'list']
start()
"""


@pytest.mark.parametrize(
    "module", ["presswatch.cli", "typer", "presswatch.commands.why", "storage.errors", "presswatch.settings"]
)
def test_ctrl_c_ends_a_command_at_any_moment_without_a_word(program: Program, module: str) -> None:
    code = _INTERRUPTED_AT.replace("MODULE", repr(module))
    ended = subprocess.run([sys.executable, "-c", code], env=program.environment, capture_output=True, text=True)
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "")


def test_ctrl_c_while_run_becomes_the_program_is_kept_for_it(program: Program) -> None:
    code = (
        "import os, signal, sys\n"
        "signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})\n"
        "os.kill(os.getpid(), signal.SIGINT)\n"
        "os.execv(sys.executable, [sys.executable, '-m', 'presswatch', 'topics', 'list'])"
    )
    ended = subprocess.run([sys.executable, "-c", code], env=program.environment, capture_output=True, text=True)
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "")


def test_output_that_cannot_be_written_is_told(program: Program) -> None:
    with Path("/dev/full").open("w") as full:
        told = subprocess.run(
            [sys.executable, "-m", "presswatch", "sources", "list"],
            env=program.environment,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert told.returncode == 2
    assert told.stderr.splitlines()[0] == "error: what is printed cannot be written: No space left on device"


def test_a_mistake_of_ours_is_one_line(program: Program) -> None:
    code = (
        "import sys; sys.argv = ['presswatch', 'topics', 'list']\n"
        "import presswatch.actions.topics as actions\n"
        "async def listing(*_): raise LookupError('nobody thought of it')\n"
        "actions.listing = listing\n"
        "from presswatch.__main__ import start; start()"
    )
    for debug, traceback in (("", False), ("1", True)):
        environment = program.environment | {"PRESSWATCH_DEBUG": debug}
        told = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
        assert told.returncode == 1
        assert "error: a mistake of ours: LookupError: nobody thought of it" in told.stderr
        assert ("Traceback" in told.stderr) is traceback


def test_a_mistake_of_ours_in_a_poll_is_one_line_and_no_traceback(program: Program) -> None:
    code = (
        "import sys; sys.argv = ['presswatch', 'poll', 'mfa-by/news-en']\n"
        "from crawler.jobs.poll import PollRun\n"
        "async def read(self): raise LookupError('nobody thought of it')\n"
        "PollRun.read = read\n"
        "from presswatch.__main__ import start; start()"
    )
    for debug in ("", "1"):
        environment = program.environment | {"PRESSWATCH_DEBUG": debug}
        told = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
        assert told.returncode == 1
        assert told.stdout.count("LookupError: nobody thought of it") >= 1
        assert "Traceback" not in told.stdout
        assert ("Traceback" in told.stderr) is bool(debug)
        assert debug or told.stderr == ""


def test_a_query_that_looks_like_an_option_is_told_where_to_stand(program: Program) -> None:
    refused = program("search", "-CSTO lang:en", "--json")
    assert refused.code == 2
    assert "mend: a query that begins with - goes last, behind --" in refused.err
    assert program("search", "--json", "--", "-CSTO lang:en").code == 0
    for mistaken in (["search", "CSTO", "--jsn"], ["search", "CSTO", "--limit", "-10"], ["show", "x"]):
        refused = program(*mistaken)
        assert refused.code == 2
        assert "behind --" not in refused.err


def test_a_wrong_setting_names_it(program: Program) -> None:
    assert_clear(program("sources", "list", PRESSWATCH_ALLOW_ADDRESSES="everything"), "allow_addresses", "everything")
    file = program.folder / "presswatch.toml"
    file.write_text('contakt = "mailto:desk@example.org"\n')
    try:
        assert_clear(program("sources", "list"), "contakt", "contact")
        file.write_text("contact = \n")
        assert_clear(program("sources", "list"), str(file))
    finally:
        file.unlink()


def test_the_configuration_file_allows_addresses_too(program: Program) -> None:
    file = program.folder / "presswatch.toml"
    file.write_text('allow_addresses = ["10.0.0.0/8"]\n')
    try:
        del program.environment["PRESSWATCH_ALLOW_ADDRESSES"]
        assert program("channels", "add", "inside", "json://10.0.0.1/").code == 0
        assert_clear(program("channels", "add", "here", "json://127.0.0.1/"), "127.0.0.1")
    finally:
        program.environment["PRESSWATCH_ALLOW_ADDRESSES"] = "127.0.0.0/8"
        file.unlink()


def test_a_database_from_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    program = Program(tmp_path)
    with program.database() as database:
        database.write(topics.add, SOLE_OWNER, database.packs, "sanctions", "sanctions", now())
    connection = sqlite3.connect(tmp_path / "presswatch.db")
    with connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    assert_clear(program("topics", "list"), "newer", "9999")
    connection = sqlite3.connect(tmp_path / "presswatch.db")
    assert connection.execute("SELECT name FROM topics").fetchall() == [("sanctions",)]
    connection.close()


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    program = Program(tmp_path / "good")
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "presswatch.db").write_text("a letter to my mother, " * 100)
    assert_clear(program("topics", "list", "--data", str(broken)), str(broken), "--data")
    assert (broken / "presswatch.db").read_text().startswith("a letter to my mother")


def test_the_help_of_the_command_line_needs_no_heavy_library(program: Program) -> None:
    code = (
        "import sys; sys.argv = ['presswatch', '--help']\n"
        "from presswatch.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "heavy = {'scrapy', 'twisted', 'sqlalchemy', 'apprise', 'pydantic', 'trafilatura'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
