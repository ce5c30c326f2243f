"""A backfill that is killed goes on from the rows, and alerts nobody."""

from __future__ import annotations

import datetime
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from presswatch.demo.scenario import specs
from presswatch.demo.site import ReplicaSite
from storage.clock import now
from storage.sources import sources
from storage.types import SearchForm
from tests.fakes.program import Program
from tests.patience import PATIENCE

COUNT = 24


@pytest.mark.parametrize("requests", [2, 9, 13, 17, 26])
def test_a_killed_backfill_is_taken_up_and_reads_each_article_once(
    tmp_path: Path, requests: int, request: pytest.FixtureRequest
) -> None:
    """Killed after so many requests: on its first page, between two of them, and near its end."""
    if requests != 17 and not request.config.getoption("--full"):
        pytest.skip("killed at other moments with --full")
    program, today = Program(tmp_path), datetime.date.today()
    since = str(today - datetime.timedelta(days=60))
    with ReplicaSite() as site:
        for number in reversed(range(COUNT)):
            site.publish(f"CSTO {number}", "It met.", date=today - datetime.timedelta(days=number))
        with program.database() as database:
            spec = replace(specs(site)[0], search=SearchForm())
            database.write(sources.add, spec, alert_first=False, now=now())
        assert program("subscribe", "CSTO", "--to", "console").code == 0
        command = [sys.executable, "-m", "presswatch", "backfill", "replica/news-en", "--since", since]
        with subprocess.Popen(command, env=program.environment, stdout=subprocess.DEVNULL) as process:
            site.wait_for_requests(requests, PATIENCE)
            process.kill()
        finished = program("backfill", "replica/news-en", "--json")
        assert (finished.code, finished.json["state"], finished.json["reason"]) == (0, "ended", "end")
        fetched = [request.path for request in site.requests if request.path.endswith(".html")]
    assert len(fetched) - COUNT <= 2, "what was under way when it died is read again, and no more"
    stored = program.rows("SELECT count(*), count(DISTINCT key), min(silent) FROM items")
    assert stored == [(COUNT, COUNT, 1)]
    assert program.rows("SELECT count(*) FROM matches") == [(COUNT,)]
    assert program.rows("SELECT count(*) FROM alerts") == [(0,)]
