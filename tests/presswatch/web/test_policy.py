"""Who may ask what: every route says so, and nobody gets more. All routes are walked, of the pages and of the API."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI

from presswatch.web import app
from presswatch.web import pages as pages_of_desk
from presswatch.web.desk import Desk
from presswatch.web.policy import GRANTED, Permission, policies_of, routes_of
from storage.types import Role
from tests.presswatch.web.visiting import application
from tests.presswatch.web.walking import Asked, Walker, rows_of, walked, walker
from tests.storage.examples import draft, matched, store, subscribed, watched

OPEN = ("/sign-in", "/begin/", "/healthz", "/readyz", "/links/", "/l/", "/api/v1/openapi.json", "/manifest")
"""What everybody may ask: nothing of it tells what is watched."""
THE_OWNERS = ("/users", "/settings/users", "/invitations", "/audit", "/operator")
"""What only an owner may ask, whatever the method."""
THE_DESKS = ("/sources", "/packs")
"""What only an editor may change."""
NAME, WORDS = "owners-own", "hush7f3a"
"""What the owner calls his topic and his channel, and what stands in the topic's query."""
FORM = {"name": NAME, "topic": NAME, "channel": NAME, "query": "x", "id": "1", "number": "1", "alert": "1"}
"""What somebody sends who knows more than he should."""


@pytest.fixture
def pages(desk: Desk) -> FastAPI:
    return application(desk)


@pytest.fixture
async def owner_himself(desk: Desk, pages: FastAPI) -> Walker:
    """The owner, with a topic, a channel, a subscription and an alert that others must not hear of."""
    himself = await walker(desk, pages, "ann", Role.OWNER)
    told = subscribed(desk.database, NAME, f"bridge OR {WORDS}", name=NAME, channel="console")
    source = watched(desk.database)
    matched(desk.database, told, *store(desk.database, draft(source), draft(source, 2)))
    return himself


Somebody = Callable[[str, Role], Awaitable[Walker]]


@pytest.fixture
def somebody(desk: Desk, pages: FastAPI, owner_himself: Walker) -> Somebody:
    return lambda name, role: walker(desk, pages, name, role)


def test_every_route_declares_one_policy(pages: FastAPI) -> None:
    served = [route for route in routes_of(pages) if route.path != "/static"]
    assert len(served) > 40
    assert [route.path for route in served if len(policies_of(route)) != 1] == []


@pytest.mark.parametrize("prefix", ["", "/api/v1"])
def test_a_route_that_says_nothing_is_not_served(desk: Desk, monkeypatch: pytest.MonkeyPatch, prefix: str) -> None:
    silent = APIRouter(prefix=prefix)

    @silent.get("/silent")
    async def silent_page() -> str:
        return "whatever"

    monkeypatch.setattr(pages_of_desk, "ROUTERS", (*pages_of_desk.ROUTERS, silent))
    with pytest.raises(TypeError, match="/silent declares 0 policies"):
        app.application(desk)


def test_only_what_is_listed_here_is_open(pages: FastAPI) -> None:
    assert [str(asked) for asked in walked(pages) if asked.permission is None and not _begins(asked, OPEN)] == []


def test_what_is_the_owners_or_the_desks_is_declared_so(pages: FastAPI) -> None:
    asked = list(walked(pages))
    the_owners = [each for each in asked if _begins(each, THE_OWNERS)]
    the_desks = [each for each in asked if _begins(each, THE_DESKS) and each.method != "GET"]
    assert len(the_owners) > 6
    assert len(the_desks) > 4
    assert [str(each) for each in the_owners if each.permission is not Permission.GOVERN] == []
    assert [str(each) for each in the_desks if each.permission is not Permission.EDIT] == []


def _begins(asked: Asked, with_: tuple[str, ...]) -> bool:
    return asked.template.startswith(with_) or asked.template.removeprefix("/api/v1").startswith(with_)


async def test_nobody_gets_past_the_door(desk: Desk, pages: FastAPI, owner_himself: Walker) -> None:
    before, nobody = rows_of(desk.database), Walker(desk, pages)
    for asked in walked(pages):
        answer = await nobody.walk(asked)
        if asked.permission is None:
            assert answer.status_code not in (401, 403, 500), str(asked)
        elif asked.is_api:
            assert answer.status_code == 401, str(asked)
        else:
            assert answer.status_code == 303, str(asked)
            assert answer.headers["Location"].startswith("/sign-in?next="), str(asked)
        assert NAME not in answer.text, str(asked)
        assert WORDS not in answer.text, str(asked)
    assert rows_of(desk.database) == before


@pytest.mark.parametrize("role", Role)
async def test_each_role_gets_what_it_is_granted_and_no_more(
    desk: Desk, pages: FastAPI, somebody: Somebody, role: Role
) -> None:
    """Each is asked with a session and a token of its own, since some of these end one."""
    for number, asked in enumerate(walked(pages)):
        if asked.permission is None or asked.template.endswith("/events"):
            continue
        person = await somebody(f"{role}{number}", role)
        answer = await person.walk(asked, name="nothing-of-anybody", number="999", item="999", key="no/such")
        if asked.permission in GRANTED[role]:
            assert answer.status_code not in (401, 403, 500), f"{asked}: {answer.text[:300]}"
        else:
            assert answer.status_code == 403, str(asked)


@pytest.mark.parametrize("role", Role)
async def test_nobody_reads_or_changes_what_is_anothers(
    desk: Desk, pages: FastAPI, somebody: Somebody, role: Role
) -> None:
    """Whoever knows numbers and names of another's gets and changes nothing by them; who does not, hears of none."""
    before = _owned(desk)
    for number, asked in enumerate(walked(pages)):
        if asked.template.endswith("/events"):
            continue
        person = await somebody(f"{role}{number}", role)
        if asked.method == "GET":
            assert NAME not in (await person.walk(asked)).text, str(asked)
        answer = await person.walk(asked, FORM, name=NAME)
        assert WORDS not in answer.text, str(asked)
        assert _owned(desk) == before, str(asked)


def _owned(desk: Desk) -> dict[str, list[tuple[Any, ...]]]:
    """What is the first owner's."""
    rows = rows_of(desk.database)
    return {name: [row for row in rows[name] if row[1] == 1] for name in ("topics", "channels", "subscriptions")} | {
        "alerts": rows["alerts"]
    }


async def test_reading_changes_nothing(desk: Desk, pages: FastAPI, owner_himself: Walker) -> None:
    before = rows_of(desk.database)
    for asked in walked(pages):
        if asked.method == "GET" and not asked.template.endswith("/events"):
            assert (await owner_himself.walk(asked)).status_code < 500, str(asked)
            assert rows_of(desk.database) == before, str(asked)
    assert {asked.method for asked in walked(pages) if not asked.is_api} == {"GET", "POST"}
