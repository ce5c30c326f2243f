"""What an owner can do with users, and anybody with himself: see them, add one, change what he may, remove him.

Who may do which of it is for the faces' policy to say; each deed is written down with who did it.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from storage.clock import now
from storage.database import Database
from storage.errors import NotFoundError
from storage.people import audit, invitations, passwords, sessions, users
from storage.people.keyring import Keyring
from storage.people.users import Belongings
from storage.types import Actor, Audited, Deed, Invitation, Role, User


@dataclass(frozen=True, slots=True)
class ListedUser:
    """A user, how much he owns, and when he used a session last; None where he is not signed in."""

    user: User
    owned: Belongings
    seen_at: datetime | None


async def listing(database: Database) -> tuple[ListedUser, ...]:
    """The users, the oldest first."""
    return await database.read_async(_listing)


def _listing(connection: Connection) -> tuple[ListedUser, ...]:
    seen = sessions.last_seen(connection)
    return tuple(
        ListedUser(user, users.belongings(connection, user.id), seen.get(user.id)) for user in users.every(connection)
    )


async def show(database: Database, name: str) -> ListedUser:
    """The user of that name, and how much he owns. Raises `NotFoundError`."""
    user = await named(database, name)
    return next(each for each in await listing(database) if each.user.id == user.id)


async def named(database: Database, name: str) -> User:
    """The user of that name. Raises `NotFoundError`."""
    return await database.read_async(users.get, name)


async def numbered(database: Database, number: int) -> ListedUser:
    """The user of that number, and how much he owns. Raises `NotFoundError`."""
    found = next((each for each in await listing(database) if each.user.id == number), None)
    if found is None:
        raise NotFoundError("there is no such user any more", mend="look at those that there are")
    return found


async def invitations_open(database: Database) -> tuple[Invitation, ...]:
    """The links for somebody new that nobody has used yet, the newest first."""
    every = await database.read_async(invitations.every, now())
    return tuple(each for each in every if each.user_id is None)


async def withdraw(database: Database, by: Actor, number: int) -> None:
    """Let a link for somebody new work no more. One that was used or has ended is as good as withdrawn."""
    await database.write_async(_withdraw, by, number)


def _withdraw(connection: Connection, by: Actor, number: int) -> None:
    for each in invitations.every(connection, now()):
        if each.id == number and each.user_id is None:
            invitations.withdraw(connection, number)
            audit.record(connection, by, Deed.INVITATION_WITHDRAWN, each.mail, now(), each.role)


async def add(database: Database, by: Actor, name: str, role: Role, password: str | None = None) -> User:
    """Save a user, who may sign in once he has a password; the first one gets what there is.

    Raises `InvalidInputError` for a taken name or a password that is guessed.
    """
    hashed = await _hashed(name, password) if password is not None else None
    return await database.write_async(_add, by, name, role, hashed)


def _add(connection: Connection, by: Actor, name: str, role: Role, hashed: str | None) -> User:
    user = users.add(connection, name, role, hashed, now())
    audit.record(connection, by, Deed.USER_ADDED, user.name, now(), role)
    return user


async def set_password(database: Database, by: Actor, name: str, password: str, *, but: str = "") -> int:
    """Give a user another password and sign him out wherever he is signed in; return of how many sessions.

    `but` is the secret of the session that goes on. Raises `NotFoundError`, `InvalidInputError`.
    """
    user = await named(database, name)
    hashed = await _hashed(user.name, password)
    return await database.write_async(_set_password, by, name, hashed, but)


def _set_password(connection: Connection, by: Actor, name: str, hashed: str, but: str) -> int:
    user = users.get(connection, name)
    ended = users.set_password(connection, user, hashed, but=but)
    audit.record(connection, by, Deed.PASSWORD_CHANGED, user.name, now())
    return ended


async def _hashed(name: str, password: str) -> str:
    passwords.check(name, password)
    return await asyncio.to_thread(passwords.hashed, password)


async def set_role(database: Database, by: Actor, name: str, role: Role) -> User:
    """Give a user another role. Raises `NotFoundError`, `InvalidInputError` for the owner's."""
    return await database.write_async(_set_role, by, name, role)


def _set_role(connection: Connection, by: Actor, name: str, role: Role) -> User:
    before = users.get(connection, name)
    after = users.set_role(connection, before, role)
    if after != before:
        audit.record(connection, by, Deed.ROLE_CHANGED, after.name, now(), f"{before.role} -> {after.role}")
    return after


async def remove(database: Database, by: Actor, name: str) -> Belongings:
    """End a user with his sessions, tokens, topics, channels and subscriptions; return how many that were.

    What was announced to him stays as a record. Raises `NotFoundError`, `InvalidInputError` for the owner.
    """
    return await database.write_async(_remove, by, database.keyring, name)


def _remove(connection: Connection, by: Actor, keyring: Keyring, name: str) -> Belongings:
    user = users.get(connection, name)
    owned = users.remove(connection, keyring, user, now())
    audit.record(connection, by, Deed.USER_REMOVED, user.name, now())
    return owned


async def audited(database: Database, limit: int = 50, before: int | None = None) -> tuple[Audited, ...]:
    """What was done to accounts, the newest first; `before` is the id of a row: only what was done earlier."""
    return await database.read_async(audit.listing, limit, before)
