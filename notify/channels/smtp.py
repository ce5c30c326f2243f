"""Mail, sent by ourselves: Apprise makes a Message-ID of its own for each attempt and derives the text from the HTML.

The address is read by Apprise all the same, with what it knows of providers. One mail goes to each recipient; its
Message-ID is the same for each attempt, so that a repetition can be recognised, and mails about one story are a thread.
A mail cannot be opened unnoticed, but ours does not tell: it loads nothing.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Iterable
from contextlib import suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import localtime, make_msgid
from functools import cache
from typing import Any

from notify.channels.address_rules import HOSTED, masked, without_secrets
from notify.channels.apprise_services import ANSWER_TIMEOUT, recorded, service
from notify.channels.connections import LONGEST_ANSWER
from notify.channels.mail_policy import POLICY
from notify.channels.other_side import said, words_of
from notify.messages.message import Message
from storage.connection_guard import ConnectionRefusedByGuardError
from storage.errors import DeliveryError

_MEND = "check the mail address, user and password of the channel"
_OURS = re.compile(r"from|to|cc|bcc|subject|date|message-id|in-reply-to|references|mime-.*|content-.*", re.IGNORECASE)
"""Headers that an address cannot set; any other one goes before ours."""

_UNSUBSCRIBES = frozenset({"list-unsubscribe", "list-unsubscribe-post"})


class MailSender:
    """Sends over SMTP with the rights and the secrets that stand in a channel's address."""

    def send(self, message: Message, address: str) -> str:
        with recorded():  # what Apprise says of the address holds its secrets
            account: Any = service(address)
        if account is None or not account.targets:
            raise DeliveryError(f"Apprise does not understand {masked(address, HOSTED)}", permanent=True, mend=_MEND)
        try:
            answer = _sent(account, list(_letters(account, message)))
        except (OSError, smtplib.SMTPException, ValueError) as error:
            raise _failure(error, address) from None  # the cause may hold what was sent
        return without_secrets(answer, address, HOSTED)


class AnswerTooLong(smtplib.SMTPException):
    """A server's answer does not end."""


class _BoundedLines:
    """The lines that a server sends, up to so many bytes of one answer."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self.left = LONGEST_ANSWER

    def readline(self, size: int) -> bytes:
        line: bytes = self._file.readline(size)
        self.left -= len(line)
        if self.left < 0:
            raise AnswerTooLong(f"it is longer than {LONGEST_ANSWER:,} bytes")
        return line

    def close(self) -> None:
        self._file.close()


class _Answering(smtplib.SMTP):
    """Remembers what the server said when it took a mail, and reads no answer without end (RFC 5321, 4.2.1: `250-`)."""

    answer = ""

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None:
            assert self.sock is not None
            self.file = _BoundedLines(self.sock.makefile("rb"))
        self.file.left = LONGEST_ANSWER
        try:
            return super().getreply()
        except AnswerTooLong:
            self.close()
            raise

    def data(self, msg: Any) -> tuple[int, bytes]:
        code, reply = super().data(msg)
        self.answer = f"{code} {' '.join(reply.decode('utf-8', 'replace').split())[:150]}"
        return code, reply


class _AnsweringTLS(_Answering, smtplib.SMTP_SSL):
    """The same over TLS from the first byte on."""


def _sent(account: Any, letters: list[tuple[list[str], EmailMessage]]) -> str:
    """Send the letters over one connection and return the last answer."""
    smtp = _connected(account)
    try:
        for recipients, letter in letters:
            refused = smtp.send_message(letter, account.from_addr[1], recipients)
            if refused:
                raise smtplib.SMTPRecipientsRefused(refused)
        return smtp.answer
    finally:
        with suppress(OSError, smtplib.SMTPException):
            smtp.quit()


def _connected(account: Any) -> _Answering:
    checked = account.verify_certificate
    if account.secure_mode == "ssl":
        smtp: _Answering = _AnsweringTLS(account.smtp_host, account.port, timeout=ANSWER_TIMEOUT, context=_tls(checked))
    else:
        smtp = _Answering(account.smtp_host, account.port, timeout=ANSWER_TIMEOUT)
    try:
        if account.secure_mode == "starttls":
            smtp.starttls(context=_tls(checked))
        if account.user and account.password:
            smtp.login(account.user, account.password)
    except BaseException:
        smtp.close()
        raise
    return smtp


@cache
def _tls(checked: bool) -> ssl.SSLContext:
    """The same for all mails: to make one, the certificates of all authorities are read, which takes 20 ms."""
    context = ssl.create_default_context()
    if not checked:  # verify=no in the address: its owner's choice
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _letters(account: Any, message: Message) -> Iterable[tuple[list[str], EmailMessage]]:
    """A mail for each recipient, with who is to get it; copies go with the first one."""
    for number, (name, recipient) in enumerate(account.targets):
        letter = written(account, message)
        letter["To"] = _address(name, recipient)
        copies = sorted(account.cc - account.bcc - {recipient}) if number == 0 else []
        blind = sorted(account.bcc - {recipient}) if number == 0 else []
        if copies:
            letter["Cc"] = [_address(account.names.get(one), one) for one in copies]
        yield [recipient, *copies, *blind], letter


def written(account: Any, message: Message) -> EmailMessage:
    """The mail, without its recipient. Raises `ValueError` for an address that is none."""
    name, sender = account.from_addr
    domain = sender.rpartition("@")[2]
    letter = EmailMessage(POLICY)
    letter["From"] = _address(name, sender)
    letter["Subject"] = message.subject.replace("=?", "=\u200b?")  # words that look encoded (RFC 2047) stay words
    letter["Date"] = localtime()
    letter["Message-ID"] = f"<{message.identity}@{domain}>" if message.identity else make_msgid(domain=domain)
    if message.thread:  # a mail that nobody has sent begins the thread: each of its mails can be the first to arrive
        letter["In-Reply-To"] = letter["References"] = f"<{message.thread}@{domain}>"
    if account.reply_to:
        letter["Reply-To"] = [_address(account.names.get(one), one) for one in sorted(account.reply_to)]
    own = {key.lower(): (key, value) for key, value in account.headers.items() if not _OURS.fullmatch(key)}
    own.setdefault("auto-submitted", ("Auto-Submitted", "auto-generated"))  # keeps robots from answering: RFC 3834
    own.setdefault("x-presswatch-key", ("X-Presswatch-Key", message.key))
    if message.content.one_click and not own.keys() & _UNSUBSCRIBES:  # RFC 8058, 3.1: both, or the button is not shown
        letter["List-Unsubscribe"] = f"<{message.content.one_click}>"
        letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    for key, value in own.values():
        letter[key] = value
    letter.set_content(message.text, cte="quoted-printable")
    letter.add_alternative(message.page, subtype="html", cte="quoted-printable")
    return letter


def _address(name: Any, address: str) -> Address:
    return Address(display_name=name or "", addr_spec=address)


def _failure(error: Exception, address: str) -> DeliveryError:
    """What went wrong, with its next action and the server's own words; never with those of the mail or the account."""
    where = masked(address, HOSTED)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        first = min(error.recipients.values())  # while one may still be reached, it is tried again
        return _answered(*first, address)
    if isinstance(error, smtplib.SMTPResponseException):
        return _answered(error.smtp_code, error.smtp_error, address)
    if isinstance(error, smtplib.SMTPNotSupportedError | ValueError):
        said = (
            "does not offer what the address asks for" if not isinstance(error, ValueError) else "cannot be written to"
        )
        return DeliveryError(f"{where} {said}", permanent=True, mend=_MEND)
    return DeliveryError(f"{where} {_cause(error)}")


def _answered(code: int, reply: bytes | str, address: str) -> DeliveryError:
    permanent = code >= 500  # RFC 5321, 4.2.1
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    words = said(without_secrets(words_of(text), address, HOSTED))
    mend = _MEND if permanent else ""
    return DeliveryError(f"{masked(address, HOSTED)} answered {code}{words}", permanent=permanent, mend=mend)


def _cause(error: Exception) -> str:
    match error:
        case ConnectionRefusedByGuardError():
            return "leads to an address that presswatch does not connect to"
        case socket.gaierror():
            return "has a host name that is not known"
        case AnswerTooLong():
            return "answers without end"
        case TimeoutError():
            return "did not answer in time"
        case ConnectionRefusedError():
            return "refused the connection"
        case ssl.SSLError():
            return "failed the check of its certificate"
        case _:
            return "broke the connection off"
