"""Help: how a query is written, and which keys do something."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response

from presswatch.web.policy import Permission, needs
from presswatch.web.rendering import page
from presswatch.web.visitor import Visitor

router = APIRouter()

Reader = Annotated[Visitor, needs(Permission.READ)]


@router.get("/help/query")
async def of_queries(request: Request, visitor: Reader) -> Response:
    """The query language, each example a link that searches it."""
    return page(request, visitor, "help_query.html")


@router.get("/help/keys")
async def of_keys(request: Request, visitor: Reader) -> Response:
    """The keys."""
    return page(request, visitor, "help_keys.html")
