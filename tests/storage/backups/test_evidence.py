"""The evidence goes along with a backup, as of the same moment, and is verified when it is brought back."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.backups import backups
from storage.backups.archive import Backup
from storage.database import Database
from storage.items.evidence.folder import EvidenceFolder
from storage.opening import open_database
from storage.people.keyring import Keyring
from tests.storage.examples import NOW, watched
from tests.storage.items.evidence.kept import archive, fetched, fill, verified

pytestmark = pytest.mark.sqlite


def brought_back(file: Path, folder: Path, *, replace: bool = False) -> Backup:
    return backups.restore(file, folder, Keyring(folder), folder / "aliases", NOW, replace=replace)


async def test_it_is_brought_back_as_it_was_and_goes_on(database: Database, tmp_path: Path) -> None:
    source = watched(database)
    await fill(database, source)
    file, there = tmp_path / "backup.tar.gz", tmp_path / "there"
    made = backups.make(database, file, "1", NOW)
    assert (made.records > 10, made.altered) == (True, ())
    await archive(database).store([fetched(source, 20)])
    assert brought_back(file, there).altered == ()
    with open_database(there) as restored:
        assert (verified(restored).faults, verified(restored).notes) == ([], [])
        assert verified(restored).records == made.records
        await archive(restored).store([fetched(source, 21)])
        assert (verified(restored).faults, verified(restored).notes) == ([], [])
    assert verified(database).faults == []  # a file that is linked is not written to


@pytest.mark.slow
async def test_evidence_that_stayed_where_it_was_is_verified_there(database: Database, tmp_path: Path) -> None:
    source = watched(database)
    await fill(database, source)
    file, folder = tmp_path / "backup.tar.gz", database.path.parent
    backups.make(database, file, "1", NOW, evidence=False)
    chain = EvidenceFolder.within(folder).chain.read_text()
    database.close()
    assert brought_back(file, folder, replace=True).altered == ()
    assert EvidenceFolder.within(folder).chain.read_text() == chain
    [fault] = brought_back(file, tmp_path / "there").altered
    assert "has not its chain" in fault


@pytest.mark.slow
async def test_what_is_altered_is_told_and_keeps_nobody_from_the_rest(database: Database, tmp_path: Path) -> None:
    await fill(database, watched(database))
    first = EvidenceFolder.within(database.path.parent).files()[0]
    first.write_bytes(first.read_bytes().replace(b"\x1f\x8b", b"\x1f\x8c", 1))
    file, there = tmp_path / "backup.tar.gz", tmp_path / "there"
    [fault] = backups.make(database, file, "1", NOW).altered
    assert fault.startswith(f"{first.name} at byte 0")
    assert backups.check(file, Keyring(there)).altered == (fault,)
    assert brought_back(file, there).altered == (fault,)


@pytest.mark.slow
async def test_what_was_there_before_is_kept_beside_it(database: Database, tmp_path: Path) -> None:
    await fill(database, watched(database))
    file, there = tmp_path / "backup.tar.gz", tmp_path / "there"
    backups.make(database, file, "1", NOW)
    with open_database(there) as other:
        await archive(other).store([fetched(watched(other), 1)])
        before = EvidenceFolder.within(there).chain.read_text()
    brought_back(file, there, replace=True)
    [aside] = there.glob("before-restore-*")
    assert EvidenceFolder.within(aside).chain.read_text() == before
