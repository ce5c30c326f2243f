"""What a person can do about a source's polls: ask it at once, and see how all that are kept went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from crawler.run import Crawl
from scheduler import jobs
from storage.database import Database
from storage.errors import InvalidInputError
from storage.sources import polls, sources
from storage.sources.polls import EndedPoll
from storage.types import Reason

KEPT = 3_000
"""Polls that are looked at: those of ten days at least."""


@dataclass(frozen=True, slots=True)
class Run:
    """Polls one after the other that came to the same."""

    reason: Reason
    times: int
    first_at: datetime
    last_at: datetime
    new: int
    """How many statements they brought."""
    detail: str
    """Of the last of them."""


async def ask_now(crawl: Crawl, key: str) -> None:
    """Poll a source at once, whether it is due or not.

    Raises `NotFoundError`, `InvalidInputError` where it is being polled or is not watched.
    """
    source = await crawl.database.read_async(sources.get, key)
    if not source.enabled:
        raise InvalidInputError(f"{key} is not watched", mend="watch it first")
    if not await jobs.poll_now(crawl, [key]):
        raise InvalidInputError(f"{key} is being asked already", mend="wait until that has ended")


async def history(database: Database, source_id: int) -> tuple[Run, ...]:
    """The polls of a source that are kept, as runs, the newest first."""
    return runs(await database.read_async(polls.recent, source_id, KEPT))


def runs(ended: Sequence[EndedPoll]) -> tuple[Run, ...]:
    """Polls, the newest first, as runs of the same reason."""
    found = []
    for reason, group in groupby(ended, key=lambda poll: poll.reason):
        alike = list(group)
        new = sum(poll.new_items for poll in alike)
        found.append(Run(reason, len(alike), alike[-1].started_at, alike[0].started_at, new, alike[0].detail))
    return tuple(found)
