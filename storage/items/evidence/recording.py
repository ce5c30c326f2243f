"""The evidence of new versions is written: the bytes, then the rows with their versions, then the chain's lines."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from storage.items.evidence import records, rows
from storage.items.evidence.chain import NONE, Kind, Link, digest_of, line_of, text_of
from storage.items.evidence.folder import End, EvidenceFolder
from storage.items.evidence.rows import Chained
from storage.types import Decision, Stored
from storage.types.exchanges import Exchange


@dataclass(frozen=True, slots=True)
class MadeRecord:
    """The bytes of an exchange's record."""

    kind: Kind
    payload: str
    at: datetime
    content: bytes


MadeRecords = Mapping[int, MadeRecord]
"""By the `id` of the exchange."""

NOTHING_MADE: MadeRecords = {}


def made(connection: Connection, folder: EvidenceFolder, exchanges: Iterable[Exchange]) -> MadeRecords:
    """The records of exchanges, which compressing takes longer than writing. A body that is known is not kept twice."""
    try:
        node = folder.node()
    except (OSError, ValueError):  # it is told of when something is to be written
        node = None
    return {id(exchange): _made(connection, folder, node, exchange) for exchange in exchanges}


def _made(connection: Connection, folder: EvidenceFolder, node: str | None, exchange: Exchange) -> MadeRecord:
    payload = digest_of(exchange.body)
    if exchange.rendered:
        return MadeRecord(Kind.RENDERED, payload, exchange.at, records.rendered(exchange))
    known = rows.of_payload(connection, node, payload) if node and exchange.body else None
    headers = _headers(folder, known.link) if known else None
    if headers:
        return MadeRecord(Kind.REPEATED, payload, exchange.at, records.repeated(exchange, headers))
    return MadeRecord(Kind.RESPONSE, payload, exchange.at, records.response(exchange))


def _headers(folder: EvidenceFolder, link: Link) -> Mapping[str, str] | None:
    """The WARC headers of a record of ours; None where it is not what was written: then nothing refers to it."""
    try:
        content = folder.read(link.file, link.offset, link.length)
        if digest_of(content) != link.sha256:
            return None
        record = next(iter(ArchiveIterator(io.BytesIO(content))))
        return dict(record.rec_headers.headers)
    except (OSError, StopIteration, ArchiveLoadFailed):
        return None


def record(
    connection: Connection,
    folder: EvidenceFolder,
    exchanges: Sequence[Exchange | None],
    stored: Sequence[Stored],
    known: MadeRecords = NOTHING_MADE,
) -> None:
    """Write the evidence of the versions that were stored just now, each from its exchange, in their transaction.

    What is `known` was made beforehand. Should the transaction not succeed, what was written counts for nothing.
    Raises `OSError` where it cannot be written, `ValueError` where the chain cannot be gone on with.
    """
    pairs = zip(exchanges, stored, strict=True)
    new = [(exchange, one) for exchange, one in pairs if exchange and one.decision is not Decision.SAME]
    if not new:
        return
    known = {**made(connection, folder, [each for each, _ in new if id(each) not in known]), **known}
    texts = rows.said(connection, [one.version_id for _, one in new])
    append(
        connection,
        folder,
        [
            (
                known[id(exchange)],
                one.version_id,
                (one.item_id, one.number, digest_of(text_of(*texts[one.version_id]).encode())),
            )
            for exchange, one in new
        ],
    )


def append(
    connection: Connection, folder: EvidenceFolder, new: Sequence[tuple[MadeRecord, int, tuple[int, int, str]]]
) -> None:
    """Write records, each with its version's id, and with the statement, the version's number and its text's digest.

    Raises as `record` does.
    """
    node = folder.begin()
    last = rows.last(connection, node)
    _write_lines(connection, folder, node, last)
    end = folder.end_after(node, last.link if last else None)
    number = last.link.number if last else 0
    links: list[tuple[Link, int | None]] = []
    content = bytearray()
    if end.offset == 0:
        at = new[0][0].at
        beginning = MadeRecord(Kind.BEGINNING, NONE, at, records.beginning(end.file, at))
        links.append((_link(number + 1, end, 0, beginning, (0, 0, NONE)), None))
        content += beginning.content
    for made_record, version_id, says in new:
        links.append((_link(number + len(links) + 1, end, len(content), made_record, says), version_id))
        content += made_record.content
    folder.append(end, bytes(content))
    rows.add(connection, node, last, links)


def _link(number: int, end: End, behind: int, made_record: MadeRecord, says: tuple[int, int, str]) -> Link:
    item, version, text = says
    content = made_record.content
    return Link(
        number,
        end.file,
        end.offset + behind,
        len(content),
        digest_of(content),
        made_record.kind,
        item,
        version,
        text,
        made_record.payload,
        made_record.at,
    )


def write_lines(connection: Connection, folder: EvidenceFolder) -> None:
    """Bring the chain file up to the rows, while nobody else writes. Raises `OSError`, `ValueError`."""
    node = folder.node()
    if node is not None:
        _write_lines(connection, folder, node, rows.last(connection, node))


def _write_lines(connection: Connection, folder: EvidenceFolder, node: str, last: Chained | None) -> None:
    number = folder.last_line(last.link.number if last else 0)
    if number is not None and last is not None and number < last.link.number:
        folder.add_lines(_lines(rows.after(connection, node, number)))


def _lines(chained: Iterable[Chained]) -> Iterator[str]:
    return (line_of(one.link, one.digest) for one in chained)
