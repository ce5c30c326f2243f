"""What is kept of the programs that ask: how often they did, and what came of what must not be done twice.

All of it is this process's, and forgotten with it. What was answered may hold a secret that is shown once, so it is
never written down.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import monotonic, time

from fastapi import Response
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from presswatch.web.visitor import Visitor
from storage.errors import InvalidInputError

A_MINUTE = 600
"""Requests of one token, at most."""
REMEMBERED = 1_000
"""Answers that are kept for repetitions, the newest ones."""
LASTS = 24 * 3600.0
"""Seconds that an answer is kept."""
LONGEST_KEY = 255


class TooMany(Exception):
    """A token was used too often; `retry_after` is in seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__()
        self.retry_after = retry_after


class Busy(Exception):
    """The first request with this key is still being answered."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """What came of a request; `answer` is empty while it is under way."""

    digest: str
    until: float
    answer: Response | None = None


class Programs:
    """Of one application."""

    def __init__(self) -> None:
        self.turn = asyncio.Lock()
        """Whose turn it is to change something that he has seen."""
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._limit = RateLimitItemPerMinute(A_MINUTE)
        self._kept: OrderedDict[tuple[int, int, str], _Kept] = OrderedDict()

    def count(self, visitor: Visitor) -> None:
        """Count a request. Raises `TooMany`."""
        whose = f"token {visitor.token.id}" if visitor.token else f"user {visitor.id}"
        if not self._limiter.hit(self._limit, whose):
            reset = self._limiter.get_window_stats(self._limit, whose).reset_time
            raise TooMany(max(1, round(reset - time())))

    async def once(self, visitor: Visitor, key: str, digest: str, do: Callable[[], Awaitable[Response]]) -> Response:
        """Do something once, however often it is asked for with this key (draft-ietf-httpapi-idempotency-key-header).

        What failed is done again. Raises `Busy`, `InvalidInputError` for another request with the same key.
        """
        mine = (visitor.id, visitor.token.id if visitor.token else 0, key)
        known = self._kept.get(mine)
        if known is not None and known.until > monotonic():
            return _again(known, digest)
        self._kept[mine] = _Kept(digest, monotonic() + LASTS)
        try:
            answer = await do()
        except BaseException:
            del self._kept[mine]
            raise
        self._kept[mine] = _Kept(digest, monotonic() + LASTS, answer)
        self._kept.move_to_end(mine)
        while len(self._kept) > REMEMBERED:
            self._kept.popitem(last=False)
        return answer


def _again(known: _Kept, digest: str) -> Response:
    if known.digest != digest:
        mend = "use a new key for each request, and the same one only to repeat it"
        raise InvalidInputError("this Idempotency-Key was used for another request", mend=mend)
    if known.answer is None:
        raise Busy
    return known.answer
