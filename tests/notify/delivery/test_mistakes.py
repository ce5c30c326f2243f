"""What becomes of messages when a sender errs or hangs, or we do: an attempt is counted, told, and blocks nobody."""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import MutableMapping
from datetime import datetime, timedelta
from typing import TextIO

import pytest
from sqlalchemy import Connection, select

from notify import rhythm
from notify.delivery import sending
from notify.delivery.claims import ClaimRequest, claim_next
from notify.delivery.dispatch import Dispatch
from notify.messages.message import Message
from storage.database import Database
from storage.events import AlertsFailed, Event, FaultBegan, MistakeMade
from storage.operator import notices
from storage.outbox import alerts as outbox
from storage.people.keyring import Keyring
from storage.tables import deliveries as deliveries_table
from storage.types import SOLE_OWNER, AlertState, Source
from tests.notify.delivery.delivering import come_due, match_and_deliver, of_kind, publish, states
from tests.notify.delivery.senders import ADDRESS, ANY_EXCEPTION, Sender
from tests.storage.examples import subscribed


@pytest.fixture
def dispatch(database: Database, sender: Sender, told: list[Event]) -> Dispatch:
    def senders(address: str, console: TextIO) -> Sender:
        return sender if address == ADDRESS else Sender()

    return Dispatch(database, owner="host/1/a", console=io.StringIO(), report=told.append, senders=senders)


def without_end(database: Database) -> int:
    """How many deliveries nobody has ended."""
    unended = select(deliveries_table.c.id).where(deliveries_table.c.finished_at.is_(None))
    return len(database.read(lambda connection: connection.execute(unended).all()))


@pytest.mark.parametrize("error", ANY_EXCEPTION, ids=lambda error: type(error).__name__)
async def test_whatever_a_sender_raises_counts_as_an_attempt_and_is_told(
    database: Database, source: Source, dispatch: Dispatch, sender: Sender, told: list[Event], error: BaseException
) -> None:
    subscribed(database, "Bridges", "bridge", ADDRESS, "desk")
    publish(database, source, 1)
    sender.error = error
    await match_and_deliver(dispatch)
    [alert] = database.read(outbox.listing, SOLE_OWNER)
    assert (alert.state, alert.attempts) == (AlertState.FAILED, 1)
    assert type(error).__name__ in alert.last_error
    assert without_end(database) == 0
    assert [type(event) for event in told] == [MistakeMade, AlertsFailed, FaultBegan]
    assert of_kind(told, MistakeMade) == [MistakeMade("sending to json", f"{type(error).__name__}: {error}")]
    sender.error = None
    come_due(database)
    await match_and_deliver(dispatch)
    assert states(database) == {"Statement 1": AlertState.SENT}
    assert len(sender.received) == 1


async def test_a_sender_that_errs_each_time_is_given_up_on_after_the_cap(
    database: Database, source: Source, dispatch: Dispatch, sender: Sender
) -> None:
    subscribed(database, "Bridges", "bridge", ADDRESS, "desk")
    publish(database, source, 1)
    sender.error = LookupError("no such field")
    for _ in range(rhythm.MAX_ATTEMPTS + 3):
        await match_and_deliver(dispatch)
        come_due(database)
    assert states(database) == {"Statement 1": AlertState.DEAD}
    assert sender.attempts == rhythm.MAX_ATTEMPTS
    assert [(one.where, one.letters) for one in database.read(notices.listing, SOLE_OWNER)] == [("channel desk", 1)]


async def test_of_the_alerts_of_one_message_only_that_dies_on_which_the_sender_errs(
    database: Database, source: Source, dispatch: Dispatch, sender: Sender
) -> None:
    subscribed(database, "Bridges", "bridge", ADDRESS, "desk")
    publish(database, source, 1, 2)
    publish(database, source, 3, title="A poisoned bridge")
    sender.error, sender.errs_on = LookupError("no such field"), "poison"
    for _ in range(rhythm.MAX_ATTEMPTS):
        await match_and_deliver(dispatch)
        come_due(database)
    assert states(database) == {
        "Statement 1": AlertState.SENT,
        "Statement 2": AlertState.SENT,
        "A poisoned bridge": AlertState.DEAD,
    }
    assert without_end(database) == 0


async def test_a_sender_s_mistake_is_told_without_the_address_s_secrets(
    database: Database, source: Source, dispatch: Dispatch, sender: Sender, told: list[Event],
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    subscribed(database, "Bridges", "bridge", ADDRESS, "desk")
    publish(database, source, 1)
    sender.error = LookupError(f"nothing at {ADDRESS}")
    sender.error.__cause__ = ValueError(ADDRESS)
    with caplog.at_level(logging.DEBUG):
        await match_and_deliver(dispatch)
    [alert] = database.read(outbox.listing, SOLE_OWNER)
    assert "in send" in caplog.text, "the traceback"
    for shown in (caplog.text, repr(told), alert.last_error):
        assert "LookupError" in shown
        assert "s3cr3t" not in shown and "t0k3n" not in shown


async def test_a_message_that_cannot_be_written_is_told_and_given_up_on(
    database: Database, source: Source, dispatch: Dispatch, told: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*alerts: object, **how: object) -> Message:
        raise LookupError("no such page")

    monkeypatch.setattr("notify.delivery.claims.compose", broken)
    subscribed(database, "Bridges", "bridge", ADDRESS, "desk")
    publish(database, source, 1)
    await match_and_deliver(dispatch)
    assert states(database) == {"Statement 1": AlertState.DEAD}
    assert of_kind(told, MistakeMade) == [MistakeMade("writing a message", "LookupError: no such page")]
    assert without_end(database) == 0


async def test_a_mistake_before_anything_is_claimed_is_told_once_and_blocks_no_other_channel(
    database: Database, source: Source, dispatch: Dispatch, told: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(
        connection: Connection, keyring: Keyring, turns: list[ClaimRequest], at: datetime, lease: timedelta
    ) -> object:
        if any(turn.channel_id == bad.channel_id for turn in turns):
            raise LookupError("no such channel")
        return claim_next(connection, keyring, turns, at, lease)

    monkeypatch.setattr("notify.delivery.dispatch.claim_next", broken)
    bad = subscribed(database, "Bridges", "bridge", ADDRESS, "bad")
    subscribed(database, "Bridges", "bridge", "json://other.example", "good")
    publish(database, source, 1)
    for _ in range(5):
        await match_and_deliver(dispatch)
    assert of_kind(told, MistakeMade) == [MistakeMade("delivering", "LookupError: no such channel")]
    assert {alert.channel.name: alert.state for alert in database.read(outbox.listing, SOLE_OWNER)} == {
        "bad": AlertState.PENDING,
        "good": AlertState.SENT,
    }
    monkeypatch.undo()
    come_due(database)
    await match_and_deliver(dispatch)
    assert {alert.state for alert in database.read(outbox.listing, SOLE_OWNER)} == {AlertState.SENT}


async def test_a_delivery_that_hangs_counts_as_failed(
    database: Database, source: Source, dispatch: Dispatch, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "DEADLINE", 0.01)
    subscribed(database, "Bridges", "bridge", ADDRESS, "desk")
    publish(database, source, 1)
    sender.released.clear()
    await match_and_deliver(dispatch)
    [alert] = database.read(outbox.listing, SOLE_OWNER)
    assert (alert.state, alert.attempts) == (AlertState.FAILED, 1)
    assert "did not finish" in alert.last_error


async def test_two_channels_with_one_address_take_turns(
    database: Database, source: Source, dispatch: Dispatch, sender: Sender
) -> None:
    for name in ("one", "two"):
        subscribed(database, "Bridges", "bridge", ADDRESS, name)
    publish(database, source, 1)
    sender.released.clear()
    await dispatch.match_new()
    await dispatch.deliver_due()
    while sender.attempts == 0:
        await asyncio.sleep(0)
    for _ in range(100):
        await asyncio.sleep(0)
    assert sender.attempts == 1
    sender.released.set()
    await dispatch.settled()
    assert sender.attempts == 2


async def test_an_address_has_a_lock_while_it_is_used_and_is_not_kept() -> None:
    turns = sending.Turns()
    async with turns.of(ADDRESS), turns.of("json://other.example"):
        assert turns.of(ADDRESS).locked()
        assert len(turns) == 2
        assert "t0k3n" not in repr([dict(value) for value in vars(turns).values() if isinstance(value, MutableMapping)])
    assert len(turns) == 0


async def test_a_form_that_cannot_be_written_is_given_up_on_at_once_and_told(
    database: Database, source: Source, told: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(content: object) -> str:
        raise LookupError("no such field")

    monkeypatch.setattr("notify.messages.message.as_text", broken)
    subscribed(database, "Bridges", "bridge", ADDRESS, "desk")
    publish(database, source, 1)
    dispatch = Dispatch(
        database, owner="host/1/a", console=io.StringIO(), report=told.append, senders=lambda address, console: Reader()
    )
    await match_and_deliver(dispatch)
    assert states(database) == {"Statement 1": AlertState.DEAD}
    assert of_kind(told, MistakeMade) == [MistakeMade("writing a message", "LookupError: no such field")]


class Reader(Sender):
    """Reads what it takes."""

    def send(self, message: Message, address: str) -> str:
        return super().send(message, address) + message.text[:0]
