"""A person at the pages, with verbs: their browser without scripts, over the real application."""

from __future__ import annotations

from copy import copy
from functools import cache
from typing import Any

import httpx
from fastapi import FastAPI
from lxml import html
from starlette.datastructures import State

from presswatch.actions import signing_in
from presswatch.web.app import routed, seated
from presswatch.web.desk import Desk
from storage.types import Role

ADDRESS = "http://127.0.0.1:8420"
PASSPHRASE = "four words nobody guesses"
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
"""A text that would be markup."""


_routed = cache(routed)


def application(desk: Desk) -> FastAPI:
    """The pages at a desk, as they are served. Their routes are made once: that takes longer than most tests."""
    made = copy(_routed(desk.address))
    made.state, made.middleware_stack = State(), None
    return seated(made, desk)


class Person:
    """Visits pages, follows links, and sends the forms that it was shown."""

    def __init__(self, desk: Desk, pages: Any = None) -> None:
        self.pages = pages or application(desk)
        self._client = httpx.AsyncClient(transport=httpx.ASGITransport(self.pages), base_url=ADDRESS)
        self.answer = httpx.Response(204)

    def browses_with(self, agent: str) -> None:
        """What the browser says it is from now on."""
        self._client.headers["User-Agent"] = agent

    async def visit(self, path: str, **headers: str) -> httpx.Response:
        """Ask for a page and go where it leads."""
        self.answer = await self._client.get(path, headers=headers, follow_redirects=True)
        return self.answer

    async def ask(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        """Ask for something that no form of a page leads to; redirects are told, not followed."""
        self.answer = await self._client.request(method, path, **arguments)
        return self.answer

    async def send(self, action: str, **fields: str) -> httpx.Response:
        """Fill in the form of the present page that goes to `action`, and send it; go where that leads."""
        [form] = [form for form in self.tree.forms if form.get("action") == action]
        unknown = fields.keys() - set(form.fields.keys())
        assert not unknown, f"the form has no {unknown}"
        given = {**dict(form.form_values()), **fields}
        if form.method.lower() == "post":
            self.answer = await self._client.post(action, data=given, follow_redirects=True)
        else:
            self.answer = await self._client.get(action, params=given, follow_redirects=True)
        return self.answer

    async def sign_in(self, name: str, passphrase: str = PASSPHRASE) -> httpx.Response:
        """Sign in as a person does."""
        await self.visit("/sign-in")
        return await self.send("/sign-in", name=name, passphrase=passphrase)

    @property
    def tree(self) -> Any:
        """The present page."""
        return html.fromstring(self.answer.text)

    @property
    def text(self) -> str:
        """What the present page says, in one line."""
        return " ".join(self.tree.find("body").text_content().split())

    def text_of(self, name: str) -> str:
        """What the first element of this class says, in one line."""
        return " ".join(self.tree.find_class(name)[0].text_content().split())

    @property
    def cookies(self) -> httpx.Cookies:
        """What the browser keeps."""
        return self._client.cookies

    @property
    def place(self) -> str:
        """The path of the present page."""
        return self.answer.url.raw_path.decode()


async def first_owner(desk: Desk) -> Person:
    """The owner, who has used the first link and is signed in."""
    link = await signing_in.first_link(desk.database)
    assert link
    person = Person(desk)
    await person.visit(f"/begin/{link}")
    await person.send(f"/begin/{link}", name="owner", passphrase=PASSPHRASE)
    return person


async def guest_of(desk: Desk, role: Role = Role.READER, pages: Any = None) -> Person:
    """Somebody else who is signed in at the same desk."""
    link = await signing_in.invite(desk.database, role)
    person = Person(desk, pages)
    await person.visit(f"/begin/{link}")
    await person.send(f"/begin/{link}", name=f"a {role}", passphrase=PASSPHRASE)
    return person
