"""The evidence is verified: files, chain file, rows and texts say the same, and each record is held to those before.

What is found names its place. What a killed process left behind the last record counts for nothing and is no fault.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection

from storage.items.evidence import rows
from storage.items.evidence.chain import Link, digest_after, digest_of, first_digest, line_of, text_of
from storage.items.evidence.folder import CHAIN, SET_ASIDE, EvidenceFolder
from storage.items.evidence.rows import Chained

Progress = Callable[[int, int], None]

_PIECE = 1024 * 1024
_LONGEST_LINE = 1024
MOST_FAULTS = 100
"""So many are named; a chain that is altered from its beginning would name each record."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is not as it was written, and where."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(slots=True)
class Verified:
    """What was found."""

    head: Chained | None = None
    """The last record of this node."""
    records: int = 0
    size: int = 0
    """Bytes of the records that were read."""
    texts: int = 0
    """Versions whose text was compared with what was recorded."""
    elsewhere: dict[str, int] = field(default_factory=dict)
    """How many records other nodes have, whose files lie with them."""
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def wrong(self, where: str, what: str) -> None:
        """Note a fault."""
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(where, what))


def verify(connection: Connection, folder: EvidenceFolder, *, shared: bool, progress: Progress) -> Verified:
    """Verify the evidence of this node with its files, and that of others by its rows; nothing is written.

    `shared` says that other nodes work on the database, whose files lie elsewhere. `progress` is told records.
    """
    found = Verified()
    node = _node(folder, found)
    for other, count in rows.heads(connection).items():
        if other == node:
            continue
        for _ in _rows_in_order(connection, other, found):
            pass
        found.elsewhere[other] = count
        if not shared:
            found.wrong(f"node {other}", f"the database has its {count} records, and {folder.path} has not its chain")
    if node is not None:
        _verify_node(connection, folder, node, found, progress)
    _verify_texts(connection, found)
    if (folder.path / SET_ASIDE).is_dir():
        found.notes.append(f"{folder.path / SET_ASIDE} has what processes that were killed had not written to its end")
    return found


def _node(folder: EvidenceFolder, found: Verified) -> str | None:
    try:
        node = folder.node()
    except (OSError, ValueError) as error:
        found.wrong(CHAIN, f"its first line cannot be read: {error}")
        return None
    if node is None and (files := folder.files()):
        found.wrong(CHAIN, f"it is gone, and {len(files)} files of records are there")
    return node


def _verify_node(
    connection: Connection, folder: EvidenceFolder, node: str, found: Verified, progress: Progress
) -> None:
    lines = _Lines(folder.chain, found)
    last = rows.last(connection, node)
    with _Files(folder, found, last.link.number if last else 0, progress) as files:
        for one in _rows_in_order(connection, node, found):
            lines.compare(one)
            files.compare(one.link)
            found.head = one
            found.records += 1
        lines.end(found.head.link.number if found.head else 0)
        files.end(node)


def _rows_in_order(connection: Connection, node: str, found: Verified) -> Iterator[Chained]:
    """The rows of a node, one after the other, each held to the one before."""
    before, number = first_digest(node), 0
    try:
        for one in rows.after(connection, node, 0):
            number += 1
            if one.link.number != number:
                last = one.link.number - 1
                found.wrong(_record(one.link, node), f"the database has no records {number} to {last} before it")
                number = one.link.number
            elif one.digest != digest_after(before, one.link.fields):
                found.wrong(_record(one.link, node), "its row in the database does not follow from the one before")
            before = one.digest
            yield one
    except (TypeError, ValueError) as error:
        found.wrong(f"record {number + 1} of {node}", f"its row in the database cannot be read: {error}")


def _record(link: Link, node: str) -> str:
    of = f", statement {link.item} version {link.version}" if link.item else ""
    return f"record {link.number} of {node}{of}"


class _Lines:
    """The lines of the chain file, beside the rows."""

    def __init__(self, path: Path, found: Verified) -> None:
        self._found = found
        self._at = 0
        self._lines = self._read(path)
        with suppress(StopIteration):
            next(self._lines)  # the head

    def compare(self, one: Chained) -> None:
        """Compare the row with its line."""
        line: bytes | None = None
        while self._at < one.link.number:
            line = next(self._lines, None)
            if line is None:
                return
            self._at += 1
        expected = line_of(one.link, one.digest).encode()
        where = f"{CHAIN}, line {one.link.number + 1}"
        if line is not None and line != expected and expected.startswith(line):
            self._at -= 1
            self._found.notes.append(f"{where} was not written to its end")
        elif line != expected:
            self._found.wrong(where, "it does not say what the row in the database says")

    def end(self, last: int) -> None:
        """Look at what is behind the last row."""
        if self._at < last:
            self._found.notes.append(
                f"{CHAIN} lacks the last {last - self._at} records: they are added when the next one is written"
            )
        if more := sum(1 for _ in self._lines):
            self._found.wrong(
                f"{CHAIN}, lines {self._at + 2} to {self._at + 1 + more}",
                "the database has no such records: their rows are gone, or it is older than its evidence",
            )

    def _read(self, path: Path) -> Iterator[bytes]:
        try:
            with path.open("rb") as file:
                while line := file.readline(_LONGEST_LINE):
                    yield line
        except OSError as error:
            self._found.wrong(CHAIN, f"it cannot be read: {error.strerror}")


class _Files:
    """The WARC files, read from their beginning to their end beside the rows."""

    def __init__(self, folder: EvidenceFolder, found: Verified, total: int, progress: Progress) -> None:
        self._folder = folder
        self._found = found
        self._progress = progress
        self._total = total
        self._name = ""
        self._position = 0
        self._seen: set[str] = set()
        self._file: int | None = None

    def __enter__(self) -> _Files:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def compare(self, link: Link) -> None:
        """Compare a record's bytes with its digest."""
        if link.file != self._name:
            self._leave(is_last=False)
            self._open(link.file)
        where = f"{link.file} at byte {link.offset:,}, record {link.number}"
        if link.offset != self._position:
            self._found.wrong(where, f"the record before ends at byte {self._position:,}")
        if self._file is not None and self._digest(link) != link.sha256:
            of = f" (statement {link.item}, version {link.version})" if link.item else ""
            self._found.wrong(where, f"its bytes are not those that were written{of}")
        self._position = link.end
        self._progress(min(self._found.records + 1, self._total), self._total)

    def end(self, node: str) -> None:
        """Look at what no record has."""
        self._leave(is_last=True)
        for file in self._folder.files():
            if file.name in self._seen:
                continue
            if file.name.startswith(f"{node}-") and file.name > self._name:
                self._found.notes.append(f"{file.name} has no record that counts: a process was killed writing it")
            else:
                self._found.wrong(file.name, "the chain knows of no such file")

    def _open(self, name: str) -> None:
        self._name, self._position = name, 0
        self._seen.add(name)
        try:
            if Path(name).name != name:
                raise OSError(2, "it is no name of a file")
            self._file = os.open(self._folder.path / name, os.O_RDONLY)
        except OSError as error:
            self._found.wrong(name, f"it cannot be read: {error.strerror}")

    def _digest(self, link: Link) -> str:
        assert self._file is not None
        digest, left, at = hashlib.sha256(), link.length, link.offset
        with suppress(OSError, ValueError, OverflowError):
            os.lseek(self._file, at, os.SEEK_SET)
            while left > 0 and (piece := os.read(self._file, min(left, _PIECE))):
                digest.update(piece)
                left -= len(piece)
                self._found.size += len(piece)
        return digest.hexdigest()

    def _leave(self, *, is_last: bool) -> None:
        if self._file is None:
            return
        more = os.fstat(self._file).st_size - self._position
        self._close()
        if more > 0 and is_last:
            self._found.notes.append(
                f"{self._name} has {more:,} bytes behind its last record, which count for nothing: what a process that"
                " was killed had begun"
            )
        elif more > 0:
            self._found.wrong(self._name, f"it has {more:,} bytes behind its last record")

    def _close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


def _verify_texts(connection: Connection, found: Verified) -> None:
    for item, number, title, body, recorded in rows.texts(connection):
        found.texts += 1
        if digest_of(text_of(title, body).encode()) != recorded:
            found.wrong(
                f"statement {item}, version {number}", "its text in the database is not the one that was recorded"
            )
