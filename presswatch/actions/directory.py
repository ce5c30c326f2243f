"""What a directory decides with us: who comes in by it, as whom, and in which role.

The directory says who somebody is; the operator says which of them may come in. A user is known again by issuer and
subject alone. A mail address lets in nobody who has an account: it only finds the invitation of somebody new, and only
where the directory has verified it.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from sqlalchemy import Connection

from presswatch.actions.signing_in import SignedIn
from presswatch.settings import Admits
from storage.clock import now
from storage.database import Database
from storage.errors import InvalidInputError
from storage.people import audit, identities, invitations, sessions, users
from storage.types import UNKNOWN_BROWSER, Actor, Browser, Deed, Face, Role, User


@dataclass(frozen=True, slots=True)
class Identified:
    """Who somebody is, as the directory says."""

    issuer: str
    subject: str
    mail: str = ""
    """Empty where the directory has not verified it."""
    name: str = ""
    """What it calls him."""
    groups: frozenset[str] = frozenset()
    """The values of the claim that gives roles."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Who may come in, and which group gives which role."""

    admits: Admits = Admits.INVITED
    roles: Mapping[str, Role] = field(default_factory=dict)

    def role_of(self, who: Identified) -> Role | None:
        """The role that the directory gives, the one that may most; None where it gives none."""
        given = {self.roles[group] for group in who.groups & self.roles.keys()}
        return next((role for role in Role if role in given), None)


class NotAdmittedError(InvalidInputError):
    """The directory knows somebody, and nobody here has let him in."""

    def __init__(self) -> None:
        super().__init__("nobody here has let you in", mend="ask the owner of this presswatch for an invitation")


async def sign_in(
    database: Database, who: Identified, rules: Rules, *, instead_of: str = "", browser: Browser = UNKNOWN_BROWSER
) -> SignedIn:
    """Begin a session of the user who this is, or make him one where he may come in; his role follows the directory.

    Raises `NotAdmittedError`, `InvalidInputError`.
    """
    return await database.write_async(_sign_in, who, rules, instead_of, browser)


def _sign_in(connection: Connection, who: Identified, rules: Rules, instead_of: str, browser: Browser) -> SignedIn:
    user = identities.find(connection, who.issuer, who.subject)
    role = rules.role_of(who)
    if user is None:
        user = _added(connection, who, rules, role)
    elif rules.admits is Admits.MAPPED and role is None:
        raise NotAdmittedError
    elif role not in (None, user.role):
        user = _in_role(connection, user, role)
    secret = sessions.begin(connection, user.id, now(), instead_of=instead_of, browser=browser)
    return SignedIn(user, secret)


def _added(connection: Connection, who: Identified, rules: Rules, role: Role | None) -> User:
    invitation = invitations.of_mail(connection, who.mail, now()) if who.mail else None
    if invitation is not None:
        invitations.use(connection, invitation, now())
        role = role or invitation.role
    elif rules.admits is Admits.INVITED or (rules.admits is Admits.MAPPED and role is None):
        raise NotAdmittedError
    user = users.add(connection, _free_name(connection, who), role or Role.READER, None, now())
    identities.link(connection, user.id, who.issuer, who.subject, now())
    detail = f"{user.role}, by the directory"
    audit.record(connection, Actor(user.id, Face.PAGES), Deed.USER_ADDED, user.name, now(), detail)
    return user


def _in_role(connection: Connection, user: User, role: Role) -> User:
    with suppress(InvalidInputError):  # the first owner stays one, whatever a directory says
        after = users.set_role(connection, user, role)
        detail = f"{user.role} -> {role}, by the directory"
        audit.record(connection, Actor(user.id, Face.PAGES), Deed.ROLE_CHANGED, user.name, now(), detail)
        return after
    return user


def _free_name(connection: Connection, who: Identified) -> str:
    """What the user is called here: as the directory calls him, with a number where somebody is called that."""
    wanted = "".join(sign for sign in (who.name or who.mail) if sign.isprintable()).strip()
    base = wanted[: users.LONGEST - 5].strip() or "somebody"
    names = (base, *(f"{base} {number}" for number in range(2, 1000)))
    return next((name for name in names if users.find(connection, name) is None), base)


async def link(database: Database, user: User, who: Identified) -> None:
    """Let the directory's subject in as this user from now on. Raises `InvalidInputError` where it is another's."""
    await database.write_async(_link, user, who)


def _link(connection: Connection, user: User, who: Identified) -> None:
    identities.link(connection, user.id, who.issuer, who.subject, now())
    audit.record(connection, Actor(user.id, Face.PAGES), Deed.DIRECTORY_LINKED, user.name, now())


async def is_linked(database: Database, owner: int, issuer: str) -> bool:
    """Whether the directory lets the owner in."""
    return await database.read_async(identities.is_linked, owner, issuer)
