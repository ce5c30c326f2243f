"""What was done to accounts stays written down."""

from __future__ import annotations

from storage.database import Database
from storage.people import audit, users
from storage.types import Actor, Audited, Deed, Face, Role
from tests.storage.examples import MINUTE, NOW

OPERATOR = Actor(1, Face.COMMAND_LINE)


def test_deeds_are_told_the_newest_first_with_who_did_them(database: Database) -> None:
    database.write(audit.record, OPERATOR, Deed.USER_ADDED, "Anna", NOW, "owner")
    assert [done.by for done in database.read(audit.listing)] == [""], "nobody has a name yet"
    anna = database.write(users.add, "Anna", Role.OWNER, None, NOW)
    database.write(audit.record, Actor(anna.id, Face.PAGES), Deed.PASSWORD_CHANGED, "Anna", NOW + MINUTE)
    assert database.read(audit.listing) == (
        Audited(2, NOW + MINUTE, "Anna", Face.PAGES, Deed.PASSWORD_CHANGED, "Anna"),
        Audited(1, NOW, "Anna", Face.COMMAND_LINE, Deed.USER_ADDED, "Anna", "owner"),
    )


def test_deeds_are_read_in_pages(database: Database) -> None:
    for number in range(5):
        database.write(audit.record, OPERATOR, Deed.USER_ADDED, f"user {number}", NOW)
    first = database.read(audit.listing, 2)
    second = database.read(audit.listing, 2, first[-1].id)
    assert [done.of for done in (*first, *second)] == ["user 4", "user 3", "user 2", "user 1"]


def test_what_a_removed_user_did_stays_his(database: Database) -> None:
    database.write(users.add, "Anna", Role.OWNER, None, NOW)
    bela = database.write(users.add, "Béla", Role.EDITOR, None, NOW)
    database.write(audit.record, Actor(bela.id, Face.API), Deed.TOKEN_ADDED, "Béla", NOW)
    database.write(users.remove, database.keyring, bela, NOW)
    [done] = database.read(audit.listing)
    assert (done.by, done.of) == ("Béla", "Béla")
