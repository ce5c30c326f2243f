"""What is told of a channel that takes no messages: its fault once, and what it refuses for good in one line."""

from __future__ import annotations

import sys
from datetime import timedelta

import pytest

from notify.delivery.channel_faults import ChannelFaults
from notify.delivery.dispatch import Dispatch
from storage.clock import now
from storage.database import Database
from storage.errors import DeliveryError
from storage.events import AlertsFailed, AlertsSent, Event, FaultBegan, FaultEnded
from storage.types import AlertState, Channel, Source
from tests.notify.delivery.delivering import match_and_deliver, of_kind, publish, states
from tests.notify.delivery.senders import Sender
from tests.storage.examples import channel_named, subscribed

REFUSED = DeliveryError("answered 403", permanent=True)
BUSY = DeliveryError("answered 503")


@pytest.fixture
def hook(database: Database) -> Channel:
    return channel_named(database, "hook", "json://127.0.0.1/")


@pytest.fixture
def faults(told: list[Event]) -> ChannelFaults:
    return ChannelFaults(told.append)


def test_what_is_refused_for_good_is_told_together_when_nothing_more_is_sent(
    faults: ChannelFaults, hook: Channel, told: list[Event]
) -> None:
    for alerts in (1, 1, 5):
        faults.unsent(hook, alerts, REFUSED, None)
    assert told == []
    faults.over(hook.id)
    faults.over(hook.id)
    assert told == [AlertsFailed("hook", 7, "answered 403", None)]


def test_each_reason_has_a_line_of_its_own(faults: ChannelFaults, hook: Channel, told: list[Event]) -> None:
    faults.unsent(hook, 1, REFUSED, None)
    faults.unsent(hook, 2, DeliveryError("answered 410", permanent=True), None)
    faults.over(hook.id)
    assert told == [AlertsFailed("hook", 1, "answered 403", None), AlertsFailed("hook", 2, "answered 410", None)]


def test_what_is_tried_again_is_told_at_once(faults: ChannelFaults, hook: Channel, told: list[Event]) -> None:
    again = now() + timedelta(minutes=1)
    faults.unsent(hook, 1, REFUSED, None)
    faults.unsent(hook, 2, BUSY, again)
    assert told == [AlertsFailed("hook", 1, "answered 403", None), AlertsFailed("hook", 2, "answered 503", again)]


def test_channels_are_told_apart(database: Database, faults: ChannelFaults, hook: Channel, told: list[Event]) -> None:
    other = channel_named(database, "other", "json://127.0.0.2/")
    faults.unsent(hook, 1, REFUSED, None)
    faults.unsent(other, 1, REFUSED, None)
    faults.over(other.id)
    assert told == [AlertsFailed("other", 1, "answered 403", None)]


def test_a_refusal_is_told_before_a_message_that_is_taken(
    faults: ChannelFaults, hook: Channel, told: list[Event]
) -> None:
    faults.failed(hook, REFUSED)
    faults.unsent(hook, 1, REFUSED, None)
    faults.took(hook)
    assert [type(event) for event in told] == [FaultBegan, AlertsFailed, FaultEnded]


async def test_seven_alerts_that_a_channel_refuses_for_good_are_one_line(
    database: Database, source: Source, told: list[Event], sender: Sender
) -> None:
    subscribed(database, "Bridges", "bridge", "json://127.0.0.1/", "hook")
    publish(database, source, *range(1, 8))
    sender.error = REFUSED
    await match_and_deliver(_dispatch(database, told, sender))
    assert of_kind(told, AlertsFailed) == [AlertsFailed("hook", 7, "answered 403", None)]
    assert set(states(database).values()) == {AlertState.DEAD}
    assert len(of_kind(told, FaultBegan)) == 1


async def test_one_that_is_refused_among_others_is_told_beside_them(
    database: Database, source: Source, told: list[Event], sender: Sender
) -> None:
    subscribed(database, "Bridges", "bridge", "json://127.0.0.1/", "hook")
    publish(database, source, 1, 2)
    publish(database, source, 3, body="A poisoned bridge.")
    sender.error, sender.errs_on = REFUSED, "poisoned"
    await match_and_deliver(_dispatch(database, told, sender))
    assert of_kind(told, AlertsFailed) == [AlertsFailed("hook", 1, "answered 403", None)]
    assert len(of_kind(told, AlertsSent)) == 2


def _dispatch(database: Database, told: list[Event], sender: Sender) -> Dispatch:
    return Dispatch(
        database, owner="host/1/a", console=sys.stdout, report=told.append, senders=lambda address, console: sender
    )
