"""Questions about polls: claim what is due, write what it showed, recover what a dead process held."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, delete, insert, literal, or_, select, update

from storage.codec import as_json
from storage.database import passing_by
from storage.leases import HANDED_OUT, SKEW, SOURCE_LEASE
from storage.operator import faults
from storage.sources.rows import source_of
from storage.tables import polls, sightings, sources, versions
from storage.types import FORGOTTEN, Habits, Reason, Source, Validators


@dataclass(frozen=True, slots=True)
class Poll:
    """A claimed source and the row of the poll that is now under way."""

    id: int
    source: Source
    started_at: datetime
    pending: bool = False
    """Whether articles of earlier polls are still to be fetched."""


@dataclass(frozen=True, slots=True)
class PollResult:
    """What a poll leaves in the rows of its source when it ends."""

    poll: Poll
    ended_at: datetime
    reason: Reason
    next_poll_at: datetime
    detail: str = ""
    entries: int = 0
    new_items: int = 0
    validators: Validators = FORGOTTEN
    full_fetch_at: datetime | None = None
    baseline_at: datetime | None = None
    habits: Habits | None = None
    """What is known of the source's habits from now on; None: the poll taught nothing."""


@dataclass(frozen=True, slots=True)
class EndedPoll:
    """What is kept of a poll."""

    started_at: datetime
    ended_at: datetime
    reason: Reason
    detail: str
    entries: int
    new_items: int


def claim_due(
    connection: Connection,
    owner: str,
    now: datetime,
    *,
    limit: int,
    keys: Sequence[str] | None = None,
    per_host: int | None = None,
    under_way: Sequence[Source] = (),
    handed: Sequence[int] | None = None,
) -> tuple[Poll, ...]:
    """Claim sources whose poll is due, the longest waiting first, and open a poll for each: for `Database.claim`.

    With `keys`, claim just these whether due or not. A source that another process is polling is left out, and so are
    those `under_way`, whose claims may have run out while this process stood still. With `per_host`, no more of one
    host are under way then. With `handed`, claim just those of these ids that are due and on their way to a node.
    """
    free = or_(sources.c.lease_until.is_(None), sources.c.lease_until < now)
    if handed is not None:
        free = and_(sources.c.id.in_(handed), or_(free, sources.c.lease_owner == HANDED_OUT))
    free = and_(free, sources.c.id.not_in([source.id for source in under_way]))
    wanted = and_(sources.c.removed_at.is_(None), free)
    if keys is None:
        wanted = and_(wanted, sources.c.enabled, sources.c.next_poll_at <= now)
    else:
        wanted = and_(wanted, sources.c.key.in_(keys))
    if per_host is None:
        ids = _locked(connection, wanted, limit)
    else:
        taken = Counter(host_of(source.spec.address) for source in under_way)
        ids = _spread(connection, wanted, limit, per_host, taken)
    if not ids:
        return ()
    held = {"lease_owner": owner, "lease_until": now + SOURCE_LEASE}
    claimed = connection.execute(
        update(sources).where(sources.c.id.in_(ids)).values(**held).returning(*sources.c)
    ).all()
    opened = _open_polls(connection, ids, owner, now)
    theirs = sightings.c.backfill_id.is_(None) | sightings.c.listed
    waiting = select(sightings.c.source_id).where(sightings.c.next_attempt_at <= now, theirs)
    pending = set(connection.scalars(waiting.where(sightings.c.source_id.in_(ids)).distinct()))
    return tuple(Poll(opened[row.id], source_of(row), now, row.id in pending) for row in claimed)


def _spread(
    connection: Connection, wanted: ColumnElement[bool], limit: int, per_host: int, taken: Counter[str]
) -> list[int]:
    """So many of the wanted sources, the longest waiting first, but of each host no more than is left of `per_host`.

    A host is asked one thing at a time: the sources of a few hosts would hold all places of the crawl, and each of them
    would wait for the others. No further than necessary is read, and in the place of what others are claiming come the
    next ones.
    """
    chosen: list[int] = []
    rows = connection.execute(select(sources.c.id, sources.c.address).where(wanted).order_by(sources.c.next_poll_at))
    apart = _of_hosts(rows.yield_per(CLAIMS_READ), per_host, taken)
    while some := list(islice(apart, limit - len(chosen))):
        chosen += _locked(connection, and_(wanted, sources.c.id.in_(some)), limit)
    rows.close()
    return chosen


def _of_hosts(rows: Iterable[Row[int, str]], per_host: int, taken: Counter[str]) -> Iterator[int]:
    for id, address in rows:
        host = host_of(address)
        if taken[host] < per_host:
            taken[host] += 1
            yield id


def _locked(connection: Connection, wanted: ColumnElement[bool], limit: int) -> list[int]:
    """So many of the wanted sources, the longest waiting first, without those that others are claiming."""
    rows = select(sources.c.id).where(wanted).order_by(sources.c.next_poll_at).limit(limit)
    return list(connection.scalars(passing_by(rows)))


def host_of(address: str) -> str:
    """The host that is asked for the address, as it is paced by."""
    return urlsplit(address).hostname or ""


def _open_polls(connection: Connection, source_ids: Sequence[int], owner: str, now: datetime) -> dict[int, int]:
    """Write a poll under way for each source, and return their ids by that of the source."""
    begun = {"owner": owner, "started_at": now, "reason": Reason.OK, "detail": "", "entries": 0, "new_items": 0}
    of_each = select(sources.c.id, *(literal(value, polls.c[name].type) for name, value in begun.items()))
    rows = insert(polls).from_select(["source_id", *begun], of_each.where(sources.c.id.in_(source_ids)))
    return {row.source_id: row.id for row in connection.execute(rows.returning(polls.c.source_id, polls.c.id))}


CLAIMS_READ = 256
"""Due sources that are read at a time when claims are spread over hosts."""


def abandon(connection: Connection, poll_id: int, now: datetime) -> None:
    """End a poll whose source belongs to another process by now, and leave the source to that one.

    What it had found is in the sightings, so nothing is lost.
    """
    lost = {"ended_at": now, "reason": Reason.INTERRUPTED, "detail": "another process polls the source by now"}
    connection.execute(update(polls).where(polls.c.id == poll_id).values(lost))


def end_polls(connection: Connection, results: Sequence[PollResult]) -> None:
    """Write what polls showed: the run, the health and validators of the source, its next time; end the claim.

    A source that another process has claimed meanwhile stays its own.
    """
    if not results:
        return
    connection.execute(
        update(polls).where(polls.c.id == bindparam("poll_id")),
        [
            {
                "poll_id": result.poll.id,
                "ended_at": result.ended_at,
                "reason": result.reason,
                "detail": result.detail,
                "entries": result.entries,
                "new_items": result.new_items,
            }
            for result in results
        ],
    )
    mine = select(polls.c.owner).where(polls.c.id == bindparam("poll_id")).scalar_subquery()
    unclaimed = or_(sources.c.lease_owner.is_(None), sources.c.lease_owner == mine)
    connection.execute(
        update(sources).where(sources.c.id == bindparam("source_id"), unclaimed),
        [_after_poll(result) for result in results],
    )
    learned = [
        {"source_id": result.poll.source.id, "habits": as_json(result.habits)}
        for result in results
        if result.habits is not None
    ]
    if learned:
        connection.execute(update(sources).where(sources.c.id == bindparam("source_id")), learned)
    faults.record(
        connection,
        [faults.PollEnd(each.poll.source, each.reason, each.detail, each.ended_at) for each in results],
    )


def healthy_reason(reason: Reason) -> Reason:
    """The reason that a source's health shows after a poll: `unchanged` is as good as `ok`."""
    return Reason.OK if reason.healthy else reason


def release_interrupted(connection: Connection, dead_owners: Iterable[str], now: datetime) -> int:
    """End the polls of processes that are gone and free their sources at once; return how many there were.

    What those polls had found is in the sightings, so nothing is lost.
    """
    owners = list(dead_owners)
    if not owners:
        return 0
    ended = connection.execute(
        update(polls)
        .where(polls.c.owner.in_(owners), polls.c.ended_at.is_(None))
        .values(ended_at=now, reason=Reason.INTERRUPTED, detail="the process that polled ended")
    )
    connection.execute(
        update(sources)
        .where(sources.c.lease_owner.in_(owners))
        .values(lease_owner=None, lease_until=None, next_poll_at=now)
    )
    return ended.rowcount


def put_times_right(connection: Connection, now: datetime) -> int:
    """Make sources due whose last poll ended in the future; return how many.

    It ended while the clock was ahead, and the next one would wait for as long. Claims end in time as well.
    """
    to_come = and_(sources.c.last_poll_at > now + SKEW, sources.c.next_poll_at > now)
    put = connection.execute(update(sources).where(to_come).values(next_poll_at=now)).rowcount
    longest = now + SOURCE_LEASE
    connection.execute(update(sources).where(sources.c.lease_until > longest + SKEW).values(lease_until=longest))
    return put


def open_owners(connection: Connection) -> tuple[str, ...]:
    """The processes that have a poll under way or hold a source."""
    running = select(polls.c.owner).where(polls.c.ended_at.is_(None))
    holding = select(sources.c.lease_owner).where(sources.c.lease_owner != HANDED_OUT)
    return tuple(connection.scalars(running.union(holding)))


def renew(connection: Connection, owner: str, source_ids: Sequence[int], now: datetime) -> set[int]:
    """Hold on to the claims on these sources, whose polls are under way; return those that are still held."""
    held = (sources.c.lease_owner == owner) & sources.c.id.in_(source_ids)
    renewed = update(sources).where(held).values(lease_until=now + SOURCE_LEASE)
    return set(connection.scalars(renewed.returning(sources.c.id)))


def forget_polls(connection: Connection, before: datetime) -> int:
    """Delete the records of polls that ended before then and found nothing; return how many."""
    found_something = select(versions.c.poll_id).where(versions.c.poll_id == polls.c.id).exists()
    return connection.execute(delete(polls).where(polls.c.ended_at < before, ~found_something)).rowcount


def recent(connection: Connection, source_id: int, limit: int) -> tuple[EndedPoll, ...]:
    """A source's last polls that ended, the newest first."""
    ended = select(polls).where(polls.c.source_id == source_id, polls.c.ended_at.is_not(None))
    rows = connection.execute(ended.order_by(polls.c.id.desc()).limit(limit))
    return tuple(
        EndedPoll(row.started_at, row.ended_at, Reason(row.reason), row.detail, row.entries, row.new_items)
        for row in rows
    )


def _after_poll(result: PollResult) -> dict[str, Any]:
    source = result.poll.source
    reason = healthy_reason(result.reason)
    return {
        "source_id": source.id,
        "poll_id": result.poll.id,
        "reason": reason,
        "detail": result.detail,
        "reason_since": source.reason_since if reason == source.reason and source.reason_since else result.ended_at,
        "failures": 0 if result.reason.readable else source.failures + 1,
        **asdict(result.validators),
        "full_fetch_at": result.full_fetch_at or source.full_fetch_at,
        "baseline_at": source.baseline_at or result.baseline_at,
        "last_poll_at": result.ended_at,
        "next_poll_at": result.next_poll_at,
        "lease_owner": None,
        "lease_until": None,
    }
