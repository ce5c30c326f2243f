"""Sources: which sections are watched, how they are, and new ones."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import Query, Request, Response
from pydantic import Field

from crawler.discovery.discover import Proposal
from presswatch import representations
from presswatch.actions import polling, proposals, sources
from presswatch.actions.proposals import NewSource
from presswatch.representations import JSON
from presswatch.web.api import shapes
from presswatch.web.api.answers import answer, as_seen, gone, listed, made
from presswatch.web.api.asking import ROOT, Editor, Name, Reader, Sent, TheDesk
from presswatch.web.api.asking import router as routes_of
from presswatch.web.desk import Desk
from presswatch.web.looks import fetching

router = routes_of("sources")

Short = Annotated[str, Field(max_length=200)]
Seconds = Annotated[int, Field(ge=60, le=86_400)]


class Section(Sent):
    """A section to be watched. What is empty is found out."""

    address: Annotated[str, Field(max_length=2000, examples=["https://mfa.example/en/news"])]
    key: Short = ""
    name: Short = ""
    organisation: Short = ""
    interval: Seconds = 300
    slowest: Seconds = 3600
    zone: Short = ""
    entry: Annotated[Short, Field(description="CSS selector of a row of its list.")] = ""
    date: Short = ""
    browser: bool = False
    country: Annotated[str, Field(max_length=2, examples=["BY"])] = ""
    languages: Annotated[tuple[str, ...], Field(max_length=20, examples=[["be", "ru"]])] = ()


class Switch(Sent):
    """Whether it is polled."""

    enabled: bool


@router.get("/sources", response_model=shapes.Page[shapes.Source])
async def every(
    request: Request,
    _: Reader,
    desk: TheDesk,
    pack: Annotated[str, Query(max_length=200, examples=["csto"])] = "",
    enabled: Annotated[bool, Query(description="Only those that are polled.")] = False,
) -> Response:
    """The sources of the catalogue and the desk's own, of one pack, or those that are polled."""
    found = await sources.listing(desk.database, pack or None, enabled=enabled)
    return listed(request, [representations.source(each.source, each.items, each.polls) for each in found])


@router.post("/sources/preview", response_model=shapes.Proposal)
async def look(request: Request, _: Editor, desk: TheDesk, sent: Section) -> Response:
    """Look at a section: how its list is read, and its first article. Nothing is stored."""
    return answer(request, representations.proposal(await _proposal(desk, sent)))


@router.post("/sources", status_code=201, response_model=shapes.Source)
async def add(request: Request, _: Editor, desk: TheDesk, sent: Section) -> Response:
    """Look at a section, and watch it from now on. What it shows now is stored and not announced."""
    source = await proposals.watch(desk.database, await _proposal(desk, sent))
    return made(request, await _source(desk, source.key), f"{ROOT}/sources/{source.key}")


@router.get("/sources/{key:path}", response_model=shapes.Source)
async def show(request: Request, _: Reader, desk: TheDesk, key: Name) -> Response:
    """One source, its health with the mend, and its last polls."""
    return answer(request, await _source(desk, key))


@router.post("/sources/{key:path}/polls", response_model=shapes.Source)
async def poll(request: Request, _: Editor, desk: TheDesk, key: Name) -> Response:
    """Ask a source that is watched at once, whether it is due or not. What came of it stands in its polls."""
    await polling.ask_now(fetching(desk), key)
    return answer(request, await _source(desk, key))


@router.patch("/sources/{key:path}", response_model=shapes.Source)
async def switch(request: Request, _: Editor, desk: TheDesk, key: Name, sent: Switch) -> Response:
    """Poll a source from now on, or no longer."""
    async with as_seen(request, partial(_source, desk, key)):
        await sources.switch(desk.database, key, sent.enabled, desk.browser)
    return answer(request, await _source(desk, key))


@router.delete("/sources/{key:path}", status_code=204)
async def remove(request: Request, _: Editor, desk: TheDesk, key: Name) -> Response:
    """Watch a source of the desk's own no longer; what it published stays."""
    async with as_seen(request, partial(_source, desk, key)):
        await sources.remove(desk.database, key)
    return gone()


async def _proposal(desk: Desk, sent: Section) -> Proposal:
    return await proposals.propose(
        desk.database, fetching(desk), NewSource(**sent.model_dump()), desk.policy, desk.browser
    )


async def _source(desk: Desk, key: str) -> JSON:
    shown = await sources.show(desk.database, key)
    return representations.source(shown.source, shown.items, shown.polls)
