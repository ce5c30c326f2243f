"""What somebody at the pages can do about who he is: sign in and out, use a link, set a password and his wishes."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from sqlalchemy import Connection

from storage.clock import now
from storage.database import Database
from storage.errors import InvalidInputError, NotFoundError
from storage.people import audit, invitations, passwords, sessions, users
from storage.people.rhythms import zone_named
from storage.types import UNKNOWN_BROWSER, Actor, Browser, Deed, Face, Invitation, Preferences, Role, Session, User

LASTS = sessions.LONGEST
"""How long a session lasts that is used."""

WRONG = "name or passphrase is wrong"
"""One sentence for both: nobody learns who has an account."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A user, and the secret of the session that has begun."""

    user: User
    secret: str


async def sign_in(
    database: Database, name: str, password: str, *, instead_of: str = "", browser: Browser = UNKNOWN_BROWSER
) -> SignedIn:
    """Begin a session, and end the one of the secret `instead_of`. Raises `InvalidInputError`.

    An unknown name takes as long as a known one.
    """
    user, stored = await database.read_async(_with_password, name)
    right = await asyncio.to_thread(passwords.matches, stored, password)
    if user is None or not right:
        raise InvalidInputError(WRONG)
    anew = await asyncio.to_thread(passwords.hashed, password) if stored and passwords.is_outdated(stored) else None
    secret = await database.write_async(_begin, user, anew, instead_of, browser)
    return SignedIn(user, secret)


def _with_password(connection: Connection, name: str) -> tuple[User | None, str | None]:
    user = users.find(connection, name)
    return user, users.password_of(connection, user) if user else None


def _begin(connection: Connection, user: User, anew: str | None, instead_of: str, browser: Browser) -> str:
    if anew:
        users.set_password(connection, user, anew)
    return sessions.begin(connection, user.id, now(), instead_of=instead_of, browser=browser)


async def sign_out(database: Database, secret: str) -> None:
    """End the session of that secret."""
    await database.write_async(sessions.end, secret)


async def session_of(database: Database, secret: str) -> Session | None:
    """Who is signed in by that secret, while it holds."""
    session = await database.read_async(sessions.find, secret, now())
    if session is not None and now() - session.seen_at >= sessions.NOTED:
        await database.write_async(sessions.seen, session, now())
    return session


# -- links -----------------------------------------------------------------------------------------------------------


async def first_link(database: Database) -> str | None:
    """The secret of a link that makes the owner, in place of the one before; None where somebody can sign in."""
    return await database.write_async(_first_link)


def _first_link(connection: Connection) -> str | None:
    if any(user.has_password for user in users.every(connection)):
        return None
    return invitations.make_first(connection, now())


async def invite(database: Database, role: Role, mail: str = "", *, by: Actor | None = None) -> str:
    """The secret of a link for somebody who becomes a user in this role; `by` whom is written down.

    With the address `mail` whoever has it in the directory may come in by the directory as well. Raises
    `InvalidInputError` for what is no address.
    """
    return await database.write_async(_invite, role, mail.strip(), by)


def _invite(connection: Connection, role: Role, mail: str, by: Actor | None) -> str:
    name, at, host = mail.rpartition("@")
    if mail and not (name and at and host and mail.isprintable() and " " not in mail and len(mail) <= 254):
        raise InvalidInputError(f"{mail!r} is no mail address", mend="write it like anna@example.org, or leave it out")
    if by is not None:
        audit.record(connection, by, Deed.USER_INVITED, mail, now(), role)
    return invitations.make(connection, role, now(), mail=mail)


async def renew(database: Database, name: str) -> str:
    """The secret of a link by which a user sets another password. Raises `NotFoundError`."""
    return await database.write_async(_renew, name)


def _renew(connection: Connection, name: str) -> str:
    user = users.get(connection, name)
    return invitations.make(connection, user.role, now(), user_id=user.id)


async def invitation_of(database: Database, link: str) -> Invitation:
    """What a link is for. Raises `NotFoundError` where it works no more."""
    found = await database.read_async(invitations.find, link, now())
    if found is None:
        raise NotFoundError("this link works no more", mend="ask the owner of this presswatch for another one")
    return found


async def accept(
    database: Database, link: str, name: str, password: str, zone: str = "UTC", *, browser: Browser = UNKNOWN_BROWSER
) -> SignedIn:
    """Use a link: its user, or a new one, has this password and is signed in. Raises `NotFoundError`,
    `InvalidInputError`; then the link still works."""
    await invitation_of(database, link)
    passwords.check(name, password)
    zone = zone_named(zone)
    hashed = await asyncio.to_thread(passwords.hashed, password)
    return await database.write_async(_accept, link, name, hashed, zone, browser)


def _accept(connection: Connection, link: str, name: str, hashed: str, zone: str, browser: Browser) -> SignedIn:
    found = invitations.find(connection, link, now())
    if found is None or not invitations.use(connection, found, now()):
        raise NotFoundError("this link works no more", mend="ask the owner of this presswatch for another one")
    user = _user_of(connection, found, name, hashed, zone)
    by = Actor(user.id, Face.PAGES)
    audit.record(connection, by, Deed.PASSWORD_CHANGED if found.user_id else Deed.USER_ADDED, user.name, now())
    return SignedIn(users.by_id(connection, user.id), sessions.begin(connection, user.id, now(), browser=browser))


def _user_of(connection: Connection, found: Invitation, name: str, hashed: str, zone: str) -> User:
    known = [user for user in users.every(connection) if user.id == found.user_id]
    if not known:
        user = users.add(connection, name, found.role, hashed, now())  # the first one gets what there is
        users.set_preferences(connection, user, Preferences(zone=zone))
        return user
    users.set_password(connection, known[0], hashed)
    return known[0]


# -- what is one's own -----------------------------------------------------------------------------------------------


async def prefer(database: Database, user: User, wishes: Preferences) -> None:
    """Show a user the pages so from now on. Raises `InvalidInputError` for a zone that is none."""
    zone_named(wishes.zone)
    await database.write_async(users.set_preferences, user, wishes)


async def change_password(database: Database, user: User, old: str, new: str, *, but: str) -> None:
    """Give the user another password, and end his sessions but that of the secret `but`. Raises `InvalidInputError`."""
    _, stored = await database.read_async(_with_password, user.name)
    if not await asyncio.to_thread(passwords.matches, stored, old):
        raise InvalidInputError("the present passphrase is another one")
    passwords.check(user.name, new)
    hashed = await asyncio.to_thread(passwords.hashed, new)
    await database.write_async(_change_password, user, hashed, but)


def _change_password(connection: Connection, user: User, hashed: str, but: str) -> None:
    users.set_password(connection, user, hashed, but=but)
    audit.record(connection, Actor(user.id, Face.PAGES), Deed.PASSWORD_CHANGED, user.name, now())
