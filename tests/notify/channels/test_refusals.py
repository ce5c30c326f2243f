"""What the other side said of its refusal is told."""

from __future__ import annotations

import pytest

from tests.fakes.sinks import HTTPSink, MailSink
from tests.notify.channels.sending import failure


@pytest.mark.parametrize(
    ("status", "headers", "body", "said"),
    [
        (500, {}, b"the queue is full", "answered 500 Internal Server Error: the queue is full"),
        (403, {}, b'{"message": "bot was kicked"}', 'answered 403 Forbidden: {"message": "bot was kicked"}'),
        (
            502,
            {},
            b"<html><head><title>x</title><style>p{}</style></head><body><h1>Bad &amp; broken</h1></body></html>",
            "answered 502 Bad Gateway: Bad & broken",
        ),
        (429, {"Retry-After": "120"}, b"slow down", "answered 429 Too Many Requests, asks to wait 120 s: slow down"),
        (503, {"Retry-After": "7"}, b"", "answered 503 Service Unavailable, asks to wait 7 s"),
        (500, {}, b"{}", "answered 500 Internal Server Error"),
        (500, {}, b"\r\n\x1b[31m red \xff\x00", "answered 500 Internal Server Error: [31m red \ufffd"),
        (500, {}, "ошибка".encode(), "answered 500 Internal Server Error: ошибка"),
    ],
)
def test_a_refusal_is_told_in_the_other_side_s_words(
    sink: HTTPSink, status: int, headers: dict[str, str], body: bytes, said: str
) -> None:
    sink.answer_with(status, headers, body=body)
    assert str(failure(sink.address)).endswith(said)


def test_a_long_refusal_is_cut(sink: HTTPSink) -> None:
    sink.answer_with(500, body=b"word " * 10_000)
    assert len(str(failure(sink.address))) < 300


def test_what_a_refusal_repeats_of_the_address_or_of_a_token_is_not_told(sink: HTTPSink) -> None:
    sink.answer_with(401, body=b"no such key my-p4ss-word, and none like 0123456789abcdef0123 of a neighbour")
    address = sink.address.replace("json://", "json://user:my-p4ss-word@")
    assert str(failure(address)).endswith("answered 401 Unauthorized: no such key …, and none like … of a neighbour")


@pytest.mark.parametrize(
    ("reply", "said", "permanent"),
    [
        ("550 no such mailbox here", "answered 550: no such mailbox here", True),
        ("451 4.7.1 greylisted, come back in five minutes", "answered 451: 4.7.1 greylisted, come back in five", False),
        ("552 mailbox full", "answered 552: mailbox full", True),
        ("450 try later", "answered 450: try later", False),
        ("550", "answered 550", True),
    ],
)
def test_a_mail_server_s_refusal_is_told_in_its_words(
    mailbox: MailSink, reply: str, said: str, permanent: bool
) -> None:
    mailbox.refuse_with(reply)
    error = failure(mailbox.address)
    assert said in str(error)
    assert error.permanent is permanent


def test_a_mail_server_s_words_hold_no_secret_of_the_address(mailbox: MailSink) -> None:
    mailbox.refuse_with("550 <reader@example.org> unknown, and somebody-else too")
    assert "reader" not in str(failure(mailbox.address))
