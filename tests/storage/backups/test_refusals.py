"""What is no backup is refused before anything is touched; a database that is none makes no backup."""

from __future__ import annotations

import gzip
import io
import json
import sqlite3
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from storage.backups import backups
from storage.database import Database
from storage.errors import (
    DatabaseGoneError,
    DatabaseTooNewError,
    DatabaseUnusableError,
    InvalidInputError,
    StorageError,
)
from storage.opening import open_database
from storage.people.keyring import Keyring
from tests.storage.backups.making import backed_up, contents, names, packed, restored
from tests.storage.examples import NOW

pytestmark = pytest.mark.slow


def changed(file: Path, change: Callable[[dict[str, bytes], dict[str, Any]], object], *, honest: bool = False) -> Path:
    """A backup with something else in it; `honest`: its digests are those of what is in it then."""
    import hashlib

    files = contents(file)
    manifest = json.loads(files.pop("backup.json"))
    change(files, manifest)
    if honest:
        manifest["files"] = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    return packed(file.with_name("changed.tar.gz"), {"backup.json": json.dumps(manifest).encode(), **files})


def one_byte(files: dict[str, bytes], manifest: dict[str, Any]) -> None:
    files["presswatch.db"] = files["presswatch.db"][:5000] + b"\x01" + files["presswatch.db"][5001:]


def no_database(files: dict[str, bytes], manifest: dict[str, Any]) -> None:
    del files["presswatch.db"], manifest["files"]["presswatch.db"]


def a_missing_file(files: dict[str, bytes], manifest: dict[str, Any]) -> None:
    del files["secret.key"]


def another_format(files: dict[str, bytes], manifest: dict[str, Any]) -> None:
    manifest["format"] = 2


def no_format(files: dict[str, bytes], manifest: dict[str, Any]) -> None:
    del manifest["format"]


def no_time(files: dict[str, bytes], manifest: dict[str, Any]) -> None:
    manifest["made_at"] = "yesterday"


def a_list_of_files(files: dict[str, bytes], manifest: dict[str, Any]) -> None:
    manifest["files"] = ["presswatch.db"]


DAMAGES = (one_byte, no_database, a_missing_file, another_format, no_format, no_time, a_list_of_files)


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_is_not_what_was_made_is_refused_before_anything_is_touched(
    living: Database, tmp_path: Path, damage: Callable[[dict[str, bytes], dict[str, Any]], object]
) -> None:
    backed_up(living, tmp_path / "backup.tar.gz")
    file = changed(tmp_path / "backup.tar.gz", damage)
    open_database(tmp_path / "other").close()
    before = (tmp_path / "other" / "presswatch.db").read_bytes()
    with pytest.raises(InvalidInputError, match="no whole backup"):
        restored(file, tmp_path / "other", replace=True)
    assert names(tmp_path / "other") == ["presswatch.db"]
    assert (tmp_path / "other" / "presswatch.db").read_bytes() == before


STRANGE = (
    "../evil", "/tmp/evil", "aliases/../../evil.toml", "presswatch.toml", "aliases/x.py", "aliases/a/b.toml",
    ".ssh/keys", "presswatch.db-wal", "aliases\\..\\x.toml",
)  # fmt: skip


@pytest.mark.parametrize("name", STRANGE)
def test_a_file_that_does_not_belong_there_is_never_written(living: Database, tmp_path: Path, name: str) -> None:
    backed_up(living, tmp_path / "backup.tar.gz")

    def add(files: dict[str, bytes], manifest: dict[str, Any]) -> None:
        files[name] = b"evil"

    with pytest.raises(InvalidInputError, match="does not belong there"):
        restored(changed(tmp_path / "backup.tar.gz", add, honest=True), tmp_path / "new")
    assert names(tmp_path) == ["backup.tar.gz", "changed.tar.gz", "living", "new"]
    assert names(tmp_path / "new") == []


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE])
def test_a_link_or_a_device_in_the_place_of_a_file_is_refused(tmp_path: Path, kind: bytes) -> None:
    manifest = {"format": 1, "made_at": NOW.isoformat(), "presswatch": "0.1.0", "files": {"presswatch.db": "0"}}
    file = packed(tmp_path / "backup.tar.gz", {"backup.json": json.dumps(manifest).encode()})
    with tarfile.open(file, "w:gz") as archive:
        first = tarfile.TarInfo("backup.json")
        first.size = len(json.dumps(manifest))
        archive.addfile(first, io.BytesIO(json.dumps(manifest).encode()))
        second = tarfile.TarInfo("presswatch.db")
        second.type, second.linkname = kind, "/etc/passwd"
        archive.addfile(second)
    with pytest.raises(InvalidInputError, match="no whole backup"):
        backups.check(file, Keyring(tmp_path))


@pytest.mark.parametrize(
    "content",
    [b"", b"minutes", gzip.compress(b"minutes"), gzip.compress(b""), b"\x1f\x8b\x08\x00cut"],
    ids=["empty", "text", "zipped text", "zipped nothing", "cut head"],
)
def test_what_is_no_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(InvalidInputError, match="no whole backup"):
        backups.check(tmp_path / "file", Keyring(tmp_path))


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="cannot be read: No such file"):
        backups.check(tmp_path / "nowhere.tar.gz", Keyring(tmp_path))
    with pytest.raises(InvalidInputError, match="cannot be read: Is a directory"):
        backups.check(tmp_path, Keyring(tmp_path))


@pytest.mark.parametrize("share", [0.02, 0.5, 0.95, 0.999])
def test_a_backup_that_was_cut_off_is_refused(living: Database, tmp_path: Path, share: float) -> None:
    backed_up(living, tmp_path / "backup.tar.gz")
    content = (tmp_path / "backup.tar.gz").read_bytes()
    (tmp_path / "cut.tar.gz").write_bytes(content[: int(len(content) * share)])
    with pytest.raises(InvalidInputError, match="no whole backup"):
        backups.check(tmp_path / "cut.tar.gz", Keyring(tmp_path))


def rewritten(tmp_path: Path, *statements: str) -> Path:
    """A backup whose database somebody has changed, with the digests that belong to it."""

    def change(files: dict[str, bytes], manifest: dict[str, Any]) -> None:
        file = tmp_path / "changed.db"
        file.write_bytes(files["presswatch.db"])
        with sqlite3.connect(file) as connection:
            for statement in statements:
                connection.execute(statement)
        connection.close()
        files["presswatch.db"] = file.read_bytes()
        file.unlink()

    return changed(tmp_path / "backup.tar.gz", change, honest=True)


@pytest.mark.parametrize(
    ("statement", "error", "words"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", DatabaseTooNewError, "9999"),
        ("DROP TABLE alembic_version", DatabaseTooNewError, "None"),
        ("CREATE TRIGGER t AFTER INSERT ON topics BEGIN DELETE FROM items; END", DatabaseUnusableError, "trigger t"),
        ("CREATE VIEW v AS SELECT 1", DatabaseUnusableError, "view v"),
        ("UPDATE items SET source_id = 999", DatabaseUnusableError, "broken reference in items"),
    ],
)
def test_a_database_that_is_none_of_ours_is_refused(
    living: Database, tmp_path: Path, statement: str, error: type[StorageError], words: str
) -> None:
    backed_up(living, tmp_path / "backup.tar.gz")
    with pytest.raises(error, match=words):
        restored(rewritten(tmp_path, statement), tmp_path / "new")
    assert names(tmp_path / "new") == []


def test_a_damaged_database_makes_no_backup(living: Database, tmp_path: Path) -> None:
    backed_up(living, tmp_path / "backup.tar.gz")
    before = (tmp_path / "backup.tar.gz").read_bytes()
    living.close()
    content = bytearray(living.path.read_bytes())
    content[8192 * 3 : 8192 * 40] = b"\xff" * (8192 * 37)
    living.path.write_bytes(content)
    with pytest.raises(DatabaseUnusableError), open_database(living.path.parent) as damaged:
        backed_up(damaged, tmp_path / "backup.tar.gz", replace=True)
    assert (tmp_path / "backup.tar.gz").read_bytes() == before


def test_a_database_that_is_gone_makes_no_backup(living: Database, tmp_path: Path) -> None:
    living.path.unlink()
    with pytest.raises(StorageError):
        backed_up(living, tmp_path / "backup.tar.gz")
    assert not (tmp_path / "backup.tar.gz").exists()
    with pytest.raises(DatabaseGoneError):
        living.check_files()
