"""What the routes of the API have in common: where they are, who asks, and what an address may name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, model_validator

from presswatch.web.api.routes import ProgramRoute
from presswatch.web.desk import Desk, desk_of
from presswatch.web.policy import Permission, needs
from presswatch.web.visitor import PREFIX, Visitor
from storage.errors import InvalidInputError
from storage.search.paging import LONGEST

VERSION = "v1"
ROOT = f"{PREFIX}{VERSION}"

TheDesk = Annotated[Desk, Depends(desk_of)]
Reader = Annotated[Visitor, needs(Permission.READ)]
Follower = Annotated[Visitor, needs(Permission.FOLLOW)]
Editor = Annotated[Visitor, needs(Permission.EDIT)]
Governor = Annotated[Visitor, needs(Permission.GOVERN)]

LARGEST = 2**63 - 1
"""The largest number that a database has for a row."""
Number = Annotated[int, Path(ge=1, le=LARGEST, examples=[12])]
Name = Annotated[str, Path(max_length=200, examples=["sanctions"])]
Start = Annotated[str, Query(max_length=LONGEST, description="Where the page before says that this one begins.")]
Limit = Annotated[int, Query(ge=1, le=200, description="How many at most.")]
Asked = Annotated[str, Query(max_length=2000, description="See docs/query-language.md.", examples=["sanctions"])]
OfTopic = Annotated[str, Query(max_length=200, description="A topic's name, in place of a query.")]
_NO_TEXT = re.compile("[\0\ud800-\udfff]")
"""Null, and halves of characters."""


def router(noun: str) -> APIRouter:
    """The routes of one noun."""
    return APIRouter(prefix=ROOT, route_class=ProgramRoute, tags=[noun])


class Sent(BaseModel):
    """What a program sends: these fields and no others."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _is_text(cls, sent: Any) -> Any:
        """Refuse what JSON can write and no database takes (RFC 8259, 8.2)."""
        if any(map(_NO_TEXT.search, _texts(sent))):
            raise ValueError("half a character or a null character is no text")
        return sent


def _texts(sent: Any) -> Iterator[str]:
    """Each text in what JSON can say."""
    if isinstance(sent, str):
        yield sent
    elif isinstance(sent, dict | list):
        for part in (*sent, *sent.values()) if isinstance(sent, dict) else sent:
            yield from _texts(part)


class Pause(Sent):
    """Until when nobody is told; null: the pause ends."""

    until: AwareDatetime | None


def before(start: str) -> int | None:
    """The number before which a page begins. Raises `InvalidInputError` for a `start` that no page gave."""
    if start and not (start.isascii() and start.isdigit() and len(start) < len(str(LARGEST))):
        raise InvalidInputError(f"{start!r} is where no page begins", mend="take next from the page before")
    return int(start) if start else None


def next_of(ids: Sequence[int], limit: int) -> str:
    """Where the page after these begins; nothing where there may be none."""
    return str(ids[-1]) if len(ids) == limit else ""
