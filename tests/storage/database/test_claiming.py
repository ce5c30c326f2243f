"""Claims on a server, side by side: they wait for nobody who writes, and no two claim the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import TypeVar
from uuid import uuid4

import pytest
from sqlalchemy import Connection, select, update

from notify.delivery.claims import ClaimedMessage, ClaimRequest, Finished, claim_next, settle
from notify.matching.new_versions import MatchRun
from storage.database import Database
from storage.leases import MATCH_LEASE
from storage.opening import open_database
from storage.outbox import alerts, match_claims, matches
from storage.outbox.deliveries import Delivered
from storage.sources import polls, sources
from storage.tables import match_claims as match_claim_rows
from storage.tables import sources as source_rows
from storage.types import Source, Subscription
from tests.fakes import postgres
from tests.storage.examples import HOUR, MINUTE, NOW, another, draft, matched, spec, store, subscribed, watched

pytestmark = pytest.mark.slow

PROCESSES = 4
T = TypeVar("T")


@pytest.fixture
def database(server: postgres.PostgreSQL, tmp_path: Path) -> Iterator[Database]:
    address = server.new()
    with open_database(tmp_path, address=address) as database:
        yield database
    server.drop(address)


def side_by_side(database: Database, work: Callable[[Database, int], list[T]]) -> list[list[T]]:
    """What each of several gets who begin at once, each with connections of its own."""
    begin = Barrier(PROCESSES)

    def one(number: int) -> list[T]:
        with another(database) as own:
            begin.wait()
            return work(own, number)

    with ThreadPoolExecutor(PROCESSES) as pool:
        return list(pool.map(one, range(PROCESSES)))


def sections(database: Database, hosts: int, of_each: int) -> None:
    def add(connection: Connection) -> None:
        for number in range(hosts * of_each):
            address = f"https://h{number % hosts}.example/{number}/"
            sources.add(connection, spec(f"a/{number}", address=address), alert_first=False, now=NOW)

    database.write(add)


def test_due_sources_are_shared_out_each_once(database: Database) -> None:
    sections(database, hosts=30, of_each=5)

    def work(own: Database, number: int) -> list[int]:
        mine: list[int] = []
        while claimed := own.claim(polls.claim_due, f"host/{number}/x", NOW, limit=7, per_host=2):
            mine += [poll.source.id for poll in claimed]
        return mine

    shares = side_by_side(database, work)
    assert sorted(id for share in shares for id in share) == sorted(
        database.read(lambda connection: list(connection.scalars(select(source_rows.c.id))))
    )


def test_a_claim_goes_on_with_what_comes_after_that_which_others_are_claiming(database: Database) -> None:
    sections(database, hosts=9, of_each=1)
    with another(database) as own:

        def beside(connection: Connection) -> tuple[list[str], list[str]]:
            mine = polls.claim_due(connection, "host/1/a", NOW, limit=4, per_host=1)
            others = own.claim(polls.claim_due, "host/2/b", NOW, limit=4, per_host=1)
            return [poll.source.key for poll in mine], [poll.source.key for poll in others]

        mine, others = database.claim(beside)
    assert len(mine) == len(others) == 4
    assert not set(mine) & set(others)


def test_who_claims_and_who_writes_do_not_wait_for_each_other(database: Database) -> None:
    first, second = watched(database, "a/1"), watched(database, "a/2")
    with another(database) as own:

        def write(connection: Connection) -> list[str]:
            connection.execute(update(source_rows).where(source_rows.c.id == first.id).values(detail="written"))
            return [poll.source.key for poll in own.claim(polls.claim_due, "host/2/b", NOW, limit=9)]

        assert database.write(write) == [second.key], "what is being written is passed by"

        def claim(connection: Connection) -> Source:
            polls.claim_due(connection, "host/1/a", NOW, limit=9)
            return own.write(sources.add, spec("a/3"), alert_first=False, now=NOW)

        assert database.claim(claim).key == "a/3"


def test_each_version_is_asked_about_by_one_of_them(database: Database) -> None:
    source = watched(database)
    stored = store(database, *(draft(source, number) for number in range(1, 41)))

    def work(own: Database, number: int) -> list[int]:
        mine: list[int] = []
        me = f"host/{number}/x"
        while found := own.read(matches.unmatched, NOW, 7, owner=me):
            claimed = own.claim(match_claims.claim, [version.version_id for version in found], me, NOW)
            mine += claimed
            own.write(matches.record_matches, list(claimed), [], NOW, lambda *_: NOW)
        return mine

    asked = [version_id for share in side_by_side(database, work) for version_id in share]
    assert sorted(asked) == sorted(one.version_id for one in stored)


def test_what_a_process_that_died_was_asking_about_is_asked_by_another(database: Database) -> None:
    [stored] = store(database, draft(watched(database)))
    assert database.claim(match_claims.claim, [stored.version_id], "host/1/a", NOW) == {stored.version_id}
    assert database.claim(match_claims.claim, [stored.version_id], "host/2/b", NOW) == set()
    assert database.read(matches.unmatched, NOW, 9, owner="host/2/b") == ()
    later = NOW + MATCH_LEASE + MINUTE
    assert len(database.read(matches.unmatched, later, 9, owner="host/2/b")) == 1
    assert database.claim(match_claims.claim, [stored.version_id], "host/2/b", later) == {stored.version_id}


async def test_what_has_been_matched_is_claimed_no_more(database: Database) -> None:
    source = watched(database)
    subscribed(database, query="bridge")
    store(database, *(draft(source, number) for number in range(1, 4)))
    assert await MatchRun(database, lambda event: None, lambda: NOW).match_new() == 3
    assert database.read(lambda connection: connection.execute(select(match_claim_rows)).all()) == []


def test_each_alert_is_sent_once(database: Database) -> None:
    each = _subscribed_channels(database, [f"json://sink.example/{number}" for number in range(6)], statements=3)

    def work(own: Database, number: int) -> list[int]:
        mine: list[int] = []
        while own.read(alerts.next_due) is not None:
            for claimed in own.claim(claim_next, own.keyring, _turns(each, alone=True), NOW, HOUR):
                if isinstance(claimed, ClaimedMessage):
                    mine += [alert.id for alert in claimed.alerts]
                    taken = Delivered(claimed.delivery_id, claimed.alerts, "taken", NOW)
                    own.write(settle, [Finished(taken, claimed.channel.buckets)])
        return mine

    sent = [alert_id for share in side_by_side(database, work) for alert_id in share]
    assert len(sent) == len(set(sent)) == 18


def test_while_one_chooses_what_a_channel_is_sent_others_pass_it_by(database: Database) -> None:
    each = _subscribed_channels(database, ["json://sink.example/1"], statements=2)
    with another(database) as own:

        def claim(connection: Connection) -> list[object]:
            [mine] = claim_next(connection, database.keyring, _turns(each, alone=True), NOW, HOUR)
            return [mine, *own.claim(claim_next, own.keyring, _turns(each, alone=True), NOW, HOUR)]

        mine, others = database.claim(claim)
    assert isinstance(mine, ClaimedMessage)
    assert others is None


def test_the_limit_of_a_service_counts_for_all_together(database: Database) -> None:
    """A bot of Telegram sends a burst of ten more than one, whoever sends."""
    chats = [f"tgram://123456789:{'A' * 35}/{1000 + number}" for number in range(40)]
    each = _subscribed_channels(database, chats, statements=1)

    def work(own: Database, number: int) -> list[int]:
        claimed = own.claim(claim_next, own.keyring, _turns(each[number::PROCESSES]), NOW, MINUTE)
        return [one.delivery_id for one in claimed if isinstance(one, ClaimedMessage)]

    assert sum(map(len, side_by_side(database, work))) == 11


def _subscribed_channels(database: Database, addresses: Sequence[str], statements: int) -> list[Subscription]:
    source = watched(database)
    each = [subscribed(database, channel=address, name=address) for address in addresses]
    matched(database, each[0], *store(database, *(draft(source, number) for number in range(1, statements + 1))))
    return each


def _turns(each: Sequence[Subscription], *, alone: bool = False) -> list[ClaimRequest]:
    return [ClaimRequest(one.channel_id, f"host/1/x/{uuid4().hex}", alone) for one in each]
