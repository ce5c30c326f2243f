"""One reader: a process that reads one page after the other, and the thread that hands them to it.

A page that crashes, fills or outlasts the process costs this process and nothing else: the page is known, as it is the
first one without an answer; the next one, which lay ready so that the process need not wait for it, is read by another.
What a page may use is bounded by the system itself: seconds of CPU for each page, which a busy machine does not use up
(RLIMIT_CPU), and memory (RLIMIT_AS).
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import multiprocessing
import os
import signal
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import forkserver
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Protocol

from storage.errors import UnreadableError
from storage.types import Reason

PRELOADED = "crawler.reading.libraries"
_AT_HAND = 2
"""Pages that a reader has: the one that it reads, and the one that it goes on with."""
_ENDING = 10.0
"""Seconds that a process which was killed, or whose pipe is closed, has to be gone."""


class Lost(Exception):
    """The reader was lost over the page: it crashed, or was ended from outside."""


class TooSlow(Lost):
    """The page took more than it may, and its reader was ended."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one page may cost."""

    seconds: float
    """Of CPU."""
    memory: int
    """Bytes that a reader may have beside those of its libraries."""
    patience: float
    """Seconds on the clock until a reader is given up: one that waits for something, or was stopped."""


class Asked:
    """A function that is to be called in a reader, and the answer that somebody waits for."""

    def __init__(self, owner: str, function: Callable[..., Any], args: tuple[object, ...]) -> None:
        self.owner = owner
        self.call = (function, args)
        self.cost = 0.0
        """Seconds of CPU that it took."""
        self.answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    def settle(self, value: Any, error: BaseException | None) -> None:
        """Say what came of it, from any thread. Who waited may have gone, and the loop too."""
        with contextlib.suppress(RuntimeError):
            self.answer.get_loop().call_soon_threadsafe(self._settle, value, error)

    def _settle(self, value: Any, error: BaseException | None) -> None:
        if self.answer.done():
            return
        if error is not None:
            self.answer.set_exception(error)
        else:
            self.answer.set_result(value)


class Lane(Protocol):
    """Where a reader gets its pages from. Called from the reader's thread."""

    def take(self, reader: Reader, wait: bool) -> Asked | None:
        """What is next; None when there is no more for this reader, or nothing yet and it does not `wait` for it."""

    def put_back(self, asked: Asked) -> None:
        """Let another reader have what this one has not begun."""

    def charge(self, asked: Asked) -> None:
        """Note what it has cost."""

    def left(self, reader: Reader) -> None:
        """A reader is no more."""


class Reader:
    """A reader process. `pages` is how many it reads before it ends, or None for all that come."""

    def __init__(self, lane: Lane, limits: Limits, pages: int | None = None) -> None:
        self._lane = lane
        self._limits = limits
        self._pages = pages
        context = _context()
        self._connection, theirs = context.Pipe()
        self._process: Any = context.Process(  # type: ignore[attr-defined]
            target=_main, args=(theirs, limits), daemon=True
        )
        with interrupts_held():
            self._process.start()
        theirs.close()
        threading.Thread(target=self._serve, daemon=True, name="reader").start()

    def kill(self) -> None:
        """End the process at once."""
        with contextlib.suppress(ValueError, OSError):
            self._process.kill()

    def _serve(self) -> None:
        """Hand over page after page, until there is none or one has taken the process along."""
        at_hand: deque[Asked] = deque()
        left = math.inf if self._pages is None else self._pages
        while True:
            while len(at_hand) < min(_AT_HAND, left) and (asked := self._lane.take(self, wait=not at_hand)) is not None:
                if self._hand_over(asked):
                    at_hand.append(asked)
            if not at_hand:
                break
            asked = at_hand.popleft()
            left -= 1
            value, error = self._answer_to(asked)
            self._lane.charge(asked)
            asked.settle(value, error)
            if isinstance(error, Lost):
                break
        for asked in at_hand:
            self._lane.put_back(asked)
        self.kill()
        self._connection.close()
        self._process.join(_ENDING)
        self._lane.left(self)

    def _hand_over(self, asked: Asked) -> bool:
        """Send the process a page, unless it cannot be sent at all."""
        try:
            call = ForkingPickler.dumps(asked.call)
        except Exception as error:
            asked.settle(None, error)
            return False
        with contextlib.suppress(OSError):  # the process is gone, as the answer will show
            self._connection.send_bytes(call)
        return True

    def _answer_to(self, asked: Asked) -> tuple[Any, BaseException | None]:
        asked.cost = self._limits.seconds  # unless it says that it was less
        try:
            if not self._connection.poll(self._limits.patience):
                return None, TooSlow()
            answer = self._connection.recv_bytes()
        except (EOFError, OSError):
            self._process.join(_ENDING)
            return None, TooSlow() if self._process.exitcode == -getattr(signal, "SIGXCPU", 0) else Lost()
        try:
            value, failure, asked.cost = ForkingPickler.loads(answer)
        except Exception as error:  # one that cannot be made again here
            return None, error
        return value, failure


# -- how a process is started ----------------------------------------------------------------------------------------


def _context() -> BaseContext:
    """How a reader is started: forked from a process that has imported its libraries, so that one which is replaced is
    there at once. Forking this process itself, with its threads and its reactor, would not be safe."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    if context.get_start_method() == "forkserver":
        forkserver.set_forkserver_preload([PRELOADED])
    return context


@contextmanager
def interrupts_held() -> Iterator[None]:
    """Ctrl-C on a terminal goes to all processes; a child that is started meanwhile goes on without hearing of it.

    This process hears of one that comes meanwhile: at once in another thread, else when this is over. To ignore it
    would lose it, and a reader that has its libraries to import takes a second to start.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# -- in the reader process -------------------------------------------------------------------------------------------


def _main(connection: Connection[Any, Any], limits: Limits) -> None:
    """Answer what is asked, one after the other, until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _follow_parent()
    __import__(PRELOADED)
    _bound_memory(limits.memory)
    calls: SimpleQueue[bytes | None] = SimpleQueue()
    threading.Thread(target=_receive, args=(connection, calls), daemon=True, name="receive").start()
    with contextlib.suppress(OSError, MemoryError):
        while (call := calls.get()) is not None:
            began = time.process_time()
            _bound_seconds(began + limits.seconds)
            value, error = _answer(*ForkingPickler.loads(call))
            cost = time.process_time() - began
            try:
                connection.send((value, error, cost))
            except Exception as unsent:  # what cannot be pickled, or only with more memory than there is
                if isinstance(unsent, OSError):
                    raise
                connection.send((None, RuntimeError(f"{type(unsent).__name__}: {unsent}"), cost))


def _receive(connection: Connection[Any, Any], calls: SimpleQueue[bytes | None]) -> None:
    """Take what is sent, so that who sends need not wait for a page to be read: he would not hear its answer."""
    try:
        while True:
            calls.put(connection.recv_bytes())
    except (EOFError, OSError):
        calls.put(None)
    except MemoryError:  # the page that is read has it all
        os._exit(1)


def _answer(function: Callable[..., Any], args: tuple[object, ...]) -> tuple[Any, Exception | None]:
    try:
        return function(*args), None
    except UnreadableError as error:
        return None, error
    except MemoryError:
        return None, UnreadableError(Reason.UNREADABLE, "reading takes more memory than a reader may have")
    except Exception as error:
        error.add_note("in the reader process:\n" + traceback.format_exc())
        return None, error


def _follow_parent() -> None:
    """End with the parent, however it ends: a killed parent closes no pipe that this process waits on."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def follow() -> None:
        wait([parent.sentinel])
        os._exit(0)

    threading.Thread(target=follow, daemon=True, name="follow-parent").start()


def _bound_seconds(until: float) -> None:
    """End this process (SIGXCPU) when it has used so many seconds of CPU; the system counts whole ones."""
    if sys.platform != "win32":
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_CPU)
        seconds = math.ceil(until)
        resource.setrlimit(resource.RLIMIT_CPU, (seconds if most < 0 else min(seconds, most), most))


def _bound_memory(more: int) -> None:
    """Refuse this process more than so many bytes beside what it has now; leave no picture of it when it crashes."""
    if sys.platform == "linux":
        import resource

        now = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
        _, most = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (now + more if most < 0 else min(now + more, most), most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
