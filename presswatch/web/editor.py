"""The editor of a topic, as its page is written: what was typed, what is wrong with it, and what it would find."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import Request, Response

from presswatch.actions import aliases, subscriptions, topics, trials
from presswatch.actions.topics import ChangedMeanwhileError
from presswatch.actions.trials import Trial
from presswatch.web.desk import Desk
from presswatch.web.rendering import page
from presswatch.web.visitor import Visitor
from storage.errors import PresswatchError, QueryError
from storage.types import Topic

RIGHT: Mapping[str, PresswatchError | None] = {"name": None, "query": None}


async def tried_out(desk: Desk, visitor: Visitor, number: int, query: str) -> tuple[Trial | None, QueryError | None]:
    """What a query would find, beside the topic of that number; or why it cannot be asked."""
    if not query.strip():
        return None, None
    try:
        return await trials.trial(desk.database, visitor.id, query, number), None
    except QueryError as error:
        return None, error


def values_of(name: str, query: str, tried: Trial | None, mistake: PresswatchError | None) -> dict[str, Any]:
    """What the right side is written from."""
    sources = tried.preview.by_source if tried else {}
    return {
        "name": name,
        "query": query,
        "trial": tried,
        "tried": query,
        "without": {key: topics.without_source(query, key) for key in list(sources)[:4]},
        "mistakes": {**RIGHT, "query": mistake},
    }


async def editor(
    request: Request,
    desk: Desk,
    visitor: Visitor,
    topic: Topic | None,
    name: str,
    query: str,
    error: PresswatchError | None = None,
) -> Response:
    """The editor of a topic, or of a new one; `error` is why what was written was not saved."""
    number = topic.id if topic else 0
    tried, unread = await tried_out(desk, visitor, number, query)
    values = values_of(name, query, tried, unread)
    if tried is None and topic is not None:  # what was last saved can be read, and stays beside the mistake
        tried, _ = await tried_out(desk, visitor, number, topic.query)
        values |= {"trial": tried, "tried": topic.query, "without": {}}
        if tried:
            values["without"] = {key: topics.without_source(topic.query, key) for key in tried.preview.by_source}
    meanwhile = isinstance(error, ChangedMeanwhileError)
    if error and not meanwhile and not isinstance(error, QueryError):
        values["mistakes"] = {**RIGHT, "query": unread, "name": error}
    told = [
        each for each in await subscriptions.listing(desk.database, visitor.id) if each.subscription.topic_id == number
    ]
    return page(
        request,
        visitor,
        "topic.html",
        status=409 if meanwhile else 422 if error else 200,
        topic=topic,
        told=told,
        packs=await aliases.named_in(desk.database, query),
        meanwhile=meanwhile,
        refused=error is not None,
        place=f"/topics/{number or 'new'}",
        swapped=False,
        **values,
    )
