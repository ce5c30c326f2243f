"""How far sources' pasts are read back, and that they are read, or let be."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import Request, Response
from pydantic import Field

from presswatch import representations
from presswatch.actions import backfill
from presswatch.representations import JSON
from presswatch.web.api import shapes
from presswatch.web.api.answers import answer, listed
from presswatch.web.api.asking import Editor, Name, Reader, Sent, TheDesk
from presswatch.web.api.asking import router as routes_of
from presswatch.web.backfills import Backfills
from presswatch.web.desk import Desk

router = routes_of("sources")


class Past(Sent):
    """How far back a source is to be read."""

    source: Annotated[str, Field(min_length=1, max_length=200, examples=["mfa-by/news-en"])]
    since: Annotated[date | None, Field(description="Null: as far as was said before.", examples=["2024-01-01"])] = None


@router.get("/backfills", response_model=shapes.Page[shapes.Backfill])
async def every(request: Request, _: Reader, desk: TheDesk) -> Response:
    """How far the pasts of sources are read back."""
    found = await backfill.listing(desk.database)
    return listed(request, [representations.backfill(each.backfill, each.state) for each in found])


@router.post("/backfills", response_model=shapes.Backfill)
async def begin(request: Request, _: Editor, desk: TheDesk, sent: Past) -> Response:
    """Begin to read a source's past, or go on with it: one of a source at a time. What it finds alerts nobody."""
    await _held(request).begin(desk, sent.source, sent.since)
    return answer(request, await _last(desk, sent.source))


@router.post("/backfills/{key:path}/stop", response_model=shapes.Backfill)
async def stop(request: Request, _: Editor, desk: TheDesk, key: Name) -> Response:
    """Let a source's past be for now: what is on its way comes in, and it goes on from there when it is begun again."""
    _held(request).stop(key)
    return answer(request, await _last(desk, key))


def _held(request: Request) -> Backfills:
    held: Backfills = request.app.state.backfills
    return held


async def _last(desk: Desk, key: str) -> JSON:
    last = (await backfill.listing(desk.database, key))[0]
    return representations.backfill(last.backfill, last.state)
