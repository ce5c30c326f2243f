"""Signed web hooks, verified by the library that receivers use."""

from __future__ import annotations

import sys
from base64 import b64encode
from datetime import timedelta
from urllib.parse import quote

import pytest
import time_machine
from standardwebhooks import Webhook, WebhookVerificationError

from notify.channels import signatures
from notify.channels.kinds import check_channel_address, masked, sender_for
from notify.messages.compose import compose
from notify.messages.notices import compose_test
from storage.clock import now
from storage.connection_guard import AddressPolicy
from storage.errors import DeliveryError, InvalidInputError
from tests.fakes.sinks import HTTPSink
from tests.notify.examples import alert

LOOPBACK = AddressPolicy.parse("127.0.0.0/8")


def send(address: str, *, key: str = "") -> None:
    message = compose([alert()]) if key else compose_test("hook")
    sender_for(address, sys.stdout).send(message, address)


def test_what_arrives_is_verified_by_the_secret_and_by_no_other(sink: HTTPSink) -> None:
    address, secret = signatures.with_secret(sink.address)
    send(check_channel_address(address, LOOPBACK))
    [(headers, body)] = sink.raw
    assert Webhook(secret).verify(body, headers)
    _, other = signatures.with_secret(sink.address)
    for key, sent in ((other, body), (secret, body.replace(b"presswatch", b"presswotch"))):
        with pytest.raises(WebhookVerificationError):
            Webhook(key).verify(sent, headers)


def test_a_repetition_has_the_same_number_and_a_moment_of_its_own(sink: HTTPSink) -> None:
    address, secret = signatures.with_secret(sink.address)
    for minutes in (0, 90):
        with time_machine.travel(now() + timedelta(minutes=minutes), tick=False):
            send(address, key="alert")
            headers, body = sink.raw[-1]
            assert Webhook(secret).verify(body, headers)
    (first, _), (again, body) = sink.raw
    assert first["webhook-id"] == again["webhook-id"]
    assert first["webhook-timestamp"] != again["webhook-timestamp"]
    with time_machine.travel(now() + timedelta(minutes=90), tick=False), pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(body, first)  # an old one, sent again by somebody else


def test_a_refused_delivery_was_signed_too_and_tells_no_secret(sink: HTTPSink) -> None:
    sink.answer_with(410)
    address, secret = signatures.with_secret(sink.address)
    with pytest.raises(DeliveryError, match="410") as failed:
        send(address)
    assert Webhook(secret).verify(sink.raw[0][1], sink.raw[0][0])
    assert secret[6:] not in str(failed.value)


def test_nothing_of_the_secret_is_shown() -> None:
    address, secret = signatures.with_secret("jsons://hooks.example/presswatch")
    assert masked(address) == masked("jsons://hooks.example/presswatch")
    assert secret[6:] not in masked(address)


@pytest.mark.parametrize("parameters", ["", "?secret=hush", "?secret=", "?+X-Secret=whsec_abc"])
def test_without_a_secret_of_that_kind_nothing_is_signed(sink: HTTPSink, parameters: str) -> None:
    send(check_channel_address(sink.address + parameters, LOOPBACK))
    [(headers, _)] = sink.raw
    assert not [name for name in headers if name.lower().startswith("webhook-")]


def test_a_secret_whose_plus_was_written_as_it_is_signs_too(sink: HTTPSink) -> None:
    secret = signatures.PREFIX + b64encode(b"\xfb" * 32).decode()
    assert "+" in secret
    for written in (secret, quote(secret, safe="")):
        send(check_channel_address(f"{sink.address}?secret={written}", LOOPBACK))
        headers, body = sink.raw[-1]
        assert Webhook(secret).verify(body, headers)


@pytest.mark.parametrize(
    "address",
    [
        "jsons://hooks.example/?secret=whsec_",
        "jsons://hooks.example/?secret=whsec_%20",
        "jsons://hooks.example/?secret=whsec_!!!!",
        f"jsons://hooks.example/?secret=whsec_{b64encode(b'x' * 23).decode()}",
        f"jsons://hooks.example/?secret=whsec_{b64encode(b'x' * 65).decode()}",
        f"jsons://me:hush@hooks.example/?secret=whsec_{b64encode(b'x' * 32).decode()}",
    ],
)
def test_a_secret_that_cannot_sign_is_refused_where_it_is_entered(address: str) -> None:
    with pytest.raises(InvalidInputError, match=r"secret cannot sign|no user and password"):
        check_channel_address(address, LOOPBACK)
