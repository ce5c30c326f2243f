"""Who may do what. Denied unless a route says otherwise: each declares one of these, or is not served."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from fastapi import Depends, FastAPI, Request
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts

from presswatch.web.visitor import Visitor, is_for_programs, visitor_of
from storage.types import Role, Scope


class Permission(StrEnum):
    """What somebody who is signed in can be allowed."""

    READ = "read"
    """What was published, and what is one's own."""
    FOLLOW = "follow"
    """Topics, channels and subscriptions of one's own."""
    EDIT = "edit"
    """What is the desk's: sources, shared topics."""
    GOVERN = "govern"
    """Users, and what the operator decides."""


GRANTED: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.READER: frozenset({Permission.READ, Permission.FOLLOW}),
        Role.EDITOR: frozenset({Permission.READ, Permission.FOLLOW, Permission.EDIT}),
        Role.OWNER: frozenset(Permission),
    }
)


SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing (RFC 9110, 9.2.1)."""


class SignInNeeded(Exception):
    """Nobody is signed in, and the route is not for everybody."""


class Forbidden(Exception):
    """Who is signed in may not do this."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What a route demands; nothing where it is open to everybody."""

    permission: Permission | None
    scope: Scope | None = None
    """What a token has to be for; else to read or to write, as the method does."""

    async def __call__(self, request: Request) -> Visitor | None:
        """Who asks. Raises `SignInNeeded` and `Forbidden`."""
        visitor = await visitor_of(request)
        if self.permission is None:
            return visitor
        if visitor is None:
            raise SignInNeeded
        if visitor.token is None and request.method not in SAFE and is_for_programs(request.url.path):
            raise SignInNeeded  # a browser sends its cookie for any page that asks it to
        wanted = self.scope or (Scope.READ if request.method in SAFE else Scope.WRITE)
        if self.permission not in GRANTED[visitor.role] or not visitor.may(wanted):
            raise Forbidden
        return visitor


def needs(permission: Permission, scope: Scope | None = None) -> Any:
    """Only those who are allowed this get an answer, and programs only with a token that is for it."""
    return Depends(Policy(permission, scope))


def open_to_all() -> Any:
    """Everybody gets an answer, also who is not signed in."""
    return Depends(Policy(None))


def policies_of(route: RouteContext) -> list[Policy]:
    """What a route declares."""
    if not isinstance(route.original_route, APIRoute):
        return []
    return [each.call for each in route.dependant.dependencies if isinstance(each.call, Policy)]


def routes_of(application: FastAPI) -> Iterator[RouteContext]:
    """Every route that is served, also those of the routers that are included."""
    return iter_route_contexts(application.routes)


def refuse_undeclared(application: FastAPI) -> None:
    """Raise `TypeError` if a route says nothing of who may ask it, or two things."""
    for route in routes_of(application):
        if len(policies_of(route)) != 1:
            raise TypeError(f"{route.path} declares {len(policies_of(route))} policies")
