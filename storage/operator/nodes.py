"""Questions about nodes: who joins, who is heard of, who is not any more, and whether a node may still write.

A node is a row, and the row's number is its fence. It beats while it is well. Who is not heard of for `NODE_LEASE` is
ended by whoever notices first; its claims are freed in the same transaction, and from then on it writes nothing: each
of its transactions asks first whether its row still stands, and holds it so until it is over. All times are the
database's, so that no node's clock counts.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select, update

from storage.errors import FencedError
from storage.leases import NODE_LEASE
from storage.tables import UTCDateTime, alerts, nodes, sources
from storage.types import NodeRecord, NodeRole

_NOW = func.current_timestamp(type_=UTCDateTime)
_STANDS = nodes.c.ended_at.is_(None)

STOPPED = "it was stopped"
UNHEARD = "nothing was heard of it any more"


def join(connection: Connection, name: str, owner: str, roles: Collection[NodeRole], version: str) -> int:
    """Note a node that begins; return its fencing number."""
    words = " ".join(role for role in NodeRole if role in roles)
    row = {"name": name, "owner": owner, "roles": words, "version": version, "load": 0}
    joined = insert(nodes).values({**row, "started_at": _NOW, "beat_at": _NOW}).returning(nodes.c.id)
    return int(connection.execute(joined).scalar_one())


def refuse_ended(connection: Connection, number: int) -> None:
    """Raise `FencedError` where others have ended the node; else nobody can until this transaction is over."""
    mine = select(nodes.c.id).where(nodes.c.id == number, _STANDS).with_for_update(read=True, key_share=True)
    if connection.scalar(mine) is None:
        raise FencedError(
            "this node was not heard of for too long, and others have taken over what it held",
            mend="it begins anew by itself; see that it is not put to sleep, and reaches the database",
        )


def beat(connection: Connection, number: int, load: int) -> timedelta:
    """Note that a node is well; return how long nothing was heard of it before."""
    before = connection.execute(select(nodes.c.beat_at, _NOW.label("now")).where(nodes.c.id == number)).one()
    connection.execute(update(nodes).where(nodes.c.id == number, _STANDS).values(beat_at=_NOW, load=load))
    return timedelta(seconds=(before.now - before.beat_at).total_seconds())


def end_unheard(connection: Connection) -> frozenset[str]:
    """End the nodes of which nothing is heard any more, each after its last transaction; return their owners."""
    standing = connection.execute(select(nodes.c.id, nodes.c.beat_at, _NOW.label("now")).where(_STANDS)).all()
    unheard = [row.id for row in standing if row.now - row.beat_at > NODE_LEASE]
    return _end(connection, unheard, UNHEARD) if unheard else frozenset()


def leave(connection: Connection, number: int) -> frozenset[str]:
    """Note that a node has stopped; return its owner's name."""
    return _end(connection, [number], STOPPED)


def _end(connection: Connection, numbers: Collection[int], why: str) -> frozenset[str]:
    standing = select(nodes.c.id).where(nodes.c.id.in_(numbers), _STANDS).with_for_update()
    held = list(connection.scalars(standing))
    ended = update(nodes).where(nodes.c.id.in_(held)).values(ended_at=_NOW, ended=why, load=0)
    return frozenset(connection.scalars(ended.returning(nodes.c.owner)))


def crawling(connection: Connection) -> int:
    """How many nodes poll sources."""
    roles = connection.scalars(select(nodes.c.roles).where(_STANDS))
    return sum(NodeRole.CRAWL in words.split() for words in roles)


def listing(connection: Connection) -> tuple[NodeRecord, ...]:
    """The nodes that stand and those that have ended lately, the last to join first."""
    polled = select(func.count()).where(sources.c.lease_owner == nodes.c.owner).scalar_subquery()
    begins = func.substr(alerts.c.lease_owner, 1, func.length(nodes.c.owner)) == nodes.c.owner  # a token follows
    sending = select(func.count()).where(begins, alerts.c.sent_at.is_(None))
    rows = connection.execute(
        select(nodes, polled.label("sources"), sending.scalar_subquery().label("alerts")).order_by(nodes.c.id.desc())
    )
    return tuple(
        NodeRecord(
            row.id,
            row.name,
            tuple(NodeRole(word) for word in row.roles.split()),
            row.version,
            row.started_at,
            row.beat_at,
            row.ended_at,
            row.ended or "",
            row.load,
            row.sources,
            row.alerts,
        )
        for row in rows
    )


def forget(connection: Connection, before: datetime) -> int:
    """Delete the nodes that ended before then; return how many. Their numbers are never given again."""
    return connection.execute(delete(nodes).where(nodes.c.ended_at < before)).rowcount
