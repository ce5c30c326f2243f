"""Who looks at the pages: a user who is signed in, by the cookie of a session."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from fastapi import Request, Response

from presswatch.actions import signing_in
from presswatch.web.desk import desk_of
from storage.types import Preferences, Role, User

COOKIE = "presswatch"
SECURE_COOKIE = "__Host-presswatch"
"""Over https a browser takes it from no other host and no other path (RFC 6265bis)."""
_MEANT_FOR = b"forms of this session"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who is signed in."""

    user: User
    secret: str
    """Of the session. Never shown."""

    @property
    def id(self) -> int:
        return self.user.id

    @property
    def wishes(self) -> Preferences:
        return self.user.preferences

    @property
    def role(self) -> Role:
        return self.user.role

    @property
    def csrf(self) -> str:
        """What the forms of this session carry, and nobody else can know."""
        return hmac.new(self.secret.encode(), _MEANT_FOR, hashlib.sha256).hexdigest()


async def visitor_of(request: Request) -> Visitor | None:
    """Who asks; nobody without a session that still lasts. Looked up once a request."""
    if not hasattr(request.state, "visitor"):
        request.state.visitor = await _found(request)
    found: Visitor | None = request.state.visitor
    return found


async def _found(request: Request) -> Visitor | None:
    desk = desk_of(request)
    secret = request.cookies.get(_name(desk.is_secure), "")
    session = await signing_in.session_of(desk.database, secret) if secret else None
    return Visitor(session.user, secret) if session is not None else None


def remember(request: Request, response: Response, secret: str) -> None:
    """Let the browser keep the session until it ends."""
    secure = desk_of(request).is_secure
    lasts = int(signing_in.LASTS.total_seconds())
    response.set_cookie(_name(secure), secret, max_age=lasts, httponly=True, samesite="lax", secure=secure)


def forget(request: Request, response: Response) -> None:
    """Take the session out of the browser."""
    secure = desk_of(request).is_secure
    response.delete_cookie(_name(secure), httponly=True, samesite="lax", secure=secure)


def _name(secure: bool) -> str:
    return SECURE_COOKIE if secure else COOKIE
