"""Questions about the rows of the evidence: which record is a version's, and what the chain says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, select

from storage.items.evidence.chain import Kind, Link, digest_after, first_digest
from storage.tables import evidence, versions


@dataclass(frozen=True, slots=True)
class Chained:
    """A record and the digest that chains it, as its row has them."""

    node: str
    link: Link
    digest: str
    version_id: int | None


def last(connection: Connection, node: str) -> Chained | None:
    """The last record of a node."""
    row = connection.execute(
        _links().where(evidence.c.node == node).order_by(evidence.c.number.desc()).limit(1)
    ).first()
    return _chained(row) if row is not None else None


def last_of_each(connection: Connection) -> tuple[Chained, ...]:
    """The last record of each node."""
    found = (last(connection, node) for node in heads(connection))
    return tuple(one for one in found if one is not None)


def after(connection: Connection, node: str, number: int) -> Iterator[Chained]:
    """The records of a node behind that number, in their order."""
    wanted = _links().where(evidence.c.node == node, evidence.c.number > number).order_by(evidence.c.number)
    return map(_chained, connection.execute(wanted.execution_options(yield_per=1000)))


def of_item(connection: Connection, item_id: int) -> tuple[Chained, ...]:
    """The records of a statement's versions, in the order in which they were written."""
    wanted = _links().where(versions.c.item_id == item_id).order_by(evidence.c.id)
    return tuple(map(_chained, connection.execute(wanted)))


def of_payload(connection: Connection, node: str, payload: str) -> Chained | None:
    """The record of a node that has a body of this digest."""
    wanted = _links().where(evidence.c.node == node, evidence.c.payload == payload, evidence.c.kind == Kind.RESPONSE)
    row = connection.execute(wanted.order_by(evidence.c.number).limit(1)).first()
    return _chained(row) if row is not None else None


def with_ids(connection: Connection, ids: Select[tuple[int]]) -> tuple[Chained, ...]:
    """The records with these ids, in the order in which they were written."""
    wanted = _links().where(evidence.c.id.in_(ids)).order_by(evidence.c.id)
    return tuple(map(_chained, connection.execute(wanted)))


def heads(connection: Connection) -> dict[str, int]:
    """How many records each node has."""
    counted = select(evidence.c.node, func.max(evidence.c.number)).group_by(evidence.c.node)
    return {row[0]: row[1] for row in connection.execute(counted.order_by(evidence.c.node))}


def add(connection: Connection, node: str, before: Chained | None, links: Sequence[tuple[Link, int | None]]) -> str:
    """Write the rows of records that follow the one before; `links` come with the ids of their versions.

    Returns the last digest.
    """
    digest = before.digest if before else first_digest(node)
    rows: list[dict[str, Any]] = []
    for link, version_id in links:
        digest = digest_after(digest, link.fields)
        rows.append(
            {
                "node": node,
                "number": link.number,
                "file": link.file,
                "offset": link.offset,
                "length": link.length,
                "sha256": link.sha256,
                "kind": str(link.kind),
                "version_id": version_id,
                "text": link.text,
                "payload": link.payload,
                "at": link.at,
                "digest": digest,
            }
        )
    connection.execute(insert(evidence), rows)
    return digest


def said(connection: Connection, version_ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Title and body of versions."""
    wanted = select(versions.c.id, versions.c.title, versions.c.body).where(versions.c.id.in_(list(version_ids)))
    return {row.id: (row.title, row.body) for row in connection.execute(wanted)}


def texts(connection: Connection) -> Iterator[tuple[int, int, str, str, str]]:
    """Statement, number, title and body of each version of which there is evidence, and the digest recorded last."""
    newest = select(func.max(evidence.c.id)).where(evidence.c.version_id.is_not(None)).group_by(evidence.c.version_id)
    wanted = (
        select(versions.c.item_id, versions.c.number, versions.c.title, versions.c.body, evidence.c.text)
        .join(evidence, evidence.c.version_id == versions.c.id)
        .where(evidence.c.id.in_(newest))
        .order_by(versions.c.id)
    )
    rows = connection.execute(wanted.execution_options(yield_per=500))
    return ((row.item_id, row.number, row.title, row.body, row.text) for row in rows)


def find(connection: Connection, digest: str) -> Chained | None:
    """The record that has this digest in the chain of whichever node."""
    row = connection.execute(_links().where(evidence.c.digest == digest)).first()
    return _chained(row) if row is not None else None


def _links() -> Select[Any]:
    return select(evidence, versions.c.item_id, versions.c.number.label("version")).outerjoin(
        versions, versions.c.id == evidence.c.version_id
    )


def _chained(row: Row[Any]) -> Chained:
    link = Link(
        row.number,
        row.file,
        int(row.offset),
        int(row.length),
        row.sha256,
        row.kind,
        row.item_id or 0,
        row.version or 0,
        row.text,
        row.payload,
        row.at,
    )
    return Chained(row.node, link, row.digest, row.version_id)
