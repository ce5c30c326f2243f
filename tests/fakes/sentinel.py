"""A listener on loopback to which nobody may come."""

from __future__ import annotations

import socket
from contextlib import ExitStack


class Sentinel:
    """Listens on one port of these addresses, and tells how often somebody came. Use it as a context manager."""

    def __init__(self, *hosts: str) -> None:
        self._hosts = hosts or ("127.0.0.1",)
        self._open = ExitStack()
        self._sockets: list[socket.socket] = []
        self.port = 0

    def __enter__(self) -> Sentinel:
        for host in self._hosts:
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            listening = self._open.enter_context(socket.create_server((host, self.port), family=family))
            listening.setblocking(False)
            self.port = listening.getsockname()[1]
            self._sockets.append(listening)
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def connections(self) -> int:
        """How many have come since this was asked last."""
        return sum(map(_accepted, self._sockets))


def _accepted(listening: socket.socket) -> int:
    count = 0
    while True:
        try:
            listening.accept()[0].close()
        except BlockingIOError:
            return count
        count += 1
