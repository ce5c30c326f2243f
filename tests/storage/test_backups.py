"""A backup holds everything, is what it says, and goes on elsewhere."""

from __future__ import annotations

import gzip
import io
import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tarfile
import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from storage import backups
from storage.backup_file import Backup
from storage.database import Database
from storage.database.files import make_folder
from storage.errors import (
    DatabaseGoneError,
    DatabaseInUseError,
    DatabaseTooNewError,
    DatabaseUnusableError,
    InvalidInputError,
    KeyUnusableError,
    StorageError,
)
from storage.items import items
from storage.leases import owner
from storage.opening import open_database
from storage.outbox import alerts, deliveries
from storage.people import channels, topics
from storage.people.keyring import Keyring
from storage.sources import polls
from storage.types import SOLE_OWNER
from tests.storage.examples import NOW, draft, store, subscribed, watched

ADDRESS = "json://hook.example.org/token"
LATER = NOW + timedelta(days=3)
OWN_PACK = 'name = "MINE"\ndescription = "ours"\n'


@pytest.fixture(autouse=True)
def _keys_lie_beside_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PRESSWATCH_KEY", raising=False)
    monkeypatch.delenv("PRESSWATCH_KEY_FILE", raising=False)


@pytest.fixture
def living(tmp_path: Path) -> Any:
    """A database with statements, a topic, a channel whose address is sealed, and an alias pack."""
    with open_database(tmp_path / "living") as database:
        source = watched(database)
        store(database, *(draft(source, number) for number in range(20)))
        database.write(topics.add, SOLE_OWNER, database.packs, "Bridges", "bridge", NOW)
        database.write(channels.add, SOLE_OWNER, database.keyring, "hook", ADDRESS, NOW)
        (tmp_path / "living" / "aliases").mkdir()
        (tmp_path / "living" / "aliases" / "mine.toml").write_text(OWN_PACK)
        yield database


def backed_up(database: Database, to: Path, *, replace: bool = False) -> Backup:
    return backups.make(database, to, "0.1.0", NOW, replace=replace)


def restored(file: Path, folder: Path, *, replace: bool = False) -> Backup:
    return backups.restore(file, folder, Keyring(folder), folder / "aliases", LATER, replace=replace)


def seen(folder: Path) -> tuple[int, list[str], list[str]]:
    """How many statements, which topics, and which addresses of channels a data folder holds."""
    with open_database(folder) as database:
        return (
            database.read(items.count),
            [topic.name for topic in database.read(topics.every, SOLE_OWNER)],
            [database.keyring.open(channel.address) for channel in database.read(channels.every, SOLE_OWNER)],
        )


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def contents(file: Path) -> dict[str, bytes]:
    with tarfile.open(file) as archive:
        return {member.name: archive.extractfile(member).read() for member in archive}  # type: ignore[union-attr]


def packed(file: Path, files: dict[str, bytes]) -> Path:
    """An archive of these files, in this order."""
    with tarfile.open(file, "w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return file


# -- what it holds -----------------------------------------------------------------------------------------------------


def test_a_backup_brings_everything_back_into_a_new_folder(living: Database, tmp_path: Path) -> None:
    made = backed_up(living, tmp_path / "backup.tar.gz")
    assert (made.statements, made.has_key, made.unopened) == (20, True, ())
    back = restored(tmp_path / "backup.tar.gz", tmp_path / "new" / "place")
    assert back == made
    assert seen(tmp_path / "new" / "place") == (20, ["Bridges"], [ADDRESS])
    assert (tmp_path / "new" / "place" / "aliases" / "mine.toml").read_text() == OWN_PACK
    assert names(tmp_path / "new" / "place") == ["aliases", "presswatch.db", "secret.key"]


def test_the_file_and_what_comes_out_of_it_are_their_owner_s_alone(living: Database, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        backed_up(living, tmp_path / "backup.tar.gz")
        restored(tmp_path / "backup.tar.gz", tmp_path / "new")
    finally:
        os.umask(before)
    files = [
        tmp_path / "backup.tar.gz",
        tmp_path / "new",
        *(tmp_path / "new" / each for each in ("presswatch.db", "secret.key")),
    ]
    assert [oct(stat.S_IMODE(file.stat().st_mode)) for file in files] == ["0o600", "0o700", "0o600", "0o600"]


def test_nothing_else_is_left_behind(living: Database, tmp_path: Path) -> None:
    backed_up(living, tmp_path / "backup.tar.gz")
    with pytest.raises(InvalidInputError):
        backed_up(living, tmp_path / "backup.tar.gz")
    with pytest.raises(InvalidInputError):
        backed_up(living, tmp_path / "nowhere" / "backup.tar.gz")
    assert names(tmp_path) == ["backup.tar.gz", "living"]
    backed_up(living, tmp_path / "backup.tar.gz", replace=True)
    assert names(tmp_path) == ["backup.tar.gz", "living"]


def test_it_is_of_one_moment_while_others_write(living: Database, tmp_path: Path) -> None:
    """Each transaction stores two statements: a backup never has one of the two."""
    source = watched(living, "mfa-xy/other")
    stop = threading.Event()

    def publish() -> None:
        number = 100
        while not stop.is_set():
            store(living, draft(source, number), draft(source, number + 1))
            number += 2

    writer = threading.Thread(target=publish)
    writer.start()
    try:
        made = [backed_up(living, tmp_path / f"{number}.tar.gz") for number in range(4)]
    finally:
        stop.set()
        writer.join()
    assert all(each.statements % 2 == 0 for each in made)
    assert made[-1].statements > made[0].statements
    assert living.read(items.count) >= made[-1].statements


def test_what_was_deleted_does_not_go_along(living: Database, tmp_path: Path) -> None:
    living.write(lambda connection: connection.execute(text("CREATE TABLE secrets (value TEXT)")))
    living.write(lambda connection: connection.execute(text("INSERT INTO secrets VALUES ('hunter2-hunter2')")))
    living.write(lambda connection: connection.execute(text("DROP TABLE secrets")))
    backed_up(living, tmp_path / "backup.tar.gz")
    assert b"hunter2" not in contents(tmp_path / "backup.tar.gz")["presswatch.db"]


# -- the key -----------------------------------------------------------------------------------------------------------


def test_a_key_of_the_environment_is_not_in_it_and_opens_what_comes_back(
    living: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [key] = living.keyring.keys()
    monkeypatch.setenv("PRESSWATCH_KEY", key)
    assert not backed_up(living, tmp_path / "backup.tar.gz").has_key
    assert "secret.key" not in contents(tmp_path / "backup.tar.gz")
    assert restored(tmp_path / "backup.tar.gz", tmp_path / "new").unopened == ()
    assert not (tmp_path / "new" / "secret.key").exists()
    monkeypatch.delenv("PRESSWATCH_KEY")
    assert restored(tmp_path / "backup.tar.gz", tmp_path / "newer").unopened == ("hook",)


def test_a_key_file_elsewhere_is_in_it_and_comes_back_there(
    living: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (living.path.parent / "secret.key").rename(tmp_path / "elsewhere.key")
    monkeypatch.setenv("PRESSWATCH_KEY_FILE", str(tmp_path / "elsewhere.key"))
    assert backed_up(living, tmp_path / "backup.tar.gz").has_key
    monkeypatch.setenv("PRESSWATCH_KEY_FILE", str(tmp_path / "another.key"))
    assert restored(tmp_path / "backup.tar.gz", tmp_path / "new").unopened == ()
    assert (tmp_path / "another.key").read_text() == (tmp_path / "elsewhere.key").read_text()
    assert not (tmp_path / "new" / "secret.key").exists()


def test_a_channel_whose_key_is_lost_is_named_and_keeps_nothing_from_being_saved(
    living: Database, tmp_path: Path
) -> None:
    (living.path.parent / "secret.key").unlink()
    made = backed_up(living, tmp_path / "backup.tar.gz")
    assert (made.statements, made.has_key, made.unopened) == (20, False, ("hook",))


def test_the_key_of_the_backup_takes_the_place_of_another_and_that_is_kept(living: Database, tmp_path: Path) -> None:
    backed_up(living, tmp_path / "backup.tar.gz")
    with open_database(tmp_path / "other") as database:
        database.write(channels.add, SOLE_OWNER, database.keyring, "other", "json://other.example.org/", NOW)
        other = database.keyring.keys()
    restored(tmp_path / "backup.tar.gz", tmp_path / "other", replace=True)
    assert seen(tmp_path / "other")[2] == [ADDRESS]
    assert Keyring(tmp_path / "other").keys() == living.keyring.keys()
    aside = tmp_path / "other" / "before-restore-20241201T120000Z"
    assert tuple((aside / "secret.key").read_text().split()) == other
    assert seen(aside)[2] == ["json://other.example.org/"], "what was there can be used again as it is"


# -- what stands there -------------------------------------------------------------------------------------------------


def test_a_database_is_replaced_only_when_that_is_asked_for_and_then_kept(living: Database, tmp_path: Path) -> None:
    backed_up(living, tmp_path / "backup.tar.gz")
    with open_database(tmp_path / "other") as database:
        database.write(topics.add, SOLE_OWNER, database.packs, "Tolls", "toll", NOW)
    with pytest.raises(InvalidInputError, match="is there already") as refused:
        restored(tmp_path / "backup.tar.gz", tmp_path / "other")
    assert "--force" in refused.value.mend
    assert seen(tmp_path / "other") == (0, ["Tolls"], [])
    restored(tmp_path / "backup.tar.gz", tmp_path / "other", replace=True)
    assert seen(tmp_path / "other") == (20, ["Bridges"], [ADDRESS])
    assert seen(tmp_path / "other" / "before-restore-20241201T120000Z") == (0, ["Tolls"], [])


OTHERS = {
    "presswatch": "from storage.opening import open_database; opened = open_database(FOLDER)",
    "a tool that reads": "c = sqlite3.connect(FOLDER / NAME); c.execute('SELECT count(*) FROM items').fetchall()",
    "a tool that writes": "c = sqlite3.connect(FOLDER / NAME); c.execute('BEGIN IMMEDIATE')",
}


def using(folder: Path, code: str) -> subprocess.Popen[bytes]:
    """A process that has the database of a folder open, until it is told something."""
    head = f"import sqlite3; from pathlib import Path; FOLDER, NAME = Path({str(folder)!r}), 'presswatch.db'"
    whole = "; ".join((head, code, "print(1, flush=True)", "input()"))
    process = subprocess.Popen([sys.executable, "-c", whole], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline()
    return process


@pytest.mark.parametrize("who", OTHERS)
def test_a_database_that_another_process_has_open_is_not_replaced(living: Database, tmp_path: Path, who: str) -> None:
    backed_up(living, tmp_path / "backup.tar.gz")
    folder = tmp_path / "other"
    open_database(folder).close()
    before = (folder / "presswatch.db").read_bytes()
    with using(folder, OTHERS[who]) as other:
        with pytest.raises(DatabaseInUseError, match="another process") as refused:
            restored(tmp_path / "backup.tar.gz", folder, replace=True)
        assert "stop" in refused.value.mend
        assert not list(folder.glob("before-restore*"))
        other.communicate(b"\n")
    assert (folder / "presswatch.db").read_bytes() == before
    restored(tmp_path / "backup.tar.gz", folder, replace=True)
    assert seen(folder)[0] == 20


DAMAGED: dict[str, Callable[[bytes], bytes]] = {
    "text": lambda whole: b"minutes of the bridge committee " * 999,
    "zeros": lambda whole: bytes(len(whole)),
    "half": lambda whole: whole[: len(whole) // 2 + 99],
    "nothing": lambda whole: b"",
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_damaged_database_is_replaced_and_kept_as_it_is(living: Database, tmp_path: Path, damage: str) -> None:
    backed_up(living, tmp_path / "backup.tar.gz")
    folder = tmp_path / "damaged"
    open_database(folder).close()
    whole = (folder / "presswatch.db").read_bytes()
    left = DAMAGED[damage](whole)
    (folder / "presswatch.db").write_bytes(left)
    (folder / "presswatch.db-wal").write_bytes(b"what was not in the file yet")
    restored(tmp_path / "backup.tar.gz", folder, replace=True)
    assert seen(folder) == (20, ["Bridges"], [ADDRESS])
    assert (folder / "before-restore-20241201T120000Z" / "presswatch.db").read_bytes() == left


def test_a_log_that_lies_there_is_not_taken_for_the_new_database_s(living: Database, tmp_path: Path) -> None:
    """The last process was killed: what it wrote last stands in the log alone."""
    backed_up(living, tmp_path / "backup.tar.gz")
    folder = tmp_path / "killed"
    make_folder(folder)
    source = watched(living, "mfa-xy/late")
    store(living, *(draft(source, number) for number in range(500, 560)))
    for name in ("presswatch.db", "presswatch.db-wal", "secret.key"):
        shutil.copy(living.path.with_name(name), folder)
    assert (folder / "presswatch.db-wal").stat().st_size > 0
    restored(tmp_path / "backup.tar.gz", folder, replace=True)
    assert seen(folder)[0] == 20
    assert seen(folder / "before-restore-20241201T120000Z")[0] == 80, "nothing of what was there is lost"


def test_who_is_killed_while_it_is_replaced_has_the_old_one_or_the_new_one(
    living: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At every step of the exchange: whatever stands there then is whole, and its channels can be opened."""
    backed_up(living, tmp_path / "backup.tar.gz")
    outcomes = set()
    for stop_at in range(40):
        folder = tmp_path / f"attempt {stop_at}"
        with open_database(folder) as database:
            database.write(channels.add, SOLE_OWNER, database.keyring, "other", "json://other.example.org/", NOW)
        back = partial(restored, tmp_path / "backup.tar.gz", folder, replace=True)
        done = killed_at(stop_at, monkeypatch, back)
        count, _, addresses = seen(folder)
        outcomes.add((count, *addresses))
        if done:
            break
    else:
        raise AssertionError("it never ended")
    assert outcomes == {(0, "json://other.example.org/"), (20, ADDRESS)}


class Killed(BaseException):
    """As SIGKILL: nothing goes on."""


def killed_at(number: int, patch: pytest.MonkeyPatch, work: Callable[[], object]) -> bool:
    """Do the work, killed before its step `number` on files; whether it came to its end."""
    taken = 0

    def counted(step: Callable[..., Any]) -> Callable[..., Any]:
        def take(*args: Any, **kwargs: Any) -> Any:
            nonlocal taken
            if taken == number:
                raise Killed
            taken += 1
            return step(*args, **kwargs)

        return take

    with patch.context() as here:
        for module, name in ((os, "link"), (os, "fsync"), (Path, "rename"), (Path, "replace")):
            here.setattr(module, name, counted(getattr(module, name)))
        try:
            work()
        except Killed:
            return False
    return True


# -- what is no backup -------------------------------------------------------------------------------------------------


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


# -- going on ----------------------------------------------------------------------------------------------------------


def test_what_was_claimed_when_it_was_made_is_free_when_it_comes_back(living: Database, tmp_path: Path) -> None:
    """The process that had claimed it lives, perhaps, on another machine: it works on another database."""
    [poll] = living.write(polls.claim_due, owner(), NOW, limit=1)
    subscribed(living)
    backed_up(living, tmp_path / "backup.tar.gz")
    restored(tmp_path / "backup.tar.gz", tmp_path / "new")
    with open_database(tmp_path / "new") as database:
        assert database.read(polls.open_owners) == ()
        assert database.read(deliveries.open_tokens) == ()
        again = database.write(polls.claim_due, "elsewhere/1/a", LATER, limit=1)
        assert [each.source.key for each in again] == [poll.source.key]
        assert database.read(alerts.count_by_state) == living.read(alerts.count_by_state)
    assert living.read(polls.open_owners) == (owner(),)


def test_the_keys_that_a_backup_brings_write_nothing(tmp_path: Path) -> None:
    Keyring(tmp_path).make()
    [key] = Keyring(tmp_path).keys()
    sealed = Keyring(tmp_path).seal(ADDRESS)
    assert Keyring.holding([key]).open(sealed) == ADDRESS
    (tmp_path / "secret.key").unlink()
    with pytest.raises(KeyUnusableError):
        Keyring(tmp_path).open(sealed)
