"""Users and tokens, as faces see them: each deed is written down, in one transaction with what it tells."""

from __future__ import annotations

import pytest

from presswatch.actions import tokens, topics, users
from storage.clock import now
from storage.database import Database
from storage.errors import InvalidInputError, NotFoundError
from storage.people import passwords, sessions
from storage.people import tokens as stored_tokens
from storage.people import users as stored
from storage.types import SOLE_OWNER, Actor, Deed, Face, Role, Scope

OPERATOR = Actor(SOLE_OWNER, Face.COMMAND_LINE)
PASSWORD = "granite tram violet"


async def deeds(database: Database) -> list[tuple[str, Deed, str, str]]:
    """What was done, the oldest first."""
    return [(done.by, done.deed, done.of, done.detail) for done in reversed(await users.audited(database))]


async def test_a_user_is_added_with_a_password_that_opens(database: Database) -> None:
    anna = await users.add(database, OPERATOR, "Anna", Role.OWNER, PASSWORD)
    hashed = database.read(stored.password_of, anna)
    assert passwords.matches(hashed, PASSWORD)
    assert PASSWORD not in repr(anna)
    assert await deeds(database) == [("Anna", Deed.USER_ADDED, "Anna", "owner")]


async def test_one_without_a_password_cannot_sign_in_yet(database: Database) -> None:
    anna = await users.add(database, OPERATOR, "Anna", Role.OWNER)
    assert not anna.has_password
    assert not passwords.matches(database.read(stored.password_of, anna), "")


async def test_what_there_was_is_the_first_user_s(database: Database) -> None:
    await topics.add(database, SOLE_OWNER, "Bridges", "bridge")
    await users.add(database, OPERATOR, "Anna", Role.OWNER)
    await users.add(database, OPERATOR, "Béla", Role.READER)
    assert [(each.user.name, each.owned.topics) for each in await users.listing(database)] == [("Anna", 1), ("Béla", 0)]


async def test_a_refused_user_is_not_added_and_nothing_is_written_down(database: Database) -> None:
    for name, role, password in (
        ("Anna", Role.READER, PASSWORD),
        ("", Role.OWNER, PASSWORD),
        ("Anna", Role.OWNER, "short"),
    ):
        with pytest.raises(InvalidInputError):
            await users.add(database, OPERATOR, name, role, password)
    assert await users.listing(database) == ()
    assert await deeds(database) == []


async def test_another_password_signs_out(database: Database) -> None:
    anna = await users.add(database, OPERATOR, "Anna", Role.OWNER, PASSWORD)
    secret = database.write(sessions.begin, anna.id, now())
    assert [each.seen_at is not None for each in await users.listing(database)] == [True]
    with pytest.raises(InvalidInputError):
        await users.set_password(database, OPERATOR, "Anna", "short")
    assert database.read(sessions.find, secret, now()) is not None
    assert await users.set_password(database, OPERATOR, "anna", "violet tram granite") == 1
    assert database.read(sessions.find, secret, now()) is None
    hashed = database.read(stored.password_of, anna)
    assert [passwords.matches(hashed, each) for each in (PASSWORD, "violet tram granite")] == [False, True]


async def test_roles_tokens_and_removal_are_written_down(database: Database) -> None:
    anna = await users.add(database, OPERATOR, "Anna", Role.OWNER)
    bela = await users.add(database, Actor(anna.id, Face.PAGES), "Béla", Role.READER)
    await users.set_role(database, OPERATOR, "Béla", Role.EDITOR)
    await users.set_role(database, OPERATOR, "Béla", Role.EDITOR)
    made = await tokens.add(database, bela.id, Actor(bela.id, Face.API), "dashboard", [Scope.WRITE, Scope.READ], 30)
    await tokens.revoke(database, bela.id, OPERATOR, "dashboard")
    await users.remove(database, OPERATOR, "béla")
    assert await deeds(database) == [
        ("Anna", Deed.USER_ADDED, "Anna", "owner"),
        ("Anna", Deed.USER_ADDED, "Béla", "reader"),
        ("Anna", Deed.ROLE_CHANGED, "Béla", "reader -> editor"),
        ("Béla", Deed.TOKEN_ADDED, "Béla", "dashboard: read, write, 30 days"),
        ("Anna", Deed.TOKEN_REVOKED, "Béla", "dashboard"),
        ("Anna", Deed.USER_REMOVED, "Béla", ""),
    ]
    assert made.secret not in repr(await users.audited(database))


async def test_a_token_holds_for_ninety_days_where_nobody_says_otherwise(database: Database) -> None:
    anna = await users.add(database, OPERATOR, "Anna", Role.OWNER)
    made = await tokens.add(database, anna.id, OPERATOR, "dashboard", [Scope.READ])
    assert (made.token.expires_at - made.token.created_at).days == 90
    assert await tokens.listing(database, anna.id) == (made.token,)
    let_in = database.read(stored_tokens.bearer, made.secret, now())
    assert let_in == (anna, made.token)


async def test_nobody_has_a_token_before_there_is_a_user(database: Database) -> None:
    with pytest.raises(NotFoundError, match="no such user") as refused:
        await tokens.add(database, SOLE_OWNER, OPERATOR, "dashboard", [Scope.READ])
    assert refused.value.mend == "begin with: presswatch users add NAME"
    assert await tokens.listing(database, SOLE_OWNER) == ()
