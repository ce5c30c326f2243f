"""JSON web hooks: subject and text, and beside them the fields of the message, for programs.

What is sent is published as docs/webhook.schema.json. Apprise sends it: address, headers, method and what an address
says of fields (`:title=headline` gives one another name, `:message=` leaves it out) are its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from notify.channels import signatures
from notify.channels.apprise_sender import AppriseSender
from notify.channels.apprise_services import sign_with
from notify.messages.as_fields import MessageFields
from notify.messages.message import Message
from storage.clock import now
from storage.codec import as_json

_UNUSED = ("attachments", "type", "version")
"""Fields of Apprise that would always say the same."""


@dataclass(frozen=True, slots=True)
class Payload(MessageFields):
    """What a JSON web hook is sent."""

    title: str
    """What a mail would have as its subject."""
    message: str
    """All of it as text, or in the form that the address asks for (`format=markdown`, `format=html`)."""


@dataclass(frozen=True, slots=True)
class WebhookSender(AppriseSender):
    """Sends through Apprise, with fields, and with a signature where the address has a secret."""

    def prepare(self, instance: Any, message: Message, address: str) -> None:
        if (key := signatures.key_of(address)) is not None:
            sign_with(signatures.signer(key, message.identity or message.key, now()))
        said, fields = dict(instance.payload_extras), as_json(message.fields)
        for name in said.keys() & fields.keys():  # as Apprise does with fields of its own
            value, other = fields.pop(name), said.pop(name)
            if other:
                fields[other] = value
        instance.payload_extras = {**dict.fromkeys(_UNUSED, ""), **fields, **said}


def schema() -> dict[str, Any]:
    """The JSON Schema of what is sent."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "webhook.schema.json",
        **TypeAdapter(Payload).json_schema(mode="serialization"),
    }
