"""Who is signed in, and how that ends."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, func, select

from storage.database import Database
from storage.people import sessions, users
from storage.people.sessions import IDLE, LONGEST, NOTED
from storage.tables import sessions as table
from storage.types import Role, Session, User
from tests.storage.examples import MINUTE, NOW

SECOND = timedelta(seconds=1)


@pytest.fixture
def anna(database: Database) -> User:
    return database.write(users.add, "Anna", Role.OWNER, None, NOW)


@pytest.fixture
def secret(database: Database, anna: User) -> str:
    return database.write(sessions.begin, anna.id, NOW)


def found(database: Database, secret: str, at: datetime = NOW) -> Session | None:
    return database.read(sessions.find, secret, at)


def stored(connection: Connection) -> list[tuple[object, ...]]:
    return [tuple(row) for row in connection.execute(select(table))]


def test_who_signed_in_is_known_by_his_secret(database: Database, anna: User, secret: str) -> None:
    session = found(database, secret)
    assert session is not None
    assert (session.user, session.begun_at, session.expires_at) == (anna, NOW, NOW + LONGEST)


@pytest.mark.parametrize("other", ["", "x", "' OR 1=1 --", "\ud800", "x" * 100_000])
def test_no_other_secret_is_his(database: Database, secret: str, other: str) -> None:
    for tried in (other, secret + other if other else secret[:-1], secret.swapcase()):
        assert found(database, tried) is None


def test_whoever_has_the_database_has_no_session(database: Database, secret: str) -> None:
    assert secret not in repr(database.read(stored))
    digest = database.read(lambda connection: connection.scalar(select(table.c.digest)))
    assert digest is not None
    assert found(database, digest) is None


def test_two_sessions_have_two_secrets(database: Database, anna: User, secret: str) -> None:
    assert database.write(sessions.begin, anna.id, NOW) != secret
    assert len(secret) >= 43, "256 bits"


def test_a_session_ends_after_its_longest_however_it_is_used(database: Database, secret: str) -> None:
    at = NOW
    while at + IDLE / 2 < NOW + LONGEST:
        at += IDLE / 2
        session = found(database, secret, at)
        assert session is not None
        database.write(sessions.seen, session, at)
    assert found(database, secret, NOW + LONGEST - SECOND) is not None
    assert found(database, secret, NOW + LONGEST) is None


def test_a_session_that_nobody_uses_ends_sooner(database: Database, secret: str) -> None:
    assert found(database, secret, NOW + IDLE - SECOND) is not None
    assert found(database, secret, NOW + IDLE) is None


def test_that_a_session_is_used_is_not_written_at_every_request(database: Database, secret: str) -> None:
    for after, noted in ((NOTED - SECOND, NOW), (NOTED, NOW + NOTED)):
        session = found(database, secret)
        assert session is not None
        database.write(sessions.seen, session, NOW + after)
        again = found(database, secret)
        assert again is not None
        assert again.seen_at == noted


def test_signing_in_ends_the_session_that_was_brought_along(database: Database, anna: User, secret: str) -> None:
    new = database.write(lambda connection: sessions.begin(connection, anna.id, NOW, instead_of=secret))
    assert found(database, secret) is None
    assert found(database, new) is not None


def test_signing_out_ends_one_session(database: Database, anna: User, secret: str) -> None:
    other = database.write(sessions.begin, anna.id, NOW)
    database.write(sessions.end, secret)
    assert found(database, secret) is None
    assert found(database, other) is not None
    database.write(sessions.end, secret)  # as good as ended


def test_what_is_over_is_forgotten_at_the_next_sign_in(database: Database, anna: User, secret: str) -> None:
    database.write(sessions.begin, anna.id, NOW + IDLE - MINUTE)
    database.write(sessions.begin, anna.id, NOW + IDLE)
    assert database.read(lambda connection: connection.scalar(select(func.count()).select_from(table))) == 2


def test_when_each_user_was_seen_last(database: Database, anna: User, secret: str) -> None:
    bela = database.write(users.add, "Béla", Role.READER, None, NOW)
    database.write(sessions.begin, bela.id, NOW + 2 * MINUTE)
    database.write(sessions.begin, bela.id, NOW + MINUTE)
    assert database.read(sessions.last_seen) == {anna.id: NOW, bela.id: NOW + 2 * MINUTE}
