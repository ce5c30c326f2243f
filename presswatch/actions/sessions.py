"""What a user can do with his sessions: see where he is signed in, end one, end all the others."""

from __future__ import annotations

from storage.clock import now
from storage.database import Database
from storage.people import sessions
from storage.types import Session


async def listing(database: Database, owner: int) -> tuple[Session, ...]:
    """The owner's sessions that hold, the one used last first."""
    return await database.read_async(sessions.every, owner, now())


async def end(database: Database, owner: int, number: int) -> None:
    """Sign the owner out at one browser. Raises `NotFoundError`."""
    await database.write_async(sessions.end_one, owner, number)


async def end_others(database: Database, owner: int, but: str) -> int:
    """Sign the owner out everywhere but in the session of the secret `but`; return of how many."""
    return await database.write_async(lambda connection: sessions.end_all(connection, owner, but=but))
