"""A node among others: its row, its heartbeat, and what it takes over from nodes of which nothing is heard."""

from __future__ import annotations

import os
import socket
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from functools import partial

from sqlalchemy import Connection

from scheduler import jobs
from scheduler.timetable import Node, Row, Where
from storage.clock import now
from storage.database import Database
from storage.errors import StorageError
from storage.leases import NODE_BEAT, NODE_LEASE, owner
from storage.operator import nodes
from storage.types import NodeRole


@contextmanager
def joined(database: Database, roles: Collection[NodeRole], version: str) -> Iterator[int]:
    """Be a node until the block ends; gives its fencing number.

    Whatever this process writes into the database meanwhile is refused with `FencedError` once others have ended it.
    """
    name = f"{socket.gethostname()}/{os.getpid()}"
    number = database.write(nodes.join, name, owner(), roles, version)
    database.fence = partial(nodes.refuse_ended, number=number)
    try:
        yield number
    finally:
        with suppress(StorageError):  # others notice that nothing is heard of it
            database.write(_leave, number)


def _leave(connection: Connection, number: int) -> None:
    jobs.free_claims(connection, nodes.leave(connection, number), now())


def heartbeat(number: int) -> Row:
    """The row of the timetable by which the others know that the node is well, and it knows of them."""

    async def beat(node: Node) -> None:
        load = node.crawl.busy + node.dispatch.busy
        silence = await node.crawl.database.claim_async(nodes.beat, number, load)
        if silence < NODE_LEASE / 2:  # who was away himself has not listened to the others
            await node.crawl.database.write_async(take_over)

    return Row("beat", beat, NODE_BEAT.total_seconds(), Where.EACH)


def take_over(connection: Connection) -> int:
    """End the nodes of which nothing is heard and free what they hold; return how many polls and alerts."""
    unheard = nodes.end_unheard(connection)
    return jobs.free_claims(connection, unheard, now()) if unheard else 0
