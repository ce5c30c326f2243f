"""One section: how it is, all its polls, its entry in the catalogue, and its past, which is read back here."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from presswatch.actions import backfill, new_source, polling, sources
from presswatch.web.backfills import Backfills
from presswatch.web.defence import form_of
from presswatch.web.desk import Desk, desk_of
from presswatch.web.looks import fetching
from presswatch.web.policy import GRANTED, Permission, needs
from presswatch.web.rendering import page
from presswatch.web.visitor import Visitor
from storage.errors import InvalidInputError, PresswatchError

router = APIRouter()

CurrentDesk = Annotated[Desk, Depends(desk_of)]
Reader = Annotated[Visitor, needs(Permission.READ)]
Editor = Annotated[Visitor, needs(Permission.EDIT)]


@router.post("/sources")
async def switch(request: Request, desk: CurrentDesk, visitor: Editor) -> Response:
    """Watch a section from now on or no longer."""
    form = await form_of(request)
    key, enabled = str(form.get("key", "")), form.get("enabled") == "yes"
    source = await sources.switch(desk.database, key, enabled, desk.browser)
    return RedirectResponse(f"/sources/{source.key}", 303)


@router.post("/sources/polls")
async def ask_now(request: Request, desk: CurrentDesk, visitor: Editor) -> Response:
    """Poll a section at once."""
    key = str((await form_of(request)).get("key", ""))
    try:
        await polling.ask_now(fetching(desk), key)
    except InvalidInputError as error:
        return await _shown(request, desk, visitor, key, mistake=error)
    return RedirectResponse(f"/sources/{key}", 303)


@router.post("/sources/backfills")
async def read_back(request: Request, desk: CurrentDesk, visitor: Editor) -> Response:
    """Begin to read a section's past, or go on with it."""
    form = await form_of(request)
    key, since = str(form.get("key", "")), str(form.get("since", "")).strip()
    try:
        await backfills_of(request).begin(desk, key, _day(since) if since else None)
    except InvalidInputError as error:
        return await _shown(request, desk, visitor, key, since=since, mistake=error)
    return RedirectResponse(f"/sources/{key}#past", 303)


@router.post("/sources/backfills/stop")
async def stop(request: Request, desk: CurrentDesk, visitor: Editor) -> Response:
    """Let a section's past be for now; it goes on from there."""
    key = str((await form_of(request)).get("key", ""))
    backfills_of(request).stop(key)
    return RedirectResponse(f"/sources/{key}#past", 303)


@router.get("/sources/{key:path}")
async def source(request: Request, desk: CurrentDesk, visitor: Reader, key: str) -> Response:
    """One section."""
    return await _shown(request, desk, visitor, key)


async def _shown(
    request: Request,
    desk: Desk,
    visitor: Visitor,
    key: str,
    since: str = "",
    mistake: PresswatchError | None = None,
) -> Response:
    shown = await sources.show(desk.database, key)
    known = await backfill.listing(desk.database, key)
    here = backfills_of(request)
    values: dict[str, Any] = {
        "shown": shown,
        "runs": await polling.history(desk.database, shown.source.id),
        "entry": new_source.entry_of(shown.source.spec, shown.source.spec.fact_year),
        "past": known[0] if known else None,
        "is_here": here.is_here(key),
        "notice": here.notice_of(key),
        "asked_now": desk.crawl is not None and any(each.key == key for each in desk.crawl.polling),
        "fetches": desk.crawl is not None,
        "edits": Permission.EDIT in GRANTED[visitor.role],
        "since": since,
        "mistake": mistake,
    }
    return page(request, visitor, "source.html", status=422 if mistake else 200, **values)


def backfills_of(request: Request) -> Backfills:
    """The pasts that this process reads."""
    held: Backfills = request.app.state.backfills
    return held


def _day(words: str) -> date:
    try:
        return date.fromisoformat(words)
    except ValueError:
        mend = "write it as year-month-day: 2024-01-01"
        raise InvalidInputError(f"{words!r} is no day", mend=mend) from None
