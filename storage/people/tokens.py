"""Questions about tokens: which programs are let in, as whom, for what and until when.

Only the digest of a token is stored: it is shown once, to whoever made it. One that is revoked stays as a record. What
a person does is done as an owner, who sees and changes nobody else's.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, insert, select, update

from storage.errors import InvalidInputError, NotFoundError, did_you_mean
from storage.people import bearers
from storage.people.rows import USER, user_of
from storage.tables import tokens, users
from storage.types import NewToken, Scope, Token, User

PREFIX = "presswatch_"
"""What a token begins with, so that one that got into a repository or a log is recognised."""

LONGEST = timedelta(days=366)
"""No token holds for longer."""

NOTED = timedelta(minutes=5)
"""A token that is used is written down again after so long."""


def add(
    connection: Connection, owner: int, name: str, scopes: Collection[Scope], now: datetime, expires_at: datetime
) -> NewToken:
    """Make a token of the owner's; its secret is in what this returns, and nowhere else.

    Raises `InvalidInputError` for a name that is taken or none, without a scope, or for an end that is past or too far.
    """
    name = name.strip()
    if not name or not name.isprintable():
        raise InvalidInputError("a token needs a name", mend="name the program that uses it, such as dashboard")
    if find(connection, owner, name) is not None:
        raise InvalidInputError(f"there is already a token {name!r}", mend="choose another name, or revoke it first")
    if not scopes:
        raise InvalidInputError("a token needs a scope", mend=f"give one or more of {', '.join(Scope)}")
    if not now < expires_at <= now + LONGEST:
        raise InvalidInputError("a token ends, within a year", mend=f"give 1 to {LONGEST.days} days")
    secret = bearers.new(PREFIX)
    connection.execute(
        insert(tokens).values(
            user_id=owner,
            name=name,
            digest=bearers.digest(secret),
            scopes=" ".join(sorted(scopes)),
            created_at=now,
            expires_at=expires_at,
        )
    )
    return NewToken(get(connection, owner, name), secret)


def every(connection: Connection, owner: int) -> tuple[Token, ...]:
    """The owner's tokens that are not revoked, the oldest first; those that have ended too."""
    return _those(connection, tokens.c.user_id == owner)


def find(connection: Connection, owner: int, name: str) -> Token | None:
    """The owner's token of that name, or None."""
    return next(iter(_those(connection, (tokens.c.user_id == owner) & (tokens.c.name == name.strip()))), None)


def get(connection: Connection, owner: int, name: str) -> Token:
    """The owner's token of that name. Raises `NotFoundError`."""
    token = find(connection, owner, name)
    if token is None:
        near = did_you_mean(name, (each.name for each in every(connection, owner)))
        raise NotFoundError(f"there is no token {name!r}", mend=f"{near}see all of them with: presswatch tokens list")
    return token


def bearer(connection: Connection, secret: str, now: datetime) -> tuple[User, Token] | None:
    """As whom and for what a secret lets in: None where it is no token's, or one that ended, or of a removed user."""
    row = connection.execute(
        select(tokens, *(users.c[name].label(f"user_{name}") for name in USER if name != "id"))
        .join(users, users.c.id == tokens.c.user_id)
        .where(tokens.c.digest == bearers.digest(secret), tokens.c.revoked_at.is_(None), tokens.c.expires_at > now)
        .where(users.c.removed_at.is_(None))
    ).first()
    return (user_of(row, "user_"), _token(row)) if row else None


def is_to_be_noted(token: Token, now: datetime) -> bool:
    """Whether it was not noted within `NOTED` that the token is used. Pure."""
    return token.used_at is None or now - token.used_at >= NOTED


def used(connection: Connection, token: Token, now: datetime) -> None:
    """Note that a token is used, where that is to be noted."""
    if is_to_be_noted(token, now):
        connection.execute(update(tokens).where(tokens.c.id == token.id).values(used_at=now))


def revoke(connection: Connection, owner: int, name: str, now: datetime) -> Token:
    """End the owner's token from now on. Raises `NotFoundError`."""
    token = get(connection, owner, name)
    connection.execute(update(tokens).where(tokens.c.id == token.id).values(revoked_at=now))
    return token


def revoke_all(connection: Connection, owner: int, now: datetime) -> None:
    """End all of the owner's tokens."""
    his = (tokens.c.user_id == owner) & tokens.c.revoked_at.is_(None)
    connection.execute(update(tokens).where(his).values(revoked_at=now))


def _those(connection: Connection, which: ColumnElement[bool]) -> tuple[Token, ...]:
    rows = connection.execute(select(tokens).where(tokens.c.revoked_at.is_(None), which).order_by(tokens.c.id))
    return tuple(map(_token, rows))


def _token(row: Row[Any]) -> Token:
    scopes = frozenset(map(Scope, row.scopes.split()))
    return Token(row.id, row.user_id, row.name, scopes, row.created_at, row.expires_at, row.used_at)
