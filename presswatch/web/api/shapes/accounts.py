"""Users and their tokens."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from presswatch.actions.today import View
from presswatch.web.api.shapes.values import Count
from storage.types import Deed, Face, Role, Scope


class User(TypedDict):
    """Somebody who may sign in, and how much he owns."""

    name: Annotated[str, Field(examples=["anna"])]
    role: Role
    has_password: bool
    created_at: datetime
    seen_at: datetime | None
    topics: Count
    channels: Count
    subscriptions: Count
    tokens: Count


class Invitation(TypedDict):
    """A link that works once, for two days: shown this once."""

    role: Role
    link: Annotated[str, Field(examples=["http://127.0.0.1:8420/begin/kYw...Zk"])]


class OpenInvitation(TypedDict):
    """An invitation that nobody has used yet."""

    id: Annotated[int, Field(examples=[3])]
    role: Role
    mail: Annotated[
        str | None,
        Field(description="Who has it in the directory may come in by that.", examples=["ann@example.org"]),
    ]
    created_at: datetime
    expires_at: datetime


class Me(TypedDict):
    """As whom the program asks, and for what."""

    name: Annotated[str, Field(examples=["anna"])]
    role: Role
    scopes: list[Scope]
    zone: Annotated[str, Field(examples=["Europe/Minsk"])]
    language: str | None
    theme: Annotated[str | None, Field(examples=["dark"])]
    keys: bool
    today: View
    live: bool


class Session(TypedDict):
    """Where somebody is signed in."""

    id: Annotated[int, Field(examples=[12])]
    begun_at: datetime
    seen_at: datetime
    expires_at: datetime
    browser: Annotated[str | None, Field(examples=["Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"])]
    address: Annotated[str | None, Field(examples=["192.0.2.14"])]


class Token(TypedDict):
    """By which a program is let in."""

    name: Annotated[str, Field(examples=["dashboard"])]
    scopes: list[Scope]
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None


class MadeToken(Token):
    """A token with its secret: shown this once."""

    secret: Annotated[str, Field(examples=["presswatch_8Tq...0g"])]


class Audited(TypedDict):
    """Who did what to whose account."""

    at: datetime
    by: str | None
    through: Face
    deed: Deed
    of: str
    detail: str | None
