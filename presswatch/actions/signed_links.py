"""What a person can do without a login, by the signed link of a message: end his subscriptions, change their rhythm.

Whose they are stands in the link; nothing else of him can be reached by it.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from presswatch.actions import subscriptions
from presswatch.actions.subscriptions import ListedSubscription, WantedRhythm
from presswatch.links import Signed, secrets_of, signed
from storage.database import Database
from storage.errors import NotFoundError
from storage.people import users
from storage.types import Preferences


@dataclass(frozen=True, slots=True)
class Linked:
    """What a link leads to."""

    told: tuple[ListedSubscription, ...]
    """Those of its subscriptions that are in force: none once all have ended."""
    wishes: Preferences
    """How their owner wants the pages."""


async def opened(database: Database, link: str) -> Linked:
    """What the link leads to. Raises `NotFoundError` for one that is not ours."""
    return await _linked(database, signed(link, secrets_of(database.keyring)))


async def end(database: Database, link: str) -> Linked:
    """End the link's subscriptions; return those that this ended. What was found before is still sent.

    Once more changes nothing, and is no mistake. Raises `NotFoundError` for a link that is not ours.
    """
    known = signed(link, secrets_of(database.keyring))
    linked = await _linked(database, known)
    for each in linked.told:
        await subscriptions.end(database, known.owner, each.subscription.id)
    return linked


async def change(database: Database, link: str, wanted: WantedRhythm) -> None:
    """Give the link's subscription another rhythm; what waits leaves in it.

    Raises `NotFoundError` for a link that is not ours or of one that has ended, and `InvalidInputError`.
    """
    known = signed(link, secrets_of(database.keyring))
    for number in known.subscriptions:
        await subscriptions.change(database, known.owner, number, wanted)


async def _linked(database: Database, link: Signed) -> Linked:
    told = await subscriptions.listing(database, link.owner)
    wishes = await database.read_async(_wishes, link.owner)
    return Linked(tuple(each for each in told if each.subscription.id in link.subscriptions), wishes)


def _wishes(connection: Connection, owner: int) -> Preferences:
    try:
        return users.by_id(connection, owner).preferences
    except NotFoundError:  # who uses the command line alone
        return Preferences()
