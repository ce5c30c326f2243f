"""All of one's topics as feeds, in one list that feed readers import."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from presswatch.actions import tokens, topics
from presswatch.formats import opml
from presswatch.formats.kinds import FeedFormat
from presswatch.web.api.answers import tagged
from presswatch.web.defence import form_of
from presswatch.web.desk import Desk, desk_of
from presswatch.web.pages.feeds import DAYS
from presswatch.web.policy import Permission, needs
from presswatch.web.rendering import page
from presswatch.web.visitor import FEEDS, Visitor
from storage.errors import InvalidInputError
from storage.types import Scope

router = APIRouter()

CurrentDesk = Annotated[Desk, Depends(desk_of)]
Follower = Annotated[Visitor, needs(Permission.FOLLOW)]
Subscribed = Annotated[Visitor, needs(Permission.READ, Scope.FEEDS)]

LIST = f"{FEEDS}topics.opml"
NAME = "feeds of all topics"
"""What the token is called, if nobody says otherwise."""


@router.get(LIST)
async def every(request: Request, desk: CurrentDesk, visitor: Subscribed) -> Response:
    """The feeds of all topics, each with the token that this list was asked for with."""
    if visitor.token is None:  # its secret stands in the addresses of the feeds: a session has none that may
        return RedirectResponse("/topics/feeds", 303)
    request.app.state.programs.count(visitor)
    names = [each.topic.name for each in await topics.listing(desk.database, visitor.id)]
    written = opml.document("presswatch", {"": [_outline(desk, name, visitor.secret) for name in names]})
    return tagged(request, written.encode(errors="replace"), "text/x-opml; charset=utf-8")


def _outline(desk: Desk, topic: str, secret: str) -> dict[str, str]:
    feed = urlencode({"topic": topic, "token": secret})
    return {
        "type": "rss",  # whichever format it is: OPML 2.0, "Subscription lists"
        "text": topic,
        "title": topic,
        "xmlUrl": f"{desk.address}{FEEDS}{FeedFormat.ATOM.value}?{feed}",
        "htmlUrl": f"{desk.address}/search?{urlencode({'topic': topic})}",
    }


@router.get("/topics/feeds")
async def addressing(request: Request, visitor: Follower) -> Response:
    """Where the list gets its address."""
    return page(request, visitor, "topic_feeds.html", name=NAME, mistake="", address="", days=DAYS)


@router.post("/topics/feeds")
async def address(request: Request, desk: CurrentDesk, visitor: Follower) -> Response:
    """Make a token for the list and its feeds. Its address is shown once, so that this answers with a page."""
    name = str((await form_of(request)).get("name", ""))
    told: dict[str, Any] = {"name": name, "days": DAYS}
    try:
        made = await tokens.add(desk.database, visitor.id, visitor.actor, name, {Scope.FEEDS}, DAYS)
    except InvalidInputError as error:
        told |= {"mistake": f"{error}: {error.mend}", "address": ""}
        return page(request, visitor, "topic_feeds.html", status=422, **told)
    told |= {"mistake": "", "address": f"{desk.address}{LIST}?{urlencode({'token': made.secret})}"}
    return page(request, visitor, "topic_feeds.html", **told)
