"""A text expression in the query syntax of SQLite's FTS5, for a table with the columns `title` and `body`.

Every term is quoted, every compound in parentheses: what a person wrote never reaches MATCH raw.
Source: https://www.sqlite.org/fts5.html#full_text_query_syntax
"""

from __future__ import annotations

from storage.query.compile import TextExpression
from storage.query.resolve import Clause
from storage.query.text import FIELDS
from storage.query.tree import And, Not, Or


def fts5_match(expression: TextExpression) -> str:
    """The string for MATCH. The table's tokenizer must be `ascii` and its text `AnalysedField.indexed`."""
    if isinstance(expression, Or):
        return _joined("OR", [fts5_match(part) for part in expression.parts])
    if isinstance(expression, And):
        included = [fts5_match(part) for part in expression.parts if not isinstance(part, Not)]
        excluded = [fts5_match(part.part) for part in expression.parts if isinstance(part, Not)]
        wanted = _joined("AND", included)
        return f"({wanted} NOT {_joined('OR', excluded)})" if excluded else wanted
    if isinstance(expression, Not):
        raise ValueError("FTS5 cannot search for what is absent")
    return _clause(expression)


def _clause(clause: Clause) -> str:
    any_name = _joined("OR", ['"' + " ".join(atom) + '"' for atom, _ in clause.names])
    return any_name if clause.fields == FIELDS else f"{{{' '.join(clause.fields)}}} : {any_name}"


def _joined(operator: str, parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"({f' {operator} '.join(parts)})"
