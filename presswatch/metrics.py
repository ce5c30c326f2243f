"""What a process counts for Prometheus: what happens in it as it happens, what is stored when it is asked.

https://prometheus.io/docs/practices/naming/. docs/server.md has a row for each metric; a test holds the two together.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from importlib.metadata import version
from platform import python_version

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import choose_encoder

from storage.events import (
    AlertsFailed,
    Event,
    FaultBegan,
    MissesRepaired,
    MistakeMade,
    NoticesSent,
    PollEnded,
    StatementStored,
    StatementWithdrawn,
)
from storage.operator.vitals import UNREAD, Totals, Vitals
from storage.types import AlertState, Reason

LOOKS = 0.1
"""Seconds between two looks whether the loop is late."""

LAGS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
"""Seconds: the bounds by which the loop's lag is told."""


class Metrics:
    """The metrics of one process, in a registry of their own. Call it with each event."""

    def __init__(self) -> None:
        self.totals = Totals()
        """What was counted of the rows so far."""
        self._registry = CollectorRegistry()
        build = self._gauge("build_info", "The version that runs; always 1", "version", "python")
        build.labels(version("presswatch"), python_version()).set(1)
        self._of_events()
        self._of_rows()

    def _of_events(self) -> None:
        self._polls = self._counter("polls", "Polls that ended in this process", "reason")
        for reason in Reason:
            self._polls.labels(reason)  # a series that is there from the start can be alerted on
        self._stored = self._counter("stored", "Statements and edits that this process stored", "kind")
        self._withdrawals = self._counter("withdrawals", "Statements whose address stopped answering", "kind")
        self._failures = self._counter("alert_failures", "Alerts that did not leave, by whether they will", "kind")
        self._notices = self._counter("notices", "Messages to the operator that left")
        self._faults = self._counter("faults", "What stopped working: a source, a channel, the storage")
        self._mistakes = self._counter("mistakes", "Mistakes of presswatch's own")
        self._misses = self._counter("missed_alerts", "Alerts that had been missed, and were made up for")
        self._lag = Histogram(
            "presswatch_loop_lag_seconds",
            "How late the loop comes to what is due",
            buckets=LAGS,
            registry=self._registry,
        )

    def _of_rows(self) -> None:
        self._statements = self._gauge("statements", "Statements that are stored")
        self._versions = self._gauge("versions", "Versions of statements that are stored")
        self._withdrawn = self._gauge("statements_withdrawn", "Statements whose address does not answer")
        self._alerts = self._gauge("alerts", "Alerts by their state", "state")
        self._deliveries = self._gauge("deliveries", "Deliveries that are over, by whether they were taken", "result")
        self._oldest = self._gauge("oldest_pending_alert_seconds", "How long the oldest alert waits; 0: none")
        self._overdue = self._gauge("alert_overdue_seconds", "How late the alert is that was due first; 0: none")
        self._sources = self._gauge("sources", "Sources that are polled, by their health", "health")
        self._last_poll = self._gauge("last_poll_age_seconds", "Seconds since any poll ended; NaN: none ever did")
        self._database = self._gauge("database_bytes", "The database and its log on the disk")
        self._jobs = self._gauge("job_age_seconds", "Seconds since a job of the timetable was done", "job")

    def _counter(self, name: str, told: str, *labels: str) -> Counter:
        return Counter(f"presswatch_{name}", told, labels, registry=self._registry)

    def _gauge(self, name: str, told: str, *labels: str) -> Gauge:
        return Gauge(f"presswatch_{name}", told, labels, registry=self._registry)

    def __call__(self, event: Event) -> None:
        """Count what happened."""
        match event:
            case PollEnded():
                self._polls.labels(event.reason).inc()
            case StatementStored(stored=stored):
                self._stored.labels("statement" if stored.number == 1 else "edit").inc()
            case StatementWithdrawn():
                what = "suspected" if event.suspected else "restored" if event.returned else "withdrawn"
                self._withdrawals.labels(what).inc()
            case AlertsFailed():
                self._failures.labels("retried" if event.retry_at else "dead").inc(event.alerts)
            case NoticesSent():
                self._notices.inc()
            case FaultBegan():
                self._faults.inc()
            case MistakeMade():
                self._mistakes.inc()
            case MissesRepaired():
                self._misses.inc(event.alerts)

    def late(self, seconds: float) -> None:
        """The loop came so late to what was due."""
        self._lag.observe(seconds)

    def note(self, seen: Vitals, database: int, jobs: dict[str, float]) -> None:
        """What the rows say now, how many bytes they are, and how long ago each job was done."""
        self.totals = seen.totals
        self._statements.set(seen.totals.statements)
        self._versions.set(seen.totals.versions)
        self._withdrawn.set(seen.withdrawn)
        for state in AlertState:
            self._alerts.labels(state).set(seen.sent if state is AlertState.SENT else seen.unsent.get(state, 0))
        self._deliveries.labels("taken").set(seen.totals.taken)
        self._deliveries.labels("refused").set(seen.totals.refused)
        self._oldest.set(seen.oldest_pending.total_seconds() if seen.oldest_pending else 0)
        self._overdue.set(max(seen.overdue.total_seconds(), 0))
        for health in (*Reason, UNREAD):
            self._sources.labels(health).set(seen.sources.get(health, 0))
        self._last_poll.set(seen.last_poll.total_seconds() if seen.last_poll is not None else float("nan"))
        self._database.set(database)
        for job, age in jobs.items():
            self._jobs.labels(job).set(age)

    def written(self, accepted: str = "") -> tuple[bytes, str]:
        """All of it in the form that the header `Accept` asks for, and that form's media type."""
        encode, kind = choose_encoder(accepted)
        return encode(self._registry), kind


async def lags(every: float = LOOKS, clock: Callable[[], float] = time.perf_counter) -> AsyncGenerator[float]:
    """How many seconds late the running loop comes to what is due, looked at every so many seconds, for ever."""
    while True:
        due = clock() + every
        await asyncio.sleep(every)
        yield max(clock() - due, 0.0)
