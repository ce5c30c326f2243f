"""presswatch as a user runs it: processes on a data folder of their own, forked where the system can fork."""

from __future__ import annotations

import json
import os
import queue
import signal
import sqlite3
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import psycopg

from presswatch.demo.scenario import specs
from presswatch.demo.site import ReplicaSite
from storage.clock import now
from storage.database import Database
from storage.opening import open_database
from storage.sources import sources
from storage.types import SourceSpec
from tests.fakes import forking
from tests.patience import PATIENCE

LOOPBACK = "127.0.0.0/8"


@dataclass(frozen=True)
class Result:
    """What a finished command printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Running:
    """A process of `presswatch start`, its lines as they come."""

    def __init__(self, process: forking.Child, output: TextIO) -> None:
        self.process = process
        self.lines: list[str] = []
        self._output = output
        self._incoming: queue.Queue[str | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self._output:
            self._incoming.put(line.rstrip("\n"))
        self._incoming.put(None)

    def wait_for(self, text: str) -> str:
        """The next line that contains the text; it may say other things meanwhile, but not for ever."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                line = self._incoming.get(timeout=max(0.0, until - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"it never said {text!r}; it said:\n" + "\n".join(self.lines)) from None
            if line is None:
                raise AssertionError(f"it ended before it said {text!r}; it said:\n" + "\n".join(self.lines))
            self.lines.append(line)
            if text in line:
                return line

    def rest(self) -> list[str]:
        """What it said after the line that was waited for last, until it ended."""
        return [*iter(lambda: self._incoming.get(timeout=PATIENCE), None)]

    @property
    def said(self) -> str:
        """All that it has said so far."""
        with suppress(queue.Empty):
            while (line := self._incoming.get_nowait()) is not None:
                self.lines.append(line)
        return "\n".join(self.lines)

    def close(self) -> None:
        """Let go of what the ended process printed."""
        self._reader.join(PATIENCE)
        self._output.close()

    def kill(self) -> None:
        """As a power cut would. Its reader process ends by itself."""
        self.process.kill()
        self.process.wait(PATIENCE)

    def stop(self, number: int = signal.SIGINT) -> int:
        """As Ctrl-C does, or a service manager (SIGTERM); returns the exit code."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def pause(self) -> None:
        """As a virtual machine that is put to sleep: nothing of it runs, and its clock goes on."""
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self.process.send_signal(signal.SIGCONT)


class Program:
    """The command line on one data folder, or with its key there on a server's database."""

    def __init__(self, folder: Path, address: str = "") -> None:
        self.folder = folder
        self._address = address
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("PRESSWATCH_")},
            "PRESSWATCH_DATA": str(folder),
            "PRESSWATCH_CONFIG": str(folder / "presswatch.toml"),
            "PRESSWATCH_ALLOW_ADDRESSES": LOOPBACK,
            "PRESSWATCH_LISTEN": "off",  # several run at a time
            "PRESSWATCH_GONE_FOR": "1",  # no test waits a day
            "PYTHONUNBUFFERED": "1",
            **({"PRESSWATCH_DATABASE": address} if address else {}),
        }
        with self.database() as database:
            from crawler.catalog import catalogue

            database.write(sources.sync_catalogue, catalogue(), now())
            every = [source.key for source in database.read(sources.every)]
            database.write(sources.set_many_enabled, every, False, now())  # a test asks nobody on the internet

    def __call__(self, *arguments: str, typed: str = "", **environment: str) -> Result:
        """Run one command to its end; `typed` is what a person answers to its questions."""
        with ExitStack() as files:
            given, out, err = (files.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8")) for _ in range(3))
            given.write(typed)
            given.seek(0)
            streams = (given.fileno(), out.fileno(), err.fileno())
            child = forking.start(arguments, {**self.environment, **environment}, *streams)
            try:
                code = child.wait(PATIENCE)
            except TimeoutError:
                child.kill()
                raise
            out.seek(0)
            err.seek(0)
            return Result(code, out.read(), err.read())

    @contextmanager
    def started(self, *arguments: str, main: str = forking.PROGRAM, **environment: str) -> Iterator[Running]:
        """`presswatch start`, or another command that goes on by itself, ended at the latest when the test is.

        `main` is what runs instead of the program; `environment` is its own beside the common one.
        """
        reading, writing = os.pipe()
        command = arguments or ("start",)
        with Path(os.devnull).open() as nothing:
            mine = {**self.environment, **environment}
            process = forking.start(command, mine, nothing.fileno(), writing, writing, main)
        os.close(writing)
        running = Running(process, os.fdopen(reading, encoding="utf-8"))
        try:
            yield running
        finally:
            if process.poll() is None:
                running.kill()
            running.close()

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """What stands in the database, asked beside the program."""
        if self._address:
            with psycopg.connect(self._address) as asked:
                return asked.execute(statement.encode()).fetchall()
        with closing(sqlite3.connect(self.folder / "presswatch.db")) as connection:
            return connection.execute(statement).fetchall()

    def database(self) -> Database:
        """The same data, for a look behind the scenes."""
        return open_database(self.folder, address=self._address)

    def watch(self, site: ReplicaSite, *, alert_first: bool = False) -> tuple[SourceSpec, ...]:
        """Watch the replica's two sections."""
        watched = specs(site)
        with self.database() as database:
            for spec in watched:
                database.write(sources.add, spec, alert_first=alert_first, now=now())
        return watched
