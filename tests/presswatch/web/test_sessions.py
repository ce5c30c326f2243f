"""What ends a session, a token or a link: signing out, another passphrase, being removed, time."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from fastapi import FastAPI

from presswatch.actions import signing_in, users
from presswatch.web.desk import Desk
from presswatch.web.visitor import COOKIE
from storage.clock import now
from storage.people import sessions
from storage.types import Role
from tests.presswatch.web.visiting import PASSPHRASE, application
from tests.presswatch.web.walking import OPERATOR, Walker, walked, walker


@pytest.fixture
def pages(desk: Desk) -> FastAPI:
    return application(desk)


@pytest.fixture
async def ann(desk: Desk, pages: FastAPI) -> Walker:
    return await walker(desk, pages, "ann", Role.OWNER)


@pytest.fixture
async def bob(desk: Desk, pages: FastAPI, ann: Walker) -> Walker:
    """Not the first owner: he can be removed."""
    return await walker(desk, pages, "bob", Role.OWNER)


async def is_let_in(person: Walker) -> bool:
    return (await person.ask("GET", "/api/v1/me")).status_code == 200


async def program_is_let_in(person: Walker) -> bool:
    answer = await person.ask("GET", "/api/v1/me", headers={"Authorization": f"Bearer {person.token}"})
    return answer.status_code == 200


def elsewhere(desk: Desk, person: Walker) -> Walker:
    """The same user at another browser."""
    assert person.user
    session = desk.database.write(sessions.begin, person.user.id, now())
    return Walker(desk, person.pages, person.user, session, person.token)


async def test_who_signs_out_is_out_there_and_nowhere_else(desk: Desk, bob: Walker) -> None:
    other = elsewhere(desk, bob)
    kept = dict(bob._client.cookies)
    assert (await bob.ask("POST", "/sign-out", data={"csrf": bob.csrf})).status_code == 303
    bob._client.cookies.update(kept)  # somebody has copied it before
    assert not await is_let_in(bob)
    assert await is_let_in(other)
    assert await program_is_let_in(bob)


async def test_another_passphrase_signs_out_wherever_one_was_signed_in_but_here(desk: Desk, bob: Walker) -> None:
    other = elsewhere(desk, bob)
    await users.set_password(desk.database, OPERATOR, "bob", "other words that nobody knows", but=bob.session)
    assert await is_let_in(bob)
    assert not await is_let_in(other)


async def test_who_is_removed_is_let_in_by_nothing(desk: Desk, pages: FastAPI, bob: Walker) -> None:
    link = await signing_in.renew(desk.database, "bob")
    await users.remove(desk.database, OPERATOR, "bob")
    assert not await is_let_in(bob)
    assert not await program_is_let_in(bob)
    assert (await bob.ask("GET", f"/begin/{link}")).status_code == 404
    for asked in walked(pages):
        if asked.permission is not None and not asked.template.endswith("/events"):
            assert (await bob.walk(asked)).status_code in (303, 401), str(asked)


async def test_a_session_is_another_one_after_signing_in(desk: Desk, ann: Walker) -> None:
    await users.set_password(desk.database, OPERATOR, "ann", PASSPHRASE, but=ann.session)
    before = elsewhere(desk, ann)
    answer = await before.ask("POST", "/sign-in", data={"name": "ann", "passphrase": PASSPHRASE})
    after = answer.cookies[COOKIE]
    assert after != before.session
    before._client.cookies.set(COOKIE, before.session)
    assert not await is_let_in(Walker(desk, ann.pages, ann.user, before.session))
    assert await is_let_in(Walker(desk, ann.pages, ann.user, after))


async def test_a_session_is_nobodys_guess(desk: Desk, ann: Walker) -> None:
    for guess in ("", "0", ann.session[:-1], ann.session + "=", ann.session.swapcase(), "null", "'"):
        assert not await is_let_in(Walker(desk, ann.pages, ann.user, guess))


async def test_sessions_and_tokens_end_with_time(desk: Desk, bob: Walker) -> None:
    with time_machine.travel(now() + sessions.IDLE + timedelta(minutes=1), tick=False):
        assert not await is_let_in(bob)
        assert await program_is_let_in(bob)
    with time_machine.travel(now() + timedelta(days=91), tick=False):
        assert not await program_is_let_in(bob)


async def test_what_is_asked_by_who_is_out_tells_so_in_its_own_form(bob: Walker) -> None:
    bob._client.cookies.clear()
    part = await bob.ask("GET", "/today/new", headers={"HX-Request": "true"})
    assert part.status_code == 401
    assert "<form" not in part.text
    sent = await bob.ask("POST", "/sign-out", data={"csrf": bob.csrf})
    assert sent.headers["Location"] == "/sign-in?next=%2F"  # what was sent is not asked for again by going back
