"""A program at the API, with verbs. Each answer is held to what the API's description says of it."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

import httpx
from fastapi.routing import APIRoute
from pydantic import TypeAdapter

from presswatch.actions import tokens, users
from presswatch.web import api
from presswatch.web.desk import Desk
from storage.database import Database
from storage.types import SOLE_OWNER, Actor, Face, Role, Scope, User
from tests.presswatch.web.visiting import ADDRESS, PASSPHRASE, application

OPERATOR = Actor(SOLE_OWNER, Face.COMMAND_LINE)
ROOT = "/api/v1"
ALL = (Scope.READ, Scope.WRITE)


class Program:
    """Asks with a token, or without one."""

    def __init__(self, desk: Desk, token: str = "", pages: Any = None, *, raises: bool = True) -> None:
        self.pages = pages or application(desk)
        transport = httpx.ASGITransport(self.pages, raise_app_exceptions=raises)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._client = httpx.AsyncClient(transport=transport, base_url=ADDRESS, headers=headers)

    async def ask(self, method: str, path: str, sent: Any = None, **more: Any) -> httpx.Response:
        """Ask, and see that the answer is as described."""
        answer = await self._client.request(method, ROOT + path, json=sent, **more)
        if answer.status_code >= 400:
            assert answer.headers["Content-Type"] == "application/problem+json"
            assert answer.json()["status"] == answer.status_code
        elif answer.content and not path.startswith("/openapi"):
            _as_described(method, ROOT + path.partition("?")[0], answer)
        return answer

    async def get(self, path: str, **params: Any) -> Any:
        """What there is. Raises where it is not."""
        answer = await self.ask("GET", path, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, path: str, **sent: Any) -> Any:
        """Make or do something. Raises where that cannot be."""
        answer = await self.ask("POST", path, sent)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    async def refused(self, method: str, path: str, sent: Any = None, **more: Any) -> tuple[int, str]:
        """The status and the detail of what goes wrong."""
        answer = await self.ask(method, path, sent, **more)
        assert answer.status_code >= 400, answer.text
        return answer.status_code, answer.json().get("detail", "")


def _as_described(method: str, path: str, answer: httpx.Response) -> None:
    """Raise `AssertionError` where an answer has other fields or values than its route declares."""
    route = next(
        route
        for router in api.ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute)
        and method in (route.methods or ())
        and route.path_regex.match(httpx.URL(path).path)
    )
    shape = TypeAdapter(route.response_model)
    known = json.loads(shape.dump_json(shape.validate_json(answer.content, strict=False)))
    assert _fields(known) == _fields(answer.json()), path


def _fields(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _fields(each) for name, each in value.items()}
    return [_fields(each) for each in value] if isinstance(value, list) else None


async def user(database: Database, name: str, role: Role) -> User:
    """A user who can sign in."""
    return await users.add(database, OPERATOR, name, role, PASSPHRASE)


async def token_of(database: Database, user: User, scopes: Collection[Scope] = ALL, name: str = "program") -> str:
    """A token of the user's."""
    return (await tokens.add(database, user.id, OPERATOR, name, scopes)).secret
