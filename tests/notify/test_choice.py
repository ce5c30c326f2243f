"""Which of the alerts that are due share a message, and what a cap and quiet hours hold back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from notify.rhythm import DIGEST_LIMIT, HOUR, MESSAGE_LIMIT, Choice, Due, choose, in_order
from storage.people import rhythms
from storage.types import Published, Rhythm
from tests.notify.examples import NOW, alert

MINUTE = timedelta(minutes=1)
CAPPED = rhythms.parse("immediately", cap=3)
DAILY = rhythms.parse("daily 08:00")
QUIET = rhythms.parse("immediately", quiet="11:00-13:00")


def due(*ids: int, of: int = 1, rhythm: Rhythm = Rhythm(), batch: int | None = None) -> list[Due]:  # noqa: B008
    return [Due(id, of, rhythm, batch) for id in ids]


def test_what_is_due_leaves_as_one_message_and_digests_by_themselves() -> None:
    choice = choose([*due(1, 2), *due(3, of=2, rhythm=DAILY), *due(4, of=3)], {}, NOW)
    assert (choice.alert_ids, choice.digest) == ((1, 2, 4), False)
    assert choose(due(3, of=2, rhythm=DAILY), {}, NOW).digest


def test_more_than_can_be_read_comes_as_a_digest() -> None:
    assert not choose(due(*range(MESSAGE_LIMIT)), {}, NOW).digest
    assert choose(due(*range(MESSAGE_LIMIT + 1)), {}, NOW).digest
    assert len(choose(due(*range(DIGEST_LIMIT + 5)), {}, NOW).alert_ids) == DIGEST_LIMIT


def test_what_fell_due_before_the_quiet_hours_does_not_leak_into_them() -> None:
    choice = choose([*due(1, rhythm=QUIET), *due(2, of=2)], {}, NOW)
    assert choice.alert_ids == (2,)
    assert choice.holds == {1: NOW + HOUR}


def test_what_may_have_been_sent_is_repeated_with_the_same_neighbours() -> None:
    waiting = [*due(1), *due(2, 3, batch=7), *due(4, of=2, batch=7), *due(5, batch=9)]
    assert choose(waiting, {}, NOW).alert_ids == (2, 3, 4)
    assert choose([*due(2, batch=7, rhythm=QUIET), *due(4, of=2, batch=7), *due(6, of=3)], {}, NOW) == Choice(
        (6,), holds={1: NOW + HOUR, 2: NOW + HOUR}
    )


def test_of_what_was_refused_together_one_goes_alone() -> None:
    assert choose(due(1, 2, 3), {}, NOW, alone=True).alert_ids == (1,)


def test_the_last_message_that_a_cap_allows_says_so_and_the_rest_is_held() -> None:
    sent = [NOW - 40 * MINUTE, NOW - 10 * MINUTE]
    last = choose(due(1, rhythm=CAPPED), {1: sent}, NOW)
    assert last.alert_ids == (1,)
    assert "until 12:20 (UTC)" in last.notes[0]
    over = choose([*due(2, rhythm=CAPPED), *due(3, of=2)], {1: [*sent, NOW - MINUTE]}, NOW)
    assert (over.alert_ids, over.holds) == ((3,), {1: NOW + 20 * MINUTE})
    assert not choose(due(1, rhythm=CAPPED), {1: sent[:1]}, NOW).notes


@given(cap=st.integers(1, 5), arrivals=st.lists(st.integers(0, 3 * 3600), min_size=1, max_size=120))
def test_a_storm_makes_no_more_messages_an_hour_than_the_cap_and_loses_nothing(cap: int, arrivals: list[int]) -> None:
    rhythm = rhythms.parse("immediately", cap=cap)
    waiting: dict[int, datetime] = {number: NOW + timedelta(seconds=at) for number, at in enumerate(sorted(arrivals))}
    sent: list[datetime] = []
    told: list[int] = []
    now = NOW
    while waiting:
        now = max(now, min(waiting.values()))
        ready = [Due(id, 1, rhythm) for id, at in waiting.items() if at <= now]
        choice = choose(ready, {1: [at for at in sent if at >= now - HOUR]}, now)
        if choice.holds:
            assert choice.holds[1] > now
            waiting.update({one.alert_id: choice.holds[1] for one in ready})
            continue
        sent.append(now)
        told += choice.alert_ids
        for id in choice.alert_ids:
            del waiting[id]
    assert sorted(told) == list(range(len(arrivals)))
    assert all(sum(at - HOUR < other <= at for other in sent) <= cap for at in sent)


def test_a_message_holds_the_oldest_statements_first() -> None:
    def published(day: int) -> Published:
        return Published(day=date(2024, 11, day))

    undated_seen_between = alert(3, item=3, published=Published(), seen=datetime(2024, 11, 15, tzinfo=UTC))
    alerts = [alert(1, item=1, published=published(20)), alert(2, item=2, published=published(3)), undated_seen_between]
    assert [one.id for one in in_order(alerts)] == [2, 3, 1]
