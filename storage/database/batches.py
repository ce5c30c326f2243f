"""Writing together what arrives together."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class GroupCommit(Generic[T, R]):
    """Collects what arrives while the last batch is being written, and writes it as the next one.

    `linger` is how many seconds a value waits for others before a batch that is not full is written.

    `write` takes the values of a batch in order and returns one result for each. A batch that fails is written again
    value by value, so that a bad one does not take its neighbours along.
    """

    def __init__(
        self, write: Callable[[Sequence[T]], Awaitable[Sequence[R]]], *, limit: int, linger: float = 0.0
    ) -> None:
        self._write = write
        self._limit = limit
        self._linger = linger
        self._waiting: list[tuple[T, asyncio.Future[R]]] = []
        self._writer: asyncio.Task[None] | None = None

    async def add(self, value: T) -> R:
        """Hand over a value and wait for what comes of it. Raises what `write` raises for this value alone."""
        future: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((value, future))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_all())
        return await future

    async def drained(self) -> None:
        """Wait until nothing waits to be written."""
        while self._writer is not None and not self._writer.done():
            await asyncio.shield(self._writer)

    async def _write_all(self) -> None:
        while self._waiting:
            if self._linger and len(self._waiting) < self._limit:
                await asyncio.sleep(self._linger)
            batch, self._waiting = self._waiting[: self._limit], self._waiting[self._limit :]
            if not await self._settle(batch, last_try=len(batch) == 1):
                for pair in batch:
                    await self._settle([pair], last_try=True)

    async def _settle(self, batch: list[tuple[T, asyncio.Future[R]]], *, last_try: bool) -> bool:
        try:
            results = await self._write([value for value, _ in batch])
        except Exception as error:
            if last_try:
                _refuse(batch, error)
            return last_try
        if len(results) != len(batch):  # it is written, and nobody knows whose result is whose
            _refuse(batch, ValueError(f"{len(batch)} values were written, with {len(results)} results"))
            return True
        for (_, future), result in zip(batch, results, strict=True):
            if not future.done():
                future.set_result(result)
        return True


def _refuse(batch: list[tuple[T, asyncio.Future[R]]], error: Exception) -> None:
    for _, future in batch:
        if not future.done():
            future.set_exception(error)
