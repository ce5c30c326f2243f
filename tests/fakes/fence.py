"""A fence around tests: nobody is looked up in the resolver of this machine, and nothing leaves it.

An audit hook (PEP 578) that is asked after the product's own, so that what the product forbids never comes to it. By
itself it knows no name and lets everything on loopback through; who wants to know more looks himself.
"""

from __future__ import annotations

import errno
import ipaddress
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from storage.connection_guard import AddressPolicy, guarded_connections

_LOOK_UPS = frozenset({"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo"})
_SENDING = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})

LookUp = Callable[[Any], None]
"""Is given the host that somebody asks for, as he wrote it. Raises `OSError` where it is not to be asked for."""
Reach = Callable[[tuple[Any, ...]], None]
"""Is given the host, port and more that somebody is about to connect or send to. Raises `OSError` to stop him."""

_standing: list[tuple[LookUp, Reach]] = []


def unknown(host: Any) -> None:
    """Let addresses of loopback and `localhost` be looked up, and nothing else."""
    if host not in (None, "localhost", b"localhost") and not _is_loopback(host):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


def loopback_alone(target: tuple[Any, ...]) -> None:
    """Let through what goes to loopback."""
    if not _is_loopback(target[0]):
        raise outside(target)


def outside(what: object) -> OSError:
    """What somebody is told who was stopped."""
    return OSError(errno.ENETUNREACH, f"the tests end before {what}")


@contextmanager
def fenced(look_up: LookUp = unknown, reach: Reach = loopback_alone) -> Iterator[None]:
    """While open, every look-up and every destination of this process's sockets is asked for; of several, the last."""
    _install()
    _standing.append((look_up, reach))
    try:
        yield
    finally:
        _standing.remove((look_up, reach))


@cache
def _install() -> None:
    """Hooks stay, and are asked in the order in which they were added: the product's own is added first."""
    with guarded_connections(AddressPolicy()):
        sys.addaudithook(_audit)


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if not _standing:
        return
    look_up, reach = _standing[-1]
    if event in _LOOK_UPS:
        look_up(arguments[0])
    elif event in _SENDING and isinstance(arguments[1], tuple):  # unix sockets have a path
        reach(arguments[1])


def _is_loopback(host: Any) -> bool:
    try:
        return ipaddress.ip_address(host.decode("latin-1") if isinstance(host, bytes | bytearray) else host).is_loopback
    except ValueError:
        return False
