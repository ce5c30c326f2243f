"""A statement: what it says, since when, in which versions, and why one sees it."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from presswatch.actions import evidence, kept, statements
from presswatch.actions.statements import Wanted
from presswatch.formats.evidence import zipped
from presswatch.web import reading
from presswatch.web.desk import Desk, desk_of
from presswatch.web.policy import Permission, needs
from presswatch.web.rendering import page
from presswatch.web.visitor import Visitor
from storage.errors import InvalidInputError, NotFoundError

router = APIRouter()

CurrentDesk = Annotated[Desk, Depends(desk_of)]
Reader = Annotated[Visitor, needs(Permission.READ)]

_NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)
_VERSIONS = re.compile(r"([0-9]{1,6})\.\.([0-9]{1,6})", re.ASCII)


@router.get("/statements/{item}")
async def statement(
    request: Request, desk: CurrentDesk, visitor: Reader, item: str, version: str = "", compare: str = "",
    columns: str = "", beside: str = "", why: str = "",
) -> Response:  # fmt: skip
    """One statement: its newest version or the one named, two of them compared, an edition beside it."""
    wanted = Wanted(_number(version), _versions(compare), _number(beside), why)
    shown = await statements.statement(desk.database, visitor.id, _named(item), wanted)
    hits = [hit for met in shown.met.values() for hit in met]
    own = await kept.own(desk.database, visitor.id, shown.item.id)
    two_columns = columns == "2"
    return page(
        request, visitor, "statement.html", shown=shown, own=own, hits=hits, reading=reading, two_columns=two_columns
    )


@router.get("/statements/{item}/evidence.zip")
async def proof(desk: CurrentDesk, visitor: Reader, item: str) -> Response:
    """What proves a statement to a third party, as a file."""
    number, files = await evidence.export(desk.database, _named(item))
    name = f"statement-{number}"
    headers = {"Content-Disposition": f'attachment; filename="{name}.zip"'}
    return Response(zipped(name, files), media_type="application/zip", headers=headers)


def _named(words: str) -> int:
    if not _NUMBER.fullmatch(words):
        raise NotFoundError("there is no statement of this number", mend="Search finds it by its words")
    return int(words)


def _number(words: str) -> int:
    if words and not _NUMBER.fullmatch(words):
        raise InvalidInputError("that is no number", mend="follow a link of the statement's own page")
    return int(words or 0)


def _versions(words: str) -> tuple[int, int] | None:
    found = _VERSIONS.fullmatch(words)
    if words and not found:
        raise InvalidInputError("these versions cannot be compared", mend="name two of them, the earlier first: 1..2")
    return (int(found[1]), int(found[2])) if found else None
