"""Who asks: a user who is signed in, by the cookie of a session; or a program of his, by the token that it bears."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from fastapi import Request, Response

from presswatch.actions import signing_in, tokens
from presswatch.web.desk import desk_at
from storage.types import Actor, Browser, Face, Preferences, Role, Scope, Token, User

COOKIE = "presswatch"
SECURE_PREFIX = "__Host-"
"""Over https a browser takes it from no other host and no other path (RFC 6265bis)."""
_MEANT_FOR = b"forms of this session"
PREFIX = "/api/"
"""Where programs ask."""
METRICS = "/metrics"
"""Where the program asks that watches presswatch."""
TOOLS = "/mcp"
"""Where programs with a language model ask."""
FEEDS = "/feeds/"
"""Where feed readers ask. They send no headers of their own: the token stands in the address."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who is signed in, or a program that bears his token."""

    user: User
    secret: str = field(repr=False)
    """Of the session or the token. Never shown."""
    token: Token | None = None
    """By which a program asks."""
    session: int = 0
    """The number of the session; 0: a program asks."""

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
    def actor(self) -> Actor:
        """As whom his deeds are written down."""
        return Actor(self.user.id, Face.API if self.token else Face.PAGES)

    def day(self, at: datetime) -> date:
        """The day that it is then, where he reads."""
        return at.astimezone(ZoneInfo(self.wishes.zone)).date()

    def may(self, scope: Scope) -> bool:
        """Whether this is what the token is for; who is signed in has none, and may all that his role may."""
        return self.token is None or scope in self.token.scopes

    @property
    def csrf(self) -> str:
        """What the forms of this session carry, and nobody else can know."""
        return csrf_of(self.secret)


def csrf_of(secret: str) -> str:
    """What the forms of the session of this secret carry."""
    return hmac.new(secret.encode(errors="replace"), _MEANT_FOR, hashlib.sha256).hexdigest()


def is_for_programs(path: str) -> bool:
    """Whether programs ask there, with tokens and without forms."""
    return path.startswith(PREFIX) or path in (METRICS, TOOLS)


async def visitor_of(request: Request) -> Visitor | None:
    """Who asks; nobody without a session that still lasts. Looked up once a request."""
    if not hasattr(request.state, "visitor"):
        request.state.visitor = await _found(request)
    found: Visitor | None = request.state.visitor
    return found


async def _found(request: Request) -> Visitor | None:
    desk = desk_at(request)
    if is_for_programs(request.url.path) and "Authorization" in request.headers:
        borne = _borne(request.headers["Authorization"])
        bearer = await tokens.bearer(desk.database, borne) if borne else None
        return Visitor(bearer[0], borne, bearer[1]) if bearer else None
    if request.url.path.startswith(FEEDS) and "token" in request.query_params:
        bearer = await tokens.bearer(desk.database, request.query_params["token"])
        return Visitor(bearer[0], request.query_params["token"], bearer[1]) if bearer else None
    secret = session_secret(request)
    session = await signing_in.session_of(desk.database, secret) if secret else None
    return Visitor(session.user, secret, session=session.id) if session is not None else None


def session_secret(request: Request) -> str:
    """The secret of the session that the browser has, whether it still lasts or not; or nothing."""
    return remembered(request, COOKIE)


def _borne(header: str) -> str:
    """The secret in an `Authorization` header (RFC 6750, 2.1), or nothing."""
    scheme, _, secret = header.partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else ""


def browser_of(request: Request) -> Browser:
    """With what somebody signs in."""
    return Browser(request.headers.get("User-Agent", ""), request.client.host if request.client else "")


def remember(request: Request, response: Response, secret: str) -> None:
    """Let the browser keep the session until it ends."""
    remember_this(request, response, COOKIE, secret, int(signing_in.LASTS.total_seconds()))


def forget(request: Request, response: Response) -> None:
    """Take the session out of the browser."""
    forget_this(request, response, COOKIE)


def remembered(request: Request, cookie: str) -> str:
    """What the browser keeps under that name, or nothing."""
    return request.cookies.get(_name(request, cookie), "")


def remember_this(request: Request, response: Response, cookie: str, value: str, lasts: int) -> None:
    """Let the browser keep something for so many seconds, which no script and no other site's form gets at."""
    secure = desk_at(request).is_secure
    response.set_cookie(_name(request, cookie), value, max_age=lasts, httponly=True, samesite="lax", secure=secure)


def forget_this(request: Request, response: Response, cookie: str) -> None:
    """Let the browser keep it no longer."""
    secure = desk_at(request).is_secure
    response.delete_cookie(_name(request, cookie), httponly=True, samesite="lax", secure=secure)


def _name(request: Request, cookie: str) -> str:
    return SECURE_PREFIX + cookie if desk_at(request).is_secure else cookie
