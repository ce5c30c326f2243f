"""Due sources on their way to nodes: batches in which each host's sources stand together.

What is handed out is held in the rows, as what is polled is: it is handed out once, however many look, and anew where
no node took it within `HANDING`. A host of which a source is held waits until it is free, so that one node at a time
asks it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, or_, select, update

from storage.leases import HANDED_OUT, HANDING
from storage.sources.polls import CLAIMS_READ, host_of
from storage.tables import sources

BATCH = 20
"""Sources that are handed out together: a job a source would cost more than its claim."""


def hand_out(connection: Connection, now: datetime, places: int) -> tuple[tuple[int, ...], ...]:
    """Hold due sources for the nodes, the longest waiting first; return their ids in batches.

    No more are on their way then than `places`.
    """
    on_their_way = select(func.count()).where(sources.c.lease_owner == HANDED_OUT, sources.c.lease_until >= now)
    limit = places - (connection.scalar(on_their_way) or 0)
    if limit <= 0:
        return ()
    held = select(sources.c.address).where(sources.c.lease_owner.is_not(None), sources.c.lease_until >= now)
    busy = {host_of(address) for address in connection.scalars(held)}
    batches = batched(_due(connection, now, busy, limit))
    ids = [each for batch in batches for each in batch]
    handed = update(sources).where(sources.c.id.in_(ids), _free(now))  # a person may have had one polled meanwhile
    connection.execute(handed.values(lease_owner=HANDED_OUT, lease_until=now + HANDING))
    return batches


def _due(connection: Connection, now: datetime, busy: Collection[str], limit: int) -> dict[str, list[int]]:
    """So many due sources of hosts that are not busy, by host: `BATCH` of each at most. The longest waiting first."""
    due = select(sources.c.id, sources.c.address).where(sources.c.enabled, sources.c.next_poll_at <= now)
    due = due.where(sources.c.removed_at.is_(None), _free(now)).order_by(sources.c.next_poll_at, sources.c.id)
    hosts: dict[str, list[int]] = {}
    found = 0
    rows = connection.execute(due)
    for row in rows.yield_per(CLAIMS_READ):
        host = host_of(row.address)
        if host not in busy and len(mine := hosts.setdefault(host, [])) < BATCH:
            mine.append(row.id)
            found += 1
            if found == limit:
                break
    rows.close()
    return hosts


def _free(now: datetime) -> ColumnElement[bool]:
    return or_(sources.c.lease_until.is_(None), sources.c.lease_until < now)


def batched(hosts: Mapping[str, Sequence[int]]) -> tuple[tuple[int, ...], ...]:
    """Batches of at most `BATCH` sources, in their order; no host, of which there are no more, is in two of them."""
    batches: list[list[int]] = []
    for ids in hosts.values():
        if batches and len(batches[-1]) + len(ids) <= BATCH:
            batches[-1] += ids
        else:
            batches.append(list(ids))
    return tuple(map(tuple, batches))
