"""Channels are tried, and what came of it is remembered."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest

from presswatch.actions import channels, subscriptions
from storage.connection_guard import AddressPolicy
from storage.database import Database
from storage.errors import DeliveryError, PresswatchError
from storage.people import topics
from storage.types import SOLE_OWNER
from tests.fakes.sinks import HTTPSink, MailSink
from tests.storage.examples import channel_named

LOOPBACK = AddressPolicy.parse("127.0.0.0/8")


@pytest.fixture
def mailbox() -> Iterator[MailSink]:
    with MailSink() as mailbox:
        yield mailbox


async def health(database: Database) -> list[str]:
    return [one.health for one in await channels.listing(database, SOLE_OWNER)]


async def tried(database: Database) -> DeliveryError:
    with pytest.raises(DeliveryError) as raised:
        await channels.test(database, SOLE_OWNER, "desk", io.StringIO())
    return raised.value


async def test_what_a_test_came_to_stands_in_the_list_until_the_next(database: Database, sink: HTTPSink) -> None:
    channel_named(database, "desk", sink.address)
    assert await health(database) == ["never used"]
    sink.answer_with(500, body=b"the queue is full")
    error = await tried(database)
    assert "answered 500 Internal Server Error: the queue is full" in str(error)
    assert await health(database) == [str(error)]
    sink.answer_with(200)
    assert "200" in await channels.test(database, SOLE_OWNER, "desk", io.StringIO())
    assert await health(database) == ["ok"]


async def test_a_mail_server_s_words_are_remembered(database: Database, mailbox: MailSink) -> None:
    channel_named(database, "desk", mailbox.address)
    mailbox.refuse_with("451 greylisted")
    assert "answered 451: greylisted" in str(await tried(database))
    assert (await health(database))[0].endswith("answered 451: greylisted")


async def test_who_is_asked_to_wait_is_told_how_long(database: Database, sink: HTTPSink) -> None:
    channel_named(database, "desk", sink.address)
    sink.answer_with(429, {"Retry-After": "120"})
    error = await tried(database)
    assert "asks to wait 120 s" in str(error)
    assert "test again in 120 seconds" in error.mend


async def test_a_channel_s_name_is_words_in_its_test(database: Database, mailbox: MailSink) -> None:
    channel_named(database, "<b>desk & co</b>", mailbox.address)
    await channels.test(database, SOLE_OWNER, "<b>desk & co</b>", io.StringIO())
    page = mailbox.wait_for(1)[0].get_body(("html",))
    assert page is not None
    assert "&lt;b&gt;desk &amp; co&lt;/b&gt;" in page.get_content()


@pytest.mark.parametrize("target", ["nosuch", "desk@example.org", "nosuch://example.org"])
async def test_a_canary_to_nowhere_leaves_nothing(database: Database, target: str) -> None:
    with pytest.raises(PresswatchError, match=r"channel|nosuch"):
        await subscriptions.subscribe_canary(database, SOLE_OWNER, target, LOOPBACK, 60)
    assert database.read(topics.in_force) == ()
    assert await channels.listing(database, SOLE_OWNER) == ()
