"""What a search asks, as the address has it: it can be sent to a colleague, gone back from, and subscribed to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Query

from presswatch.actions.searches import Wanted
from storage.search.search import Order

LONGEST = 4_200
"""Characters of a query that is looked at; more than the query language takes, so that it can say so."""
_Short = Annotated[str, Query(max_length=200)]
Typed = Annotated[str, Query(max_length=LONGEST)]
"""A query as it was typed."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is wanted, and in which order."""

    wanted: Wanted
    best: bool = False
    """The best first, else the newest."""

    @property
    def order(self) -> Order:
        return Order.RANKED if self.best else Order.NEWEST

    def parameters(self, **more: str) -> list[tuple[str, str]]:
        """The names and values of an address that asks the same; `more` is what else it says."""
        wanted = self.wanted
        told = [
            ("q", wanted.query),
            ("country", wanted.country),
            ("lang", wanted.language),
            ("source", wanted.source),
            *(("topic", name) for name in wanted.topics),
            ("since", wanted.since),
            ("until", wanted.until),
            ("order", "best" if self.best else ""),
            *more.items(),
        ]
        return [(name, value) for name, value in told if value]

    def at(self, path: str = "/search", **more: str) -> str:
        """An address that asks the same."""
        told = urlencode(self.parameters(**more))
        return f"{path}?{told}" if told else path

    def ordered(self, best: bool) -> Asked:
        """The same in this order."""
        return replace(self, best=best)

    def between(self, since: str, until: str) -> Asked:
        """The same of these days."""
        return replace(self, wanted=replace(self.wanted, since=since, until=until))

    def asking(self, query: str) -> Asked:
        """Another query, all else the same."""
        return replace(self, wanted=self.wanted.with_query(query))

    def has(self, field: str, value: str) -> bool:
        """Whether this was chosen."""
        return value in self.wanted.topics if field == "topics" else value == getattr(self.wanted, field)

    def turned(self, field: str, value: str) -> Asked:
        """The same with this chosen too; or without it, if it was chosen."""
        chosen = self.has(field, value)
        if field == "topics":
            others = tuple(name for name in self.wanted.topics if name != value)
            return replace(self, wanted=replace(self.wanted, topics=others if chosen else (*others, value)))
        left: dict[str, Any] = {field: "" if chosen else value}
        return replace(self, wanted=replace(self.wanted, **left))


async def asked(
    q: Typed = "",
    country: _Short = "",
    lang: _Short = "",
    source: _Short = "",
    topic: Annotated[list[str], Query(max_length=20)] = [],  # noqa: B006
    since: _Short = "",
    until: _Short = "",
    order: _Short = "",
) -> Asked:
    """What an address asks."""
    wanted = Wanted(q.strip(), country, lang, source, tuple(dict.fromkeys(topic)), since.strip(), until.strip())
    return Asked(wanted, best=order == "best")


AskedFor = Annotated[Asked, Depends(asked)]
