"""Whom the desk watches, as files: the feeds for a feed reader, and all of a view for a sheet."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from presswatch.actions import source_overview
from presswatch.formats.files import sheet
from presswatch.watchlist.exporting import exported
from presswatch.watchlist.file_format import Form
from presswatch.web.desk import Desk, desk_of
from presswatch.web.pages.sources import chosen_of, order_of
from presswatch.web.policy import Permission, needs
from presswatch.web.visitor import Visitor
from storage.types import Source

router = APIRouter()

CurrentDesk = Annotated[Desk, Depends(desk_of)]
Reader = Annotated[Visitor, needs(Permission.READ)]

COLUMNS = (
    "key", "name", "organisation", "country", "languages", "address", "watched", "health", "detail", "since",
    "last_new_at", "last_poll_at", "next_poll_at",
)  # fmt: skip


@router.get("/sources.opml")
async def feeds(desk: CurrentDesk, visitor: Reader) -> Response:
    """Those that are watched and read as feeds; lists without one have no place in such a file."""
    written = await exported(desk.database, visitor.id, Form.OPML)
    return _file("presswatch-sources.opml", written.text, "text/x-opml; charset=utf-8")


@router.get("/sources.csv")
async def table(desk: CurrentDesk, visitor: Reader, view: str = "", by: str = "") -> Response:
    """The sources of a view, each with how it is."""
    found = await source_overview.listing(desk.database, chosen_of(view), order_of(by))
    return _file("presswatch-sources.csv", sheet(COLUMNS, map(_row, found)), "text/csv; charset=utf-8")


def _row(source: Source) -> tuple[object, ...]:
    spec, health = source.spec, source.reason.value if source.last_poll_at else "not polled yet"
    last_new_at = source.habits.last_new_at if source.habits else None
    return (
        source.key, spec.name, spec.organisation, spec.country, " ".join(spec.languages), spec.address,
        "yes" if source.enabled else "no", health, source.detail, source.reason_since, last_new_at,
        source.last_poll_at, source.next_poll_at if source.enabled else None,
    )  # fmt: skip


def _file(name: str, text: str, media_type: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text.encode(errors="replace"), 200, headers, media_type)
