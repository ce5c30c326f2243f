"""What of sources' health is told to the operator, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from storage.database import Database
from storage.operator import notices
from storage.operator.faults import health_change
from storage.operator.notices import DAILY
from storage.operator.own_network import what_is_down
from storage.people import channels
from storage.sources import sources
from storage.sources.polls import claim_due, end_polls
from storage.types import SOLE_OWNER, ChannelHealth, ChannelReason, Reason, Source
from tests.storage.examples import MINUTE, NOW, poll_result, spec

LEASE = 10 * MINUTE


def well(**fields: object) -> Source:
    return replace(Source(1, spec(), "user", True, False, baseline_at=NOW), **fields)  # type: ignore[arg-type]


def watch(database: Database, *hosts: str) -> None:
    for host in hosts:
        section = spec(f"{host}/news", address=f"https://{host}.example/news")
        database.write(sources.add, section, alert_first=False, now=NOW)


def poll(database: Database, reason: Reason, minute: int, *keys: str) -> None:
    """End a poll of each of these sources, or of all, with that reason."""
    at = NOW + minute * MINUTE
    keys = keys or tuple(source.key for source in database.read(sources.every))
    polls = database.write(claim_due, "host/1/a", at, limit=100, keys=keys)
    database.write(end_polls, [poll_result(one, reason, at=at) for one in polls])


def told(database: Database) -> list[tuple[str, bool, str]]:
    """What was written for the operator, the first one first."""
    return [(one.key, one.began, str(one.reason)) for one in reversed(database.read(notices.listing, SOLE_OWNER, 1000))]


def test_a_fault_is_told_at_its_second_poll_and_its_end_at_the_second_good_one(database: Database) -> None:
    watch(database, "mfa")
    for minute, reason in enumerate([Reason.OK, Reason.CHALLENGE, Reason.CHALLENGE, Reason.CHALLENGE]):
        poll(database, reason, minute)
    assert told(database) == [("mfa/news", True, "challenge")]
    for minute, reason in enumerate([Reason.OK, Reason.UNCHANGED, Reason.OK], 10):
        poll(database, reason, minute)
    assert told(database) == [("mfa/news", True, "challenge"), ("mfa/news", False, "challenge")]


def test_what_passes_by_itself_is_told_at_the_third_poll_whatever_form_it_takes(database: Database) -> None:
    watch(database, "mfa")
    for minute, reason in enumerate([Reason.TIMEOUT, Reason.UNREACHABLE]):
        poll(database, reason, minute)
    assert told(database) == []
    for minute, reason in enumerate([Reason.TIMEOUT, Reason.SERVER_ERROR, Reason.SERVER_ERROR], 2):
        poll(database, reason, minute)
    assert told(database) == [("mfa/news", True, "timeout")]


@pytest.mark.parametrize("reason", [Reason.STORAGE, Reason.INTERRUPTED])
def test_what_is_ours_says_nothing_of_a_source(reason: Reason) -> None:
    assert health_change(well(reason=reason, failures=9), reason) is None


def test_another_fault_in_between_is_told_when_it_stands(database: Database) -> None:
    watch(database, "mfa")
    for minute, reason in enumerate([Reason.EMPTY, Reason.EMPTY, Reason.BLOCKED, Reason.BLOCKED, Reason.OK, Reason.OK]):
        poll(database, reason, minute)
    assert told(database) == [
        ("mfa/news", True, "empty"),
        ("mfa/news", True, "blocked"),
        ("mfa/news", False, "blocked"),
    ]


def test_a_source_that_comes_and_goes_is_told_six_times_a_day_and_the_rest_later(database: Database) -> None:
    watch(database, "mfa")
    for minute in range(100):
        poll(database, Reason.EMPTY if minute % 4 < 2 else Reason.OK, minute)
    assert len(told(database)) == DAILY
    assert told(database)[-1] == ("mfa/news", False, "empty")
    for minute in range(24 * 60 + 100, 24 * 60 + 103):
        poll(database, Reason.EMPTY, minute)
    assert told(database)[DAILY:] == [("mfa/news", True, "empty")]


def test_when_no_host_answers_it_is_one_notice_and_one_when_they_do_again(database: Database) -> None:
    hosts = [f"mfa-{number}" for number in range(178)]
    watch(database, *hosts)
    poll(database, Reason.OK, 0)
    for minute in (5, 10, 20, 40):
        poll(database, Reason.UNREACHABLE, minute)
    assert told(database) == [("", True, "unreachable")]
    poll(database, Reason.OK, 60)
    poll(database, Reason.OK, 61)
    assert told(database) == [("", True, "unreachable"), ("", False, "unreachable")]


def test_one_host_that_is_down_is_not_our_network(database: Database) -> None:
    watch(database, "mfa-1", "mfa-2", "mfa-3", "mfa-4")
    for minute in (5, 10, 20):
        poll(database, Reason.UNREACHABLE, minute, "mfa-1/news")
        poll(database, Reason.OK, minute, "mfa-2/news", "mfa-3/news", "mfa-4/news")
    assert told(database) == [("mfa-1/news", True, "unreachable")]


@pytest.mark.parametrize("here", ["127.0.0.1", "127.8.9.10", "[::1]", "localhost", "desk.localhost"])
def test_a_section_on_this_machine_answers_without_a_network(database: Database, here: str) -> None:
    watch(database, "mfa-1", "mfa-2", "mfa-3")
    replica = spec("replica/news", address=f"http://{here}:8000/news")
    database.write(sources.add, replica, alert_first=False, now=NOW)
    for minute in (5, 10, 20):
        poll(database, Reason.OK, minute, "replica/news")
        poll(database, Reason.UNREACHABLE, minute, "mfa-1/news", "mfa-2/news", "mfa-3/news")
    assert told(database) == [("", True, "unreachable")]
    assert database.read(what_is_down, NOW) == "none of 3 sites could be reached, from mfa-1.example on"


def test_a_network_that_is_up_is_not_said_to_be_down(database: Database) -> None:
    watch(database, "mfa-1", "mfa-2", "mfa-3", "mfa-4")
    poll(database, Reason.UNREACHABLE, 5, "mfa-1/news", "mfa-2/news", "mfa-3/news")
    assert database.read(what_is_down, NOW + 6 * MINUTE) == "", "nobody was polled since then"
    poll(database, Reason.SERVER_ERROR, 5, "mfa-4/news")
    assert database.read(what_is_down, NOW) == "", "three of four"


def test_notices_wait_for_others_and_go_out_together(database: Database) -> None:
    desk = database.write(channels.add, SOLE_OWNER, database.keyring, "desk", "console", NOW)
    database.write(notices.set_operator, desk, NOW)
    watch(database, "mfa-1", "mfa-2")
    for minute in (0, 1):
        poll(database, Reason.EMPTY, minute, "mfa-1/news")
    for minute in (6, 7):
        poll(database, Reason.LOGIN, minute, "mfa-2/news")
    assert database.write(notices.claim, NOW + 8 * MINUTE, LEASE) == ()
    at = NOW + 11 * MINUTE
    claimed = database.write(notices.claim, at, LEASE)
    assert [one.key for one in claimed] == ["mfa-1/news", "mfa-2/news"]
    assert database.write(notices.claim, at, LEASE) == (), "nobody else sends them meanwhile"
    assert len(database.write(notices.claim, at + LEASE, LEASE)) == 2, "who died while sending sends again"
    database.write(notices.sent, claimed, at + LEASE)
    assert not database.read(notices.is_waiting, at + timedelta(days=1))


def test_a_notice_that_could_not_be_sent_is_tried_again(database: Database) -> None:
    desk = database.write(channels.add, SOLE_OWNER, database.keyring, "desk", "console", NOW)
    database.write(notices.set_operator, desk, NOW)
    watch(database, "mfa")
    for minute in (0, 1):
        poll(database, Reason.EMPTY, minute)
    claimed = database.write(notices.claim, NOW + 20 * MINUTE, LEASE)
    database.write(notices.not_sent, claimed, "it answered 503", NOW + 60 * MINUTE)
    assert not database.read(notices.is_waiting, NOW + 59 * MINUTE)
    [again] = database.write(notices.claim, NOW + 60 * MINUTE, LEASE)
    assert (again.stable_key, again.attempts, again.last_error) == (claimed[0].stable_key, 2, "it answered 503")
    assert database.read(channels.health)[desk.id] == ChannelHealth(ChannelReason.UNDELIVERABLE, "it answered 503")
