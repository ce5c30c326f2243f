"""An expression for one of the full-text indexes in the query syntax of SQLite's FTS5.

Every term is quoted, every compound in parentheses: what a person wrote never reaches MATCH raw.
Source: https://www.sqlite.org/fts5.html#full_text_query_syntax
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

from sqlalchemy import ColumnElement, Connection, Float, Integer, Select, column, literal_column, select, table

from storage.query.indexes import Index, IndexExpression
from storage.query.resolve import Clause, Nearness, ResolvedQuery
from storage.query.text import FIELDS, AnalysedText, Atom
from storage.query.tree import And, Dated, Fact, Not, Or


def fts5_match(expression: IndexExpression) -> str:
    """The string for MATCH. The table has the columns `title` and `body`, and its tokenizer is `ascii`.

    Its text is `AnalysedField.indexed` for an expression of stems, `AnalysedField.indexed_forms` for one of forms.
    """
    if isinstance(expression, Or):
        return _joined("OR", [fts5_match(part) for part in expression.parts])
    if isinstance(expression, And):
        included = [fts5_match(part) for part in expression.parts if not isinstance(part, Not)]
        excluded = [fts5_match(part.part) for part in expression.parts if isinstance(part, Not)]
        wanted = _joined("AND", included)
        return f"({wanted} NOT {_joined('OR', excluded)})" if excluded else wanted
    if isinstance(expression, Not):
        raise ValueError("FTS5 cannot search for what is absent")
    if isinstance(expression, Nearness):
        return _in_fields(expression.fields, _near(expression))
    if isinstance(expression, Fact | Dated):
        raise ValueError("FTS5 knows words alone")
    return _in_fields(expression.fields, _any_name(expression))


def _any_name(clause: Clause) -> str:
    return _joined("OR", [_quoted(atom) for atom, _ in clause.names])


def _near(clause: Nearness) -> str:
    """Any name of the one part near any name of the others."""
    every = product(*([_quoted(atom) for atom, _ in part.names] for part in clause.parts))
    return _joined("OR", [f"NEAR({' '.join(phrases)}, {clause.distance})" for phrases in every])


def _quoted(atom: Atom) -> str:
    """A phrase; `*` after the quote is FTS5's own sign for what a last word begins with."""
    text = " ".join(term.removeprefix("=").removesuffix("*") for term in atom)
    return f'"{text}"*' if atom[-1].endswith("*") else f'"{text}"'


def _in_fields(fields: tuple[str, ...], match: str) -> str:
    return match if fields == FIELDS else f"{{{' '.join(fields)}}} : {match}"


def _joined(operator: str, parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"({f' {operator} '.join(parts)})"


# The text comes analysed, so the tokenizer only has to split at blanks: `ascii` takes every character beyond ASCII as
# part of a word. Both are contentless, one row a version, in the order of its ids. Of the forms no places are kept:
# what stands beside what is looked up in the texts that have the forms, and the index is half the size.
_FULL_TEXTS = {
    Index.STEMS: "fts5(title, body, content='', tokenize='ascii')",
    Index.FORMS: "fts5(title, body, content='', tokenize='ascii', detail=column)",
}


class FTS5:
    """`dialect.FullText` by SQLite's FTS5."""

    tells_nearness = True

    def create(self, connection: Connection, index: Index) -> None:
        connection.exec_driver_sql(f"CREATE VIRTUAL TABLE {index} USING {_FULL_TEXTS[index]}")

    def empty(self, connection: Connection) -> None:
        for index in Index:
            connection.exec_driver_sql(f"DROP TABLE {index}")
            self.create(connection, index)

    def add(self, connection: Connection, texts: Mapping[int, AnalysedText]) -> None:
        if not texts:
            return
        stems = [(version_id, text.title.indexed, text.body.indexed) for version_id, text in texts.items()]
        forms = [(version_id, text.title.indexed_forms, text.body.indexed_forms) for version_id, text in texts.items()]
        for index, rows in ((Index.STEMS, stems), (Index.FORMS, forms)):
            connection.exec_driver_sql(f"INSERT INTO {index} (rowid, title, body) VALUES (?, ?, ?)", rows)

    def merge(self, connection: Connection, index: Index, pages: int) -> bool:
        """Source: https://www.sqlite.org/fts5.html#the_merge_command"""
        before = _changes(connection)
        connection.exec_driver_sql(f"INSERT INTO {index} ({index}, rank) VALUES ('merge', ?)", (pages,))
        return _changes(connection) - before >= 2

    def match(self, expression: IndexExpression) -> str:
        return fts5_match(expression)

    def ranked(self, index: Index, match: ColumnElement[str]) -> Select[Any]:
        """The rank is BM25."""
        id, rank = column("rowid", Integer).label("id"), literal_column(f"bm25({index})", Float).label("rank")
        return select(id, rank).select_from(table(index)).where(literal_column(index).op("MATCH")(match))

    def surely(self, index: Index, match: ColumnElement[str]) -> Select[Any]:
        found = self.ranked(index, match)
        return found.with_only_columns(found.selected_columns.id)

    def are_few(self, connection: Connection, index: Index, expression: IndexExpression) -> bool:
        return False  # the index gives them in their order

    def unsure(self, query: ResolvedQuery, version_id: ColumnElement[int]) -> None:
        """It is told all of every text."""


def _changes(connection: Connection) -> int:
    return int(connection.exec_driver_sql("SELECT total_changes()").scalar_one())
