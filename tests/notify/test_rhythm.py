from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from notify.rhythm import MAX_ATTEMPTS, group, leaves_at, retry_at
from storage.types import Published, Rhythm
from tests.notify.examples import NOW, alert, channel

CHANCES = st.floats(0, 1, exclude_max=True)


def test_an_immediate_alert_leaves_when_it_matched() -> None:
    assert leaves_at(Rhythm.IMMEDIATELY, NOW) == NOW


@given(attempts=st.integers(1, MAX_ATTEMPTS - 1), chance=CHANCES)
def test_a_retry_comes_within_a_ceiling_that_doubles_up_to_an_hour(attempts: int, chance: float) -> None:
    again = retry_at(attempts, NOW, None, lambda: chance)
    assert again is not None
    assert timedelta() <= again - NOW <= timedelta(seconds=min(3600, 30 * 2 ** (attempts - 1)))


def test_the_jitter_uses_the_whole_range() -> None:
    assert retry_at(3, NOW, None, lambda: 0.0) == NOW
    assert retry_at(3, NOW, None, lambda: 0.5) == NOW + timedelta(seconds=60)
    assert retry_at(11, NOW, None, lambda: 0.5) == NOW + timedelta(minutes=30)


@given(chance=CHANCES, asked=st.floats(0, 6 * 3600))
def test_no_retry_comes_before_the_receiving_side_asked(chance: float, asked: float) -> None:
    again = retry_at(1, NOW, asked, lambda: chance)
    assert again is not None
    assert again - NOW >= timedelta(seconds=asked)


@given(asked=st.floats())
def test_no_asked_wait_is_longer_than_six_hours_or_breaks_the_plan(asked: float) -> None:
    again = retry_at(1, NOW, asked, lambda: 0.5)
    assert again is not None
    assert NOW <= again <= NOW + timedelta(hours=6)


def test_an_alert_is_dead_after_the_last_attempt() -> None:
    assert retry_at(MAX_ATTEMPTS - 1, NOW, None, lambda: 0.5) is not None
    assert retry_at(MAX_ATTEMPTS, NOW, 5.0, lambda: 0.5) is None
    assert retry_at(1_000_000, NOW, None, lambda: 0.5) is None


def test_alerts_of_one_channel_share_a_message_and_channels_never_do() -> None:
    first, second = channel(1), channel(2)
    alerts = [alert(1, to=first, item=1), alert(2, to=second, item=2), alert(3, to=first, item=3)]
    assert [[one.id for one in together] for together in group(alerts)] == [[1, 3], [2]]


def test_a_message_holds_the_oldest_statements_first() -> None:
    def published(day: int) -> Published:
        return Published(day=date(2024, 11, day))

    undated_seen_between = alert(3, item=3, published=Published(), seen=datetime(2024, 11, 15, tzinfo=UTC))
    alerts = [alert(1, item=1, published=published(20)), alert(2, item=2, published=published(3)), undated_seen_between]
    assert [one.id for one in group(alerts)[0]] == [2, 3, 1]


@given(channels=st.lists(st.integers(1, 4), max_size=60), limit=st.integers(1, 7))
def test_grouping_loses_nothing_repeats_nothing_and_keeps_the_limit(channels: list[int], limit: int) -> None:
    alerts = [alert(number, item=number, to=channel(id)) for number, id in enumerate(channels)]
    groups = group(alerts, limit)
    assert sorted(one.id for together in groups for one in together) == list(range(len(alerts)))
    assert all(1 <= len(together) <= limit for together in groups)
    assert all(len({one.channel.id for one in together}) == 1 for together in groups)
