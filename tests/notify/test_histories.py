"""Any history of statements, failures, crashes and clocks ends with everybody told of everything, once.

The program's rows and deciders run against a model of three sets: what must be told, what was told, and how often a
process died with a message on its way.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from notify import rhythm
from notify.delivery.claims import ClaimedMessage, ClaimRequest, Finished, claim_next, settle
from notify.matching.new_versions import leaving
from storage.items import withdrawals
from storage.items.withdrawals import Standing
from storage.opening import open_database
from storage.outbox import alerts as outbox
from storage.outbox import deliveries, matches, states
from storage.outbox.deliveries import Delivered, NotDelivered
from storage.outbox.matches import FoundChange, FoundMatch, UnmatchedVersion
from storage.people import rhythms, subscriptions
from storage.sources import polls
from storage.sources.polls import Poll
from storage.types import (
    SOLE_OWNER,
    AlertState,
    Became,
    ChangedSentence,
    Hit,
    Reason,
    Source,
    Subscription,
    TopicChange,
)
from tests.storage.examples import NOW, draft, poll_result, store, subscribed, watched

LEASE = timedelta(minutes=1)
RHYTHMS = ("immediately", "grouped 10m", "daily 08:00")
EDITED = TopicChange(Became.KEPT, (ChangedSentence("The bridge stands.", "The bridge fell."),))
HIT = Hit(clause="bridge", name="bridge", field="title", start=0, end=6)


class Histories(RuleBasedStateMachine):
    """One source, three subscriptions of different rhythm on two channels, and processes that come and go."""

    empty: Path

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        folder = Path(self.stack.enter_context(TemporaryDirectory()))
        shutil.copy(self.empty, folder)
        self.database = self.stack.enter_context(open_database(folder))
        self.now = NOW
        self.published = 0
        self.edits = 0
        self.must: set[str] = set()
        self.told: Counter[str] = Counter()
        self.deaths = 0
        self.claims = 0
        self.under_way: list[ClaimedMessage] = []
        self.poll: Poll | None = None
        self.waiting: dict[int, int] = {}
        self.silent: set[int] = set()
        self.announced: dict[int, int] = {}
        self.states = 0
        self.happened: dict[int, tuple[int, str]] = {}

    @initialize(
        kinds=st.lists(st.sampled_from(RHYTHMS), min_size=3, max_size=3), quiet=st.sampled_from(["", "12:10-13:00"])
    )
    def begin(self, kinds: list[str], quiet: str) -> None:
        self.source: Source = watched(self.database)
        self.subscriptions: list[Subscription] = [
            subscribed(
                self.database, f"Topic {number}", "bridge", name=f"channel {number % 2}",
                rhythm=rhythms.parse(kind, quiet=quiet if number else "", cap=3 if number == 2 else 0),
            )
            for number, kind in enumerate(kinds)
        ]  # fmt: skip

    def teardown(self) -> None:
        try:
            if hasattr(self, "subscriptions"):
                self.finish()
        finally:
            self.stack.close()

    # -- what happens --------------------------------------------------------------------------------------------

    @rule(silent=st.booleans(), polled=st.booleans())
    def publish(self, silent: bool, polled: bool) -> None:
        self.published += 1
        poll = self.poll if polled else None
        [stored] = store(
            self.database,
            draft(self.source, self.published, body=f"Bridge {self.published}.", silent=silent, poll=poll),
            now=self.now,
        )  # fmt: skip
        if silent:
            self.silent.add(stored.item_id)
        else:
            self.must |= {f"{each.id}-{stored.item_id}" for each in self.subscriptions}

    @rule(number=st.integers(1, 20))
    def edit(self, number: int) -> None:
        if number <= self.published:
            self.edits += 1
            body = f"Bridge {number}, corrected for the {self.edits}. time."
            store(self.database, draft(self.source, number, body=body, silent=True), now=self.now)

    @rule(number=st.integers(1, 20))
    def withdraw_or_restore(self, number: int) -> None:
        if number <= self.published:
            before = self.database.read(withdrawals.standing, number)
            gone = before == Standing()
            after = Standing(None, self.now) if gone else Standing()
            reason = Reason.GONE if gone else Reason.OK
            self.database.write(withdrawals.note, number, before, after, reason, self.now)
            self.states += 1
            self.happened[self.states] = number, "withdrawn" if gone else "restored"

    @rule()
    def begin_or_end_a_poll(self) -> None:
        if self.poll is not None:
            self.database.write(polls.end_polls, [poll_result(self.poll, at=self.now)])
            self.poll = None
            return
        claimed = self.database.write(polls.claim_due, "host/1/a", self.now, limit=1, keys=[self.source.key])
        self.poll = claimed[0] if claimed else None

    @rule()
    def match(self) -> None:
        while waiting := self.database.read(matches.unmatched, self.now, 50):
            found = [
                FoundMatch(one.version_id, each.topic_id, (HIT,)) for one in waiting for each in self.subscriptions
            ]
            ids = [one.version_id for one in waiting]
            changed = [
                FoundChange(one.version_id, each.topic_id, EDITED)
                for one in waiting
                if one.number > 1
                for each in self.subscriptions
            ]
            self.database.write(matches.record_matches, ids, found, self.now, leaving(self.now), changed)
            self.must |= {f"{each.id}-{key}" for each in self.subscriptions for key in self.corrections(waiting)}
        while states_waiting := self.database.read(states.untold):
            self.database.write(states.tell, states_waiting, self.now, leaving(self.now))
            for state_id in states_waiting:
                number, event = self.happened.pop(state_id)
                if number in self.announced:
                    self.must |= {f"{each.id}-{number}-{event}-{state_id}" for each in self.subscriptions}

    def corrections(self, matched: Sequence[UnmatchedVersion]) -> list[str]:
        """Of which edits those are told who were told of the statement: of all but the version that they were told."""
        loud = [one for one in matched if one.item_id not in self.silent]
        for one in loud:
            self.announced.setdefault(one.item_id, one.version_id)
        return [
            f"{one.item_id}-edited-{one.version_id}"
            for one in loud
            if one.number > 1 and self.announced[one.item_id] != one.version_id
        ]

    @rule(channel=st.integers(0, 1), alone=st.booleans())
    def claim(self, channel: int, alone: bool) -> None:
        self.claims += 1
        turn = ClaimRequest(self.subscriptions[channel].channel_id, f"host/1/a/{self.claims}", alone)
        claimed = self.database.write(claim_next, self.database.keyring, [turn], self.now, LEASE)
        self.under_way += [one for one in claimed if isinstance(one, ClaimedMessage)]

    @rule()
    def claim_for_both(self) -> None:
        self.claims += 1
        turns = [
            ClaimRequest(self.subscriptions[channel].channel_id, f"host/1/a/{self.claims}/{channel}")
            for channel in (0, 1)
        ]
        claimed = self.database.write(claim_next, self.database.keyring, turns, self.now, LEASE)
        self.under_way += [one for one in claimed if isinstance(one, ClaimedMessage)]

    @rule(dies=st.booleans())
    def send(self, dies: bool) -> None:
        if self.under_way:
            claimed = self.under_way.pop(0)
            self.told.update(alert.key for alert in claimed.alerts)
            if dies:
                self.deaths += len(claimed.alerts)
                return
            told = [mention.id for mention in claimed.mentions if mention.id]
            taken = Delivered(claimed.delivery_id, claimed.alerts, "taken", self.now, told)
            self.database.write(settle, [Finished(taken, {})])

    @rule(how=st.sampled_from(["again", "together", "dead"]))
    def fail(self, how: str) -> None:
        if self.under_way:
            claimed = self.under_way.pop(0)
            again = None if how == "dead" else rhythm.retry_at(1, self.now, 5.0, lambda: 0.5)
            refused = NotDelivered(claimed.delivery_id, claimed.alerts, "answered 503", self.now, again, how == "again")
            self.database.write(settle, [Finished(refused, {})])

    @rule()
    def die_before_sending(self) -> None:
        self.under_way.clear()

    @rule()
    def sweep(self) -> None:
        if not self.under_way:
            self.database.write(deliveries.release_interrupted, ["host/1/a"])
        self.database.write(deliveries.close_interrupted, self.now)

    @rule(seconds=st.sampled_from([1, 30, 90, 700, 4000, 90_000, -1, -90, -3700]))
    def let_time_pass(self, seconds: int) -> None:
        """Forwards as time goes, backwards as a clock that is set right goes. Who sends meanwhile renews its lease."""
        self.now += timedelta(seconds=seconds)
        if self.under_way:
            tokens = [claimed.token for claimed in self.under_way]
            self.database.write(deliveries.renew, tokens, self.now + LEASE)

    @rule(which=st.integers(0, 2), words=st.sampled_from(RHYTHMS))
    def change(self, which: int, words: str) -> None:
        changed = rhythms.parse(words)
        due = rhythm.leaves_at(changed, self.now)
        self.database.write(subscriptions.change, self.subscriptions[which].id, changed, due)

    @rule()
    def retry_what_is_dead(self) -> None:
        self.database.write(outbox.retry, SOLE_OWNER, self.now)

    # -- what always holds ---------------------------------------------------------------------------------------

    @invariant()
    def nobody_is_told_what_must_not_be_told_or_twice_without_a_death(self) -> None:
        assert self.told.keys() <= self.must
        repeated = sum(count - 1 for count in self.told.values())
        assert repeated <= self.deaths, self.told

    def finish(self) -> None:
        """The last process lives: after two days everybody was told of everything."""
        self.under_way.clear()
        if self.poll is not None:
            self.begin_or_end_a_poll()
        self.now += timedelta(hours=8)
        self.match()
        self.database.write(deliveries.release_interrupted, ["host/1/a"])
        self.retry_what_is_dead()
        while self.database.read(outbox.next_due) is not None:
            for channel in (0, 1):
                self.claim(channel, False)
                self.send(False)
            self.now += timedelta(hours=3)
            assert self.now < NOW + timedelta(days=900), "something waits for ever"
        assert self.told.keys() == self.must
        assert self.happened == {}, "of each withdrawal and return it was decided who is told"
        self.nobody_is_told_what_must_not_be_told_or_twice_without_a_death()
        states: dict[Any, int] = self.database.read(outbox.count_by_state)
        assert states.keys() <= {AlertState.SENT}


@pytest.mark.slow
@pytest.mark.timeout(7200)
def test_any_history_tells_everybody_everything_once(request: pytest.FixtureRequest, _empty: Path) -> None:
    Histories.empty = _empty
    full = request.config.getoption("--full")
    run_state_machine_as_test(
        Histories,
        settings=settings(
            max_examples=5000 if full else 30,
            stateful_step_count=50 if full else 30,
            deadline=None,
            derandomize=not full,
        ),
    )
