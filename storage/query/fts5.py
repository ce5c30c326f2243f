"""An expression for one of the full-text indexes in the query syntax of SQLite's FTS5.

Every term is quoted, every compound in parentheses: what a person wrote never reaches MATCH raw.
Source: https://www.sqlite.org/fts5.html#full_text_query_syntax
"""

from __future__ import annotations

from itertools import product

from storage.query.compile import IndexExpression
from storage.query.resolve import Clause, Nearness
from storage.query.text import FIELDS, Atom
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
