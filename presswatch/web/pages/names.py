"""Ready-made names: words for a thing in all languages, to be followed as they are or used in a query."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from presswatch.actions import aliases
from presswatch.web.desk import Desk, desk_of
from presswatch.web.policy import Permission, needs
from presswatch.web.rendering import page
from presswatch.web.visitor import Visitor
from storage.errors import NotFoundError, QueryError

router = APIRouter()

CurrentDesk = Annotated[Desk, Depends(desk_of)]
Reader = Annotated[Visitor, needs(Permission.READ)]


@router.get("/topics/names")
async def every(request: Request, desk: CurrentDesk, visitor: Reader) -> Response:
    """All of them, and what is wrong with files of one's own."""
    found = await aliases.listing(desk.database)
    packs = sorted(found.every, key=lambda each: each.pack.name.casefold())
    return page(request, visitor, "names.html", packs=packs, problems=found.problems)


@router.get("/topics/names/{name:path}")
async def one(request: Request, desk: CurrentDesk, visitor: Reader, name: str) -> Response:
    """All that it stands for, by language."""
    try:
        shown = await aliases.show(desk.database, name)
    except QueryError as error:
        raise NotFoundError(str(error), mend=error.mend) from error
    called = shown.pack.name
    asked = f'alias:"{called}"' if " " in called else f"alias:{called}"
    return page(request, visitor, "name.html", shown=shown, asked=asked)
