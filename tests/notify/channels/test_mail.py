"""A mail as it arrives, and a mail that does not."""

from __future__ import annotations

import time

import pytest

from notify.channels.smtp import MailSender
from notify.messages.compose import compose
from storage.types import Published
from tests.fakes.sinks import MailSink
from tests.notify.channels.sending import MESSAGE, RUSSIAN, failure
from tests.notify.examples import alert


def test_a_mail_has_a_readable_text_part_and_an_html_part(mailbox: MailSink) -> None:
    MailSender().send(MESSAGE, mailbox.address)
    [mail] = mailbox.wait_for(1)
    text, page = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert page is not None
    lines = [line.strip() for line in text.get_content().splitlines() if line.strip()]
    assert lines[0] == "Statement on the *CSTO* council in Riverton"
    assert "https://mfa.example/en/news/345/" in lines
    assert lines[-1] == "ref 12-345"
    assert page.get_content().split() == MESSAGE.page.split()
    assert mail["To"] == "reader@example.org"
    assert mailbox.envelopes[0].rcpt_tos == ["reader@example.org"]


def test_a_cyrillic_subject_arrives_intact(mailbox: MailSink) -> None:
    MailSender().send(RUSSIAN, mailbox.address)
    [mail] = mailbox.wait_for(1)
    assert mail["Subject"] == "Министерство on ОДКБ: Заявление о встрече"


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\u2028", "\x85", "\x00", "\r\n\r\n"])
def test_a_title_cannot_write_headers(mailbox: MailSink, break_: str) -> None:
    hostile = compose([alert(title=f"Talks{break_}Bcc: victim@example.org", hits=(), published=Published(text=break_))])
    MailSender().send(hostile, mailbox.address)
    [mail] = mailbox.wait_for(1)
    assert mail["Bcc"] is None
    assert str(mail["Subject"]).replace(" ", "").endswith("TalksBcc:victim@example.org")
    assert mailbox.envelopes[0].rcpt_tos == ["reader@example.org"]


def test_a_refused_mailbox_is_permanent_and_a_busy_server_is_not(mailbox: MailSink) -> None:
    mailbox.refuse_with("550 no such mailbox")
    error = failure(mailbox.address)
    assert error.permanent
    assert "550" in str(error)
    mailbox.refuse_with("451 try again later")
    assert not failure(mailbox.address).permanent


def test_mails_to_one_server_do_not_wait_for_each_other(mailbox: MailSink, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)  # a reused service of Apprise would sleep 5.5 s between two
    for _ in range(4):
        MailSender().send(MESSAGE, mailbox.address)
    assert waited == []
    assert len(mailbox.wait_for(4)) == 4
