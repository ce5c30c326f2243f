"""What was fetched for a version is written down with it, and whatever a killed process leaves does no harm."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from storage.database import Database
from storage.events import Event, FaultBegan, FaultEnded
from storage.items.archive import Archive
from storage.items.evidence import recording, rows
from storage.items.evidence.chain import Kind
from storage.items.evidence.folder import CHAIN, ROTATED, SET_ASIDE
from storage.types import Decision, Source
from tests.storage.items.evidence.kept import SMALL, archive, fetched, fill, folder_of, verified


class Killed(BaseException):
    """The process ends here."""


def types_in(content: bytes) -> list[str]:
    return [record.rec_type for record in ArchiveIterator(io.BytesIO(content))]


async def test_each_version_has_its_request_and_its_answer_and_a_body_is_kept_once(
    database: Database, source: Source
) -> None:
    await fill(database, source)
    folder = folder_of(database)
    node = folder.node()
    assert node is not None
    chained = list(database.read(lambda connection: list(rows.after(connection, node, 0))))
    written = {
        (one.link.item, one.link.version): types_in(folder.read(one.link.file, one.link.offset, one.link.length))
        for one in chained
        if one.link.kind != Kind.BEGINNING
    }
    assert written == {
        **{(number, 1): ["response", "request"] for number in range(1, 8)},
        (8, 1): ["revisit", "request"],
        (9, 1): ["resource"],
        (1, 2): ["response", "request"],
    }
    assert [types_in(file.read_bytes())[0] for file in folder.files()] == ["warcinfo"] * len(folder.files())
    assert len(folder.files()) > 2
    found = verified(database)
    assert (found.faults, found.notes, found.records, found.texts) == ([], [], len(chained), 10)


async def test_what_is_no_new_version_leaves_no_record(database: Database, source: Source) -> None:
    writer = archive(database)
    await writer.store([fetched(source, 1)])
    [stored] = await writer.store([fetched(source, 1, "<h1>Statement 1</h1><!-- anew -->")])
    assert stored.decision is Decision.SAME
    assert verified(database).records == 2  # the beginning of the file, and the version's


@pytest.mark.parametrize(
    ("where", "rotated"),
    [
        ("before the bytes", ROTATED),
        ("in the bytes", ROTATED),
        ("after the bytes", ROTATED),
        ("after the bytes", SMALL),  # in a file of its own
        ("after the rows", ROTATED),
    ],
)
async def test_wherever_a_process_is_killed_the_chain_verifies_and_goes_on(
    database: Database, source: Source, monkeypatch: pytest.MonkeyPatch, where: str, rotated: int
) -> None:
    await fill(database, source)
    before = verified(database)
    _kill(monkeypatch, where)
    with pytest.raises(Killed):
        await archive(database, rotated=rotated).store([fetched(source, 10), fetched(source, 11)])
    monkeypatch.undo()
    killed = verified(database)
    assert killed.faults == []
    assert (killed.notes != []) == (where != "before the bytes")
    for number in (12, 10, 11):
        await archive(database, rotated=rotated).store([fetched(source, number)])
        after = verified(database)
        assert after.faults == []
        assert [note for note in after.notes if SET_ASIDE not in note] == []
    assert after.texts == before.texts + 3


def _kill(monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    def killed(*_: object, **__: object) -> None:
        raise Killed

    if where == "before the bytes":
        monkeypatch.setattr("storage.items.evidence.folder.EvidenceFolder.append", killed)
    elif where == "in the bytes":
        whole = os.fsync

        def torn(descriptor: int) -> None:
            os.ftruncate(descriptor, os.fstat(descriptor).st_size - 10)
            whole(descriptor)
            raise Killed

        monkeypatch.setattr("storage.items.evidence.folder.os.fsync", torn)
    elif where == "after the bytes":
        monkeypatch.setattr("storage.items.evidence.rows.add", killed)
    else:
        monkeypatch.setattr("storage.items.evidence.recording.write_lines", killed)


async def test_a_line_that_was_not_written_to_its_end_is_written_again(database: Database, source: Source) -> None:
    await fill(database, source)
    chain = folder_of(database).chain
    whole = chain.read_bytes()
    chain.write_bytes(whole[:-20])
    assert verified(database).faults == []
    await archive(database).store([fetched(source, 10)])
    assert chain.read_bytes().startswith(whole)
    assert verified(database).faults == []


async def test_an_older_database_beside_its_evidence_is_found_and_nothing_of_it_is_thrown_away(
    database: Database, source: Source, tmp_path: Path
) -> None:
    await fill(database, source)
    folder = folder_of(database)
    newest = folder.files()[-1].read_bytes()
    lines = folder.chain.read_bytes()
    database.write(_forget_after, 3)
    assert any(fault.where.startswith(CHAIN) for fault in verified(database).faults)
    await archive(database).store([fetched(source, 10)])
    found = verified(database)
    assert found.faults == []
    aside = {file.name: file.read_bytes() for file in (folder.path / SET_ASIDE).iterdir()}
    assert newest in aside.values()
    assert any(lines.endswith(each) for name, each in aside.items() if name.startswith(CHAIN))


def _forget_after(connection: object, number: int) -> None:
    from sqlalchemy import Connection, delete

    from storage.tables import evidence

    assert isinstance(connection, Connection)
    connection.execute(delete(evidence).where(evidence.c.number > number))


async def test_statements_are_stored_where_their_evidence_cannot_be_and_that_is_told_once(
    database: Database, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Event] = []
    writer = archive(database, told)
    with monkeypatch.context() as full:
        full.setattr("storage.items.evidence.folder.EvidenceFolder.append", _no_space)
        await _stored(writer, source, 1, 2)
    assert [type(event) for event in told] == [FaultBegan]
    assert isinstance(told[0], FaultBegan)
    assert "No space left" in told[0].detail
    await _stored(writer, source, 3)
    assert [type(event) for event in told] == [FaultBegan, FaultEnded]
    found = verified(database)
    assert (found.faults, found.texts) == ([], 1)


async def test_the_evidence_takes_no_more_than_it_may(database: Database, source: Source) -> None:
    told: list[Event] = []
    writer = archive(database, told)
    writer.folder.limit = 3000
    for number in range(1, 9):
        await _stored(writer, source, number)
    assert writer.folder.size() < 3000 + 2000
    assert [type(event) for event in told] == [FaultBegan]
    assert 0 < verified(database).texts < 8


async def _stored(writer: Archive, source: Source, *numbers: int) -> None:
    stored = await writer.store([fetched(source, number) for number in numbers])
    assert [one.decision for one in stored] == [Decision.NEW] * len(numbers)


def _no_space(*_: object) -> None:
    raise OSError(28, "No space left on device")


async def test_what_was_made_beforehand_is_written_as_it_was_made(
    database: Database, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []
    whole = recording._made

    def counted(*args: object) -> recording.MadeRecord:
        made.append(1)
        return whole(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(recording, "_made", counted)
    await archive(database).store([fetched(source, 1), fetched(source, 2)])
    await archive(database).store([fetched(source, 1), fetched(source, 2)])
    assert len(made) == 2
