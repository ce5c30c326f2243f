"""Packs of sources, how far sources' pasts are read, and how all of it stands."""

from __future__ import annotations

from fastapi import Request, Response

from presswatch import representations
from presswatch.actions import backfill, health, sources
from presswatch.web.api import shapes
from presswatch.web.api.answers import answer, listed
from presswatch.web.api.asking import Editor, Name, Reader, TheDesk
from presswatch.web.api.asking import router as routes_of
from presswatch.web.api.sources import Switch

router = routes_of("sources")


@router.get("/packs", response_model=shapes.Page[shapes.Pack])
async def packs(request: Request, _: Reader, desk: TheDesk) -> Response:
    """The packs of the catalogue, and how many of their sources are polled."""
    return listed(
        request,
        [representations.pack(each.name, each.keys, each.enabled) for each in await sources.packs(desk.database)],
    )


@router.put("/packs/{name}", response_model=shapes.Switched)
async def switch_pack(request: Request, _: Editor, desk: TheDesk, name: Name, sent: Switch) -> Response:
    """Poll all sources of a pack from now on, or no longer."""
    done = await sources.switch_pack(desk.database, name, sent.enabled)
    return answer(request, representations.switched(done.changed, done.unchanged, done.unverified))


@router.get("/backfills", response_model=shapes.Page[shapes.Backfill])
async def backfills(request: Request, _: Reader, desk: TheDesk) -> Response:
    """How far the pasts of sources are read back."""
    found = await backfill.listing(desk.database)
    return listed(request, [representations.backfill(each.backfill, each.state) for each in found])


@router.get("/health", response_model=shapes.HealthOfAll)
async def how_it_stands(request: Request, visitor: Reader, desk: TheDesk) -> Response:
    """How many sources are in which state, those in trouble with the mend, and one's own alerts by state."""
    seen = await health.look(desk.database, visitor.id)
    return answer(request, representations.health(seen.sources, seen.trouble, seen.alerts))
