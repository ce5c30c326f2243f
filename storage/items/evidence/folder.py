"""The files of the evidence: appended to, set right after a process was killed, read again."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from storage.database.files import make_file, make_folder
from storage.items.evidence.chain import Link, head_of, node_of, number_of

FOLDER = "evidence"
CHAIN = "chain.txt"
SET_ASIDE = "set-aside"

ROTATED = 256 * 1024 * 1024
"""Bytes after which a file is not written to any more."""

DEFAULT_LIMIT = 10_000_000_000
"""Bytes that the evidence may take, unless the operator says otherwise."""

_LONGEST_LINE = 1024
OUR_FILE = re.compile(r"[A-Za-z0-9-]+-([0-9]{6})\.warc\.gz", re.ASCII)


@dataclass(frozen=True, slots=True)
class End:
    """Where the next record goes."""

    file: str
    offset: int


class EvidenceFolder:
    """The evidence of one node. `limit` is how many bytes it may take, `rotated` after how many a file is full.

    Whoever writes holds the database's write lock, so nobody else does.
    """

    def __init__(self, path: Path, *, limit: int = DEFAULT_LIMIT, rotated: int = ROTATED) -> None:
        self.path = path
        self.limit = limit
        self._rotated = rotated
        self._appended: tuple[str, int, int] | None = None
        """File, start and end of what this process wrote last, whatever came of its rows."""

    @classmethod
    def within(cls, data: Path) -> EvidenceFolder:
        """The evidence in a data folder."""
        return cls(data / FOLDER)

    # -- what is there -----------------------------------------------------------------------------------------------

    @property
    def chain(self) -> Path:
        """The chain file."""
        return self.path / CHAIN

    def node(self) -> str | None:
        """Whose evidence this is; None where there is none yet. Raises `ValueError`, `OSError`."""
        try:
            with self.chain.open("rb") as file:
                return node_of(file.readline(_LONGEST_LINE).rstrip(b"\n").decode("ascii"))
        except FileNotFoundError:
            return None

    def files(self) -> list[Path]:
        """The WARC files, in their order."""
        return sorted(file for file in self.path.glob("*.warc.gz") if OUR_FILE.fullmatch(file.name))

    def size(self) -> int:
        """Bytes that the WARC files have."""
        return sum(file.stat().st_size for file in self.files())

    def read(self, file: str, offset: int, length: int) -> bytes:
        """The bytes of a record. Raises `OSError`, also where the file is no more so long."""
        if not OUR_FILE.fullmatch(file):
            raise OSError(f"{file} is no file of the evidence")
        with (self.path / file).open("rb") as opened:
            opened.seek(offset)
            found = opened.read(length)
        if len(found) != length:
            raise OSError(f"{file} ends before the record does")
        return found

    # -- writing -----------------------------------------------------------------------------------------------------

    def begin(self) -> str:
        """Make folder and chain where there are none; returns the node. Raises `OSError`, `ValueError`."""
        found = self.node()
        if found is not None:
            return found
        make_folder(self.path)
        name = re.sub(r"[^A-Za-z0-9]+", "-", socket.gethostname()).strip("-")[:32] or "node"
        node = f"{name}-{secrets.token_hex(4)}"
        new = self.chain.with_suffix(".new")
        make_file(new)
        new.write_text(head_of(node) + "\n", encoding="ascii")
        new.replace(self.chain)
        return node

    def end_after(self, node: str, last: Link | None) -> End:
        """Where the next record goes, after the last one that counts; what lies behind that is put aside first.

        A file that is full, or shorter than the last record says, is not written to any more.
        """
        file = last.file if last else ""
        self._put_newer_aside(node, file)
        if last is None:
            return End(f"{node}-000001.warc.gz", 0)
        path = self.path / file
        there = path.stat().st_size if path.exists() else 0
        if there > last.end:
            self._put_tail_aside(path, last.end, there)
        if there < last.end or last.end >= self._rotated:
            return End(_after(node, file), 0)
        return End(file, last.end)

    def append(self, end: End, content: bytes) -> None:
        """Write at the end of a file, so that it is on the disk. Raises `OSError`."""
        path = self.path / end.file
        self._appended = (end.file, end.offset, end.offset + len(content))
        make_file(path)
        with path.open("r+b") as file:
            file.seek(end.offset)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())

    # -- the chain file ----------------------------------------------------------------------------------------------

    def last_line(self, last: int) -> int | None:
        """The number of the record that the chain file ends with, not above `last`: lines beyond it, and one that was
        not written to its end, are put aside. None where it cannot be gone on with. Raises `OSError`.
        """
        with self.chain.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - _LONGEST_LINE))
            tail = file.read()
        whole = tail.rfind(b"\n") + 1
        if whole < len(tail):
            self._put_tail_aside(self.chain, size - len(tail) + whole, size)
        lines = tail[:whole].splitlines()
        if len(lines) == 1 and size <= _LONGEST_LINE:
            return 0  # the head alone
        try:
            number = number_of(lines[-1].decode("ascii"))
        except (ValueError, IndexError):
            return None
        if number > last:
            self._cut_lines(last)
        return min(number, last)

    def add_lines(self, lines: Iterable[str]) -> None:
        """Write lines at the end of the chain file. Raises `OSError`."""
        with self.chain.open("ab") as file:
            file.write("".join(lines).encode("ascii"))

    def _cut_lines(self, last: int) -> None:
        with self.chain.open("rb") as file:
            for _ in range(last + 1):
                file.readline()
            start = file.tell()
            size = file.seek(0, os.SEEK_END)
        self._put_tail_aside(self.chain, start, size)

    # -- what counts for nothing -------------------------------------------------------------------------------------

    def _put_newer_aside(self, node: str, last: str) -> None:
        for file in self.files():
            if file.name.startswith(f"{node}-") and file.name > last:
                if self._appended is not None and self._appended == (file.name, 0, file.stat().st_size):
                    file.unlink()
                else:
                    file.rename(self._aside(file.name))

    def _put_tail_aside(self, path: Path, start: int, end: int) -> None:
        """Take away what is behind `start`; nothing is lost but what this process wrote and took back."""
        if self._appended != (path.name, start, end):
            with path.open("rb") as source, self._aside(f"{path.name}-{start}").open("wb") as to:
                source.seek(start)
                shutil.copyfileobj(source, to)
        os.truncate(path, start)

    def _aside(self, name: str) -> Path:
        folder = self.path / SET_ASIDE
        make_folder(folder)
        number = 1
        while (free := folder / f"{name}.{number}").exists():
            number += 1
        make_file(free)
        return free


def _after(node: str, file: str) -> str:
    found = OUR_FILE.fullmatch(file)
    return f"{node}-{int(found[1]) + 1 if found else 1:06}.warc.gz"
