"""The pages that the evidence holds, as the readers take them."""

from __future__ import annotations

import io
from collections.abc import Iterator

from sqlalchemy import Connection, func, select
from warcio.archiveiterator import ArchiveIterator

from storage.errors import InvalidInputError
from storage.items.evidence import rows
from storage.items.evidence.chain import Kind, digest_of
from storage.items.evidence.folder import EvidenceFolder
from storage.items.evidence.rows import Chained
from storage.tables import evidence, items, versions
from storage.types import Page

LONGEST = 5 * 1024 * 1024
"""Bytes of a page without its compression; what is fetched has no more."""


def of_source(connection: Connection, source_id: int) -> tuple[Chained, ...]:
    """The records of the versions of a source's statements, one a version, in the order in which they were written."""
    newest = (
        select(func.max(evidence.c.id))
        .join(versions, versions.c.id == evidence.c.version_id)
        .join(items, items.c.id == versions.c.item_id)
        .where(items.c.source_id == source_id)
        .group_by(evidence.c.version_id)
    )
    return rows.with_ids(connection, newest)


def page_in(connection: Connection, folder: EvidenceFolder, one: Chained) -> Page:
    """The page of a record, with its body from another record where it is there.

    Raises `InvalidInputError` where it is not as it was written, or lies with another node.
    """
    named = rows.of_payload(connection, one.node, one.link.payload) if one.link.kind == Kind.REPEATED else None
    address, content_type, body = _read(folder, one)
    if named is not None:
        _, _, body = _read(folder, named)
    return Page(address, body, 200, content_type)


def _read(folder: EvidenceFolder, one: Chained) -> tuple[str, str, bytes]:
    where = f"record {one.link.number} of {one.node}"
    try:
        content = folder.read(one.link.file, one.link.offset, one.link.length)
    except OSError as error:
        raise InvalidInputError(f"{where} cannot be read: {error}") from error
    if digest_of(content) != one.link.sha256:
        raise InvalidInputError(f"{where} is not as it was written")
    record = next(iter(ArchiveIterator(io.BytesIO(content))))
    headers = record.http_headers or record.rec_headers
    body = b"".join(_pieces(record.content_stream()))
    return record.rec_headers.get_header("WARC-Target-URI"), headers.get_header("Content-Type") or "", body


def _pieces(stream: io.BufferedIOBase) -> Iterator[bytes]:
    size = 0
    while size <= LONGEST and (piece := stream.read(64 * 1024)):
        size += len(piece)
        yield piece
