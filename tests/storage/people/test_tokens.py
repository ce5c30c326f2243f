"""Which programs are let in, as whom, for what and until when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from storage.database import Database
from storage.errors import InvalidInputError, NotFoundError
from storage.people import tokens, users
from storage.people.tokens import LONGEST, NOTED, PREFIX
from storage.tables import tokens as table
from storage.types import NewToken, Role, Scope, User
from tests.storage.examples import HOUR, NOW

SECOND = timedelta(seconds=1)


@pytest.fixture
def anna(database: Database) -> User:
    return database.write(users.add, "Anna", Role.OWNER, None, NOW)


@pytest.fixture
def bela(database: Database, anna: User) -> User:
    return database.write(users.add, "Béla", Role.READER, None, NOW)


@pytest.fixture
def made(database: Database, bela: User) -> NewToken:
    return database.write(tokens.add, bela.id, "dashboard", [Scope.READ, Scope.FEEDS], NOW, NOW + HOUR)


def test_a_program_is_let_in_as_its_user_and_for_what_was_said(database: Database, bela: User, made: NewToken) -> None:
    assert database.read(tokens.bearer, made.secret, NOW) == (bela, made.token)
    assert made.token.scopes == {Scope.READ, Scope.FEEDS}
    assert (made.token.expires_at, made.token.used_at) == (NOW + HOUR, None)


def test_a_secret_is_recognised_where_it_should_not_be(made: NewToken) -> None:
    assert made.secret.startswith(PREFIX)
    assert len(made.secret) >= len(PREFIX) + 43, "256 bits"


def test_a_token_is_shown_once_and_stored_nowhere(database: Database, made: NewToken) -> None:
    row = database.read(lambda connection: connection.execute(select(table)).one())
    assert made.secret not in repr(row)
    assert made.secret not in repr(made)
    assert database.read(tokens.bearer, row.digest, NOW) is None


@pytest.mark.parametrize("other", ["", "x", PREFIX, "' OR 1=1 --", "\ud800"])
def test_no_other_secret_lets_in(database: Database, made: NewToken, other: str) -> None:
    assert database.read(tokens.bearer, other, NOW) is None
    assert database.read(tokens.bearer, made.secret + (other or " "), NOW) is None


def test_a_token_ends(database: Database, made: NewToken) -> None:
    assert database.read(tokens.bearer, made.secret, NOW + HOUR - SECOND) is not None
    assert database.read(tokens.bearer, made.secret, NOW + HOUR) is None


def test_a_revoked_token_lets_nobody_in_and_stays_as_a_record(database: Database, bela: User, made: NewToken) -> None:
    assert database.write(tokens.revoke, bela.id, "dashboard", NOW) == made.token
    assert database.read(tokens.bearer, made.secret, NOW) is None
    assert database.read(tokens.every, bela.id) == ()
    again = database.write(tokens.add, bela.id, "dashboard", [Scope.READ], NOW, NOW + HOUR)
    assert again.token.id == made.token.id + 1
    assert database.read(tokens.bearer, made.secret, NOW) is None


def test_a_removed_user_s_programs_are_let_in_no_longer(database: Database, bela: User, made: NewToken) -> None:
    database.write(users.remove, database.keyring, bela, NOW)
    assert database.read(tokens.bearer, made.secret, NOW) is None
    late = database.write(tokens.add, bela.id, "late", [Scope.READ], NOW, NOW + HOUR)
    assert database.read(tokens.bearer, late.secret, NOW) is None, "not by one that was under way meanwhile either"


def test_a_role_that_is_changed_counts_for_tokens_at_once(database: Database, bela: User, made: NewToken) -> None:
    database.write(users.set_role, bela, Role.EDITOR)
    let_in = database.read(tokens.bearer, made.secret, NOW)
    assert let_in is not None
    assert let_in[0].role is Role.EDITOR


def test_when_it_was_used_last_is_not_written_at_every_request(database: Database, bela: User, made: NewToken) -> None:
    for after, noted in ((timedelta(), NOW), (NOTED - SECOND, NOW), (NOTED, NOW + NOTED)):
        [token] = database.read(tokens.every, bela.id)
        database.write(tokens.used, token, NOW + after)
        assert database.read(tokens.get, bela.id, "dashboard").used_at == noted


def test_nobody_sees_or_revokes_another_owner_s_token(database: Database, anna: User, made: NewToken) -> None:
    assert database.read(tokens.every, anna.id) == ()
    with pytest.raises(NotFoundError, match="there is no token 'dashboard'"):
        database.write(tokens.revoke, anna.id, "dashboard", NOW)
    assert database.read(tokens.bearer, made.secret, NOW) is not None


@pytest.mark.parametrize(
    ("name", "scopes", "holds", "wrong"),
    [
        ("", [Scope.READ], HOUR, "a token needs a name"),
        ("a\nb", [Scope.READ], HOUR, "a token needs a name"),
        ("dashboard", [Scope.READ], HOUR, "there is already a token 'dashboard'"),
        ("other", [], HOUR, "a token needs a scope"),
        ("other", [Scope.READ], timedelta(), "a token ends, within a year"),
        ("other", [Scope.READ], -HOUR, "a token ends, within a year"),
        ("other", [Scope.READ], LONGEST + SECOND, "a token ends, within a year"),
    ],
)
def test_what_cannot_be_a_token_is_refused(
    database: Database, bela: User, made: NewToken, name: str, scopes: list[Scope], holds: timedelta, wrong: str
) -> None:
    with pytest.raises(InvalidInputError, match=wrong):
        database.write(tokens.add, bela.id, name, scopes, NOW, NOW + holds)
    assert database.read(tokens.every, bela.id) == (made.token,)
