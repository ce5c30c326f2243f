"""What the indexes leave open is asked of the texts, by the code that asks them for alerts.

    candidates in batches -> the texts of those in doubt -> evaluate -> those that meet the query

A text is read and analysed for that, about a third of a millisecond each. So only what is in doubt is read, and of
what is asked page by page no more than a page needs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, select

from storage.database import Dialect, dialect_of
from storage.items.items import STATE
from storage.query.evaluate import matches
from storage.query.resolve import ResolvedQuery
from storage.query.text import AnalysedText, analyse
from storage.query.tree import Dated, Fact, leaves
from storage.search.selects import Met
from storage.tables import items, sources, version_facts, versions

BATCH = 200
"""Texts read at a time: about a megabyte."""

AHEAD = 50
"""Texts read at most before it is seen whether more are needed."""


def verified(connection: Connection, met: Met, rows: Sequence[Row[Any]]) -> Sequence[Row[Any]]:
    """Those of the rows of `Selects.to_verify` that meet the query, in their order."""
    if met.open is None:
        return rows
    right = meeting(connection, met.open, [row.version_id for row in rows if row.doubt])
    return [row for row in rows if not row.doubt or row.version_id in right]


def walk(
    connection: Connection, met: Met, statement: Select[Any], parameters: Mapping[str, Any], wanted: int
) -> Iterator[Row[*tuple[Any, ...]]]:
    """The rows of a statement of `to_verify` that meet the query, one by one.

    As many candidates are looked at together as are likely to hold those that are still `wanted`.
    """
    size, looked, found = wanted, 0, 0
    piece_by_piece = {"stream_results": True}
    with closing(connection.execute(statement, parameters, execution_options=piece_by_piece)) as rows:
        while some := rows.fetchmany(size):
            right = verified(connection, met, some)
            yield from right
            looked, found = looked + len(some), found + len(right)
            if met.open is not None:
                size = min(AHEAD, max(1, wanted - found) * looked // max(1, found))


def settled(connection: Connection, met: Met) -> Met:
    """The same query with nothing left open: without the candidates whose text does not meet it. Asks all in doubt."""
    statements = met.statements
    if met.open is None or statements.doubt is None:
        return met
    doubted = connection.scalars(statements.doubted, met.parameters).all()
    right = meeting(connection, met.open, doubted)
    wrong = [version_id for version_id in doubted if version_id not in right]
    if not wrong:
        return replace(met, statements=replace(statements, doubt=None), open=None)
    dialect = dialect_of(connection)
    among = version_facts.c.id.in_(dialect.listed(bindparam("wrong")))
    exact = replace(statements, rows=statements.rows.where(~among), doubt=None)
    return replace(met, statements=exact, parameters={**met.parameters, "wrong": dialect.list_of(wrong)}, open=None)


def meeting(connection: Connection, query: ResolvedQuery, version_ids: Sequence[int]) -> set[int]:
    """Those of the versions whose text meets the query."""
    dialect = dialect_of(connection)
    wanted = _texts(dialect, any(isinstance(leaf, Fact | Dated) for leaf in leaves(query.root)))
    right: set[int] = set()
    for start in range(0, len(version_ids), BATCH):
        ids = dialect.list_of(version_ids[start : start + BATCH])
        texts = connection.execute(wanted, {"ids": ids})
        right.update(row.id for row in texts if matches(query, _analysed(row)))
    return right


@cache
def _texts(dialect: Dialect, with_facts: bool) -> Select[Any]:
    """The texts of the versions `ids`, and with what filters ask."""
    texts = select(versions.c.id, versions.c.title, versions.c.body, versions.c.language)
    if with_facts:
        texts = texts.add_columns(
            versions.c.published_day.label("day"),
            sources.c.key.label("source"),
            sources.c.country,
            STATE.label("state"),
        )
        texts = texts.join(items, items.c.id == versions.c.item_id).join(sources, sources.c.id == items.c.source_id)
    return texts.where(versions.c.id.in_(dialect.listed(bindparam("ids"))))


def _analysed(row: Row[*tuple[Any, ...]]) -> AnalysedText:
    _, title, body, language, *facts = row
    return analyse(title, body, language, **dict(zip(("day", "source", "country", "state"), facts, strict=False)))
