"""What a language model can ask: a table of tools, each a question with its fields and an action that answers it.

All of them read; none changes anything. They answer what the API answers, in the same shapes.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from presswatch import representations
from presswatch.actions import history, items, statements, topics
from presswatch.representations import JSON
from storage.database import Database
from storage.search.intervals import Interval
from storage.search.paging import LONGEST
from storage.search.search import Order

LARGEST = 2**63 - 1
"""The largest number that a database has for a row."""
Statement = Annotated[
    int | str,
    Field(union_mode="left_to_right", description="A statement's id, as search gives it, or its address."),
]
VersionNumber = Annotated[int, Field(ge=0, le=LARGEST)]


class Question(BaseModel):
    """What is asked: these fields and no others."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class OfHistory(Question):
    """Asks for the statements that meet a query."""

    query: Annotated[str, Field(description="In the query language.", examples=["alias:CSTO AND Afghanistan"])] = ""
    topic: Annotated[str, Field(description="A saved topic's name, in place of a query.", examples=["CSTO"])] = ""


class Search(OfHistory):
    """`search`."""

    order: Annotated[Order, Field(description="The newest first, or the best of the newest 2,000.")] = Order.NEWEST
    limit: Annotated[int, Field(ge=1, le=100, description="How many at most.")] = 20
    start: Annotated[str, Field(max_length=LONGEST, description="The next of the page before.")] = ""


class Show(Question):
    """`show`."""

    statement: Statement
    version: Annotated[VersionNumber, Field(description="What it said in this version; 0 is the newest.")] = 0


class Diff(Question):
    """`diff`."""

    statement: Statement
    before: Annotated[VersionNumber, Field(description="The earlier version; 0 is the last but one.")] = 0
    after: Annotated[VersionNumber, Field(description="The later version; 0 is the newest.")] = 0


class Trend(OfHistory):
    """`trend`."""

    by: Annotated[Interval, Field(description="How long a bar is.")] = Interval.MONTH


class Coverage(Question):
    """`coverage`."""

    days: Annotated[int, Field(ge=1, le=366, description="How many days, today the last.")] = 7
    topic: Annotated[str, Field(description="Of this topic alone.", examples=["CSTO"])] = ""


class Topics(Question):
    """`topics`."""


async def search(database: Database, owner: int, asked: Search) -> JSON:
    """Find statements in the history of what ministries published. Each comes with its id, title, source, address, the
    ministry's date, and where it met the query; show has its text. total is how many there are in all, next the start
    of the following page."""
    query = await history.query_of(database, owner, asked.query, asked.topic)
    page = await history.search(database, query, limit=asked.limit, order=asked.order, start=asked.start)
    return representations.search_page(page)


async def show(database: Database, owner: int, asked: Show) -> JSON:
    """Read one statement: its whole text in its newest version or in an earlier one, and the list of its versions."""
    shown = await items.show(database, asked.statement, asked.version or None)
    return representations.shown_item(shown.item, shown.version, shown.versions, shown.sections, shown.states)


async def diff(database: Database, owner: int, asked: Diff) -> JSON:
    """See what an edit changed: the words that the later of two versions of a statement adds and removes; without
    numbers, what its last edit did."""
    found = await statements.difference(database, asked.statement, asked.before, asked.after)
    return representations.diff(found.before, found.after, found.diff)


async def trend(database: Database, owner: int, asked: Trend) -> JSON:
    """Count how many statements meet a query in each day, week, month, quarter or year, from the first until today."""
    query = await history.query_of(database, owner, asked.query, asked.topic)
    return representations.histogram(asked.by, await history.trend(database, query, asked.by))


async def coverage(database: Database, owner: int, asked: Coverage) -> JSON:
    """See who has and who has not spoken: how much each watched source said on each saved topic, or on one, day by day.
    A total of 0 is silence; where unread says something, it is not known."""
    covered = await history.covered(database, owner, asked.days, asked.topic)
    return representations.coverage(covered.days, covered.rows, covered.left_out)


async def saved(database: Database, owner: int, asked: Topics) -> JSON:
    """List the saved topics: names of standing queries, which the other tools take in place of a query."""
    found = await topics.listing(database, owner)
    return {"data": [representations.topic(each.topic, each.channels) for each in found]}


@dataclass(frozen=True, slots=True)
class Tool:
    """What is asked, and what answers: for the owner whose topics it speaks of."""

    title: str
    question: type[Question]
    answer: Callable[[Database, int, Any], Awaitable[JSON]]

    @property
    def about(self) -> str:
        """What it is for, as a model reads it."""
        return " ".join((self.answer.__doc__ or "").split())


TOOLS: Mapping[str, Tool] = MappingProxyType(
    {
        "search": Tool("Search the history", Search, search),
        "show": Tool("Read a statement", Show, show),
        "diff": Tool("See what an edit changed", Diff, diff),
        "trend": Tool("Count over time", Trend, trend),
        "coverage": Tool("See who has not spoken", Coverage, coverage),
        "topics": Tool("List the saved topics", Topics, saved),
    }
)
