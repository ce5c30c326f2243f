"""The program without what its start costs: a process that has imported the libraries once, and forks for each command.

What runs is a process of its own with its own arguments, environment and output, that can be interrupted and killed;
only the second of processor time is saved that importing takes. The first commands of a session wait for the process.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import importlib
import json
import multiprocessing
import os
import random
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from multiprocessing import forkserver
from pathlib import Path
from typing import NoReturn

from crawler.reading.reader import PRELOADED

LIBRARIES = ("alembic.command", "apprise", "pydantic_settings", "rich.table", "scrapy", "sqlalchemy", "typer")
OURS = (
    "crawler.catalog",
    "crawler.reading.process",
    "notify.delivery.dispatch",
    "presswatch.cli",
    "presswatch.serve",
    "presswatch.settings",
    "storage.items.items",
)
"""Not what installs Twisted's reactor."""

PROGRAM = "presswatch.cli:main"

_HEAD = struct.Struct("!I")


class Child:
    """A command that runs, with what `subprocess.Popen` offers of it."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._code: int | None = None
        self.pid = int(_HEAD.unpack(_exactly(connection, _HEAD.size))[0])

    def poll(self) -> int | None:
        """Its exit code once it has ended: the negative number of the signal that killed it."""
        if self._code is None:
            self._connection.settimeout(0)
            with contextlib.suppress(BlockingIOError):
                self._take()
        return self._code

    def wait(self, timeout: float) -> int:
        """Its exit code, within `timeout` seconds. Raises `TimeoutError`."""
        if self._code is None:
            self._connection.settimeout(timeout)
        return self._take()

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it has not ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """As a power cut would."""
        self.send_signal(signal.SIGKILL)

    def _take(self) -> int:
        if self._code is None:
            self._code = struct.unpack("!i", _exactly(self._connection, 4))[0]
            self._connection.close()
        return self._code


def start(
    arguments: Sequence[str], environment: Mapping[str, str], given: int, out: int, err: int, main: str = PROGRAM
) -> Child:
    """Run the program with these arguments, in this environment, with these three file descriptors.

    `main` is what is called, `module:function`: the program, or a part of it.
    """
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(_template())
    words = json.dumps({"arguments": list(arguments), "environment": dict(environment), "main": main}).encode()
    socket.send_fds(connection, [_HEAD.pack(len(words))], [given, out, err])
    connection.sendall(words)
    return Child(connection)


def _exactly(connection: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        more = connection.recv(size - len(data))
        if not more:
            raise ConnectionError("the process that forks has ended")
        data += more
    return data


@functools.cache
def _template() -> str:
    """The address of this test process's own template, started when the first command is."""
    address = f"\0presswatch-{os.getpid()}-{time.monotonic_ns()}"
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.fakes.forking", address.removeprefix("\0")],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
    )
    atexit.register(process.kill)
    assert process.stdout is not None
    process.stdout.readline()
    return address


# -- in the template ---------------------------------------------------------------------------------------------------


def _serve(name: str) -> NoReturn:
    for module in (*LIBRARIES, *OURS):
        importlib.import_module(module)
    multiprocessing.set_forkserver_preload([PRELOADED])
    forkserver.ensure_running()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(f"\0{name}")
    listening.listen(64)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        connection, _ = listening.accept()
        if os.fork() == 0:
            listening.close()
            _attend(connection)
        connection.close()


def _attend(connection: socket.socket) -> NoReturn:
    """Fork the command, say its process id, wait for it, say its exit code."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    head, descriptors, _, _ = socket.recv_fds(connection, _HEAD.size, 3)
    wanted = json.loads(_exactly(connection, _HEAD.unpack(head)[0]))
    child = os.fork()
    if child == 0:
        connection.close()
        _become(wanted["main"], wanted["arguments"], wanted["environment"], *descriptors)
    for descriptor in descriptors:
        os.close(descriptor)
    connection.sendall(_HEAD.pack(child))
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    connection.sendall(struct.pack("!i", code))
    os._exit(0)


def _become(
    main: str, arguments: Sequence[str], environment: Mapping[str, str], given: int, out: int, err: int
) -> NoReturn:
    os.dup2(given, 0)
    os.dup2(out, 1)
    os.dup2(err, 2)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", encoding="utf-8", buffering=1, closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", buffering=1, closefd=False)  # noqa: SIM115
    os.environ.clear()
    os.environ.update(environment)
    random.seed()
    # The command's reader comes from the template's server: one of its own would import the libraries once more.
    forkserver._forkserver.ensure_running = lambda: None  # type: ignore[method-assign]
    sys.argv = ["presswatch", *arguments]
    module, _, function = main.partition(":")
    getattr(importlib.import_module(module), function)()
    sys.exit()  # through the interpreter's own end, as in any process


if __name__ == "__main__":
    _serve(sys.argv[1])
