"""What a person can do without a login, by the signed link of a message: end, change or pause his subscriptions.

Whose they are stands in the link; nothing else of him can be reached by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from presswatch.actions import subscriptions
from presswatch.actions.subscriptions import ListedSubscription
from presswatch.links import secrets_of, signed
from storage.database import Database
from storage.errors import NotFoundError
from storage.people import users
from storage.people.rhythms import WantedRhythm
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
    known = signed(link, secrets_of(database.keyring))
    told = await subscriptions.listing(database, known.owner)
    wishes = await database.read_async(_wishes, known.owner)
    return Linked(tuple(each for each in told if each.subscription.id in known.subscriptions), wishes)


async def end(database: Database, link: str) -> Linked:
    """End the link's subscriptions; return what that ended. What was found before is still sent.

    Once more changes nothing, and is no mistake. Raises `NotFoundError` for a link that is not ours.
    """
    linked = await opened(database, link)
    for each in linked.told:
        await subscriptions.end(database, each.subscription.owner_id, each.subscription.id)
    return linked


async def change(database: Database, link: str, wanted: WantedRhythm) -> None:
    """Give the link's subscriptions another rhythm; what waits leaves in it.

    Those that have ended stay so. Raises `NotFoundError` for a link that is not ours, `InvalidInputError`.
    """
    for each in (await opened(database, link)).told:
        await subscriptions.change(database, each.subscription.owner_id, each.subscription.id, wanted)


async def pause(database: Database, link: str, until: datetime) -> None:
    """Tell the link's subscriptions of nothing that is seen until then, also not later; what waits leaves.

    Raises as `change` does.
    """
    for each in (await opened(database, link)).told:
        await subscriptions.pause(database, each.subscription.owner_id, each.subscription.id, until)


async def go_on(database: Database, link: str) -> None:
    """End the pause of the link's subscriptions. Raises `NotFoundError` for a link that is not ours."""
    for each in (await opened(database, link)).told:
        await subscriptions.go_on(database, each.subscription.owner_id, each.subscription.id)


def _wishes(connection: Connection, owner: int) -> Preferences:
    try:
        return users.by_id(connection, owner).preferences
    except NotFoundError:  # who uses the command line alone
        return Preferences()
