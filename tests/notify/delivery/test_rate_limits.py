"""Services' limits are kept, and nothing is lost by them."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from notify.channels.kinds import buckets_of
from notify.delivery.claims import ClaimedMessage, ClaimRequest, RateLimited, claim_next
from notify.messages.message import Message
from storage.database import Database
from storage.errors import DeliveryError
from storage.outbox import alerts as outbox
from storage.types import AlertState, Source
from tests.notify.delivery.desk import Clock, Desk, dispatch_of, publish
from tests.storage.examples import MINUTE, NOW, matched, subscribed

SECOND = timedelta(seconds=1)


class StrictService(Desk):
    """Telegram as it says it is: 1 message a second in a chat, 20 a minute in a group, 30 a second of a bot."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.refused = 0

    def send(self, message: Message, address: str) -> str:
        if (
            self._within(address, SECOND) >= 1
            or ("/-" in address and self._within(address, MINUTE) >= 20)
            or self._within("", SECOND) >= 30
        ):
            self.refused += 1
            raise DeliveryError("answered 429", retry_after=1.0)
        return super().send(message, address)

    def _within(self, address: str, span: timedelta) -> int:
        return sum(at > self.clock() - span and to.startswith(address) for at, to, _ in self.received)


@pytest.mark.slow
async def test_ten_thousand_alerts_pass_strict_limits_without_a_loss(
    database: Database, source: Source, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two processes share what the service allows."""
    monkeypatch.setattr("notify.delivery.dispatch.SHORT_WAIT", timedelta(-1))
    service = StrictService(clock)
    chats = [f"tgram://123456789:{'A' * 35}/{sign}{1000 + number}" for number in range(20) for sign in ("", "-")]
    for chat in chats:
        subscribed(database, channel=chat, name=chat)
    both = [dispatch_of(database, clock, service, f"host/{number}/x") for number in range(2)]
    statements = 10_000 // len(chats)
    for start in range(0, statements, 25):
        publish(database, source, *range(start, start + 25), at=clock.at)
        await both[0].match_new()
        for _ in range(2):
            await asyncio.gather(*(each.deliver_due() for each in both))
            await asyncio.gather(*(each.settled() for each in both))
            clock.at += SECOND * 0.7
    while database.read(outbox.next_due) is not None:
        await asyncio.gather(*(each.deliver_due() for each in both))
        await asyncio.gather(*(each.settled() for each in both))
        clock.at += SECOND * 0.7
    assert database.read(outbox.count_by_state) == {AlertState.SENT: 10_000}
    keys = [key for _, _, message in service.received for key in message.key.split(", ")]
    assert len(keys) == len(set(keys)) == 10_000
    assert len(service.received) > 200
    assert service.refused <= 0.001 * len(service.received)


def test_what_is_claimed_together_is_counted_together(database: Database, source: Source) -> None:
    """A bot of Telegram sends 30 messages a second, however many chats wait at the same moment."""
    chats = [f"tgram://123456789:{'A' * 35}/{1000 + number}" for number in range(40)]
    each = [subscribed(database, channel=chat, name=chat) for chat in chats]
    matched(database, each[0], *publish(database, source, 1, at=NOW))
    turns = [ClaimRequest(one.channel_id, f"host/1/a/{one.id}") for one in each]
    claimed = database.write(claim_next, database.keyring, turns, NOW, MINUTE)
    spared = [one.until for one in claimed if isinstance(one, RateLimited)]
    assert sum(isinstance(one, ClaimedMessage) for one in claimed) == 11, "a burst of ten more than one"
    assert len(spared) == 29
    assert NOW < min(spared) <= max(spared) <= NOW + SECOND
    again = [turn for turn, one in zip(turns, claimed, strict=True) if isinstance(one, RateLimited)]
    assert database.write(claim_next, database.keyring, again, NOW, MINUTE) == [None] * 29, "they wait in their rows"


def test_the_names_of_buckets_hold_nothing_of_the_address() -> None:
    names = " ".join(
        buckets_of("tgram://123456789:AAbbCCdd/-100200") | buckets_of("matrix://bot:hunter2@chat.example/#a")
    )
    assert not any(secret in names for secret in ("123456789", "AAbbCCdd", "100200", "hunter2", "chat.example"))
    assert len(buckets_of("tgram://1:A/-1")) == 3
    assert len(buckets_of("tgram://1:A/1")) == 2
    assert buckets_of("json://sink.example/hook") == {}
    accounts = [set(buckets_of(f"matrix://bot:{word}@chat.example/#a")) for word in ("one", "two")]
    assert accounts[0] == accounts[1], "a password can be changed, and cannot be guessed from the name"
