from __future__ import annotations

import pytest

from presswatch.actions import signing_in
from presswatch.web.desk import Desk
from storage.database import Database
from tests.presswatch.web.visiting import ADDRESS, PASSPHRASE, Person


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database, ADDRESS)


@pytest.fixture
async def stranger(desk: Desk) -> Person:
    """Somebody who is not signed in."""
    return Person(desk)


@pytest.fixture
async def owner(desk: Desk) -> Person:
    """The owner, who has used the first link and is signed in."""
    link = await signing_in.first_link(desk.database)
    assert link
    person = Person(desk)
    await person.visit(f"/begin/{link}")
    await person.send(f"/begin/{link}", name="owner", passphrase=PASSPHRASE)
    return person
