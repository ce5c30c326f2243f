"""Full text by PostgreSQL: vectors of our own terms with their places, asked by expressions of our own.

A vector has limits that no error tells of: a place beyond 16,383 is stored as 16,383, and of a lexeme 256 places are
kept. What lies beyond would be found where it is not, and lost where it is. So a text that exceeds a limit is kept
without places: it is found by its words, and its text is asked where a query has a phrase.
Source: https://www.postgresql.org/docs/current/textsearch-limitations.html
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Connection,
    Float,
    Select,
    and_,
    cast,
    column,
    delete,
    func,
    insert,
    or_,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR

from storage.query.indexes import Index, IndexExpression
from storage.query.resolve import Clause, Nearness, ResolvedQuery
from storage.query.text import FIELDS, AnalysedText, Atom
from storage.query.tree import And, Dated, Expression, Fact, Not, Or, leaves

LAST_PLACE = 16_383
MOST_PLACES = 255
LONGEST_LEXEME = 500
"""Bytes; PostgreSQL takes 2,046. A longer one stands there as its digest."""
LARGEST = 500_000
"""Bytes of a vector; PostgreSQL takes 1 MiB."""

PAGE, UNPACKING, TWICE_UNPACKED = 20, 10, 3
"""How many are looked for on the way back; how much more one that is passed there costs than one that is sorted; how
much less than one that is sorted and unpacked, which is asked its terms twice. Measured with 40,000 statements."""

_OF_FIELD = {FIELDS: "", ("title",): "^", ("body",): "_"}
"""What a term of a field begins with. Each stands there once more without it, for queries of any field."""

_TABLES = {
    index: table(index, column("id", BigInteger), column("terms", TSVECTOR), column("long", Boolean)) for index in Index
}


def tsquery(expression: IndexExpression, *, at_least: bool = False) -> str | None:
    """The string for `@@`. With `at_least` a phrase is asked for by its words; None where that is met by everything."""
    if isinstance(expression, Or):
        parts = [tsquery(part, at_least=at_least) for part in expression.parts]
        return None if None in parts else _joined("|", filter(None, parts))
    if isinstance(expression, And):
        parts = [tsquery(part, at_least=at_least) for part in expression.parts]
        known = [part for part in parts if part is not None]
        return _joined("&", known) if known else None
    if isinstance(expression, Not):
        if at_least and has_phrase(expression.part):
            return None
        return f"!({tsquery(expression.part)})"
    if isinstance(expression, Nearness | Fact | Dated):
        raise ValueError("PostgreSQL is asked for words and phrases alone")
    prefix = _OF_FIELD[expression.fields]
    return _joined("|", (_atom(atom, prefix, at_least=at_least) for atom, _ in expression.names))


def has_phrase(node: Expression[Any]) -> bool:
    """Whether places are asked for."""
    clauses = (leaf for leaf in leaves(node) if isinstance(leaf, Clause))
    return any(len(atom) > 1 for clause in clauses for atom in clause.atoms)


def _wants_phrase(node: Expression[Any]) -> bool:
    """Whether a phrase is among what is to be found, and not only among what is not."""
    if isinstance(node, And | Or):
        return any(map(_wants_phrase, node.parts))
    return not isinstance(node, Not) and has_phrase(node)


def _atom(atom: Atom, prefix: str, *, at_least: bool) -> str:
    terms = [_term(term.removeprefix("="), prefix) for term in atom]
    return terms[0] if len(terms) == 1 else f"({(' & ' if at_least else ' <-> ').join(terms)})"


def _term(term: str, prefix: str) -> str:
    """A term; `:*` after the quote is PostgreSQL's own sign for what a lexeme begins with."""
    whole = term.removesuffix("*")
    return _quoted(prefix + _cut(whole)) + (":*" if term != whole else "")


def _joined(operator: str, parts: Iterable[str]) -> str:
    known = list(parts)
    return known[0] if len(known) == 1 else f"({f' {operator} '.join(known)})"


def _quoted(term: str) -> str:
    return "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"


def _cut(term: str) -> str:
    told = term.encode()
    return term if len(told) <= LONGEST_LEXEME else "#" + hashlib.sha256(told).hexdigest()


class TSVector:
    """`dialect.FullText` by PostgreSQL's `tsvector`."""

    tells_nearness = False

    def create(self, connection: Connection, index: Index) -> None:
        connection.exec_driver_sql(
            f"CREATE TABLE {index} (id bigint PRIMARY KEY, terms tsvector NOT NULL, long boolean NOT NULL)"
        )
        connection.exec_driver_sql(f"CREATE INDEX ix_{index}_terms ON {index} USING gin (terms)")
        connection.exec_driver_sql(f"CREATE INDEX ix_{index}_long ON {index} (id) WHERE long")

    def empty(self, connection: Connection) -> None:
        for index in Index:
            connection.execute(delete(_TABLES[index]))

    def add(self, connection: Connection, texts: Mapping[int, AnalysedText]) -> None:
        if not texts:
            return
        rows = [rows_of(*each) for each in texts.items()]
        for index in Index:
            connection.execute(insert(_TABLES[index]), [row[index] for row in rows])

    def merge(self, connection: Connection, index: Index, pages: int) -> bool:
        """Empties the list of what is not in its place yet, so that no search has to walk through it."""
        connection.exec_driver_sql("SELECT gin_clean_pending_list(%s::regclass)", (f"ix_{index}_terms",))
        return False

    def match(self, expression: IndexExpression) -> str:
        """Two questions, parted by a line: one for texts with places, and one for those without."""
        return f"{tsquery(expression)}\n{tsquery(expression, at_least=True) or ''}"

    def ranked(self, index: Index, match: ColumnElement[str]) -> Select[Any]:
        of = _TABLES[index].c
        exact, loose = (cast(func.nullif(func.split_part(match, "\n", part), ""), TSQUERY) for part in (1, 2))
        rank = (-func.ts_rank_cd(of.terms, exact)).cast(Float).label("rank")
        named = or_(of.terms.op("@@")(exact), and_(of.long, or_(loose.is_(None), of.terms.op("@@")(loose))))
        return select(of.id, rank).where(named)

    def surely(self, index: Index, match: ColumnElement[str]) -> Select[Any]:
        of = _TABLES[index].c
        return select(of.id).where(of.terms.op("@@")(cast(func.split_part(match, "\n", 1), TSQUERY)))

    def are_few(self, connection: Connection, index: Index, expression: IndexExpression) -> bool:
        """By the server's own estimates of how many there are.

        Who walks back unpacks the vector of each version on the way, so that a rare word takes seconds; who sorts has
        an entry of the index for each that is named, and unpacks its vector only for a phrase. How rare a phrase is
        nobody knows: where one is wanted, those that have its words are sorted as if they were not unpacked.
        """
        both = f"SELECT id FROM {index} WHERE terms @@ %s::tsquery UNION ALL SELECT id FROM {index}"
        told = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {both}", (tsquery(expression),)).scalar_one()
        named, number = (part["Plan Rows"] for part in told[0]["Plan"]["Plans"])
        unpacks = has_phrase(expression) and not _wants_phrase(expression)
        return bool(named**2 < PAGE * number * (1 / TWICE_UNPACKED if unpacks else UNPACKING))

    def unsure(self, query: ResolvedQuery, version_id: ColumnElement[int]) -> ColumnElement[bool] | None:
        if not has_phrase(query.root):
            return None
        long = _TABLES[Index.STEMS]
        return version_id.in_(select(long.c.id).where(long.c.long))


def rows_of(version_id: int, text: AnalysedText) -> dict[Index, dict[str, Any]]:
    """A version as each of the indexes keeps it."""
    return {Index.STEMS: _row(version_id, _places(text)), Index.FORMS: _row(version_id, _forms(text))}


def _places(text: AnalysedText) -> dict[str, list[int]]:
    """Where each stem stands: the title first, then, after a gap, the body. Each once more as one of its field."""
    found: dict[str, list[int]] = {}
    first = 1
    for field in text.fields:
        prefix, terms = _OF_FIELD[(field.name,)], field.indexed.split()
        for place, term in enumerate(terms, first):
            for lexeme in (_cut(term), prefix + _cut(term)):
                found.setdefault(lexeme, []).append(place)
        first += len(terms) + 1
    return found


def _forms(text: AnalysedText) -> dict[str, list[int]]:
    """The exact forms, without places."""
    forms = ((_OF_FIELD[(field.name,)], field.indexed_forms.split()) for field in text.fields)
    terms = ((prefix, _cut(form.removeprefix("="))) for prefix, found in forms for form in found)
    return {lexeme: [] for prefix, term in terms for lexeme in (term, prefix + term)}


def _row(version_id: int, places: Mapping[str, Sequence[int]]) -> dict[str, Any]:
    last = max((found[-1] for found in places.values() if found), default=0)
    most = max(map(len, places.values()), default=0)
    size = sum(4 * len(term) + 4 + 2 * len(found) for term, found in places.items())
    long = last > LAST_PLACE or most > MOST_PLACES or size > LARGEST
    told = (_quoted(term) + _written(() if long else found) for term, found in places.items())
    return {"id": version_id, "terms": " ".join(told), "long": long}


def _written(places: Sequence[int]) -> str:
    return f":{','.join(map(str, places))}" if places else ""
