"""What comes of a delivery: it is sent, is tried again and when, or never will be."""

from __future__ import annotations

from email.utils import formatdate

import pytest
import time_machine

from notify.channels.apprise_services import service
from storage.errors import DeliveryError
from tests.fakes.sinks import HTTPSink, MailSink
from tests.notify.channels.sending import MESSAGE, failure, send
from tests.notify.examples import NOW


def test_a_webhook_receives_the_whole_message(sink: HTTPSink) -> None:
    answer = send(MESSAGE, sink.address)
    [body] = sink.wait_for(1)
    assert body["title"] == MESSAGE.subject
    assert body["message"] == MESSAGE.text
    assert answer


@pytest.mark.parametrize("status", [200, 201, 204])
def test_each_answer_of_success_is_one_and_the_message_is_there(sink: HTTPSink, status: int) -> None:
    sink.answer_with(status, body=b"")
    assert str(status) in send(MESSAGE, sink.address)
    assert sink.wait_for(1)[0]["message"] == MESSAGE.text


def test_a_service_that_hangs_is_left_alone_after_its_time(sink: HTTPSink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("notify.channels.apprise_services.ANSWER_TIMEOUT", 0.3)
    sink.hang()
    error = failure(sink.address)
    assert "did not answer in time" in str(error)
    assert not error.permanent


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 413])
def test_an_answer_that_will_not_change_is_permanent(sink: HTTPSink, status: int) -> None:
    sink.answer_with(status)
    error = failure(sink.address)
    assert error.permanent
    assert error.mend
    assert str(status) in str(error)


@pytest.mark.parametrize("status", [301, 302, 408, 429, 500, 502, 503])
def test_an_answer_that_may_change_is_tried_again(sink: HTTPSink, status: int) -> None:
    sink.answer_with(status)
    error = failure(sink.address)
    assert not error.permanent
    assert str(status) in str(error)


def test_a_wait_told_in_the_answer_is_kept(sink: HTTPSink) -> None:
    sink.answer_with(429, body=b'{"ok": false, "parameters": {"retry_after": 137}}')
    assert failure(sink.address).retry_after == 137
    sink.answer_with(429, body=b'{"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 2500}')
    assert failure(sink.address).retry_after == 2.5


@pytest.mark.parametrize("status", [429, 503])
def test_a_wait_told_in_a_header_is_kept(sink: HTTPSink, status: int) -> None:
    sink.answer_with(status, {"Retry-After": "30"})
    assert failure(sink.address).retry_after == 30
    with time_machine.travel(NOW, tick=False):
        sink.answer_with(status, {"Retry-After": formatdate(NOW.timestamp() + 90, usegmt=True)})
        assert failure(sink.address).retry_after == 90


def test_a_throttled_channel_that_says_nothing_waits_a_minute(sink: HTTPSink) -> None:
    sink.answer_with(429)
    assert failure(sink.address).retry_after == 60
    sink.answer_with(429, {"Retry-After": "soon"})
    assert failure(sink.address).retry_after == 60
    sink.answer_with(500)
    assert failure(sink.address).retry_after is None


def test_a_broken_connection_is_tried_again(sink: HTTPSink) -> None:
    sink.reset()
    assert not failure(sink.address).permanent
    sink.babble()
    assert "broke the connection off" in str(failure(sink.address))


def test_a_closed_port_and_an_unknown_host_say_so() -> None:
    with HTTPSink() as sink:
        address = sink.address
    assert "refused the connection" in str(failure(address))
    assert "host name that is not known" in str(failure("json://nobody.invalid/hook"))


def test_a_service_that_apprise_cannot_read_is_a_permanent_failure() -> None:
    assert failure("json://").permanent


def test_deliveries_in_many_threads_do_not_mix_up_their_answers(sink: HTTPSink) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with HTTPSink() as gone, ThreadPoolExecutor(8) as pool:
        gone.answer_with(410)
        errors = pool.map(lambda number: _outcome(gone.address if number % 2 else sink.address), range(40))
        assert list(errors) == ["sent", "gone"] * 20
    assert len(sink.received) == 20


def _outcome(address: str) -> str:
    try:
        send(MESSAGE, address)
    except DeliveryError as error:
        return "gone" if error.permanent else "failed"
    return "sent"


def test_a_service_that_keeps_silent_is_given_up_after_half_a_minute(sink: HTTPSink, mailbox: MailSink) -> None:
    webhook, mail = service(sink.address), service(mailbox.address)
    assert webhook is not None
    assert mail is not None
    assert webhook.request_timeout == (10, 30)
    assert mail.socket_connect_timeout == 30
