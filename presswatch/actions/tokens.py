"""What a user can do with the tokens of his programs: see them, make one, revoke one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Connection

from storage.clock import now
from storage.database import Database
from storage.people import audit, tokens, users
from storage.types import Actor, Deed, NewToken, Scope, Token, User

DAYS = 90
"""For so long a token holds where nobody says otherwise."""


async def listing(database: Database, owner: int) -> tuple[Token, ...]:
    """The owner's tokens that are not revoked, the oldest first."""
    return await database.read_async(tokens.every, owner)


async def show(database: Database, owner: int, name: str) -> Token:
    """The owner's token of that name. Raises `NotFoundError`."""
    return await database.read_async(tokens.get, owner, name)


async def add(
    database: Database,
    owner: int,
    by: Actor,
    name: str,
    scopes: Collection[Scope],
    days: int = DAYS,
    *,
    no_later_than: datetime | None = None,
) -> NewToken:
    """Make a token of the owner's, which holds for so many days. Its secret is never to be had again.

    `no_later_than` is when the token ends with which it is asked for.

    Raises `NotFoundError` where there is no such user, `InvalidInputError`.
    """
    when = now()
    until = when + timedelta(days=days)
    ends = min(until, no_later_than) if no_later_than else until
    return await database.write_async(_add, owner, by, name, frozenset(scopes), when, ends)


def _add(
    connection: Connection, owner: int, by: Actor, name: str, scopes: frozenset[Scope], when: datetime, ends: datetime
) -> NewToken:
    user = users.by_id(connection, owner)
    made = tokens.add(connection, owner, name, scopes, when, ends)
    days = round((ends - when) / timedelta(days=1))
    detail = f"{made.token.name}: {', '.join(sorted(scopes))}, {days} days"
    audit.record(connection, by, Deed.TOKEN_ADDED, user.name, when, detail)
    return made


async def revoke(database: Database, owner: int, by: Actor, name: str) -> Token:
    """End the owner's token of that name at once. Raises `NotFoundError`."""
    return await database.write_async(_revoke, owner, by, name)


def _revoke(connection: Connection, owner: int, by: Actor, name: str) -> Token:
    token = tokens.revoke(connection, owner, name, now())
    audit.record(connection, by, Deed.TOKEN_REVOKED, users.by_id(connection, owner).name, now(), token.name)
    return token


async def bearer(database: Database, secret: str) -> tuple[User, Token] | None:
    """As whom and for what a program is let in that bears this secret, while it holds."""
    found = await database.read_async(tokens.bearer, secret, now())
    if found is not None and tokens.is_to_be_noted(found[1], now()):
        await database.write_async(tokens.used, found[1], now())
    return found
