"""Whatever is altered, removed or put elsewhere in the evidence is found, and its place is named."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, bindparam, delete, select, update

from storage.database import Database
from storage.items.evidence.folder import CHAIN, EvidenceFolder
from storage.items.evidence.verifying import Verified
from storage.opening import open_database
from storage.tables import evidence, versions
from tests.storage.examples import NOW, watched
from tests.storage.items.evidence.kept import fill, verified


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Evidence of every kind; each test leaves it as it was."""
    with open_database(tmp_path_factory.mktemp("kept")) as database:
        asyncio.run(fill(database, watched(database)))
        assert verified(database).faults == []
        yield database


def files_of(database: Database) -> list[Path]:
    folder = EvidenceFolder(database.path.parent / "evidence")
    return [folder.chain, *folder.files()]


def links_of(database: Database) -> list[Any]:
    return database.read(lambda connection: list(connection.execute(select(evidence).order_by(evidence.c.number))))


def altered(database: Database, file: Path, content: bytes) -> Verified:
    """What is found when a file has another content."""
    before = file.read_bytes()
    try:
        file.write_bytes(content)
        return verified(database)
    finally:
        file.write_bytes(before)


@pytest.mark.slow
@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_a_single_bit_that_is_flipped_anywhere_is_found_and_its_file_named(kept: Database, data: st.DataObject) -> None:
    file = data.draw(st.sampled_from(files_of(kept)))
    content = bytearray(file.read_bytes())
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= 1 << data.draw(st.integers(0, 7))
    faults = altered(kept, file, bytes(content)).faults
    assert faults
    if file.name != CHAIN:
        [hit] = [row for row in links_of(kept) if row.file == file.name and row.offset <= at < row.offset + row.length]
        assert [fault.where for fault in faults] == [f"{file.name} at byte {hit.offset:,}, record {hit.number}"]
    else:
        line = file.read_bytes()[:at].count(b"\n") + 1
        assert line == 1 or f"{CHAIN}, line {line}" in [fault.where for fault in faults]


@pytest.mark.slow
def test_each_record_that_is_taken_out_or_put_elsewhere_is_found(kept: Database) -> None:
    by_file: dict[str, list[Any]] = {}
    for row in links_of(kept):
        by_file.setdefault(row.file, []).append(row)
    for file in files_of(kept)[1:]:
        content = file.read_bytes()
        pieces = [content[row.offset : row.offset + row.length] for row in by_file[file.name]]
        for number in range(len(pieces)):
            assert altered(kept, file, b"".join(pieces[:number] + pieces[number + 1 :])).faults
            assert altered(kept, file, b"".join([*pieces[: number + 1], *pieces[number:]])).faults or number + 1 == len(
                pieces
            )
        for number in range(len(pieces) - 1):
            swapped = [*pieces[:number], pieces[number + 1], pieces[number], *pieces[number + 2 :]]
            assert altered(kept, file, b"".join(swapped)).faults


def test_what_is_added_is_found(kept: Database) -> None:
    *others, last = files_of(kept)
    for file in others:
        assert altered(kept, file, file.read_bytes() + b"more\n").faults
    assert altered(kept, last, last.read_bytes() + b"more\n").notes  # as a killed process leaves it


@pytest.mark.slow
def test_each_line_that_is_taken_out_or_put_elsewhere_is_found(kept: Database) -> None:
    chain = files_of(kept)[0]
    lines = chain.read_bytes().splitlines(keepends=True)
    for number in range(len(lines)):
        found = altered(kept, chain, b"".join(lines[:number] + lines[number + 1 :]))
        assert found.faults or (found.notes and number == len(lines) - 1)  # the last one may not be written yet
    for number in range(len(lines) - 1):
        swapped = [*lines[:number], lines[number + 1], lines[number], *lines[number + 2 :]]
        assert altered(kept, chain, b"".join(swapped)).faults


def test_a_file_that_is_gone_is_found(kept: Database) -> None:
    for file in files_of(kept):
        shutil.move(file, f"{file}.away")
        try:
            assert any(file.name in fault.where for fault in verified(kept).faults)
        finally:
            shutil.move(f"{file}.away", file)


ANOTHER: dict[str, Any] = {
    "node": "elsewhere-1",
    "number": 4242,
    "file": "another-000001.warc.gz",
    "offset": 1,
    "length": 1,
    "sha256": "0" * 64,
    "kind": "rendered ",
    "version_id": 3,
    "text": "0" * 64,
    "payload": "0" * 64,
    "at": NOW + timedelta(days=1),
    "digest": "0" * 64,
}


@pytest.mark.slow
@pytest.mark.parametrize("column", [column.name for column in evidence.c if column.name != "id"])
def test_each_value_of_each_row_that_is_changed_is_found(kept: Database, column: str) -> None:
    rows = links_of(kept)
    for row in rows[:: 3 if column != "digest" else 1]:
        if row._mapping[column] == ANOTHER[column]:
            continue
        kept.write(_set, row.id, {column: ANOTHER[column]})
        try:
            assert verified(kept).faults, (column, row)
        finally:
            kept.write(_set, row.id, {column: row._mapping[column]})
    assert verified(kept).faults == []


def _set(connection: Connection, row: int, values: dict[str, Any]) -> None:
    connection.execute(update(evidence).where(evidence.c.id == row).values(**values))


@pytest.mark.slow
def test_each_row_that_is_gone_is_found(kept: Database) -> None:
    for row in links_of(kept):
        kept.write(_remove, row.id)
        try:
            assert verified(kept).faults, row
        finally:
            kept.write(_put_back, dict(row._mapping))
    assert verified(kept).faults == []


def _remove(connection: Connection, row: int) -> None:
    connection.execute(delete(evidence).where(evidence.c.id == row))


def _put_back(connection: Connection, row: dict[str, Any]) -> None:
    connection.execute(evidence.insert().values(row))


@pytest.mark.parametrize("column", ["title", "body"])
def test_a_text_that_is_changed_in_the_database_is_found(kept: Database, column: str) -> None:
    said = kept.read(lambda connection: connection.scalar(select(versions.c[column]).where(versions.c.id == 2)))
    changed = update(versions).where(versions.c.id == 2).values({column: bindparam("said")})
    kept.write(lambda connection: connection.execute(changed, {"said": f"{said}."}))
    [fault] = verified(kept).faults
    assert fault.where == "statement 2, version 1"
    kept.write(lambda connection: connection.execute(changed, {"said": said}))
    assert verified(kept).faults == []
