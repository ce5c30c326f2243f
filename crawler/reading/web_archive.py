"""The pages in a WARC file, whoever made it: read with limits, in the order in which they stand there.

A file from a stranger may be cut off, compressed a million times over, or made so that a head never ends. What is read
before that counts; where it ends, and why, is said.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from warcio.archiveiterator import ArchiveIterator

from storage.errors import InvalidInputError
from storage.types import Page

LONGEST_PAGE = 5 * 1024 * 1024
"""Bytes without compression, as what is fetched."""
LONGEST_HEAD = 1024 * 1024
"""Bytes of a record's heads. Those of WARC and HTTP have a thousandth of it."""
MOST_EXPANSION = 200
"""How many times what it takes a file may become, beyond the first `FREELY` bytes; pages become ten times as much."""
FREELY = 256 * 1024 * 1024

_PIECE = 64 * 1024


@dataclass(frozen=True, slots=True)
class ArchivedPage:
    """A page that a record has; `skipped` says why it is none to read, where it is not."""

    number: int
    """Of the record, from 1."""
    read: int
    """Bytes of the file that were read so far."""
    page: Page | None
    skipped: str = ""


def archived_pages(file: Path) -> Iterator[ArchivedPage]:
    """The records of a WARC file, compressed or not. Raises `InvalidInputError` that says where it is not read on."""
    number = 0
    try:
        with file.open("rb") as opened:
            stream = _Plain(opened)
            records = ArchiveIterator(stream)
            records.INC_RECORD = ""  # what it would print of a record that ends badly
            while True:
                number += 1
                stream.may_read(LONGEST_HEAD)
                try:
                    record = next(records)
                except StopIteration:
                    return
                stream.may_read(None)
                page, skipped = _page(record)
                while record.raw_stream.read(_PIECE):
                    pass
                yield ArchivedPage(number, stream.taken, page, skipped)
    except InvalidInputError:
        raise
    except OSError as error:
        raise InvalidInputError(f"{file} cannot be read: {error.strerror}", mend="look whether it is there") from error
    except Exception as error:  # whatever a stranger's bytes make of warcio
        what = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        raise InvalidInputError(
            f"{file}: record {number} cannot be read ({what})",
            mend="what stood before it was read; make the file whole with: warcio recompress",
        ) from error


def _page(record: Any) -> tuple[Page | None, str]:
    address = record.rec_headers.get_header("WARC-Target-URI") or ""
    if record.rec_type not in ("response", "resource") or not address.startswith(("http://", "https://")):
        return None, ""
    headers = record.http_headers if record.rec_type == "response" else record.rec_headers
    status = headers.get_statuscode() if record.rec_type == "response" and headers else "200"
    if headers is None or not str(status).isdecimal():
        return None, "it has no answer of a server"
    if int(status) != 200:
        return None, ""
    stream, body = record.content_stream(), bytearray()
    while piece := stream.read(_PIECE):
        body += piece
        if len(body) > LONGEST_PAGE:
            return None, f"it is longer than {LONGEST_PAGE:,} bytes"
    return Page(address, bytes(body), 200, headers.get_header("Content-Type") or ""), ""


class _Plain:
    """A file without its compression, which never becomes more than it may."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._member: Any = None
        self._is_gzip = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        self._waiting = b""
        self._given = 0
        self._until: int | None = None
        self.taken = 0
        """Bytes of the file."""

    def may_read(self, size: int | None) -> None:
        """Say how much more may be read until this is called again; None is as much as there is."""
        self._until = None if size is None else self._given + size

    def tell(self) -> int:
        """Bytes that were given."""
        return self._given

    def read(self, size: int = _PIECE) -> bytes:
        """Some bytes, at most `size`; none at the end. Raises `InvalidInputError`."""
        piece = self._plain(min(max(size, 1), _PIECE))
        self._given += len(piece)
        if self._until is not None and self._given > self._until + _PIECE:
            raise InvalidInputError(
                f"{self._file.name}: the head of a record at byte {self.taken:,} does not end",
                mend="the file is damaged, or made to do harm: what stood before it was read",
            )
        if self._given > FREELY + self.taken * MOST_EXPANSION:
            raise InvalidInputError(
                f"{self._file.name}: at byte {self.taken:,} it has become more than {MOST_EXPANSION} times as much",
                mend="it is made to do harm: what stood before it was read",
            )
        return piece

    def _plain(self, size: int) -> bytes:
        if not self._is_gzip:
            return self._take(size)
        while True:
            if not self._waiting and not (self._member and self._member.unconsumed_tail):
                self._waiting = self._take(_PIECE)
                if not self._waiting and self._member is None:
                    return b""
                if not self._waiting:
                    raise InvalidInputError(
                        f"{self._file.name}: it is cut off at byte {self.taken:,}", mend="bring the whole file"
                    )
            self._member = self._member or zlib.decompressobj(zlib.MAX_WBITS + 16)
            compressed, self._waiting = self._waiting, b""
            piece: bytes = self._member.decompress(compressed, size)
            self._waiting = self._member.unconsumed_tail
            if self._member.eof:
                self._waiting, self._member = self._member.unused_data, None
            if piece:
                return piece

    def _take(self, size: int) -> bytes:
        piece = self._file.read(size)
        self.taken += len(piece)
        return piece
