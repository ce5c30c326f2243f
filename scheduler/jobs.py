"""What is done when it is time: poll, revisit, match, deliver, recover. Plain functions, for any scheduler."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import Connection

from crawler.jobs.backfill import settle
from crawler.jobs.backfill_walk import STOPPED, yield_to_polls
from crawler.jobs.runs import POLLS_OF_A_HOST
from crawler.queue import BackfillJob, BackfillOutcome
from crawler.run import Crawl
from notify import rhythm
from notify.delivery.dispatch import Dispatch
from notify.delivery.operator import Operator
from storage.clock import now
from storage.database import Database
from storage.errors import StorageError
from storage.events import heard
from storage.items import revisits
from storage.items.evidence import rows
from storage.leases import BEATS, SOURCE_LEASE, owner, owner_is_dead
from storage.operator import heads, nodes
from storage.outbox import canaries, clock_jumps, deliveries
from storage.query.indexes import Index
from storage.search import reindex
from storage.sources import backfills, handing_out, polls, robots
from storage.sources.polls import Poll
from storage.types import EVERY_ROLE, NodeRole

POLLS_KEPT = timedelta(days=30)
"""How long the record of a poll that found nothing is kept."""

MERGE_PAUSE = 0.2
"""Seconds between two steps of the optimization, each of which holds the write lock for some tens of milliseconds."""

POLLS_AT_ONCE = 64
"""Sources under way at a time; the others wait in their rows."""

REVISITS_AT_ONCE = 16
"""Known items that are read again at a time."""

ROBOTS_KEPT = timedelta(days=60)
"""How long what a site's robots.txt said is kept: twice as long as it may count while its server fails."""

NODES_KEPT = timedelta(days=7)
"""How long it is told of a node that has ended."""

KEEPING = SOURCE_LEASE.total_seconds() / BEATS
"""Seconds between two renewals of a backfill's lease."""

STOPPING = 0.2
"""Seconds until it is noticed that a backfill is to stop."""

STOP_PATIENCE = 4.0
"""Seconds that a backfill gets to come to rest."""


def recover(database: Database) -> int:
    """Free what processes held that are gone, so that it goes on at once; return how many polls and alerts."""
    held = {*database.read(polls.open_owners), *database.read(deliveries.open_tokens)}
    dead = {name for name in held if owner_is_dead(name)}
    return database.write(free_claims, dead, now()) if dead else 0


def free_claims(connection: Connection, owners: Collection[str], at: datetime) -> int:
    """Free what processes of these names hold, so that others go on at once; return how many polls and alerts."""
    released = polls.release_interrupted(connection, owners, at)
    return released + deliveries.release_interrupted(connection, owners)


def sweep(database: Database) -> int:
    """Recover what crashed processes left, and finish the deliveries they had begun; return how many rows that were."""
    return recover(database) + database.write(deliveries.close_interrupted, now())


async def put_times_right(database: Database, clock: Callable[[], datetime] = now) -> int:
    """Give alerts and sources a time that can be, where a clock that was wrong has left one that cannot.

    Returns how many. A clock goes back when it is set after the start, or when the system takes it from a better one.
    """
    at = clock()
    alerts = await database.write_async(
        clock_jumps.put_right,
        at,
        leaves=lambda told: rhythm.leaves_at(told, at),
        latest=lambda told: rhythm.latest(told, at),
        retried=at + rhythm.RETRY_AFTER_CAP,
    )
    return alerts + await database.write_async(polls.put_times_right, at)


async def poll_due(crawl: Crawl) -> int:
    """Hand the sources whose poll is due to the crawl; return how many."""
    under_way = crawl.polling
    places = POLLS_AT_ONCE - len(under_way)
    if places <= 0:
        return 0
    claimed = await crawl.database.claim_async(
        polls.claim_due, owner(), now(), limit=places, per_host=POLLS_OF_A_HOST, under_way=under_way
    )
    crawl.submit(claimed)
    return len(claimed)


async def hand_out(crawl: Crawl) -> tuple[tuple[int, ...], ...]:
    """Take due sources into batches for the nodes, each of which is one node's to poll; return their ids."""
    nodes_of_all = await crawl.database.read_async(nodes.crawling)
    places = POLLS_AT_ONCE * max(nodes_of_all, 1)
    return await crawl.database.write_async(handing_out.hand_out, now(), places)


async def poll_handed(crawl: Crawl, ids: Sequence[int]) -> None:
    """Poll those of the sources of a batch that are still due and nobody's, and wait until that is done."""
    claimed = await crawl.database.claim_async(
        polls.claim_due, owner(), now(), limit=len(ids), handed=ids, under_way=crawl.polling
    )
    crawl.submit(claimed)
    await crawl.over(claimed)


async def revisit_shared(crawl: Crawl) -> None:
    """Read known items again that it is time for, and wait until that is done: others would read the same ones."""
    due = await crawl.database.read_async(revisits.due, now(), limit=REVISITS_AT_ONCE)
    crawl.submit(due)
    await crawl.over(due)


async def poll_now(crawl: Crawl, keys: Sequence[str]) -> tuple[Poll, ...]:
    """Hand these sources to the crawl, due or not; return the polls. One that another process polls is left out.

    Claimed piece by piece, so that the first are asked while the others are claimed.
    """
    under_way: list[Poll] = []
    for start in range(0, len(keys), POLLS_AT_ONCE):
        some = keys[start : start + POLLS_AT_ONCE]
        claimed = await crawl.database.claim_async(
            polls.claim_due, owner(), now(), limit=len(some), keys=some, under_way=crawl.polling
        )
        crawl.submit(claimed)
        under_way += claimed
    return tuple(under_way)


async def revisit_due(crawl: Crawl) -> int:
    """Hand known items that are to be read again to the crawl, one of each source at a time; return how many.

    One of a source, and a few of all, so that news of the same host never waits for more than one of them.
    """
    if crawl.revisiting:
        return 0
    due = await crawl.database.read_async(revisits.due, now(), limit=REVISITS_AT_ONCE)
    crawl.submit(due)
    return len(due)


async def backfill(crawl: Crawl, dispatch: Dispatch, job: BackfillJob) -> BackfillOutcome:
    """Read a source's past as far as the job goes; what it finds is matched and alerts nobody.

    When it is asked to stop, the page under way gets `STOP_PATIENCE` seconds.
    """
    keeping = asyncio.ensure_future(_keep(crawl, dispatch, job))
    try:
        await yield_to_polls(crawl, job)
        crawl.submit([job])
        while not job.outcome.done() and not job.stop.is_set():
            await asyncio.wait({job.outcome}, timeout=STOPPING)
        await asyncio.wait({job.outcome}, timeout=STOP_PATIENCE)
        if not job.outcome.done():
            await settle(crawl, job, BackfillOutcome(False, STOPPED, "it was stopped"))
        return await job.outcome
    finally:
        keeping.cancel()
        with suppress(StorageError):  # what was not asked waits for the next process
            await dispatch.match_new()


async def _keep(crawl: Crawl, dispatch: Dispatch, job: BackfillJob) -> None:
    """Hold on to a backfill that is under way, whatever slips, and ask the topics about what it has found so far."""
    while True:
        await asyncio.sleep(KEEPING)
        await heard(_keep_once(crawl, dispatch, job), "looking after a backfill", crawl.report)


async def _keep_once(crawl: Crawl, dispatch: Dispatch, job: BackfillJob) -> None:
    try:
        await crawl.database.write_async(backfills.renew, job.backfill.id, owner(), now())
        await dispatch.match_new()
    except StorageError as error:
        crawl.storage_refused(error)


async def renew(crawl: Crawl) -> None:
    """Hold on to the sources whose polls are under way. A poll whose source another process has claimed ends itself."""
    ours = [source.id for source in crawl.polling]
    crawl.lose(set(ours) - await crawl.database.write_async(polls.renew, owner(), ours, now()))


async def check_files(database: Database) -> None:
    """Raise `DatabaseGoneError` where somebody has deleted or replaced the database under this process."""
    database.check_files()


async def prune(database: Database) -> int:
    """Forget old polls that found nothing; return how many. What a ministry said is never forgotten.

    Nor is what is due looked at forever where nobody reads it, nor a robots.txt kept that counts for nothing any more.
    """
    await database.write_async(revisits.pass_over, now())
    await database.write_async(robots.forget, now() - ROBOTS_KEPT)
    await database.write_async(nodes.forget, now() - NODES_KEPT)
    return await database.write_async(polls.forget_polls, now() - POLLS_KEPT)


async def plant_canaries(database: Database) -> int:
    """Store what proves the whole chain, where it is due; return how many."""
    return await database.write_async(canaries.plant, now())


async def tell_head(crawl: Crawl) -> bool:
    """Note for the operator where the evidence ends, once a day and if that is wanted; returns whether it was noted."""
    return crawl.tells_head and await crawl.database.write_async(_note_head, now())


def _note_head(connection: Connection, at: datetime) -> bool:
    ends = ", ".join(f"{one.node} {one.link.number} {one.digest}" for one in rows.last_of_each(connection))
    return bool(ends) and heads.record(connection, ends, at)


async def optimize(database: Database) -> None:
    """Bring the full-text indexes into their fastest form, in steps that let others write in between."""
    for index in Index:
        while await database.write_async(reindex.merge, index):
            await asyncio.sleep(MERGE_PAUSE)


async def match_and_deliver(dispatch: Dispatch, roles: Collection[NodeRole] = EVERY_ROLE) -> int:
    """Turn new versions into alerts and start sending what is due; return how many alerts were made.

    A node does what its roles say.
    """
    made = await dispatch.match_new() if NodeRole.MATCH in roles else 0
    if NodeRole.DELIVER in roles:
        await dispatch.deliver_due()
    return made


async def tell_operator(operator: Operator) -> None:
    """Start telling the operator what has come of sources' health."""
    await operator.deliver_due()


async def reconcile(dispatch: Dispatch) -> int:
    """Look for matches and alerts of the last days that were missed, and make up for them; return how many."""
    repaired = await dispatch.reconcile()
    return repaired.matches + repaired.alerts
