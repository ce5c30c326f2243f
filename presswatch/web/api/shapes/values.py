"""What shapes of answers consist of."""

from __future__ import annotations

from typing import Annotated, Generic, TypeVar

from pydantic import Field
from typing_extensions import TypedDict

from storage.types import Reason

T = TypeVar("T")

Key = Annotated[str, Field(examples=["mfa-xy/news-en"])]
Address = Annotated[str, Field(examples=["https://mfa.example/en/news/2026/11/28/treaty"])]
Title = Annotated[str, Field(examples=["Statement on the border treaty"])]
Language = Annotated[str | None, Field(examples=["en"])]
Country = Annotated[str | None, Field(examples=["BY"])]
TopicName = Annotated[str, Field(examples=["CSTO"])]
Query = Annotated[str, Field(examples=["alias:CSTO AND NOT title:agenda"])]
ChannelName = Annotated[str, Field(examples=["desk"])]
Count = Annotated[int, Field(ge=0, examples=[3])]
Counts = Annotated[dict[str, int], Field(examples=[{"en": 12, "ru": 9}])]
Claimed = Annotated[str | None, Field(examples=["2026-11-28T14:30+03:00"], description="To the claimed precision.")]
Health = Annotated[Reason | None, Field(examples=["ok"])]


class Page(TypedDict, Generic[T]):
    """Some of many. `next` is the `start` of the following page, null after the last one."""

    data: list[T]
    next: str | None
