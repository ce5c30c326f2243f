"""What Apprise serves: the message handed to its service, and what the other side said, as an answer or an error."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from notify.channels.address_rules import AddressRule, masked, without_secrets
from notify.channels.apprise_services import Answer, Recording, recorded, service
from notify.channels.other_side import asks_to_wait, said, words_of
from notify.channels.payloads import Form, Payload, payloads
from notify.messages.message import Message
from storage.clock import now
from storage.errors import DeliveryError
from storage.retry_after import retry_after

if TYPE_CHECKING:
    from apprise.plugins import NotifyBase

PERMANENT = frozenset({400, 401, 403, 404, 410, 413})
"""Statuses of HTTP after which the same message to the same address fails again."""
THROTTLED_WAIT = 60.0
"""Seconds to wait after a 429 that does not say how long."""

_STATUS = re.compile(r"error=(\d{3})\b")
_ASKED_WAIT = re.compile(r'"retry_after(_ms)?"\s*:\s*(\d+(?:\.\d+)?)')
_CAUSES = (
    (re.compile(r"presswatch does not connect to"), "leads to an address that presswatch does not connect to"),
    (re.compile(r"timed? ?out", re.IGNORECASE), "did not answer in time"),
    (re.compile(r"NameResolution|getaddrinfo|Name or service|nodename"), "has a host name that is not known"),
    (re.compile(r"Connection refused|Errno 111"), "refused the connection"),
    (re.compile(r"SSL|CERTIFICATE|certificate"), "failed the check of its certificate"),
    (re.compile(r"reset|aborted|RemoteDisconnected|unexpectedly closed"), "broke the connection off"),
)


@dataclass(frozen=True, slots=True)
class AppriseSender:
    """Sends through Apprise, in the caller's thread; one delivery to an address at a time is the caller's part."""

    rule: AddressRule
    form: Form

    def send(self, message: Message, address: str) -> str:
        with recorded() as recording:
            instance = service(address)
            if instance is None:
                where = masked(address, self.rule)
                raise DeliveryError(
                    f"Apprise does not understand {where}", permanent=True, mend="replace the channel's address"
                )
            parts = list(payloads(instance, message, self.form))
            self.prepare(instance, message, address)
            try:
                sent = all(_notify(instance, part) for part in parts)
            except Exception as error:  # a service's answer decides what its plugin stumbles over: retry, never crash
                raise DeliveryError(
                    f"{masked(address, self.rule)} could not be used: {type(error).__name__}"
                ) from error
        if not sent:
            raise self._failure(address, recording)
        return self._answer(address, recording)

    def prepare(self, instance: NotifyBase, message: Message, address: str) -> None:
        """Give the service what the parts of a message do not hold: nothing, for most."""

    def _answer(self, address: str, recording: Recording) -> str:
        """What the other side said last."""
        told = self._told(address, recording, logging.INFO) or "accepted"
        if not recording.answers:
            return told
        status = recording.answers[-1].status
        return f"{status}{_phrase(status)}: {told}"

    def _failure(self, address: str, recording: Recording) -> DeliveryError:
        """What was seen of a failed delivery, as an error with its next action."""
        where = masked(address, self.rule)
        details = "\n".join(
            record.getMessage() for record in recording.records
        )  # with secrets: looked through, never shown
        refused = [answer for answer in recording.answers if not 200 <= answer.status < 300]
        if refused or (statuses := _STATUS.findall(details)):
            last = refused[-1] if refused else Answer(int(statuses[-1]))
            permanent = last.status in PERMANENT
            asked = _asked_wait(last.retry_after, details)
            return DeliveryError(
                f"{where} answered {last.status}{_phrase(last.status)}{asks_to_wait(asked)}{self._said(address, last)}",
                permanent=permanent,
                retry_after=THROTTLED_WAIT if asked is None and last.status == 429 else asked,
                mend="check the channel's address, then retry the alert" if permanent else "",
            )
        cause = next((words for pattern, words in _CAUSES if pattern.search(details)), "")
        return DeliveryError(f"{where} {cause or f'took nothing: {self._told(address, recording, logging.WARNING)}'}")

    def _said(self, address: str, answer: Answer) -> str:
        """What stood in an answer, after a colon; nothing where nothing did."""
        return said(without_secrets(words_of(answer.body), address, self.rule))

    def _told(self, address: str, recording: Recording, level: int) -> str:
        """The last thing that Apprise said at this level or above, without the address's secrets."""
        told = [record.getMessage() for record in recording.records if record.levelno >= level]
        text = " ".join(told[-1].split())[:200] if told else ""
        return without_secrets(text, address, self.rule)


def _notify(instance: NotifyBase, part: Payload) -> bool:
    from apprise.common import NotifyFormat, OverflowMode

    return bool(
        instance.notify(
            title=part.title,
            body=part.body,
            body_format=NotifyFormat(part.form),
            overflow=OverflowMode.UPSTREAM,  # it fits already
        )
    )


def _phrase(status: int) -> str:
    return f" {HTTPStatus(status).phrase}" if status in HTTPStatus.__members__.values() else ""


def _asked_wait(header: str | None, details: str) -> float | None:
    """The wait that the other side asked for: in its header, else in the JSON of its answer."""
    if (asked := retry_after(header.encode("latin-1", "replace") if header else None, now())) is not None:
        return asked
    if found := _ASKED_WAIT.search(details):
        return float(found[2]) / (1000 if found[1] else 1)
    return None
