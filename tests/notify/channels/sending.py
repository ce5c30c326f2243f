"""Helpers of the channels' tests: a message is sent to an address, or fails to be."""

from __future__ import annotations

import sys

import pytest

from notify.channels.kinds import sender_for
from notify.messages.compose import compose
from notify.messages.message import Message
from storage.connection_guard import AddressPolicy
from storage.errors import DeliveryError
from tests.notify.examples import alert

PUBLIC = AddressPolicy()
MESSAGE = compose([alert()])
RUSSIAN = compose([alert(title="Заявление о встрече", organisation="Министерство", hits=(), topic="ОДКБ")])
SECRET = "c4n4ry-T0k3n-0123456789abcdef"


def send(message: Message, address: str) -> str:
    return sender_for(address, sys.stdout).send(message, address)


def failure(address: str) -> DeliveryError:
    with pytest.raises(DeliveryError) as raised:
        send(MESSAGE, address)
    return raised.value
