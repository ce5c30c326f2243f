"""An expression for one of the full-text indexes in the query syntax of SQLite's FTS5.

Every term is quoted, every compound in parentheses: what a person wrote never reaches MATCH raw.
Source: https://www.sqlite.org/fts5.html#full_text_query_syntax
"""

from __future__ import annotations

import json
import pickle
from collections.abc import Collection, Mapping
from functools import lru_cache
from itertools import product
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Float,
    FromClause,
    Integer,
    Select,
    column,
    func,
    literal,
    literal_column,
    select,
    table,
)

from storage.query.compile import Index, IndexExpression
from storage.query.evaluate import occurs
from storage.query.resolve import Clause, Nearness
from storage.query.text import FIELDS, AnalysedText, Atom, analyse
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


def create_full_text(connection: Connection, index: Index) -> None:
    """Make a full-text index of versions, without any."""
    connection.exec_driver_sql(f"CREATE VIRTUAL TABLE {index} USING {_FULL_TEXTS[index]}")


def empty_full_text(connection: Connection) -> None:
    """Forget all that the full-text indexes hold."""
    for index in Index:
        connection.exec_driver_sql(f"DROP TABLE {index}")
        create_full_text(connection, index)


def index_text(connection: Connection, texts: Mapping[int, AnalysedText]) -> None:
    """Add analysed versions, by version id, to the full-text indexes."""
    if not texts:
        return
    stems = [(version_id, text.title.indexed, text.body.indexed) for version_id, text in texts.items()]
    forms = [(version_id, text.title.indexed_forms, text.body.indexed_forms) for version_id, text in texts.items()]
    for index, rows in ((Index.STEMS, stems), (Index.FORMS, forms)):
        connection.exec_driver_sql(f"INSERT INTO {index} (rowid, title, body) VALUES (?, ?, ?)", rows)


def merge_full_text(connection: Connection, index: Index, pages: int = 500) -> bool:
    """Bring an index closer to its fastest form, by so many pages of work; whether there may be more to do.

    Source: https://www.sqlite.org/fts5.html#the_merge_command
    """
    before = _changes(connection)
    connection.exec_driver_sql(f"INSERT INTO {index} ({index}, rank) VALUES ('merge', ?)", (pages,))
    return _changes(connection) - before >= 2


def _changes(connection: Connection) -> int:
    return int(connection.exec_driver_sql("SELECT total_changes()").scalar_one())


class FullText:
    """Full text search by SQLite's FTS5, with Python's help."""

    def match(self, expression: IndexExpression) -> str:
        """What an index is asked by."""
        return fts5_match(expression)

    def containing(self, index: Index, expression: IndexExpression) -> Select[Any]:
        """The ids of the versions that an index names."""
        found = self.ranked(index, literal(self.match(expression)))
        return found.with_only_columns(found.selected_columns.id)

    def ranked(self, index: Index, match: ColumnElement[str]) -> Select[Any]:
        """`id` and `rank` (BM25, the best is the smallest) of the versions that an index names when asked `match`."""
        id, rank = column("rowid", Integer).label("id"), literal_column(f"bm25({index})", Float).label("rank")
        return select(id, rank).select_from(table(index)).where(literal_column(index).op("MATCH")(match))

    def among(self, version_ids: Collection[int]) -> ColumnElement[bool]:
        """The condition that a row of `ranked` is of one of these versions."""
        # The sum keeps SQLite from asking the index once for each of them. One parameter, not thousands.
        listed = func.json_each(json.dumps(list(version_ids))).table_valued("value")
        return (column("rowid", Integer) + 0).in_(select(listed.c.value))

    def meets(self, clause: Clause | Nearness, text: FromClause) -> ColumnElement[bool]:
        """The condition that a row with the columns `title`, `body` and `language` meets the clause."""
        return func.presswatch_meets(pickle.dumps(clause), text.c.title, text.c.body, text.c.language) == 1


_FTS5 = FullText()


def full_text(connection: Connection) -> FullText:
    """The full text search of this connection's database."""
    return _FTS5


@lru_cache(100)
def _clause(pickled: bytes) -> Clause | Nearness:
    clause: Clause | Nearness = pickle.loads(pickled)  # what `FullText.meets` wrote a moment ago, and nobody else
    return clause


def meets_pickled(pickled: bytes, title: str, body: str, language: str) -> bool:
    return occurs(_clause(pickled), analyse(title, body, language))
