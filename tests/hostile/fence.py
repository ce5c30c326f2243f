"""A fence around the tests: whatever a hostile page names, nobody is looked up, and nothing but loopback is reached."""

from __future__ import annotations

import errno
import ipaddress
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_LOOK_UPS = ("socket.getaddrinfo", "socket.gethostbyname")
_SENDING = ("socket.connect", "socket.sendto", "socket.sendmsg")
_standing: list[None] = []
_hooks: list[None] = []


@contextmanager
def fenced() -> Iterator[None]:
    """While open, a name is unknown, and a network that is not loopback out of reach. It is an audit hook (PEP 578)."""
    if not _hooks:
        sys.addaudithook(_audit)  # it stays, and looks away when nothing is fenced
        _hooks.append(None)
    _standing.append(None)
    try:
        yield
    finally:
        _standing.pop()


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if not _standing:
        return
    if event in _LOOK_UPS and not _is_loopback(arguments[0], names=True):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    if event in _SENDING and isinstance(arguments[1], tuple) and not _is_loopback(arguments[1][0]):
        raise OSError(errno.ENETUNREACH, "the tests end here")


def _is_loopback(host: Any, *, names: bool = False) -> bool:
    text = host.decode("latin-1") if isinstance(host, bytes | bytearray) else host
    if text is None or (names and text == "localhost"):
        return True
    try:
        return ipaddress.ip_address(text).is_loopback
    except ValueError:
        return False
