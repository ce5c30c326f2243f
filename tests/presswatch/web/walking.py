"""All routes of the application, and people who ask every one of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from sqlalchemy import Connection, select

from presswatch.actions import tokens, users
from presswatch.web.desk import Desk
from presswatch.web.policy import Permission, policies_of, routes_of
from presswatch.web.visitor import COOKIE, Visitor, is_for_programs
from storage.clock import now
from storage.database import Database
from storage.people import sessions
from storage.tables import metadata
from storage.types import SOLE_OWNER, Actor, Face, Role, Scope, User
from tests.presswatch.web.visiting import Person

OPERATOR = Actor(SOLE_OWNER, Face.COMMAND_LINE)

PLACES: Mapping[str, str] = {
    "number": "1",
    "item": "1",
    "item_id": "1",
    "key": "mfa-xy/news",
    "link": "none",
    "as_": "atom",
    "kind": "csv",
    "field": "country",
}
"""What stands for the parts of a path; a name, where nothing is said here."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One method of one route, and what it declares."""

    method: str
    template: str
    permission: Permission | None

    @property
    def is_api(self) -> bool:
        return is_for_programs(self.template)

    def path(self, **places: str) -> str:
        """Where it is, with these parts."""
        told = {**PLACES, **places}
        return re.sub(r"{(\w+)(?::\w+)?}", lambda part: told.get(part[1], told.get("name", "Bridges")), self.template)

    def __str__(self) -> str:
        return f"{self.method} {self.template}"


def walked(pages: Any) -> Iterator[Asked]:
    """Every method of every route that declares who may ask it."""
    for route in routes_of(pages):
        for policy in policies_of(route):
            for method in sorted(route.methods or ()):
                yield Asked(method, route.path or "", policy.permission)


class Walker(Person):
    """Somebody with a session and a token, who asks whatever there is."""

    def __init__(self, desk: Desk, pages: Any, user: User | None = None, session: str = "", token: str = "") -> None:
        super().__init__(desk, pages)
        self.user, self.session, self.token = user, session, token
        if session:
            self._client.cookies.set(COOKIE, session)

    @property
    def csrf(self) -> str:
        return Visitor(self.user, self.session).csrf if self.user else ""

    async def walk(self, asked: Asked, form: Mapping[str, str] | None = None, **places: str) -> httpx.Response:
        """Ask it: a page as a browser does, a form with its token, the API with the program's token."""
        if asked.is_api:
            headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
            sent = {"json": dict(form or {})} if asked.method not in ("GET", "DELETE") else {}
            return await self.ask(asked.method, asked.path(**places), headers=headers, **sent)
        if asked.method == "GET":
            return await self.ask("GET", asked.path(**places))
        return await self.ask(asked.method, asked.path(**places), data={"csrf": self.csrf, **(form or {})})


async def walker(desk: Desk, pages: Any, name: str, role: Role) -> Walker:
    """Somebody new, who is signed in."""
    user = await users.add(desk.database, OPERATOR, name, role)
    session = desk.database.write(sessions.begin, user.id, now())
    token = (await tokens.add(desk.database, user.id, OPERATOR, f"{name}-program", list(Scope))).secret
    return Walker(desk, pages, user, session, token)


UNTOLD = {"sessions": ("seen_at",), "tokens": ("used_at",)}
"""Columns that note that somebody was here."""


def rows_of(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """All that is stored, by table."""
    return database.read(_rows)


def _rows(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    return {
        table.name: [
            tuple(row)
            for row in connection.execute(
                select(*(column for column in table.c if column.name not in UNTOLD.get(table.name, ())))
            )
        ]
        for table in metadata.sorted_tables
    }
