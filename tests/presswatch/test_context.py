"""What a command works on is handed to it: nothing of one is remembered for the next."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from presswatch.actions import topics
from presswatch.cli import app
from presswatch.context import Named, asked, opened
from presswatch.settings import load
from storage.clock import now
from storage.errors import NotFoundError
from storage.people import topics as people
from storage.types import SOLE_OWNER

runner = CliRunner()


async def test_two_data_folders_are_open_side_by_side(tmp_path: Path) -> None:
    with opened(Named(tmp_path / "one")) as (first, one), opened(Named(tmp_path / "two")) as (second, two):
        assert (first.data, second.data) == (tmp_path / "one", tmp_path / "two")
        await topics.add(one, SOLE_OWNER, "Bridges", "bridge")
        assert await topics.listing(two, SOLE_OWNER) == ()
        assert [each.topic.name for each in await topics.listing(one, SOLE_OWNER)] == ["Bridges"]


def test_a_folder_that_one_command_named_is_not_the_next_one_s(tmp_path: Path) -> None:
    other = {"PRESSWATCH_DATA": str(tmp_path / "other"), "PRESSWATCH_CONFIG": str(tmp_path / "none.toml")}
    named = runner.invoke(app, ["--data", str(tmp_path / "named"), "topics", "add", "Bridges", "bridge"], env=other)
    assert named.exit_code == 0, named.output
    assert runner.invoke(app, ["topics", "add", "Tunnels", "tunnel"], env=other).exit_code == 0
    listed = runner.invoke(app, ["topics", "list", "--json"], env=other).stdout
    assert [each["name"] for each in json.loads(listed)] == ["Tunnels"]


QUESTIONS = (
    "topics list",
    "channels list",
    "subscriptions list",
    "alerts list",
    "notices list",
    "search CSTO",
    "show 1",
    "why 1 CSTO",
    "facets CSTO",
    "trend CSTO",
    "silence",
    "export CSTO",
    "feed CSTO",
    "watchlist export",
    "backfill --status",
    "topics remove x",
    "topics go-on x",
    "subscriptions go-on x",
    "channels remove x",
    "unsubscribe x",
    "alerts retry",
    "doctor",
)


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_makes_no_database(tmp_path: Path, question: str) -> None:
    typo = tmp_path / "typo"
    asked = runner.invoke(app, ["--data", str(typo), *question.split()])
    assert isinstance(asked.exception, NotFoundError)
    assert str(asked.exception) == f"there is no database in {typo} yet"
    assert not typo.exists()


@pytest.mark.parametrize("question", ["sources list", "aliases list", "aliases show CSTO", "topics test CSTO"])
def test_what_a_new_database_has_can_be_asked_without_one(tmp_path: Path, question: str) -> None:
    typo = tmp_path / "typo"
    asked = runner.invoke(app, ["--data", str(typo), *question.split()])
    assert (asked.exit_code, typo.exists()) == (0, False), asked.output


def test_an_empty_variable_is_unset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "usual"))
    for name in ("DATA", "ALIASES", "ALLOW_ADDRESSES", "CONTACT", "FASTEST", "SLOWEST", "BROWSER"):
        monkeypatch.setenv(f"PRESSWATCH_{name}", "")
    settings = load()
    assert settings.data == tmp_path / "usual" / "presswatch"
    assert (settings.aliases, settings.fastest, settings.slowest) == (None, 0, None)


def as_nobody(work: Callable[[], object]) -> str:
    """What the work raises in a process of a user who owns nothing here; his own words if it raises nothing."""
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        try:
            os.setgid(65534)
            os.setuid(65534)
            said = str(work())
        except BaseException as error:
            said = f"{type(error).__name__}: {error}"
        os.write(writing, said.encode())
        os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading) as words:
        return words.read()


only_root = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can be another user")


@only_root
@pytest.mark.parametrize("folder_mode", [0o755, 0o777])
def test_who_may_only_read_a_database_is_answered(
    tmp_path: Path, folder_mode: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRESSWATCH_CONFIG", str(tmp_path / "none.toml"))
    for folder in (tmp_path, *tmp_path.parents[:3]):
        folder.chmod(folder.stat().st_mode | 0o755)
    with opened(Named(tmp_path / "data")) as (_, database):
        database.write(people.add, SOLE_OWNER, database.packs, "Bridges", "bridge", now())
    (tmp_path / "data").chmod(folder_mode)
    (tmp_path / "data" / "presswatch.db").chmod(0o644)

    def ask() -> object:
        with asked(Named(tmp_path / "data")) as (_, database):
            return [topic.name for topic in database.read(people.in_force)]

    def change() -> object:
        with asked(Named(tmp_path / "data")) as (_, database):
            return database.write(people.remove, SOLE_OWNER, "Bridges", now())

    assert as_nobody(ask) == "['Bridges']"
    assert as_nobody(change).startswith("DatabaseUnusableError: ")
    assert as_nobody(ask) == "['Bridges']"


@only_root
@pytest.mark.parametrize("what", ["folder", "file"])
def test_a_configuration_that_belongs_to_another_user_is_one_line(tmp_path: Path, what: str) -> None:
    for folder in (tmp_path, *tmp_path.parents[:3]):
        folder.chmod(folder.stat().st_mode | 0o755)
    file = tmp_path / "config" / "presswatch.toml"
    file.parent.mkdir()
    file.write_text("contact = 'mailto:desk@example.org'\n")
    (file.parent if what == "folder" else file).chmod(0o700 if what == "folder" else 0o600)

    def ask() -> object:
        os.environ["PRESSWATCH_CONFIG"] = str(file)
        return load()

    assert as_nobody(ask) == f"SettingsError: {file} cannot be read: Permission denied"
