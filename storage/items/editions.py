"""Questions about language editions: which items say the same thing in other words.

A page names its other editions, or its address differs from theirs in the language alone. Two such items are one story
if their languages differ, and if the story has no other item in that language: a site whose every page names the same
page as its translation would merge all its statements.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, select

from storage.database import insert_new
from storage.identity import edition_key, identity_key
from storage.tables import editions, items, versions
from storage.types import Article

_WINDOW = timedelta(days=30)
_DAYS = timedelta(days=3)
"""How far apart two days of publication are where nothing but the addresses says that two items are editions."""


@dataclass(frozen=True, slots=True)
class Edition:
    """What is known of an item's editions: the keys that its page names, and what its own has in common with them."""

    key: str
    language: str
    day: date | None
    named: frozenset[str]
    common: str


def edition_of(key: str, address: str, article: Article) -> Edition:
    """The article's editions, by their keys."""
    named = frozenset(_keys(other for _, other in article.editions)) - {key}
    return Edition(key, article.language, article.published.day, named, edition_key(address))


def record(connection: Connection, item_ids: Iterable[int], new: Iterable[tuple[Edition, Article]]) -> None:
    """Write down which editions the items' pages name, and what their keys have in common with them."""
    rows = [
        {"item_id": item_id, "key": key, "language": language}
        for item_id, (own, article) in zip(item_ids, new, strict=True)
        for key, language in _named(own, article).items()
    ]
    insert_new(connection, editions, rows, unique=("item_id", "key"))


def _named(own: Edition, article: Article) -> dict[str, str]:
    named = {own.common: own.language} if own.common else {}
    for language, address in article.editions:
        named |= dict.fromkeys(_keys([address]), language)
    return named


def stories(connection: Connection, new: Sequence[Edition], now: datetime) -> dict[str, int]:
    """The stories that known editions of the new items belong to, by the new items' keys."""
    known = _known(connection, new)
    found = {one.key: story for one in new if (story := _story(one, known, now)) is not None}
    taken = _languages(connection, found.values()) if found else set()
    return {one.key: found[one.key] for one in new if one.key in found and (found[one.key], one.language) not in taken}


def _story(own: Edition, known: Sequence[Row[Any]], now: datetime) -> int | None:
    for row in known:
        if row.language == own.language:
            continue
        if row.key in own.named or row.named == own.key:
            return int(row.story_id)
        same_days = own.day is None or row.published_day is None or abs(own.day - row.published_day) <= _DAYS
        if row.named == own.common and same_days and row.first_seen_at >= now - _WINDOW:
            return int(row.story_id)
    return None


def _known(connection: Connection, new: Sequence[Edition]) -> Sequence[Row[Any]]:
    """The items that the new ones may be editions of: by their own keys, and by what their pages name."""
    story = func.coalesce(items.c.story_id, items.c.id).label("story_id")
    columns = (items.c.key, story, items.c.first_seen_at, versions.c.language, versions.c.published_day)
    current = (versions.c.item_id == items.c.id) & versions.c.current
    named = select(*columns, editions.c.key.label("named")).join(editions, editions.c.item_id == items.c.id)
    own = select(*columns, items.c.key.label("named")).join(versions, current)
    keys = [key for one in new for key in (one.key, one.common) if key]
    others = {key for one in new for key in one.named}
    rows = list(connection.execute(named.join(versions, current).where(editions.c.key.in_(keys))))
    return [*rows, *(connection.execute(own.where(items.c.key.in_(others))) if others else ())]


def _languages(connection: Connection, story_ids: Iterable[int]) -> set[tuple[int, str]]:
    story = func.coalesce(items.c.story_id, items.c.id)
    rows = connection.execute(
        select(story, versions.c.language)
        .join(versions, (versions.c.item_id == items.c.id) & versions.c.current)
        .where(story.in_(set(story_ids)))
    )
    return {(row[0], row[1]) for row in rows}


def _keys(addresses: Iterable[str]) -> Iterable[str]:
    for address in addresses:
        try:
            yield identity_key(address)
        except ValueError:
            continue
