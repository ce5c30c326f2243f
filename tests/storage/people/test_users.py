"""Who may sign in: the owner and those after him, their roles, and what ends with them."""

from __future__ import annotations

import pytest

from storage.database import Database
from storage.errors import InvalidInputError, NotFoundError, StorageError
from storage.outbox import alerts
from storage.people import channels, sessions, subscriptions, tokens, topics, users
from storage.people.users import Belongings
from storage.tables import users as table
from storage.types import SOLE_OWNER, AlertState, Role, Scope, User
from tests.storage.examples import HOUR, MINUTE, NOW, draft, matched, store, subscribed, watched


def added(database: Database, name: str = "Anna", role: Role = Role.OWNER, password: str | None = "hash") -> User:
    return database.write(users.add, name, role, password, NOW)


@pytest.fixture
def owner(database: Database) -> User:
    return added(database)


@pytest.fixture
def bela(database: Database, owner: User) -> User:
    return added(database, "Béla", Role.READER)


def test_a_new_database_has_no_users(database: Database) -> None:
    assert database.read(users.every) == ()
    with pytest.raises(NotFoundError, match="there is no user 'Anna'") as refused:
        database.read(users.get, "Anna")
    assert refused.value.mend == "begin with: presswatch users add"


def test_who_is_added_first_gets_what_there_is(database: Database) -> None:
    told = subscribed(database)
    owner = added(database)
    assert owner == User(SOLE_OWNER, "Anna", Role.OWNER, True, NOW)
    assert database.read(subscriptions.every, owner.id) == (told,)


def test_the_first_user_is_an_owner(database: Database) -> None:
    for role in (Role.EDITOR, Role.READER):
        with pytest.raises(InvalidInputError, match="the first user is an owner"):
            added(database, role=role)
    assert database.read(users.every) == ()


def test_who_comes_later_has_nothing_yet(database: Database, owner: User, bela: User) -> None:
    assert database.read(users.every) == (owner, bela)
    assert (bela.id, bela.role) == (SOLE_OWNER + 1, Role.READER)
    assert database.read(users.belongings, bela.id) == Belongings(0, 0, 0, 0)


@pytest.mark.parametrize("name", ["Béla", "béla", " BÉLA ", "Be\u0301la", "ＢÉＬＡ"])
def test_a_name_is_taken_in_whatever_way_it_is_written(database: Database, bela: User, name: str) -> None:
    assert database.read(users.get, name) == bela
    with pytest.raises(InvalidInputError, match="there is already a user"):
        added(database, name)


@pytest.mark.parametrize("name", ["", "  ", "\t", "a\nb", "a\x00b", "x" * 65, "a\u202eb"])
def test_a_name_can_be_seen(database: Database, name: str) -> None:
    with pytest.raises(InvalidInputError, match="is no name of a user"):
        added(database, name)


def test_the_nearest_name_is_told(database: Database, owner: User) -> None:
    with pytest.raises(NotFoundError) as refused:
        database.read(users.get, "Ana")
    assert "Anna" in refused.value.mend


def test_two_processes_that_add_one_name_make_one_user(database: Database, owner: User) -> None:
    """Whatever was seen before it was written: the database holds it."""
    row = {"name": "anna", "key": "anna", "role": Role.READER, "created_at": NOW}
    with pytest.raises(StorageError, match=r"(?i)unique"):
        database.write(lambda connection: connection.execute(table.insert().values(**row)))


def test_another_password_ends_the_sessions_but_one(database: Database, owner: User, bela: User) -> None:
    here, there = (database.write(sessions.begin, owner.id, NOW) for _ in range(2))
    elsewhere = database.write(sessions.begin, bela.id, NOW)
    ended = database.write(lambda connection: users.set_password(connection, owner, "another", but=here))
    assert ended == 1
    assert database.read(users.password_of, owner) == "another"
    assert [database.read(sessions.find, each, NOW) is not None for each in (here, there, elsewhere)] == [
        True,
        False,
        True,
    ]


def test_a_role_is_changed_and_the_first_owner_stays_one(database: Database, owner: User, bela: User) -> None:
    secret = database.write(sessions.begin, bela.id, NOW)
    assert database.write(users.set_role, bela, Role.EDITOR).role is Role.EDITOR
    session = database.read(sessions.find, secret, NOW)
    assert session is not None
    assert session.user.role is Role.EDITOR, "from the next request on"
    with pytest.raises(InvalidInputError, match="is the first owner, and stays one"):
        database.write(users.set_role, owner, Role.READER)


def test_the_owner_cannot_be_removed(database: Database, owner: User) -> None:
    with pytest.raises(InvalidInputError, match="is the first owner, and cannot be removed"):
        database.write(users.remove, database.keyring, owner, NOW)
    assert database.read(users.every) == (owner,)


def test_what_a_user_owns_ends_with_him_and_nothing_else_does(database: Database, owner: User, bela: User) -> None:
    kept = subscribed(database, channel="json://desk.example/hook", name="desk")
    topic = database.write(topics.add, bela.id, database.packs, "Bridges", "bridge", NOW)
    channel = database.write(channels.add, bela.id, database.keyring, "desk", "json://b.example/hook", NOW)
    told = database.write(subscriptions.subscribe, topic, channel, NOW)
    matched(database, told, *store(database, draft(watched(database))))
    database.write(tokens.add, bela.id, "reader", [Scope.READ], NOW, NOW + HOUR)
    session = database.write(sessions.begin, bela.id, NOW)
    assert database.write(users.remove, database.keyring, bela, NOW + MINUTE) == Belongings(1, 1, 1, 1)
    assert database.read(users.every) == (owner,)
    assert database.read(users.belongings, bela.id) == Belongings(0, 0, 0, 0)
    assert database.read(sessions.find, session, NOW) is None
    assert database.read(sessions.last_seen) == {}
    late = database.write(sessions.begin, bela.id, NOW)
    assert database.read(sessions.find, late, NOW) is None, "nor does a sign-in that was under way meanwhile"
    assert database.read(subscriptions.every, owner.id) == (kept,)
    [alert] = database.read(alerts.listing, bela.id)
    assert alert.state is AlertState.DEAD, "what was announced stays as a record, what waited is not sent"


def test_who_is_removed_leaves_his_name_and_never_his_number(database: Database, owner: User, bela: User) -> None:
    database.write(users.remove, database.keyring, bela, NOW)
    again = added(database, "Béla", Role.READER)
    assert again.id == bela.id + 1
    assert database.read(users.get, "Béla") == again
    with pytest.raises(NotFoundError):
        database.read(users.by_id, bela.id)


def test_a_user_says_nothing_of_his_password(owner: User) -> None:
    assert "hash" not in repr(owner)
