"""Sources that are switched together, by pack and by country, and how all of it stands."""

from __future__ import annotations

from fastapi import Request, Response

from presswatch import representations
from presswatch.actions import health, sources
from presswatch.web.api import shapes
from presswatch.web.api.answers import answer, listed
from presswatch.web.api.asking import Editor, Name, Reader, TheDesk
from presswatch.web.api.asking import router as routes_of
from presswatch.web.api.sources import Switch

router = routes_of("sources")

OF_NONE = "none"
"""The country of organisations that are in none."""


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


@router.get("/countries", response_model=shapes.Page[shapes.Pack])
async def countries(request: Request, _: Reader, desk: TheDesk) -> Response:
    """The catalogue by country, `none` for organisations that are in none, and how many sources are polled."""
    found = await sources.countries(desk.database)
    return listed(request, [representations.pack(each.name or OF_NONE, each.keys, each.enabled) for each in found])


@router.put("/countries/{name}", response_model=shapes.Switched)
async def switch_country(request: Request, _: Editor, desk: TheDesk, name: Name, sent: Switch) -> Response:
    """Poll all sources that the catalogue has of a country from now on, or no longer."""
    done = await sources.switch_country(desk.database, "" if name == OF_NONE else name, sent.enabled)
    return answer(request, representations.switched(done.changed, done.unchanged, done.unverified))


@router.get("/health", response_model=shapes.HealthOfAll)
async def how_it_stands(request: Request, visitor: Reader, desk: TheDesk) -> Response:
    """How many sources are in which state, those in trouble with the mend, and one's own alerts by state."""
    seen = await health.look(desk.database, visitor.id)
    return answer(request, representations.health(seen.sources, seen.trouble, seen.alerts))
