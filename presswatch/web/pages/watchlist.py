"""The watchlist as a file: taken out, and brought in after it was shown what that would change."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import UploadFile

from presswatch.watchlist.changes import WatchlistChange
from presswatch.watchlist.exporting import exported
from presswatch.watchlist.file_format import Form, form_of
from presswatch.watchlist.importing import import_watchlist
from presswatch.web import defence
from presswatch.web.brought import looked_at
from presswatch.web.desk import Desk, desk_of
from presswatch.web.policy import Permission, needs
from presswatch.web.rendering import page
from presswatch.web.visitor import Visitor
from storage.errors import InvalidInputError, MistakesError, PresswatchError

router = APIRouter()

CurrentDesk = Annotated[Desk, Depends(desk_of)]
Reader = Annotated[Visitor, needs(Permission.READ)]
Follower = Annotated[Visitor, needs(Permission.FOLLOW)]


@router.get("/topics/watchlist.toml")
async def download(desk: CurrentDesk, visitor: Reader) -> Response:
    """Topics, subscriptions and sources; channels are only named."""
    written = await exported(desk.database, visitor.id, Form.TOML)
    headers = {"Content-Disposition": 'attachment; filename="watchlist.toml"'}
    return Response(written.text, media_type="application/toml; charset=utf-8", headers=headers)


@router.post("/topics/watchlist")
async def shown(request: Request, desk: CurrentDesk, visitor: Follower) -> Response:
    """What a file would change. Nothing is changed yet."""
    form = await defence.form_of(request)
    file = form.get("file")
    name, content = (file.filename or "", await file.read()) if isinstance(file, UploadFile) else ("", b"")
    await form.close()
    return await _looked_at(request, desk, visitor, name, content)


@router.post("/topics/watchlist/bring")
async def bring(request: Request, desk: CurrentDesk, visitor: Follower) -> Response:
    """Bring in what was shown: all of it, or nothing."""
    form = await defence.form_of(request)
    name, content = str(form.get("name", "")), str(form.get("content", "")).encode()
    try:
        await looked_at(desk, visitor, content, form_of(Path(name)))
        await import_watchlist(desk.database, visitor.id, content, form_of(Path(name)), desk)
    except InvalidInputError:
        return await _looked_at(request, desk, visitor, name, content)
    return RedirectResponse("/topics", 303)


async def _looked_at(request: Request, desk: Desk, visitor: Visitor, name: str, content: bytes) -> Response:
    mistakes: tuple[PresswatchError, ...] = ()
    changes: tuple[WatchlistChange, ...] = ()
    try:
        changes = await looked_at(desk, visitor, content, form_of(Path(name)))
    except MistakesError as error:
        mistakes = error.mistakes
    except InvalidInputError as error:
        mistakes = (error,)
    return page(
        request,
        visitor,
        "watchlist.html",
        status=422 if mistakes else 200,
        name=name,
        content=content.decode(errors="replace"),
        changes=changes,
        mistakes=mistakes,
    )
