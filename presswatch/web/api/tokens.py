"""Tokens: which programs are let in. One that makes another gives it no more than it has itself."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import Request, Response
from pydantic import Field

from presswatch import representations
from presswatch.actions import tokens
from presswatch.representations import JSON
from presswatch.web.api import shapes
from presswatch.web.api.answers import answer, as_seen, gone, listed, made
from presswatch.web.api.asking import ROOT, Follower, Name, Reader, Sent, TheDesk
from presswatch.web.api.asking import router as routes_of
from presswatch.web.desk import Desk
from presswatch.web.policy import Forbidden
from presswatch.web.visitor import Visitor
from storage.types import Scope

router = routes_of("tokens")


class NewToken(Sent):
    """A token to be made. It ends after so many days, at the latest with the token that makes it."""

    name: Annotated[str, Field(max_length=100, examples=["dashboard"])]
    scopes: Annotated[frozenset[Scope], Field(examples=[["read"]])]
    days: Annotated[int, Field(ge=1, le=366)] = tokens.DAYS


@router.get("/tokens", response_model=shapes.Page[shapes.Token])
async def every(request: Request, visitor: Reader, desk: TheDesk) -> Response:
    """One's own tokens, the oldest first, also those that have ended."""
    found = await tokens.listing(desk.database, visitor.id)
    return listed(request, [representations.token(each) for each in found])


@router.post("/tokens", status_code=201, response_model=shapes.MadeToken)
async def add(request: Request, visitor: Follower, desk: TheDesk, sent: NewToken) -> Response:
    """Make a token. Its secret is in this answer, and never to be had again."""
    if not all(map(visitor.may, sent.scopes)):
        raise Forbidden
    until = visitor.token.expires_at if visitor.token else None
    new = await tokens.add(
        desk.database, visitor.id, visitor.actor, sent.name, sent.scopes, sent.days, no_later_than=until
    )
    return made(request, representations.token(new.token) | {"secret": new.secret}, f"{ROOT}/tokens")


@router.get("/tokens/{name:path}", response_model=shapes.Token)
async def show(request: Request, visitor: Reader, desk: TheDesk, name: Name) -> Response:
    """One token, without its secret."""
    return answer(request, await _token(desk, visitor, name))


@router.delete("/tokens/{name:path}", status_code=204)
async def revoke(request: Request, visitor: Follower, desk: TheDesk, name: Name) -> Response:
    """End a token at once."""
    async with as_seen(request, partial(_token, desk, visitor, name)):
        await tokens.revoke(desk.database, visitor.id, visitor.actor, name)
    return gone()


async def _token(desk: Desk, visitor: Visitor, name: str) -> JSON:
    return representations.token(await tokens.show(desk.database, visitor.id, name))
