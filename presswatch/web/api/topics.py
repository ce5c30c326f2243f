"""Topics: standing queries with a name, and what a query would find before it becomes one."""

from __future__ import annotations

from functools import partial
from typing import Annotated
from urllib.parse import quote

from fastapi import Query, Request, Response
from pydantic import Field

from presswatch import representations
from presswatch.actions import topics
from presswatch.representations import JSON
from presswatch.web.api import shapes
from presswatch.web.api.answers import answer, as_seen, gone, listed, made
from presswatch.web.api.asking import ROOT, Asked, Follower, Name, OfTopic, Pause, Reader, Sent, TheDesk
from presswatch.web.api.asking import router as routes_of
from presswatch.web.desk import Desk
from presswatch.web.visitor import Visitor

router = routes_of("topics")

TopicName = Annotated[str, Field(max_length=200, examples=["sanctions"])]
Wanted = Annotated[str, Field(max_length=2000, examples=["sanctions OR санкции"])]


class NewTopic(Sent):
    """A topic to be saved."""

    name: TopicName
    query: Wanted


class TopicChange(Sent):
    """What is otherwise from now on; what is left out, or null, stays."""

    name: TopicName | None = None
    query: Wanted | None = None


@router.get("/topics", response_model=shapes.Page[shapes.Topic])
async def every(request: Request, visitor: Reader, desk: TheDesk) -> Response:
    """One's own topics, the oldest first, and who is told of them."""
    found = await topics.listing(desk.database, visitor.id)
    return listed(request, [representations.topic(each.topic, each.channels) for each in found])


@router.post("/topics", status_code=201, response_model=shapes.SavedTopic)
async def add(request: Request, visitor: Follower, desk: TheDesk, sent: NewTopic) -> Response:
    """Save a topic. It is asked of what comes from now on: the past is never sent."""
    topic = await topics.add(desk.database, visitor.id, sent.name, sent.query)
    remarks = await topics.remarks(desk.database, sent.query)
    shown = await _topic(desk, visitor, topic.name)
    return made(request, shown | {"remarks": list(remarks)}, f"{ROOT}/topics/{quote(topic.name, safe='')}")


@router.get("/topics/{name:path}", response_model=shapes.Topic)
async def show(request: Request, visitor: Reader, desk: TheDesk, name: Name) -> Response:
    """One topic, and who is told of it."""
    return answer(request, await _topic(desk, visitor, name))


@router.patch("/topics/{name:path}", response_model=shapes.Topic)
async def change(request: Request, visitor: Follower, desk: TheDesk, name: Name, sent: TopicChange) -> Response:
    """Give a topic another query or name; its subscriptions go on, and nobody is told twice."""
    async with as_seen(request, partial(_topic, desk, visitor, name)):
        known = (await topics.show(desk.database, visitor.id, name)).topic
        name_wanted = known.name if sent.name is None else sent.name
        query_wanted = known.query if sent.query is None else sent.query
        topic = await topics.save(desk.database, visitor.id, known.id, name_wanted, query_wanted)
    return answer(request, await _topic(desk, visitor, topic.name))


@router.put("/topics/{name:path}/pause", response_model=shapes.Topic)
async def pause(request: Request, visitor: Follower, desk: TheDesk, name: Name, sent: Pause) -> Response:
    """Tell nobody of what is seen until then, or end that. The topic is asked all the same."""
    async with as_seen(request, partial(_topic, desk, visitor, name)):
        number = (await topics.show(desk.database, visitor.id, name)).topic.id
        if sent.until is None:
            await topics.go_on(desk.database, visitor.id, number)
        else:
            await topics.pause(desk.database, visitor.id, number, sent.until)
    return answer(request, await _topic(desk, visitor, name))


@router.delete("/topics/{name:path}", status_code=204)
async def remove(request: Request, visitor: Follower, desk: TheDesk, name: Name) -> Response:
    """End a topic and its subscriptions; what it found stays."""
    async with as_seen(request, partial(_topic, desk, visitor, name)):
        await topics.remove(desk.database, visitor.id, name)
    return gone()


@router.get("/preview", response_model=shapes.Preview)
async def preview(
    request: Request,
    visitor: Reader,
    desk: TheDesk,
    query: Asked,
    against: OfTopic = "",
    samples: Annotated[int, Query(ge=0, le=50)] = 5,
) -> Response:
    """What a query would have found in the last months, and what it gains and loses against a topic of that name."""
    tried = await topics.preview(desk.database, visitor.id, query, against, samples)
    return answer(request, representations.preview(tried))


async def _topic(desk: Desk, visitor: Visitor, name: str) -> JSON:
    shown = await topics.show(desk.database, visitor.id, name)
    return representations.topic(shown.topic, shown.channels)
