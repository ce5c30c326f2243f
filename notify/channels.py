"""The ways out: a channel's address decides which sender takes a message there.

A new kind of channel is a class with `send`; `sender_for` says which addresses are its own.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING, Protocol, TextIO

from notify.messages import Message
from notify.services import recorded, service
from notify.targets import CLOUD, CONSOLE, MAIL, WEBHOOKS, check_channel_address, masked, without_secrets
from storage.errors import DeliveryError

if TYPE_CHECKING:
    from apprise.plugins import NotifyBase

__all__ = ["AppriseSender", "ConsoleSender", "Sender", "check_channel_address", "masked", "sender_for"]

PERMANENT = frozenset({400, 401, 403, 404, 410, 413})
"""Statuses of HTTP after which the same message to the same address fails again."""
THROTTLED_WAIT = 60.0
"""Seconds to wait after a 429 that does not say how long: Apprise hides the Retry-After header."""

_STATUS = re.compile(r"error=(\d{3})\b")
_SMTP_STATUS = re.compile(r"\((\d{3}), b|was refused: (\d{3}) ")
_ASKED_WAIT = re.compile(r'"retry_after(_ms)?"\s*:\s*(\d+(?:\.\d+)?)')
_CAUSES = (
    (re.compile(r"presswatch does not connect to"), "leads to an address that presswatch does not connect to"),
    (re.compile(r"timed? ?out", re.IGNORECASE), "did not answer in time"),
    (re.compile(r"NameResolution|getaddrinfo|Name or service|nodename"), "has a host name that is not known"),
    (re.compile(r"Connection refused|Errno 111"), "refused the connection"),
    (re.compile(r"SSL|CERTIFICATE|certificate"), "failed the check of its certificate"),
    (re.compile(r"reset|aborted|RemoteDisconnected|unexpectedly closed"), "broke the connection off"),
)
_MENTION = re.compile(r"(?<!\w)@(?=\w)|<(?=[@!#]|users/)")


class Sender(Protocol):
    """A way out."""

    def send(self, message: Message, address: str) -> str:
        """Hand the message over and return what the other side answered, short and without secrets.

        Blocks its thread. Raises `DeliveryError`, which says whether trying again is pointless and when to.
        """
        ...


class ConsoleSender:
    """Prints each message as a block of its own."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def send(self, message: Message, address: str) -> str:
        text = message.text if message.text.startswith(message.subject) else f"{message.subject}\n\n{message.text}"
        block = f"\n=== ALERT ===\n{text}\n=============\n"
        encoding = self._stream.encoding or "utf-8"
        try:
            self._stream.write(block.encode(encoding, "replace").decode(encoding))
            self._stream.flush()
        except (OSError, ValueError) as error:  # a broken pipe, a closed stream
            raise DeliveryError(f"the console does not take the message: {error}") from error
        return "printed"


class AppriseSender:
    """Sends through Apprise, in the caller's thread; one delivery to an address at a time is the caller's part."""

    def send(self, message: Message, address: str) -> str:
        with recorded() as records:
            instance = service(address)
            if instance is None:
                where = masked(address)
                raise DeliveryError(
                    f"Apprise does not understand {where}", permanent=True, mend="replace the channel's address"
                )
            try:
                sent = _notify(instance, message, address)
            except Exception as error:  # a service's answer decides what its plugin stumbles over: retry, never crash
                raise DeliveryError(f"{masked(address)} could not be used: {type(error).__name__}") from error
        if not sent:
            raise _failure(address, records)
        return _told(address, records, logging.INFO) or "accepted"


def sender_for(address: str, console: TextIO) -> Sender:
    """The sender that an address belongs to."""
    return ConsoleSender(console) if address == CONSOLE else AppriseSender()


def _notify(instance: NotifyBase, message: Message, address: str) -> bool:
    """Hand over the form of the message that the service shows best.

    Mail gets HTML, from which Apprise derives a plain part. Chats get text, since Apprise escapes their own markup
    only then; those that know Markdown alone get Markdown. What is too long for a chat is split.
    """
    from apprise.common import NotifyFormat, OverflowMode

    scheme = address.partition("://")[0]
    wanted = NotifyFormat.HTML if scheme in MAIL else NotifyFormat.TEXT
    taken = instance.resolve_format(wanted)
    body, body_format = message.text, NotifyFormat.TEXT
    if taken == NotifyFormat.HTML and scheme not in CLOUD:
        body, body_format = message.html, NotifyFormat.HTML
    elif taken == NotifyFormat.MARKDOWN:
        body, body_format = message.markdown, NotifyFormat.MARKDOWN
    title, overflow = message.subject, OverflowMode.UPSTREAM
    if scheme not in MAIL | WEBHOOKS:
        title, body, overflow = _calm(title), _calm(body), OverflowMode.SPLIT
    return bool(instance.notify(title=title, body=body, body_format=body_format, overflow=overflow))


def _calm(text: str) -> str:
    """Text of strangers that calls nobody: a mention (`@everyone`, `<!here>`) is broken by an invisible character."""
    return _MENTION.sub(lambda found: f"{found[0]}\u200b", text)


def _failure(address: str, records: Sequence[logging.LogRecord]) -> DeliveryError:
    """What Apprise's log says about a failed delivery, as an error with its next action."""
    where = masked(address)
    details = "\n".join(record.getMessage() for record in records)  # with secrets: looked through, never shown
    warnings = "\n".join(record.getMessage() for record in records if record.levelno >= logging.WARNING)
    if statuses := _STATUS.findall(warnings):
        status = int(statuses[-1])
        permanent = status in PERMANENT
        return DeliveryError(
            f"{where} answered {status}{_phrase(status)}",
            permanent=permanent,
            retry_after=_asked_wait(status, details),
            mend="check the channel's address, then retry the alert" if permanent else "",
        )
    if replies := _SMTP_STATUS.findall(details):
        status = int(replies[-1][0] or replies[-1][1])
        permanent = status >= 500  # RFC 5321, 4.2.1
        return DeliveryError(
            f"{where} answered {status}",
            permanent=permanent,
            mend="check the mail address, user and password of the channel" if permanent else "",
        )
    cause = next((words for pattern, words in _CAUSES if pattern.search(details)), "")
    return DeliveryError(f"{where} {cause or f'took nothing: {_told(address, records, logging.WARNING)}'}")


def _phrase(status: int) -> str:
    return f" {HTTPStatus(status).phrase}" if status in HTTPStatus.__members__.values() else ""


def _asked_wait(status: int, details: str) -> float | None:
    if found := _ASKED_WAIT.search(details):
        return float(found[2]) / (1000 if found[1] else 1)
    return THROTTLED_WAIT if status == 429 else None


def _told(address: str, records: Sequence[logging.LogRecord], level: int) -> str:
    """The last thing that Apprise said at this level or above, without the address's secrets."""
    told = [record.getMessage() for record in records if record.levelno >= level]
    text = " ".join(told[-1].split())[:200] if told else ""
    return without_secrets(text, address)
