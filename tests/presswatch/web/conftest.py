from __future__ import annotations

from functools import cache

import pytest
from argon2 import PasswordHasher

from presswatch.web.desk import Desk
from storage.database import Database
from storage.people import passwords
from tests.presswatch.web.visiting import ADDRESS, Person, first_owner


@pytest.fixture(autouse=True)
def cheap_guesses(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it costs to try a password is tested with the passwords; here hundreds sign in."""
    monkeypatch.setattr(passwords, "_hasher", cache(lambda: PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)))


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
    return await first_owner(desk)
