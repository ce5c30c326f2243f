"""Questions about users: who may sign in, and as what.

The first row is the owner's: what was there before there were users is his, and what the command line does is done as
him. It stands there from the beginning without a name, and whoever is added first gets it. So the first one is an
owner for ever and cannot be removed, and there is always somebody who may let others in.

A user who is removed stays as a row, since others' ids must never become his; what he owned ends with him.
"""

from __future__ import annotations

import unicodedata
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, select, update

from storage.errors import InvalidInputError, NotFoundError, did_you_mean
from storage.people import channels, identities, invitations, sessions, subscriptions, tokens, topics
from storage.people.keyring import Keyring
from storage.people.rows import user_of
from storage.tables import users
from storage.types import SOLE_OWNER, Preferences, Role, User

LONGEST = 64
"""Characters of a name."""


@dataclass(frozen=True, slots=True)
class Belongings:
    """How much a user owns: what ends with him."""

    topics: int
    channels: int
    subscriptions: int
    tokens: int


def every(connection: Connection) -> tuple[User, ...]:
    """The users that are not removed, the oldest first."""
    return _those(connection, users.c.name.is_not(None))


def find(connection: Connection, name: str) -> User | None:
    """The user of that name, whatever its case, or None."""
    return next(iter(_those(connection, users.c.key == _key(name))), None)


def get(connection: Connection, name: str) -> User:
    """The user of that name. Raises `NotFoundError`."""
    user = find(connection, name)
    if user is None:
        known = [each.name for each in every(connection)]
        mend = f"{did_you_mean(name, known)}see all of them with: presswatch users list"
        raise NotFoundError(f"there is no user {name!r}", mend=mend if known else "begin with: presswatch users add")
    return user


def by_id(connection: Connection, user_id: int) -> User:
    """The user of that id. Raises `NotFoundError` where there is none, or he is removed or has no name yet."""
    user = next(iter(_those(connection, (users.c.id == user_id) & users.c.name.is_not(None))), None)
    if user is None:
        raise NotFoundError("there is no such user yet", mend="begin with: presswatch users add NAME")
    return user


def _those(connection: Connection, which: ColumnElement[bool]) -> tuple[User, ...]:
    rows = connection.execute(select(users).where(users.c.removed_at.is_(None), which).order_by(users.c.id))
    return tuple(map(user_of, rows))


def add(connection: Connection, name: str, role: Role, password: str | None, now: datetime) -> User:
    """Save a user, with the hash of his password, or without one: then he cannot sign in yet.

    The first one is an owner. Raises `InvalidInputError` for a name that is taken or none.
    """
    name = check_name(name)
    if find(connection, name) is not None:
        raise InvalidInputError(f"there is already a user {name!r}", mend="choose another name")
    values = {"name": name, "key": _key(name), "role": role, "password": password, "created_at": now}
    if _owner_is_nameless(connection):
        if role is not Role.OWNER:
            raise InvalidInputError("the first user is an owner", mend="add him with --role owner")
        connection.execute(update(users).where(users.c.id == SOLE_OWNER).values(**values))
    else:
        connection.execute(insert(users).values(**values))
    return get(connection, name)


def _owner_is_nameless(connection: Connection) -> bool:
    return connection.scalar(select(users.c.name).where(users.c.id == SOLE_OWNER)) is None


def check_name(name: str) -> str:
    """The name as it is stored. Raises `InvalidInputError` where nobody can be called that."""
    name = unicodedata.normalize("NFC", name).strip()
    if not name or len(name) > LONGEST or not name.isprintable():
        mend = f"give 1 to {LONGEST} characters that can be seen"
        raise InvalidInputError(f"{name!r} is no name of a user", mend=mend)
    return name


def _key(name: str) -> str:
    """By which a name is known again."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def password_of(connection: Connection, user: User) -> str | None:
    """The hash of the user's password, or None."""
    stored: str | None = connection.scalar(select(users.c.password).where(users.c.id == user.id))
    return stored


def set_password(connection: Connection, user: User, password: str, *, but: str = "") -> int:
    """Give a user another password, by its hash; whoever is signed in as him is signed out. Return how many sessions.

    `but` is the secret of the session that goes on.
    """
    connection.execute(update(users).where(users.c.id == user.id).values(password=password))
    return sessions.end_all(connection, user.id, but=but)


def set_preferences(connection: Connection, user: User, wishes: Preferences) -> None:
    """How the user wants the pages from now on."""
    connection.execute(update(users).where(users.c.id == user.id).values(**asdict(wishes)))


def set_role(connection: Connection, user: User, role: Role) -> User:
    """Give a user another role; it counts from his next request on. Raises `InvalidInputError` for the owner's."""
    if user.id == SOLE_OWNER and role is not Role.OWNER:
        raise InvalidInputError(f"{user.name} is the first owner, and stays one", mend="add another owner beside him")
    connection.execute(update(users).where(users.c.id == user.id).values(role=role))
    return get(connection, user.name)


def remove(connection: Connection, keyring: Keyring, user: User, now: datetime) -> Belongings:
    """End a user, his sessions, tokens and links, and what he owns; what that announced stays as a record.

    Raises `InvalidInputError` for the owner.
    """
    if user.id == SOLE_OWNER:
        mend = "whoever takes over is given his password: presswatch users password"
        raise InvalidInputError(f"{user.name} is the first owner, and cannot be removed", mend=mend)
    owned = belongings(connection, user.id)
    for topic in topics.every(connection, user.id):
        topics.remove(connection, user.id, topic.name, now)
    for channel in channels.every(connection, user.id):
        channels.remove(connection, user.id, keyring, channel.name, now)
    sessions.end_all(connection, user.id)
    tokens.revoke_all(connection, user.id, now)
    invitations.withdraw_of(connection, user.id)
    identities.unlink_all(connection, user.id)
    connection.execute(update(users).where(users.c.id == user.id).values(removed_at=now, password=None))
    return owned


def belongings(connection: Connection, user_id: int) -> Belongings:
    """How much a user owns."""
    owned: tuple[tuple[Any, ...], ...] = (
        topics.every(connection, user_id),
        channels.every(connection, user_id),
        subscriptions.every(connection, user_id),
        tokens.every(connection, user_id),
    )
    return Belongings(*map(len, owned))
