"""Looks at sections: under way, or done a while ago, for whoever asked. A few are held; nothing of them is stored."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from crawler.discovery.discover import Proposal
from crawler.run import Crawl
from presswatch.actions import proposals
from presswatch.actions.proposals import NewSource
from presswatch.web.desk import Desk
from storage.errors import InvalidInputError, PresswatchError, StorageError, UnreadableError
from storage.events import heard
from storage.types import REMEDIES, Reason

KEPT = timedelta(hours=1)
EACH, ALL = 3, 24
"""How long a look is held, and how many of one user and of all: an answer may hold a long list."""
LONGEST = 300.0
"""Seconds of a look. A polite one, some fourteen requests one after the other, takes less also at a slow site."""


@dataclass(eq=False, slots=True)
class Look:
    """Somebody looks at a section."""

    number: int
    owner: int
    wanted: NewSource
    begun_at: datetime
    step: str
    """The address that is asked now."""
    proposal: Proposal | None = None
    mistake: PresswatchError | None = None
    """Why nothing is proposed."""
    task: asyncio.Task[None] | None = None

    @property
    def is_over(self) -> bool:
        return self.proposal is not None or self.mistake is not None

    def told(self, address: str) -> None:
        """Note what is looked at now."""
        self.step = address


class Looks:
    """The looks of one process."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._numbers = itertools.count(1)
        self._held: dict[int, Look] = {}

    async def begin(self, desk: Desk, owner: int, wanted: NewSource) -> Look:
        """Begin to look at a section; the owner's oldest looks are dropped for it.

        Raises `InvalidInputError` and its kinds where the section is refused before it is looked at or too many look
        already, `StorageError` where nothing is fetched.
        """
        await proposals.refuse(desk.database, wanted, desk.policy, desk.browser)
        crawl = fetching(desk)
        self._forget_old()
        own = [look for look in self._held.values() if look.owner == owner]
        for look in own[: len(own) - EACH + 1]:
            self.drop(look)
        if len(self._held) >= ALL:
            raise InvalidInputError("too many sections are being looked at", mend="look at it again in some minutes")
        look = Look(next(self._numbers), owner, wanted, self._clock(), wanted.address)
        self._held[look.number] = look
        look.task = asyncio.create_task(heard(_look(desk, crawl, look), "looking at a section", crawl.report))
        return look

    def find(self, owner: int, number: int) -> Look | None:
        """The owner's look of that number as it stands now, while it is held.

        What comes of it later is no part of it: a page that is being made would know of it in half of its places.
        """
        self._forget_old()
        look = self._held.get(number)
        return replace(look) if look is not None and look.owner == owner else None

    def drop(self, look: Look) -> None:
        """Hold it no longer; what of it is under way ends."""
        del self._held[look.number]
        if look.task is not None:
            look.task.cancel()

    def _forget_old(self) -> None:
        for look in [each for each in self._held.values() if each.begun_at + KEPT <= self._clock()]:
            self.drop(look)


def fetching(desk: Desk) -> Crawl:
    """The crawl by which the desk fetches. Raises `StorageError` where it has none."""
    if desk.crawl is None:
        raise StorageError("nothing is fetched by this process", mend="ask the one that watches")
    return desk.crawl


async def _look(desk: Desk, crawl: Crawl, look: Look) -> None:
    try:
        async with asyncio.timeout(LONGEST):
            look.proposal = await proposals.propose(
                desk.database, crawl, look.wanted, desk.policy, desk.browser, look.told
            )
    except PresswatchError as error:
        look.mistake = error
    except TimeoutError:
        detail = f"{look.step} was not read within {LONGEST:.0f} seconds"
        look.mistake = UnreadableError(Reason.TIMEOUT, detail, REMEDIES[Reason.TIMEOUT])
    finally:
        if not look.is_over:
            mend = "report it with the traceback that stands in the log"
            look.mistake = PresswatchError("this is a mistake of presswatch's own", mend=mend)
