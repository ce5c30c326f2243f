"""A process that watches can be watched: as a monitoring program sees it, with a token from the command line."""

from __future__ import annotations

import re
from pathlib import Path

import httpx

from presswatch.demo.site import ReplicaSite
from tests.fakes.program import Program
from tests.patience import wait_until


def test_a_process_that_watches_is_ready_and_tells_what_it_counts(tmp_path: Path, ministry: ReplicaSite) -> None:
    program = Program(tmp_path / "data")
    program.watch(ministry)
    program("users", "add", "ann", "--role", "owner", typed="four words nobody guesses\n")
    made = program("tokens", "add", "prometheus", "--scope", "metrics", "--json")
    program.environment["PRESSWATCH_LISTEN"] = "127.0.0.1:0"
    with program.started() as running, httpx.Client() as asker:
        address = running.wait_for("pages at").rpartition(" ")[2]
        asker.headers["Authorization"] = f"Bearer {made.json['token']}"
        running.wait_for("poll ")

        def told() -> dict[str, float]:
            said = asker.get(f"{address}/metrics").text
            return {name: float(value) for name, value in re.findall(r"^(presswatch_.+) (\S+)$", said, re.MULTILINE)}

        wait_until(lambda: told()['presswatch_polls_total{reason="ok"}'] >= 1)
        wait_until(lambda: told()["presswatch_loop_lag_seconds_count"] >= 1)
        assert {"presswatch_statements", 'presswatch_job_age_seconds{job="poll due sources"}'} <= told().keys()
        assert asker.get(f"{address}/readyz").text == "ready\n"
        assert asker.get(f"{address}/healthz").text == "lives\n"
        running.stop()
