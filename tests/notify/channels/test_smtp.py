"""Mails as they arrive, read back and parsed."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.channels.apprise_services import service
from notify.channels.kinds import sender_for
from notify.channels.smtp import written
from notify.messages.compose import compose
from notify.messages.message import Message
from storage.errors import DeliveryError
from storage.types import Alert
from tests.fakes.sinks import MailSink
from tests.notify.examples import alert, channel


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


def test_there_is_no_button_that_nothing_would_act_on(mailbox: MailSink) -> None:
    mail = arrives(mailbox, compose([alert()]))
    assert mail["List-Unsubscribe"] is mail["List-Unsubscribe-Post"] is None
    assert mail["Auto-Submitted"] == "auto-generated"
    text = mail.get_body(("plain",))
    assert text is not None
    assert "End CSTO: presswatch unsubscribe CSTO --to 'channel 1'" in text.get_content()
    assert "Stored copy: presswatch show 345" in text.get_content()


ENCODED = re.compile(rb"=\?[^?\s]+\?[bq]\?[^?\s]*\?=", re.IGNORECASE)
SUBJECTS = [
    "Ministry of Foreign Affairs of Riverland on CSTO: "
    + "Заявление о заседании совета по рекам и границам региона с участием министров и послов " * 2,
    "О" * 180,
    "外交部发言人就河流问题答记者问" * 12,
    "Riverland: " + "ü " * 80,
    "بيان " * 36,
    "Հայտարարություն գետերի մասին " * 6,
    "a" * 100 + " Заявление",
    "\U0001f1e7\U0001f1fe" * 60,
]


def head(mail: EmailMessage) -> bytes:
    return mail.as_bytes().partition(b"\r\n\r\n")[0]


def kept_limits(lines: bytes) -> bool:
    """RFC 2047, 2: an encoded word has at most 75 characters, and a line with one at most 76."""
    return all(len(word) <= 75 for word in ENCODED.findall(lines)) and all(
        len(line) <= 76 for line in lines.split(b"\r\n") if ENCODED.search(line)
    )


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_subject_of_any_script_keeps_the_limits_of_encoded_words(mailbox: MailSink, subject: str) -> None:
    message = compose([alert()])
    account = service(mailbox.address)
    said = replace(message, content=replace(message.content, subject=subject.strip()))
    mail = written(account, said)
    assert ENCODED.search(head(mail))
    assert kept_limits(head(mail))
    assert arrives(mailbox, said)["Subject"] == subject.strip()


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=180))
def test_no_subject_breaks_the_limits(subject: str) -> None:
    message = compose([alert()])
    said = replace(message, content=replace(message.content, subject=subject))
    account = service("mailto://127.0.0.1?mode=insecure&from=watch@example.org&to=reader@example.org")
    assert kept_limits(head(written(account, said)))


def test_a_name_of_any_script_keeps_them_too(mailbox: MailSink) -> None:
    name = "Министерство иностранных дел и внешних связей Республики Риверландии и островов"
    sender = quote(f"{name} <watch@example.org>")
    arrives(mailbox, compose([alert()]), f"&from={sender}")
    content = mailbox.envelopes[-1].content
    assert isinstance(content, bytes)
    said = str(make_header(decode_header(message_from_bytes(content)["From"])))
    assert " ".join(said.split()) == f"{name} <watch@example.org>"
    account = service(f"{mailbox.address}&from={sender}")
    assert kept_limits(head(written(account, compose([alert()]))))


def test_no_link_in_a_mail_is_broken(mailbox: MailSink) -> None:
    one = alert()
    address = f"https://mfa.example/{'news-of-the-ministry/' * 10}"
    one = replace(one, item=replace(one.item, address=address))
    mail = written(service(mailbox.address), compose([one]))
    assert address.encode() in mail.as_bytes()


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


def named(country: str, number: int, topic: str = "CSTO", subscription: int = 12) -> Alert:
    one = alert(number, item=number, topic=topic, subscription=subscription)
    return replace(one, item=replace(one.item, country=country))


def test_a_digest_has_a_line_about_all_and_groups_by_topic_and_country() -> None:
    message = compose([named("BY", 1), named("RU", 2), named("", 3, "Gas", 13), named("BY", 4)], digest=True)
    lines = message.text.splitlines()
    assert lines[0] == "4 statements of Ministry of Foreign Affairs of Riverland on CSTO, Gas"
    headings = [line for line in lines if line.startswith("— ")]
    assert headings == ["— CSTO · Belarus —", "— CSTO · Russia —", "— Gas —"]
    places = [message.text.index(f"https://mfa.example/en/news/{number}/") for number in (1, 4, 2, 3)]
    assert places == sorted(places)
    assert "\n> " not in message.text
    assert message.text.count("End ") == 2
