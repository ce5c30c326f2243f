"""Procrastinate drives the timetable on many nodes of one database.

What each node does for itself its own ticker does, as in one process. What one of them does for all is a periodic job,
and due sources are handed out as jobs of some twenty, grouped by host. A job is a hint and never the truth: a node that
stood still may do one again, or hand out what was handed out, and each time the rows decide what is to be done. So
nothing of the queue has to be kept: a job whose node is gone is thrown away, and the next tick makes up for it.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from importlib.metadata import version
from types import ModuleType
from typing import Any

from scheduler import jobs
from scheduler.local import Local
from scheduler.membership import heartbeat
from scheduler.timetable import CRAWLERS, TICK, TIMETABLE, Node, Row, Where
from storage.errors import DatabaseUnusableError
from storage.events import FaultBegan, FaultEnded, heard
from storage.leases import NODE_BEAT, NODE_LEASE
from storage.types import EVERY_ROLE, NodeRole, Reason

JOBS_AT_ONCE = 8
"""Batches of sources, and other jobs, that a node does at a time."""

POLLING = 1.0
"""Seconds after which a node looks for jobs. It does not listen for them: the library's listener may take a cancelled
wait for a lost connection, connect anew and never end."""

RESTING = 5.0
"""Seconds until the queue is tried again when the database does not answer."""

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR

QUEUE = "the queue of jobs"

SCHEMA = "procrastinate_%s"
"""Where the queue's tables are. Each version of the library has its own: nothing has to be brought over."""


def require() -> ModuleType:
    """What drives the jobs of many nodes. Raises `DatabaseUnusableError` where it is not installed."""
    try:
        import procrastinate
    except ModuleNotFoundError as error:
        raise DatabaseUnusableError(
            "many nodes cannot work here: what hands out their jobs is not installed",
            mend="install procrastinate, 3.5 or newer, into presswatch's environment",
        ) from error
    return procrastinate


async def serve(node: Local, number: int, stop: asyncio.Event) -> None:
    """Do this node's share of the timetable until `stop` is set; `number` is its fencing number.

    Raises `FencedError` when others have ended it, and what `Local.serve` raises.
    """
    mine = [row for row in TIMETABLE if row.where is Where.EACH and row.roles & node.roles]
    working = asyncio.create_task(heard(_Queue(node).work(), "the queue of jobs", node.operator.report))
    try:
        await node.serve(stop, [*mine, heartbeat(number)])
    finally:
        while not working.done():  # the library may take a cancellation for itself
            working.cancel()
            await asyncio.wait({working}, timeout=TICK)


def cron(seconds: float) -> str:
    """Every so many seconds, a minute, an hour or a day, as cron has it with a sixth field; a day begins in UTC."""
    longer: dict[float, str] = {MINUTE: "* * * * *", HOUR: "0 * * * *", DAY: "0 0 * * *"}
    return longer.get(seconds, f"* * * * * */{seconds:.0f}")


def queue_of(roles: frozenset[NodeRole]) -> str:
    """Where jobs wait for a node that has one of these roles."""
    return "any" if roles == EVERY_ROLE else " ".join(sorted(roles))


class _Queue:
    """The jobs of all nodes, and what of them this one does."""

    def __init__(self, node: Local) -> None:
        self._node = node
        self._library = require()
        self._schema = SCHEMA % version("procrastinate").replace(".", "_")
        self._fails = False
        logging.getLogger("procrastinate").setLevel(logging.CRITICAL)  # what goes wrong, we tell ourselves

    async def work(self) -> None:
        """Do jobs until this is cancelled. When the database goes away, begin anew as soon as it is back."""
        while True:
            try:
                app = self._app()
                async with app.open_async():
                    await self._make_tables(app)
                    self._tell_works()
                    await self._work(app)
            except (self._library.exceptions.ProcrastinateException, OSError, RuntimeError) as error:
                self._tell_fails(error)
            await asyncio.sleep(RESTING)

    def _tell_fails(self, error: Exception) -> None:
        if not self._fails:
            self._fails = True
            why = str(error.__cause__ or error).partition("\n")[0]
            mend = "see that the database answers, and lets this user make a schema; it is tried again"
            self._node.crawl.report(FaultBegan(QUEUE, Reason.STORAGE, why, mend))

    def _tell_works(self) -> None:
        if self._fails:
            self._fails = False
            self._node.crawl.report(FaultEnded(QUEUE, Reason.STORAGE))

    def _app(self) -> Any:
        address = self._node.crawl.database.place.address
        options = {"options": f"-c search_path={self._schema}"}
        connector = self._library.PsycopgConnector(conninfo=address, min_size=1, max_size=4, kwargs=options)
        app = self._library.App(connector=connector)
        self._add_tasks(app)
        return app

    async def _make_tables(self, app: Any) -> None:
        """Make the queue's tables where there are none. Of nodes that begin together the first one does."""
        asked = "SELECT to_regclass(%(table)s) IS NOT NULL AS made"
        table = f"{self._schema}.procrastinate_jobs"
        if not (await app.connector.execute_query_one_async(asked, table=table))["made"]:
            tables = app.schema_manager.get_schema().replace("%", "%%")
            await app.connector.execute_query_async(f"CREATE SCHEMA {self._schema}; {tables}")

    async def _work(self, app: Any) -> None:
        clearing = asyncio.create_task(heard(self._clear(app), "clearing the queue of jobs", self._node.crawl.report))
        try:
            await app.run_worker_async(
                queues=[queue_of(EVERY_ROLE), *(queue_of(frozenset({role})) for role in self._node.roles)],
                concurrency=JOBS_AT_ONCE,
                fetch_job_polling_interval=POLLING,
                listen_notify=False,
                delete_jobs="always",
                install_signal_handlers=False,
                shutdown_graceful_timeout=0,
                update_heartbeat_interval=NODE_BEAT.total_seconds(),
                stalled_worker_timeout=NODE_LEASE.total_seconds(),
            )
        finally:
            clearing.cancel()

    async def _clear(self, app: Any) -> None:
        """Throw away jobs whose node is gone: what they were about is still in the rows."""
        lease, failed = NODE_LEASE.total_seconds(), self._library.jobs.Status.FAILED
        while True:
            await asyncio.sleep(lease)
            with suppress(self._library.exceptions.ProcrastinateException):  # the worker meets the same
                for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=lease):
                    await app.job_manager.finish_job(job, status=failed, delete_job=True)

    # -- jobs --------------------------------------------------------------------------------------------------------

    def _add_tasks(self, app: Any) -> None:
        @app.task(name="poll", queue=queue_of(CRAWLERS))  # type: ignore[untyped-decorator]
        async def poll(ids: list[int]) -> None:
            batch = Row("poll a batch", lambda node: jobs.poll_handed(node.crawl, ids), 0, Where.SHARED)
            await self._node.patient(batch)()

        async def hand_out(node: Node) -> None:
            if batches := await jobs.hand_out(node.crawl):
                await poll.batch_defer_async(*({"ids": list(batch)} for batch in batches))

        once = [row for row in TIMETABLE if row.where is Where.ONE]
        once.append(Row("hand out due sources", hand_out, TICK, Where.ONE, CRAWLERS))
        once.append(Row("revisit items", lambda node: jobs.revisit_shared(node.crawl), TICK, Where.ONE, CRAWLERS))
        for row in once:
            self._add_periodic(app, row)

    def _add_periodic(self, app: Any, row: Row) -> None:
        """Let one node at a time do the row's job, and no more than one more wait."""
        done = self._node.patient(row)

        @app.periodic(cron=cron(row.seconds))  # type: ignore[untyped-decorator]
        @app.task(name=row.name, lock=row.name, queueing_lock=row.name, queue=queue_of(row.roles))  # type: ignore[untyped-decorator]
        async def do(timestamp: int) -> None:
            await done()
