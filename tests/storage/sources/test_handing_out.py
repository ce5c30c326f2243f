"""Due sources on their way to nodes: once each, a host's together, one node at a time for a host."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from storage.database import Database
from storage.leases import HANDING
from storage.sources import sources
from storage.sources.handing_out import BATCH, batched, hand_out
from storage.sources.polls import Poll, claim_due, end_polls
from tests.storage.examples import HOUR, MINUTE, NOW, poll_result, spec

PLACES = 1000


def watch(database: Database, *hosts: str) -> list[int]:
    """A source at each of these hosts, due one after the other; a host may stand there again."""
    ids = []
    for number, host in enumerate(hosts):
        section = spec(f"mfa-xy/{number}", address=f"https://{host}/{number}/")
        at = NOW - HOUR + number * MINUTE / 10
        ids.append(database.write(sources.add, section, alert_first=False, now=at).id)
    return ids


def taken(database: Database, batch: Sequence[int], owner: str = "host/1/a", now: datetime = NOW) -> tuple[Poll, ...]:
    return database.claim(claim_due, owner, now, limit=BATCH, handed=batch)


def test_what_is_due_is_handed_out_once_and_then_some_node_s(database: Database) -> None:
    ids = watch(database, "a.example", "b.example", "a.example")
    [batch] = database.write(hand_out, NOW, PLACES)
    assert batch == (ids[0], ids[2], ids[1]), "a host's sources stand together"
    assert database.write(hand_out, NOW, PLACES) == ()
    assert {poll.source.id for poll in taken(database, batch)} == set(ids)
    assert taken(database, batch, "host/2/b") == (), "a job that is done twice does nothing"


def test_nobody_else_takes_what_is_on_its_way(database: Database) -> None:
    watch(database, "a.example")
    database.write(hand_out, NOW, PLACES)
    assert database.claim(claim_due, "host/2/b", NOW, limit=BATCH) == ()


def test_what_no_node_took_is_handed_out_anew(database: Database) -> None:
    watch(database, "a.example")
    [batch] = database.write(hand_out, NOW, PLACES)
    later = NOW + HANDING + MINUTE
    assert database.write(hand_out, later, PLACES) == (batch,)
    assert len(taken(database, batch, now=later)) == 1


def test_a_host_waits_while_a_node_asks_it_and_others_do_not(database: Database) -> None:
    first, second, elsewhere = watch(database, "a.example", "a.example", "b.example")
    [poll] = database.claim(claim_due, "host/1/a", NOW, limit=1)
    assert poll.source.id == first
    assert database.write(hand_out, NOW, PLACES) == ((elsewhere,),)
    database.write(end_polls, [poll_result(poll)])
    assert database.write(hand_out, NOW, PLACES) == ((second,),)


def test_no_more_are_on_their_way_than_there_are_places(database: Database) -> None:
    watch(database, *(f"{number}.example" for number in range(5)))
    assert [len(batch) for batch in database.write(hand_out, NOW, 3)] == [3]
    assert [len(batch) for batch in database.write(hand_out, NOW, 4)] == [1]
    assert database.write(hand_out, NOW, 4) == ()


def test_a_host_with_many_sections_keeps_no_other_from_its_turn(database: Database) -> None:
    ids = watch(database, *["a.example"] * (BATCH + 2), "b.example")
    handed = database.write(hand_out, NOW, BATCH + 1)
    assert [len(batch) for batch in handed] == [BATCH, 1]
    assert handed[1] == (ids[-1],)


def test_what_is_not_due_or_not_polled_stays(database: Database) -> None:
    watch(database, "a.example", "b.example")
    assert database.write(hand_out, NOW - 2 * HOUR, PLACES) == ()
    database.write(sources.set_enabled, "mfa-xy/0", False, NOW)
    [batch] = database.write(hand_out, NOW, PLACES)
    database.write(sources.set_enabled, "mfa-xy/1", False, NOW)
    assert len(batch) == 1
    assert taken(database, batch) == (), "a person has stopped it meanwhile"


@given(st.lists(st.integers(1, BATCH), max_size=60))
def test_batches_hold_each_source_once_and_each_host_together(sizes: list[int]) -> None:
    hosts = {f"{host}.example": [host * 100 + number for number in range(size)] for host, size in enumerate(sizes)}
    batches = batched(hosts)
    assert [each for batch in batches for each in batch] == [each for ids in hosts.values() for each in ids]
    assert all(0 < len(batch) <= BATCH for batch in batches)
    assert all(sum(bool(set(ids) & set(batch)) for batch in batches) == 1 for ids in hosts.values())
    assert all(len(one) + len(hosts[f"{other[0] // 100}.example"]) > BATCH for one, other in pairwise(batches))
