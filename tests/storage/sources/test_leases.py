"""Sources that are due are claimed: each by one process, for as long as its lease lasts."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from storage.database import Database
from storage.leases import SOURCE_LEASE
from storage.sources import sightings, sources
from storage.sources.polls import claim_due, end_polls, open_owners, release_interrupted, renew
from tests.storage.examples import HOUR, MINUTE, NOW, another, entry, poll_result, polling, watched
from tests.storage.sources.claiming import claim


def test_a_claimed_source_is_nobody_elses(database: Database) -> None:
    watched(database)
    assert claim(database, "host/1/a") == ["mfa-xy/news"]
    assert claim(database, "host/2/b") == []
    assert database.write(claim_due, "host/2/b", NOW, limit=1, keys=["mfa-xy/news"]) == ()


def test_processes_that_claim_at_once_share_the_sources_out(database: Database) -> None:
    keys = [watched(database, f"mfa-xy/{number}").key for number in range(40)]

    def work(owner: str) -> list[str]:
        mine: list[str] = []
        with another(database) as own:
            while claimed := claim(own, owner, limit=3):
                mine += claimed
        return mine

    with ThreadPoolExecutor(8) as pool:
        shares = list(pool.map(work, [f"host/{number}/x" for number in range(8)]))
    assert sorted(key for share in shares for key in share) == sorted(keys)


def test_the_longest_waiting_source_is_claimed_first(database: Database) -> None:
    for key, minutes in (("a", 3), ("b", 1), ("c", 2)):
        source = watched(database, key)
        poll = polling(database, source)
        database.write(end_polls, [replace(poll_result(poll), next_poll_at=NOW + minutes * MINUTE)])
    assert [claim(database, now=NOW + HOUR, limit=1) for _ in range(4)] == [["b"], ["c"], ["a"], []]


def test_only_enabled_sources_that_are_due_are_claimed(database: Database) -> None:
    watched(database, "due")
    watched(database, "off")
    database.write(sources.set_enabled, "off", False, NOW)
    assert claim(database, now=NOW - MINUTE) == []
    assert claim(database) == ["due"]
    [poll] = database.write(claim_due, "host/1/a", NOW, limit=1, keys=["off"])
    assert poll.source.key == "off"


def test_a_source_that_is_switched_on_again_is_due_at_once(database: Database) -> None:
    database.write(end_polls, [poll_result(polling(database, watched(database)))])
    for enabled in (False, True):
        database.write(sources.set_enabled, "mfa-xy/news", enabled, NOW)
    assert claim(database) == ["mfa-xy/news"]


def test_a_claim_that_is_not_renewed_ends_by_itself(database: Database) -> None:
    watched(database)
    claim(database, "host/1/a")
    assert claim(database, "host/2/b", NOW + SOURCE_LEASE) == []
    assert claim(database, "host/2/b", NOW + SOURCE_LEASE + MINUTE) == ["mfa-xy/news"]


def test_a_claim_that_is_renewed_holds(database: Database) -> None:
    held, let_go = watched(database, "held"), watched(database, "let-go")
    claim(database, "host/1/a")
    database.write(renew, "host/1/a", [held.id], NOW + SOURCE_LEASE)
    database.write(renew, "host/2/b", [let_go.id], NOW + SOURCE_LEASE)
    assert claim(database, "host/2/b", NOW + SOURCE_LEASE + MINUTE) == ["let-go"]


def test_the_polls_of_a_dead_process_are_taken_up_at_once(database: Database) -> None:
    watched(database, "a")
    watched(database, "b")
    mine = claim(database, "host/1/dead", limit=1)
    others = claim(database, "host/2/alive", limit=1)
    assert set(database.read(open_owners)) == {"host/1/dead", "host/2/alive"}
    assert database.write(release_interrupted, ["host/1/dead"], NOW) == 1
    assert database.read(open_owners) == ("host/2/alive",)
    assert claim(database, "host/3/new") == mine != others
    assert database.write(release_interrupted, [], NOW) == 0


def test_a_poll_knows_whether_articles_of_earlier_polls_wait(database: Database) -> None:
    source = watched(database)
    assert not polling(database, source).pending
    database.write(sightings.record_entries, source, [entry(1)], silent=False, now=NOW)
    database.write(release_interrupted, ["host/1/a"], NOW)
    assert polling(database, source).pending
