"""What a node does, and how often: rows of (name, job, seconds, where), for whatever drives them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from crawler.run import Crawl
from notify.delivery.dispatch import Dispatch
from notify.delivery.operator import Operator
from scheduler import jobs
from scheduler.pulse import Pulse
from storage.leases import BEATS, SOURCE_LEASE
from storage.types import EVERY_ROLE, NodeRole

TICK = 1.0
"""Seconds between two looks at what is due. A look costs a tenth of a millisecond."""

RENEWAL = SOURCE_LEASE.total_seconds() / BEATS
"""Seconds between two renewals of what is claimed."""

PRUNING = 24 * 3600.0
"""Seconds between two clearings of what nobody needs any more."""

PLANTING = 20.0
"""Seconds between two looks whether a canary is due."""

HEADS = 3600.0
"""Seconds between two looks whether the operator has been told within the day where the evidence ends."""

SWEEPING = 60.0
"""Seconds between two looks for what crashed processes left."""


@dataclass(frozen=True, slots=True)
class Node:
    """One process that works on the database: the crawl, the dispatch and the operator's messages side by side."""

    crawl: Crawl
    dispatch: Dispatch
    operator: Operator
    pulse: Pulse = field(default_factory=Pulse)
    roles: frozenset[NodeRole] = EVERY_ROLE
    """What it does for all nodes."""


class Where(StrEnum):
    """Whose job it is, where many nodes work on one database."""

    EACH = "each"
    """Every node's: it claims its share of what is due, or looks after what it holds itself."""
    ONE = "one"
    """One node's for all of them: done twice, it would be done in vain."""
    SHARED = "shared"
    """One node's at a time, in pieces that are handed out to all. Who is alone takes what there is."""


@dataclass(frozen=True, slots=True)
class Row:
    """A job that is done every so many seconds. Its name is what a person is told of a mistake in it."""

    name: str
    job: Callable[[Node], Awaitable[Any]]
    seconds: float
    where: Where
    roles: frozenset[NodeRole] = EVERY_ROLE
    """A node with one of these does it."""


CRAWLERS = frozenset({NodeRole.CRAWL})
MATCHERS = frozenset({NodeRole.MATCH})
SENDERS = frozenset({NodeRole.DELIVER})

TIMETABLE = (
    Row("look at the database's file", lambda node: jobs.check_files(node.crawl.database), TICK, Where.EACH),
    Row("poll due sources", lambda node: jobs.poll_due(node.crawl), TICK, Where.SHARED, CRAWLERS),
    Row("revisit items", lambda node: jobs.revisit_due(node.crawl), TICK, Where.SHARED, CRAWLERS),
    Row(
        "match and deliver",
        lambda node: jobs.match_and_deliver(node.dispatch, node.roles),
        TICK,
        Where.EACH,
        MATCHERS | SENDERS,
    ),
    Row("tell the operator", lambda node: jobs.tell_operator(node.operator), TICK, Where.EACH, SENDERS),
    Row("renew leases", lambda node: jobs.renew(node.crawl), RENEWAL, Where.EACH),
    Row("put times right", lambda node: jobs.put_times_right(node.crawl.database), SWEEPING, Where.ONE),
    Row("plant canaries", lambda node: jobs.plant_canaries(node.crawl.database), PLANTING, Where.ONE),
    # Of processes of another host nothing is known: each host's node looks for its own dead.
    Row("sweep", lambda node: asyncio.to_thread(jobs.sweep, node.crawl.database), SWEEPING, Where.EACH),
    Row("tell where the evidence ends", lambda node: jobs.tell_head(node.crawl), HEADS, Where.ONE),
    Row("prune", lambda node: jobs.prune(node.crawl.database), PRUNING, Where.ONE),
    Row("optimize", lambda node: jobs.optimize(node.crawl.database), PRUNING, Where.ONE),
    Row("reconcile", lambda node: jobs.reconcile(node.dispatch), PRUNING, Where.ONE, MATCHERS),
)
