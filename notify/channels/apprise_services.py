"""Apprise, held on a short leash: loaded when first needed, silent in the logs, without its own waits and redirects."""

from __future__ import annotations

import logging
import os
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from notify.channels.connections import LONGEST_ANSWER

if TYPE_CHECKING:
    from apprise import AppriseAsset
    from apprise.plugins import NotifyBase

CONNECT_TIMEOUT = 10.0
ANSWER_TIMEOUT = 30.0
"""Seconds of silence after which a service is taken not to answer."""

ANSWER_KEPT = 4096
"""Bytes of a refusal that are kept to be told."""

_capturing = threading.local()
_loading = threading.Lock()


class _Recorder(logging.Handler):
    """Keeps what Apprise logs for the delivery of the same thread, and for nobody else.

    Apprise tells a status only to its log, beside payloads and tokens: nothing of it may reach another handler.
    """

    def emit(self, record: logging.LogRecord) -> None:
        recording: Recording | None = getattr(_capturing, "recording", None)
        if recording is not None:
            recording.records.append(record)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back over HTTP."""

    status: int
    retry_after: str | None = None
    body: str = ""
    """The beginning of what a refusal said: it may repeat secrets."""


@dataclass(frozen=True, slots=True)
class Recording:
    """What was seen of a delivery. The log records hold secrets: never log or store them."""

    records: list[logging.LogRecord] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    """Each answer over HTTP: Apprise tells its callers nothing of them."""
    signers: list[Callable[[Any], Any]] = field(default_factory=list)
    """What completes each request over HTTP before it leaves; the last one does."""


@contextmanager
def recorded() -> Iterator[Recording]:
    """What Apprise logs and is answered in this thread meanwhile."""
    recording = Recording()
    _capturing.recording = recording
    try:
        yield recording
    finally:
        _capturing.recording = None


def sign_with(signer: Callable[[Any], Any]) -> None:
    """Have this thread's delivery sign what it sends. Apprise has no place for that; `requests` asks for a login."""
    recording: Recording | None = getattr(_capturing, "recording", None)
    if recording is not None:
        recording.signers.append(signer)


def _signer(*_: object, **__: object) -> Callable[[Any], Any] | None:
    recording: Recording | None = getattr(_capturing, "recording", None)
    return recording.signers[-1] if recording is not None and recording.signers else None


def _take_answer(response: Any, *_: object, **__: object) -> None:
    """Note an answer's status, and read what is read of it: requests would read all of it, and some never end.

    What this thread asks beside a delivery is nothing of ours.
    """
    recording: Recording | None = getattr(_capturing, "recording", None)
    if recording is None:
        return
    content = b""
    for piece in response.iter_content(4096):  # bytes as they come: what they unpack to is bounded by that
        content += piece
        if len(content) >= LONGEST_ANSWER:
            break
    response._content = content[:LONGEST_ANSWER]
    response.close()  # where there is more to read, that ends the connection
    response._content_consumed = True
    said = "" if response.ok else content[:ANSWER_KEPT].decode("utf-8", "replace")
    recording.answers.append(Answer(response.status_code, response.headers.get("Retry-After"), said))


def service(address: str) -> NotifyBase | None:
    """A new Apprise service for an address, or None where Apprise does not understand it.

    New for each message: a reused one counts its own rate limits and keeps what it was told before. Limits and
    retries are ours, from the rows.
    """
    with _loading:
        asset = _asset()
    import apprise

    instance = apprise.Apprise.instantiate(address, asset=asset)
    if instance is None:
        return None
    instance.request_rate_per_sec = 0
    mail = instance.secure_protocol == "mailtos"  # mail knows one timeout only, the one for connecting
    instance.socket_connect_timeout = ANSWER_TIMEOUT if mail else CONNECT_TIMEOUT
    instance.socket_read_timeout = ANSWER_TIMEOUT
    return instance


@cache
def _asset() -> AppriseAsset:
    """How all services behave; the first call loads Apprise and takes its logs over.

    Redirects are off: Apprise would follow them to any port, and after a 301 or 302 it repeats a POST as a GET
    without the message and calls the answer a success. An address cannot switch them on (`redirect=` is refused).
    Storage is memory only, so that no service writes a file. Proxies of the environment are passed by: behind one the
    address really connected to could not be checked.
    """
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "*"
    logger = logging.getLogger("apprise")
    logger.propagate = False
    logger.handlers = [_Recorder()]
    logger.setLevel(logging.DEBUG)  # the answers' details stand there; only the recorder sees them
    logging.getLogger("urllib3").setLevel(logging.ERROR)  # its lower levels print addresses with tokens
    import apprise
    import requests.sessions
    from apprise.common import PersistentStoreMode

    # Asked for each message, although the answer is none: to look through the environment costs a tenth of a message.
    setattr(requests.sessions, "get_environ_proxies", lambda *_, **__: {})  # noqa: B010
    # A login that this user keeps for a host in ~/.netrc is no part of the channel's address: it is sent to nobody.
    # What signs a delivery stands in its place.
    setattr(requests.sessions, "get_netrc_auth", _signer)  # noqa: B010
    # Each session of requests begins with these hooks.
    setattr(requests.sessions, "default_hooks", lambda: {"response": [_take_answer]})  # noqa: B010 (mypy: no export)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its plugins import modules that Python is about to drop
        apprise.Apprise.instantiate("json://localhost")  # the first address loads all plugins
    return apprise.AppriseAsset(
        app_id="presswatch",
        app_desc="presswatch",
        app_url="",
        image_url_mask="",  # a picture of another host would tell it of each message
        image_url_logo="",
        async_mode=False,
        secure_logging=True,
        http_redirects=False,
        storage_mode=PersistentStoreMode.MEMORY,
    )
