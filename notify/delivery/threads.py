"""Threads for what blocks and may hang, such as a service that does not answer."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue
from typing import TypeVar

R = TypeVar("R")

Tell = Callable[[], object]
Work = Callable[[], Tell]
"""What a thread does; it gives what tells whoever waits."""

IDLE = 30.0
"""Seconds that a thread waits for more work before it ends. To start one costs as much as half a delivery."""


class Threads:
    """As many as there is work at a time. One that hangs keeps neither its neighbours nor the process's end."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._idle: list[SimpleQueue[Work]] = []  # how work is handed to each thread that has none

    async def run(self, function: Callable[[], R]) -> R:
        """What the function returns or raises, called in a thread that does nothing else meanwhile."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[R] = loop.create_future()

        def settle(set_outcome: Tell) -> None:
            if not future.done():
                set_outcome()

        def work() -> Tell:
            try:
                return partial(loop.call_soon_threadsafe, settle, partial(future.set_result, function()))
            except BaseException as error:
                return partial(loop.call_soon_threadsafe, settle, partial(future.set_exception, error))

        self._hand_over(work)
        return await future

    def _hand_over(self, work: Work) -> None:
        try:
            queue = self._idle.pop()
        except IndexError:
            queue = SimpleQueue()
            threading.Thread(target=self._serve, args=(queue,), daemon=True, name=self._name).start()
        queue.put(work)

    def _serve(self, queue: SimpleQueue[Work]) -> None:
        while True:
            try:
                work = queue.get(timeout=IDLE)
            except Empty:
                try:
                    self._idle.remove(queue)
                except ValueError:
                    continue  # it has been taken this moment: its work is about to come
                return
            tell = work()
            self._idle.append(queue)  # first: whoever is told may have more work
            with suppress(RuntimeError):  # the loop is closed: nobody waits for the answer any more
                tell()
