"""The file itself: where it lies, and whose it is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database.files import make_file
from storage.opening import open_database
from storage.people import channels
from storage.people.keyring import Keyring
from storage.types import SOLE_OWNER
from tests.storage.database.using import add, names, rights
from tests.storage.examples import NOW

NAMES = (
    "a?mode=ro",
    "100%",
    "a%20b",
    "a b",
    "a#b",
    "a&b=c",
    "?",
    "%",
    "a?immutable=1&vfs=none",
    "Daten für März",
    "документы",
    "新闻",
)


@pytest.fixture
def umask() -> Iterator[None]:
    """Whatever a test does to the process's umask is undone."""
    before = os.umask(0)
    os.umask(before)
    yield
    os.umask(before)


@pytest.mark.parametrize("name", NAMES)
def test_the_database_lies_in_the_folder_that_was_named_whatever_its_name(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    with open_database(folder) as database:
        add(database)
    with open_database(folder) as database:
        assert names(database) == ["Bridges"]
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (folder / "presswatch.db").stat().st_size > 0


@pytest.mark.parametrize("mask", [0o000, 0o002, 0o022, 0o027, 0o077, 0o277])
@pytest.mark.usefixtures("umask")
def test_folder_database_log_and_key_are_their_owner_s_alone_whatever_the_umask(tmp_path: Path, mask: int) -> None:
    os.umask(mask)
    with open_database(tmp_path / "data") as database:
        address = "json://hook.example.org/"
        database.write(channels.add, SOLE_OWNER, database.keyring, "hook", address, NOW)
        made = {path.name: rights(path) for path in [tmp_path / "data", *(tmp_path / "data").iterdir()]}
    assert made == {
        "data": 0o700,
        "presswatch.db": 0o600,
        "presswatch.db-wal": 0o600,
        "presswatch.db-shm": 0o600,
        "secret.key": 0o600,
    }


@pytest.mark.usefixtures("umask")
def test_what_the_operator_has_opened_for_others_stays_open(tmp_path: Path) -> None:
    os.umask(0)
    with open_database(tmp_path / "data") as database:
        add(database)
    (tmp_path / "data").chmod(0o750)
    (tmp_path / "data" / "presswatch.db").chmod(0o640)
    open_database(tmp_path / "data").close()
    assert (rights(tmp_path / "data"), rights(tmp_path / "data" / "presswatch.db")) == (0o750, 0o640)


def test_the_key_is_the_owner_s_alone_at_the_moment_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, umask: None
) -> None:
    os.umask(0)
    seen: list[int] = []
    link = os.link

    def watched_link(one: str, other: str) -> None:
        seen.append(rights(Path(one)))
        link(one, other)

    monkeypatch.setattr(os, "link", watched_link)
    Keyring(tmp_path).make()
    assert seen == [0o600]


def test_a_file_is_made_once(tmp_path: Path) -> None:
    make_file(tmp_path / "file")
    (tmp_path / "file").write_text("kept")
    make_file(tmp_path / "file")
    assert (tmp_path / "file").read_text() == "kept"
