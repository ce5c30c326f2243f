"""A database that refuses, whichever it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, Table, event
from sqlalchemy.exc import DatabaseError


@contextmanager
def changes_refused(table: Table) -> Iterator[None]:
    """Within it no row of the table can be changed."""

    def refuse(connection: Any, statement: Any, *_: object) -> None:
        if getattr(statement, "is_update", False) and statement.table is table:
            raise DatabaseError(str(statement), {}, Exception("not now"))

    event.listen(Engine, "before_execute", refuse)
    try:
        yield
    finally:
        event.remove(Engine, "before_execute", refuse)
