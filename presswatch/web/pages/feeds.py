"""What one searches for as a feed, which readers ask for with a private token."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from presswatch.actions import exports, searches, tokens
from presswatch.formats.kinds import FeedFormat
from presswatch.web.api.answers import tagged
from presswatch.web.asked import Asked, AskedFor
from presswatch.web.defence import form_of
from presswatch.web.desk import Desk, desk_of
from presswatch.web.policy import Permission, needs
from presswatch.web.rendering import page
from presswatch.web.visitor import FEEDS, Visitor
from storage.errors import InvalidInputError
from storage.types import Scope

router = APIRouter()

CurrentDesk = Annotated[Desk, Depends(desk_of)]
Follower = Annotated[Visitor, needs(Permission.FOLLOW)]
Subscribed = Annotated[Visitor, needs(Permission.READ, Scope.FEEDS)]

TYPES: Mapping[str, str] = MappingProxyType(
    {
        FeedFormat.ATOM: "application/atom+xml; charset=utf-8",
        FeedFormat.RSS: "application/rss+xml; charset=utf-8",
        FeedFormat.JSON: "application/feed+json",
    }
)
DAYS = 365
"""For so long the token of a feed holds."""


@router.get(FEEDS + "{as_}")
async def feed(request: Request, desk: CurrentDesk, visitor: Subscribed, wanted: AskedFor, as_: FeedFormat) -> Response:
    """The newest statements that meet a query, or that nothing is new (304). Raises `QueryError`."""
    if visitor.token is not None:
        request.app.state.programs.count(visitor)
    query = await searches.whole_query(desk.database, visitor.id, wanted.wanted)
    title = " · ".join(filter(None, ("presswatch", *wanted.wanted.topics, wanted.wanted.query)))
    written = await exports.feed(desk.database, query, title, as_)
    return tagged(request, written.encode(errors="replace"), TYPES[as_])


@router.get("/search/feed.{as_}")
async def feed_page(
    request: Request, desk: CurrentDesk, visitor: Follower, wanted: AskedFor, as_: FeedFormat
) -> Response:
    """Where a feed gets its address. Raises `QueryError`."""
    await searches.whole_query(desk.database, visitor.id, wanted.wanted)
    name = _name(wanted, as_)
    return page(request, visitor, "feed.html", asked=wanted, as_=as_, name=name, mistake="", address="", days=DAYS)


@router.post("/search/feed.{as_}")
async def feed_address(
    request: Request, desk: CurrentDesk, visitor: Follower, wanted: AskedFor, as_: FeedFormat
) -> Response:
    """Make a token for one feed. Its address is shown once, so that this answers with a page."""
    form = await form_of(request)
    name = str(form.get("name", ""))
    await searches.whole_query(desk.database, visitor.id, wanted.wanted)
    told: dict[str, Any] = {"asked": wanted, "as_": as_, "name": name, "days": DAYS}
    try:
        made = await tokens.add(desk.database, visitor.id, visitor.actor, name, {Scope.FEEDS}, DAYS)
    except InvalidInputError as error:
        return page(request, visitor, "feed.html", status=422, mistake=f"{error}: {error.mend}", address="", **told)
    address = desk.address + wanted.at(f"{FEEDS}{as_.value}", token=made.secret)
    return page(request, visitor, "feed.html", mistake="", address=address, **told)


def _name(wanted: Asked, as_: FeedFormat) -> str:
    """What a feed's token is called, if nobody says otherwise."""
    said = " ".join((*wanted.wanted.topics, wanted.wanted.query)) or "all that was chosen"
    return f"{as_.value}: {''.join(sign for sign in said if sign.isprintable())}"[:80]
