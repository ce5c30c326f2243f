"""What becomes of notices when a sender errs or hangs, or we do: it is told, and the next ones leave."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import Connection

from notify.delivery import sending
from notify.delivery.operator import Operator
from storage.clock import now
from storage.database import Database
from storage.events import Event, FaultBegan, FaultEnded, MistakeMade, NoticesSent, mistake
from storage.operator import mistakes, notices
from storage.types import SOLE_OWNER
from tests.notify.delivery.delivering import come_due, of_kind
from tests.notify.delivery.senders import ADDRESS, ANY_EXCEPTION, Sender
from tests.storage.examples import HOUR, channel_named


@pytest.fixture
def operator(database: Database, sender: Sender, told: list[Event]) -> Operator:
    database.write(notices.set_operator, channel_named(database, "desk", ADDRESS), now() - HOUR)
    return Operator(database, console=io.StringIO(), report=told.append, senders=lambda address, console: sender)


async def tell(operator: Operator) -> None:
    await operator.deliver_due()
    await operator.settled()


def err(database: Database, where: str) -> None:
    """Have something to tell the operator."""
    database.write(mistakes.record, [(mistake(where, LookupError("no such row")), now() - HOUR / 2)])


async def test_a_notice_whose_sending_hangs_is_told_and_the_next_one_leaves(
    database: Database, operator: Operator, sender: Sender, told: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "DEADLINE", 0.01)
    err(database, "a poll")
    come_due(database)
    sender.released.clear()
    await tell(operator)
    [fault] = of_kind(told, FaultBegan)
    assert isinstance(fault, FaultBegan) and fault.where == "channel desk" and "did not finish" in fault.detail
    monkeypatch.undo()
    sender.released.set()
    come_due(database)
    await tell(operator)
    assert [type(event) for event in told] == [FaultBegan, FaultEnded, NoticesSent]
    assert all(notice.sent_at for notice in database.read(notices.listing, SOLE_OWNER))


@pytest.mark.parametrize("error", ANY_EXCEPTION, ids=lambda error: type(error).__name__)
async def test_whatever_a_sender_raises_over_a_notice_is_told_and_it_is_sent_again(
    database: Database, operator: Operator, sender: Sender, told: list[Event], error: BaseException
) -> None:
    err(database, "a poll")
    come_due(database)
    sender.error = error
    await tell(operator)
    assert of_kind(told, MistakeMade) == [MistakeMade("sending to json", f"{type(error).__name__}: {error}")]
    sender.error = None
    come_due(database)
    await tell(operator)
    [sent] = of_kind(told, NoticesSent)
    assert isinstance(sent, NoticesSent) and sent.channel == "desk"


async def test_a_mistake_over_notices_is_told_once_and_not_at_each_tick(
    database: Database, operator: Operator, told: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(connection: Connection) -> None:
        raise LookupError("no such channel")

    err(database, "a poll")
    come_due(database)
    monkeypatch.setattr(notices, "operator", broken)
    for _ in range(5):
        await tell(operator)
    assert told == [MistakeMade("telling the operator", "LookupError: no such channel")]
