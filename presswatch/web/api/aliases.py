"""Aliases: word groups that mean one thing in many languages."""

from __future__ import annotations

from fastapi import Request, Response

from presswatch import representations
from presswatch.actions import aliases
from presswatch.web.api import shapes
from presswatch.web.api.answers import answer, listed
from presswatch.web.api.asking import Name, Reader, TheDesk
from presswatch.web.api.asking import router as routes_of

router = routes_of("aliases")


@router.get("/aliases", response_model=shapes.Page[shapes.Alias])
async def every(request: Request, _: Reader, desk: TheDesk) -> Response:
    """The aliases in force, those that come with presswatch and the desk's own."""
    found = await aliases.listing(desk.database)
    return listed(request, [representations.alias(each.pack, each.is_own) for each in found.every])


@router.get("/aliases/{name:path}", response_model=shapes.WholeAlias)
async def show(request: Request, _: Reader, desk: TheDesk, name: Name) -> Response:
    """One alias, with all of its names."""
    shown = await aliases.show(desk.database, name)
    every_name = [representations.alias_name(each) for each in shown.pack.names]
    return answer(request, representations.alias(shown.pack, shown.is_own) | {"every_name": every_name})
