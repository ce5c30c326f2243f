"""The connections of a delivery, so that it can be cut off: who never stops answering would keep its thread for ever.

Whoever opens them, Apprise, `smtplib` or a library below, is seen by an audit hook on `socket.connect` (PEP 578), and a
second handle of the socket is kept: TLS wraps the first one into another object.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
from contextlib import suppress
from types import TracebackType
from typing import Any

LONGEST_ANSWER = 64 * 1024
"""Bytes of an answer that are read: services say in a few hundred what they have to say."""

_of_thread = threading.local()
_installing = threading.Lock()
_is_installed = False


class Connections:
    """What the thread that enters this connects to meanwhile; `cut` may be called from any other."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._handles: list[int] = []
        self._is_cut = False

    def __enter__(self) -> Connections:
        _install()
        _of_thread.connections = self
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        _of_thread.connections = None
        with self._lock:
            for handle in self._handles:
                os.close(handle)
            self._handles.clear()

    def note(self, connecting: socket.socket) -> None:
        """Keep a handle of a socket that is about to connect. Raises `TimeoutError` after the cut."""
        with self._lock:
            if self._is_cut:
                raise TimeoutError("the time of the delivery is over")
            self._handles.append(os.dup(connecting.fileno()))

    def cut(self) -> None:
        """End all connections, and let no further one be opened: what waits for an answer goes on with an error."""
        with self._lock:
            self._is_cut = True
            for handle in self._handles:
                with suppress(OSError), socket.socket(fileno=os.dup(handle)) as one:
                    one.shutdown(socket.SHUT_RDWR)


def _install() -> None:
    global _is_installed
    with _installing:
        if not _is_installed:
            sys.addaudithook(_audit)
            _is_installed = True


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect":
        connections: Connections | None = getattr(_of_thread, "connections", None)
        if connections is not None:
            connections.note(arguments[0])
