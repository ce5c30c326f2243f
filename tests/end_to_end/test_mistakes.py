"""A person's mistake, or a machine's trouble, gives one clear line with the mend: no traceback, and nothing is lost."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

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
        (["alerts", "retry", "4711"], ["alerts list"]),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, list) else None,
)
def test_a_mistake_gives_one_clear_line_with_its_mend(program: Program, arguments: list[str], words: list[str]) -> None:
    assert_clear(program(*arguments), *words)


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
    import subprocess
    import sys

    code = (
        "import sys; sys.argv = ['presswatch', '--help']\n"
        "from presswatch.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "heavy = {'scrapy', 'twisted', 'sqlalchemy', 'apprise', 'pydantic', 'trafilatura'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
