from __future__ import annotations

import pytest

from presswatch.web.desk import Desk
from storage.types import Role, User
from tests.presswatch.web.api.asking import Program, token_of, user


@pytest.fixture
async def ann(desk: Desk) -> User:
    """The owner."""
    return await user(desk.database, "ann", Role.OWNER)


@pytest.fixture
async def program(desk: Desk, ann: User) -> Program:
    """The owner's, who may all."""
    return Program(desk, await token_of(desk.database, ann))


@pytest.fixture
async def other(desk: Desk, ann: User, program: Program) -> Program:
    """A reader's, at the same application."""
    bob = await user(desk.database, "bob", Role.READER)
    return Program(desk, await token_of(desk.database, bob), program.pages)
