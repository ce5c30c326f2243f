"""Mails as they arrive, read back and parsed."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage

import pytest
from itsdangerous import URLSafeSerializer

from notify.channels.kinds import sender_for
from notify.messages.compose import Message, compose
from notify.messages.links import Links
from storage.errors import DeliveryError
from storage.types import Alert
from tests.fakes.sinks import MailSink
from tests.notify.examples import alert, channel

WEB = Links("https://watch.example", (b"new", b"old"))


@pytest.fixture
def mailbox() -> Iterator[MailSink]:
    with MailSink() as mailbox:
        yield mailbox


def arrives(mailbox: MailSink, message: Message, parameters: str = "") -> EmailMessage:
    address = mailbox.address + parameters
    count = len(mailbox.received)
    assert sender_for(address, sys.stdout).send(message, address) == "250 taken"
    return mailbox.wait_for(count + 1)[-1]


def test_a_mail_that_is_sent_again_has_the_same_id_and_another_one_never(mailbox: MailSink) -> None:
    first = arrives(mailbox, compose([alert()]))
    again = arrives(mailbox, compose([alert()]))
    other = arrives(mailbox, compose([alert(2, item=9)]))
    elsewhere = replace(channel(), created_at=channel().created_at + timedelta(seconds=1))
    another_installation = arrives(mailbox, compose([alert(to=elsewhere)]))
    assert first["Message-ID"] == again["Message-ID"]
    assert len({one["Message-ID"] for one in (first, other, another_installation)}) == 3
    assert first["X-Presswatch-Key"] == "12-345"
    assert len(first.get_all("Message-ID", [])) == 1


def test_mails_about_one_story_are_a_thread(mailbox: MailSink) -> None:
    mails = [
        arrives(mailbox, compose(alerts))
        for alerts in (
            [alert()],
            [alert(2, subscription=13, topic="Gas")],
            [alert(3, item=9)],
            [alert(), alert(3, item=9)],
        )
    ]
    assert mails[0]["References"] == mails[0]["In-Reply-To"] == mails[1]["References"]
    assert mails[0]["Message-ID"] != mails[1]["Message-ID"]
    assert mails[2]["References"] not in (None, mails[0]["References"])
    assert mails[3]["References"] is None


def test_one_click_ends_the_subscription_where_there_are_web_pages(mailbox: MailSink) -> None:
    mail = arrives(mailbox, compose([alert()], links=WEB))
    link = str(mail["List-Unsubscribe"]).split(">")[0].removeprefix("<")
    assert link.startswith("https://watch.example/unsubscribe/")
    assert WEB.subscription_of(link.rpartition("/")[2]) == 12
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    text = mail.get_body(("plain",))
    assert text is not None
    assert f"End CSTO: {link}" in text.get_content()
    assert "Stored copy: https://watch.example/items/345" in text.get_content()


def test_without_web_pages_the_button_writes_to_the_sender(mailbox: MailSink) -> None:
    mail = arrives(mailbox, compose([alert()]))
    assert str(mail["List-Unsubscribe"]).startswith("<mailto:watch@example.org?subject=unsubscribe")
    assert mail["List-Unsubscribe-Post"] is None
    assert mail["Auto-Submitted"] == "auto-generated"


def test_a_header_of_the_address_goes_before_ours_but_not_the_ones_that_carry_the_mail(mailbox: MailSink) -> None:
    mail = arrives(
        mailbox, compose([alert()]), "&%2BList-Unsubscribe=%3Cmailto:off@example.org%3E&%2BMessage-ID=x&%2BX-Desk=7"
    )
    assert mail["List-Unsubscribe"] == "<mailto:off@example.org>"
    assert mail["X-Desk"] == "7"
    assert len(str(mail["Message-ID"])) > 30


def test_each_recipient_gets_a_mail_of_his_own_and_copies_go_once(mailbox: MailSink) -> None:
    address = mailbox.address.replace("to=reader@example.org", "to=a@example.org,b@example.org&bcc=c@example.org")
    sender_for(address, sys.stdout).send(compose([alert()]), address)
    mails = mailbox.wait_for(2)
    assert [mail["To"] for mail in mails] == ["a@example.org", "b@example.org"]
    assert [envelope.rcpt_tos for envelope in mailbox.envelopes] == [
        ["a@example.org", "c@example.org"],
        ["b@example.org"],
    ]
    assert all(mail["Bcc"] is None for mail in mails)


def test_a_server_without_tls_is_not_told_the_password(mailbox: MailSink) -> None:
    address = mailbox.address.replace("mailto://", "mailtos://user:s3cret-passw0rd@").replace(
        "mode=insecure", "mode=starttls"
    )
    with pytest.raises(DeliveryError) as raised:
        sender_for(address, sys.stdout).send(compose([alert()]), address)
    assert raised.value.permanent
    assert "s3cret" not in repr(raised.value)
    assert mailbox.received == []


@pytest.mark.parametrize(
    "token",
    [
        "12", "12.", "12-AAAAAAAAAAAAAAAAAAAAAA", "MTI.AAAAAAAAAAAAAAAAAAAAAA", ".x", "x.y", "१२.x", "9" * 30 + ".x",
        "", "\ud800.x",
    ],
)  # fmt: skip
def test_a_link_that_we_have_not_signed_stands_for_nothing(token: str) -> None:
    assert WEB.subscription_of(token) is None


def test_a_link_is_good_as_long_as_its_key_is_kept() -> None:
    old = Links("https://watch.example", (b"old",)).token(12)
    assert WEB.subscription_of(old) == 12
    assert Links("https://watch.example", (b"new",)).subscription_of(old) is None
    other = Links("https://watch.example", (b"old",)).token(13)
    assert WEB.subscription_of(f"{other.partition('.')[0]}.{old.partition('.')[2]}") is None


def test_what_is_signed_for_another_purpose_ends_no_subscription() -> None:
    signed = URLSafeSerializer(b"new", salt="session", signer_kwargs={"digest_method": hashlib.sha256}).dumps(12)
    assert WEB.subscription_of(str(signed)) is None
    other_thing = URLSafeSerializer(
        b"new", salt="presswatch unsubscribe", signer_kwargs={"digest_method": hashlib.sha256}
    )
    assert WEB.subscription_of(str(other_thing.dumps("12"))) is None
    assert WEB.subscription_of(str(other_thing.dumps(12))) == 12


def named(country: str, number: int, topic: str = "CSTO", subscription: int = 12) -> Alert:
    one = alert(number, item=number, topic=topic, subscription=subscription)
    return replace(one, item=replace(one.item, country=country))


def test_a_digest_has_a_line_about_all_and_groups_by_topic_and_country() -> None:
    message = compose([named("BY", 1), named("RU", 2), named("", 3, "Gas", 13), named("BY", 4)], digest=True)
    lines = message.text.splitlines()
    assert lines[0] == "4 statements of Ministry of Foreign Affairs of Riverland on CSTO, Gas"
    headings = [line for line in lines if line.startswith("— ")]
    assert headings == ["— CSTO · Belarus —", "— CSTO · Russia —", "— Gas · International —"]
    places = [message.text.index(f"https://mfa.example/en/news/{number}/") for number in (1, 4, 2, 3)]
    assert places == sorted(places)
    assert "\n> " not in message.text
    assert message.text.count("End ") == 2
