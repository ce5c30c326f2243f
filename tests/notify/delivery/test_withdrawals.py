"""Who was told of a statement is told when it is withdrawn and when it stands there again, in the same thread, once."""

from __future__ import annotations

from notify.delivery.dispatch import Dispatch
from storage.database import Database
from storage.items import withdrawals
from storage.items.withdrawals import Standing
from storage.people import subscriptions
from storage.types import AlertEvent, Reason, Source, Stored
from tests.notify.delivery.delivering import match_and_deliver
from tests.notify.delivery.desk import Clock, Desk, dispatch_of
from tests.storage.examples import HOUR, another, draft, store, subscribed

DAY = 24 * HOUR


def found(database: Database, stored: Stored, clock: Clock, *, gone: bool) -> None:
    """Its page is read once more, while its neighbours stand."""
    before = database.read(withdrawals.standing, stored.item_id)
    after = withdrawals.after_reading(before, gone, clock.at)
    if withdrawals.may_be_confirmed(after, clock.at, DAY):
        after = Standing(None, clock.at)
    reason = Reason.GONE if gone else Reason.OK
    database.write(withdrawals.note, stored.item_id, before, after, reason, clock.at)


async def gone_for_days(database: Database, dispatch: Dispatch, stored: Stored, clock: Clock) -> list[int]:
    """Its page is gone at each of five looks; how many alerts each look made."""
    made = []
    for _ in range(5):
        found(database, stored, clock, gone=True)
        made.append(await match_and_deliver(dispatch))
        clock.at += 9 * HOUR
    return made


async def test_a_withdrawal_is_told_when_it_is_believed_and_a_return_at_once(
    database: Database, source: Source, dispatch: Dispatch, clock: Clock, desk: Desk
) -> None:
    subscribed(database)
    [stored] = store(database, draft(source), now=clock.at)
    assert await match_and_deliver(dispatch) == 1
    assert await gone_for_days(database, dispatch, stored, clock) == [0, 0, 0, 1, 0]
    found(database, stored, clock, gone=False)
    assert await match_and_deliver(dispatch) == 1
    assert await match_and_deliver(dispatch) == 0
    messages = [message for _, _, message in desk.received]
    assert "Withdrawn: it stands at its address no longer" in messages[1].text
    assert "(withdrawn)" in messages[1].subject
    assert "Restored: it stands at its address again" in messages[2].page
    assert len({message.thread for message in messages}) == 1
    assert len({message.key for message in messages}) == 3


async def test_a_suspicion_that_was_wrong_is_told_to_nobody(
    database: Database, source: Source, dispatch: Dispatch, clock: Clock, desk: Desk
) -> None:
    subscribed(database)
    [stored] = store(database, draft(source), now=clock.at)
    await match_and_deliver(dispatch)
    for gone in (True, True, False, True, False):
        found(database, stored, clock, gone=gone)
        clock.at += DAY / 2
        assert await match_and_deliver(dispatch) == 0
    assert len(desk.received) == 1
    assert [each.state for each in database.read(withdrawals.history, stored.item_id)] == [
        "suspected", "suspected", "restored", "suspected", "restored"
    ]  # fmt: skip


async def test_of_a_silent_statement_only_those_hear_who_want_withdrawals(
    database: Database, source: Source, dispatch: Dispatch, clock: Clock, desk: Desk
) -> None:
    subscribed(database, name="usual")
    wants = subscribed(database, name="wants")
    database.write(subscriptions.tell_of, wants.id, [AlertEvent.WITHDRAWN])
    met, other = store(database, draft(source, silent=True), draft(source, 2, body="No.", silent=True), now=clock.at)
    await match_and_deliver(dispatch)
    assert sum(await gone_for_days(database, dispatch, met, clock)) == 1
    assert sum(await gone_for_days(database, dispatch, other, clock)) == 0
    assert len(desk.received) == 1


async def test_whoever_dies_before_a_withdrawal_was_told_leaves_it_to_the_next(
    database: Database, source: Source, dispatch: Dispatch, clock: Clock, desk: Desk
) -> None:
    subscribed(database)
    [stored] = store(database, draft(source), now=clock.at)
    await match_and_deliver(dispatch)
    for _ in range(4):
        found(database, stored, clock, gone=True)
        clock.at += 9 * HOUR
    await dispatch.match_new()
    with another(database) as same:
        await match_and_deliver(dispatch_of(same, clock, desk, owner="host/2/b"))
        assert await match_and_deliver(dispatch_of(same, clock, desk, owner="host/3/c")) == 0
    assert len(desk.received) == 2
