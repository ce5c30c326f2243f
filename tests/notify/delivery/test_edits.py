"""Topics meet the change: who was told of a statement is told what an edit did to it, in the same thread, once."""

from __future__ import annotations

from notify.delivery.dispatch import Dispatch
from storage.database import Database
from storage.outbox import alerts as outbox
from storage.people import subscriptions, topics
from storage.types import SOLE_OWNER, AlertEvent, Became, Source
from tests.notify.delivery.delivering import match_and_deliver
from tests.notify.delivery.desk import Clock, Desk, dispatch_of
from tests.storage.examples import MINUTE, another, draft, store, subscribed

BRIDGE = "The bridge opens on Friday."
GUESTS = "All neighbours are invited."


async def said(
    database: Database, source: Source, dispatch: Dispatch, clock: Clock, *bodies: str, silent: bool = False
) -> int:
    """A statement is read with these texts, one after the other; return how many alerts the last one made."""
    made = 0
    for body in bodies:
        clock.at += MINUTE
        store(database, draft(source, 1, body=body, silent=silent), now=clock.at)
        made = await match_and_deliver(dispatch)
    return made


async def test_who_was_told_is_told_of_an_edit_of_what_met_the_topic_in_the_same_thread(
    database: Database, source: Source, dispatch: Dispatch, clock: Clock, desk: Desk
) -> None:
    subscribed(database)
    after = BRIDGE.replace("Friday", "Monday")
    assert await said(database, source, dispatch, clock, BRIDGE, after) == 1
    (_, _, first), (_, _, second) = desk.received
    assert "Edited, version 2: what it says on Bridges was changed" in second.text
    assert "Before: The bridge opens on *Friday*." in second.text
    assert "Now: The bridge opens on *Monday*." in second.text
    assert "<del>Friday</del>" in second.page
    assert "<ins>Monday</ins>" in second.page
    assert "(edited, version 2)" in second.subject
    assert first.thread == second.thread
    assert (first.identity, first.key) != (second.identity, second.key)
    assert await match_and_deliver(dispatch) == 0, "nothing is told twice"


async def test_an_edit_elsewhere_tells_nobody(
    database: Database, source: Source, dispatch: Dispatch, clock: Clock, desk: Desk
) -> None:
    subscribed(database)
    assert await said(database, source, dispatch, clock, BRIDGE, f"{BRIDGE} {GUESTS}") == 0
    assert len(desk.received) == 1


async def test_who_was_told_learns_that_the_mention_was_removed_and_that_it_came_back(
    database: Database, source: Source, dispatch: Dispatch, clock: Clock, desk: Desk
) -> None:
    subscribed(database)
    assert await said(database, source, dispatch, clock, f"{BRIDGE} {GUESTS}", GUESTS) == 1
    assert await said(database, source, dispatch, clock, f"{BRIDGE} {GUESTS}") == 1
    _, removed, restored = desk.texts()
    assert "Edited, version 2: it meets Bridges no longer" in removed
    assert f"Removed: {BRIDGE}" in removed
    assert "Edited, version 3: it meets Bridges now" in restored
    assert f"Added: {BRIDGE}" in restored
    events = [
        (alert.event, alert.change and alert.change.became)
        for alert in reversed(database.read(outbox.listing, SOLE_OWNER))
    ]
    assert events == [
        (AlertEvent.PUBLISHED, None), (AlertEvent.EDITED, Became.UNMET), (AlertEvent.EDITED, Became.MET)
    ]  # fmt: skip


async def test_an_edit_that_brings_the_topic_into_a_silent_statement_is_news(
    database: Database, source: Source, dispatch: Dispatch, clock: Clock, desk: Desk
) -> None:
    subscribed(database)
    assert await said(database, source, dispatch, clock, GUESTS, f"{GUESTS} {BRIDGE}", silent=True) == 1
    [text] = desk.texts()
    assert f"Added: *{BRIDGE}*" in text or f"Added: {BRIDGE}" in text
    assert "Edited, version 2: it meets Bridges now" in text


async def test_a_silent_statement_that_met_the_topic_all_along_is_no_news_unless_edits_are_wanted(
    database: Database, source: Source, dispatch: Dispatch, clock: Clock, desk: Desk
) -> None:
    told = subscribed(database)
    assert await said(database, source, dispatch, clock, BRIDGE, f"{BRIDGE} The bridge is long.", silent=True) == 0
    database.write(subscriptions.tell_of, told.id, [AlertEvent.PUBLISHED, AlertEvent.EDITED])
    assert await said(database, source, dispatch, clock, BRIDGE, silent=True) == 1
    assert "Removed: The bridge is long." in desk.texts()[-1]


async def test_a_topic_that_is_younger_than_a_silent_statement_does_not_make_its_edits_news(
    database: Database, source: Source, dispatch: Dispatch, clock: Clock, desk: Desk
) -> None:
    assert await said(database, source, dispatch, clock, BRIDGE, silent=True) == 0
    subscribed(database)
    assert await said(database, source, dispatch, clock, f"{BRIDGE} {GUESTS}", silent=True) == 0


async def test_who_wants_edits_alone_hears_of_nothing_new(
    database: Database, source: Source, dispatch: Dispatch, clock: Clock, desk: Desk
) -> None:
    told = subscribed(database)
    database.write(subscriptions.tell_of, told.id, [AlertEvent.EDITED])
    assert database.read(subscriptions.every, SOLE_OWNER)[0].events == (AlertEvent.EDITED,)
    assert await said(database, source, dispatch, clock, BRIDGE) == 0
    assert await said(database, source, dispatch, clock, GUESTS) == 1
    assert "it meets Bridges no longer" in desk.texts()[0]


async def test_an_edit_of_what_waits_for_its_digest_is_told_with_it(
    database: Database, source: Source, dispatch: Dispatch, clock: Clock, desk: Desk
) -> None:
    subscribed(database)
    desk.down = True
    assert await said(database, source, dispatch, clock, BRIDGE, GUESTS) == 1
    alerts = database.read(outbox.listing, SOLE_OWNER)[::-1]
    assert [alert.key for alert in alerts] == ["1-1", f"1-1-edited-{alerts[1].version.id}"]
    assert [alert.hits == () for alert in alerts] == [False, True]


async def test_whoever_dies_after_matching_an_edit_leaves_its_alert_to_the_next(
    database: Database, source: Source, dispatch: Dispatch, clock: Clock, desk: Desk
) -> None:
    subscribed(database)
    await said(database, source, dispatch, clock, BRIDGE)
    store(database, draft(source, 1, body=GUESTS), now=clock.at)
    await dispatch.match_new()
    with another(database) as same:
        await match_and_deliver(dispatch_of(same, clock, desk, owner="host/2/b"))
        assert await match_and_deliver(dispatch_of(same, clock, desk, owner="host/3/c")) == 0
    assert len(desk.received) == 2


async def test_a_topic_that_ended_is_asked_about_no_edit(
    database: Database, source: Source, dispatch: Dispatch, clock: Clock, desk: Desk
) -> None:
    subscribed(database)
    await said(database, source, dispatch, clock, BRIDGE)
    database.write(topics.remove, SOLE_OWNER, "Bridges", clock.at)
    assert await said(database, source, dispatch, clock, GUESTS) == 0
