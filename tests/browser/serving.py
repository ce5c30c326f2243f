"""The pages on a port of this machine, from a thread of this process; and a desk in the middle of its day on them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from presswatch.web.app import application
from presswatch.web.desk import Desk
from presswatch.web.server import listening, serving
from storage.database import Database
from storage.opening import open_database
from storage.people import users
from tests.fakes import newsroom
from tests.patience import PATIENCE


@contextmanager
def served(desk: Desk) -> Iterator[str]:
    """Serve a desk meanwhile on any free port; gives its address."""
    at = listening("127.0.0.1:0")
    ready, over = threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        async with serving(application(desk), at):
            ready.set()
            await over.wait()

    thread = threading.Thread(target=lambda: asyncio.Runner(loop_factory=lambda: loop).run(serve()), daemon=True)
    thread.start()
    assert ready.wait(PATIENCE), "the pages are not served"
    try:
        yield f"http://127.0.0.1:{at.getsockname()[1]}"
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()
        loop.close()


@dataclass(frozen=True)
class Newsroom:
    """A desk in the middle of its day, and where its pages are."""

    address: str
    database: Database
    named: Mapping[str, str]
    """What stands for the parts of an address in `places`."""

    def at(self, place: str) -> str:
        """The whole address of a place."""
        return self.address + place.format(**self.named)

    @contextmanager
    def in_russian(self) -> Iterator[None]:
        """Meanwhile its reader has the interface in Russian."""
        reader = self.database.read(users.get, newsroom.NAME)
        self.database.write(users.set_preferences, reader, replace(reader.preferences, language="ru"))
        yield
        self.database.write(users.set_preferences, reader, reader.preferences)


@contextmanager
def in_use(folder: Path) -> Iterator[Newsroom]:
    """A desk in the middle of its day, served from a data folder."""
    with open_database(folder) as database:
        with ThreadPoolExecutor() as beside:  # in this thread there may be Playwright's loop
            named = beside.submit(newsroom.fill, database).result()
        with served(Desk(database, "http://127.0.0.1", clock=lambda: newsroom.NOW)) as address:
            yield Newsroom(address, database, named)
