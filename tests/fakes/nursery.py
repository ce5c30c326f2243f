"""Processes that live at once: a parent that has imported everything forks them, so that hundreds can be killed.

    with Nursery(program) as nursery:
        child = nursery.born("deliver")
        child.kill()

`start` is `presswatch start`; `deliver` matches and delivers alone, by a clock that runs so fast that a day's digest
comes every few seconds. Both are the program's own code.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from tests.fakes.program import Program

HASTE = 20_000
"""Seconds of the fast clock in a second: a day passes in four."""


class Child:
    """A forked process."""

    def __init__(self, nursery: Nursery, pid: int) -> None:
        self._nursery = nursery
        self.pid = pid

    def kill(self) -> None:
        """As a power cut would."""
        os.kill(self.pid, signal.SIGKILL)
        assert self._nursery.reaped() == -signal.SIGKILL

    def stop(self) -> None:
        """As a service manager does."""
        os.kill(self.pid, signal.SIGTERM)
        code = self._nursery.reaped()
        assert code in (0, -signal.SIGTERM), code  # the latter: it had not begun yet


class Nursery:
    """The parent, a process of its own without threads. One child lives at a time."""

    def __init__(self, program: Program) -> None:
        self._living = 0
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.fakes.nursery", str(program.folder)],
            env=program.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def born(self, what: str) -> Child:
        """A child that runs `start` or `deliver`. It is in the middle of its beginning."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{what}\n")
        self._process.stdin.flush()
        self._living = self._answer()
        return Child(self, self._living)

    def reaped(self) -> int:
        """The exit code of the child that has ended, or minus its signal."""
        code = self._answer()
        self._living = 0
        return code

    def _answer(self) -> int:
        assert self._process.stdout is not None
        return int(self._process.stdout.readline())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._living:
            os.kill(self._living, signal.SIGKILL)
        self._process.kill()
        self._process.communicate()


def main() -> None:
    """Fork what each line of the standard input names; answer with its process id, then with how it ended."""
    folder = Path(sys.argv[1])
    log = (folder / "children.log").open("a", buffering=1)
    born = datetime.now(UTC)
    roles: dict[str, Callable[[], int]] = {"start": _start, "deliver": lambda: _deliver(folder, born)}
    _import_everything()
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            os.dup2(log.fileno(), 1)
            os.dup2(log.fileno(), 2)
            os._exit(_live(roles[line.strip()]))
        _say(pid)
        _say(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


def _say(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def _import_everything() -> None:
    import multiprocessing
    from importlib import import_module

    for name in ("scrapy.crawler", "crawler.reading.libraries", "presswatch.serve", "presswatch.settings",
                 "scheduler.local"):  # fmt: skip
        import_module(name)
    import crawler.catalog
    from notify.channels.apprise_services import service

    service("json://localhost")
    crawler.catalog.catalogue()
    spawning = multiprocessing.get_context
    # The reader is forked too: its imports would take longer than its parent lives.
    multiprocessing.get_context = lambda method=None: spawning("fork")  # type: ignore[assignment]


def _live(role: Callable[[], int]) -> int:
    try:
        return role()
    except BaseException:
        import traceback

        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()


def _start() -> int:
    from presswatch.serve import serve_forever
    from presswatch.settings import load

    return serve_forever(load())


def _deliver(folder: Path, born: datetime) -> int:
    asyncio.run(_delivering(folder, born))
    return 0


async def _delivering(folder: Path, born: datetime) -> None:
    from notify.delivery.dispatch import Dispatch
    from scheduler import jobs
    from scheduler.local import DELIVERY_PATIENCE
    from storage.leases import owner
    from storage.opening import open_database

    def fast() -> datetime:
        return born + (datetime.now(UTC) - born) * HASTE

    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    with open_database(folder) as database:
        jobs.sweep(database)
        dispatch = Dispatch(database, owner=owner(), console=sys.stdout, clock=fast, lease=timedelta(days=1000))
        while not stop.is_set():
            await jobs.match_and_deliver(dispatch)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), 0.01)
        await dispatch.stop(DELIVERY_PATIENCE)


if __name__ == "__main__":
    main()
