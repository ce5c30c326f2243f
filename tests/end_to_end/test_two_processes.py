"""Two processes watch with one database: they share the work, and neither a person nor a ministry notices."""

from __future__ import annotations

from presswatch.demo.site import ReplicaSite
from tests.end_to_end.sharing import keys, stored_once, trouble, wait_for_keys
from tests.fakes.program import Program
from tests.fakes.sinks import HTTPSink
from tests.patience import wait_until

ROUNDS = 6
OVERLAPS = """SELECT count(*) FROM polls one JOIN polls other
    ON other.source_id = one.source_id AND other.id > one.id AND other.started_at < one.ended_at"""
WHO_POLLED = "SELECT count(DISTINCT owner) FROM polls"


def test_two_processes_share_polls_and_alerts_and_disturb_nobody(
    watcher: Program, ministry: ReplicaSite, sink: HTTPSink
) -> None:
    [(before,)] = watcher.rows(WHO_POLLED)
    titles = [f"CSTO statement {number}" for number in range(ROUNDS)]
    with watcher.started() as one, watcher.started() as other:
        for number, title in enumerate(titles):
            ministry.publish(title, "It met.", "en" if number % 2 else "ru")
            wait_for_keys(sink, number + 1)
            for asked in (["search", "CSTO", "--json"], ["topics", "add", f"Topic {number}", f"word{number}"]):
                result = watcher(*asked)
                assert (result.code, result.err) == (0, "")
        wait_until(lambda: watcher.rows(WHO_POLLED) == [(before + 2,)])
        assert (one.stop(), other.stop()) == (0, 0)
    assert len(keys(sink)) == len(set(keys(sink))) == ROUNDS, "each is told once"
    assert stored_once(watcher, titles)
    assert watcher.rows(OVERLAPS) == [(0,)], "no source is polled twice at a time"
    assert trouble(one, other) == []
