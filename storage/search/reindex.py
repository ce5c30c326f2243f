"""The upkeep of the full-text indexes: made anew when the analysis that they were made by is not ours, and merged."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, delete, func, insert, select

from storage.database import dialect_of
from storage.query.indexes import Index
from storage.query.text import ANALYSIS, analyse
from storage.tables import full_texts, versions

BATCH = 500
"""Versions analysed at a time: some megabytes of text."""

_NAME = "versions"


def is_stale(connection: Connection) -> bool:
    """Whether the indexes hold what another analysis made."""
    return _made_by(connection) != ANALYSIS


def is_newer(connection: Connection) -> bool:
    """Whether they hold what the analysis of a newer presswatch made."""
    return (_made_by(connection) or 0) > ANALYSIS


def _made_by(connection: Connection) -> int | None:
    return connection.scalar(select(full_texts.c.analysis).where(full_texts.c.name == _NAME))


def rebuild(connection: Connection, progress: Callable[[int, int], None]) -> None:
    """Index every version by our analysis, in this transaction: a search sees all of the old index or all of the new.

    `progress` is told how many versions are done, of how many. About a millisecond each.
    """
    total = connection.scalar(select(func.count()).select_from(versions)) or 0
    full_text = dialect_of(connection).full_text
    full_text.empty(connection)
    done, last = 0, 0
    following = select(versions.c.id, versions.c.title, versions.c.body, versions.c.language)
    while rows := connection.execute(following.where(versions.c.id > last).order_by(versions.c.id).limit(BATCH)).all():
        full_text.add(connection, {row.id: analyse(row.title, row.body, row.language) for row in rows})
        done, last = done + len(rows), rows[-1].id
        progress(done, total)
    connection.execute(delete(full_texts).where(full_texts.c.name == _NAME))
    connection.execute(insert(full_texts).values(name=_NAME, analysis=ANALYSIS))


def merge(connection: Connection, index: Index, pages: int = 500) -> bool:
    """Bring an index closer to its fastest form, by so many pages of work; whether there may be more to do."""
    return dialect_of(connection).full_text.merge(connection, index, pages)
