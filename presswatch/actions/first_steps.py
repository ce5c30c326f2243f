"""What is left to do before somebody is told of anything: whom to watch, a topic, where to be told."""

from __future__ import annotations

from dataclasses import astuple, dataclass

from sqlalchemy import Connection

from storage.database import Database
from storage.people import subscriptions, topics
from storage.sources import sources


@dataclass(frozen=True, slots=True)
class FirstSteps:
    """Which of the three steps are done."""

    watches: bool
    """A section is watched; for all of the desk."""
    has_topic: bool
    is_told: bool

    @property
    def are_done(self) -> bool:
        return all(astuple(self))


async def first_steps(database: Database, owner: int) -> FirstSteps:
    """How far the owner has come."""
    return await database.read_async(_first_steps, owner)


def _first_steps(connection: Connection, owner: int) -> FirstSteps:
    return FirstSteps(
        sources.enabled(connection) > 0,
        bool(topics.every(connection, owner)),
        any(not each.canary for each in subscriptions.every(connection, owner)),
    )
