"""Why a statement meets a query, or why not: clause by clause."""

from __future__ import annotations

from dataclasses import dataclass

from storage.query.evaluate import evaluate, holds
from storage.query.resolve import Clause, Nearness, Resolved, ResolvedQuery
from storage.query.text import AnalysedText, Atom
from storage.query.tree import And, Dated, Expression, Fact, Not, Or
from storage.types import Hit


@dataclass(frozen=True, slots=True)
class Explanation:
    """What came of a part of a query. `what` is the clause as it was written, or AND, OR or NOT over `parts`."""

    what: str
    holds: bool
    why: str = ""
    hits: tuple[Hit, ...] = ()
    parts: tuple[Explanation, ...] = ()


def explain(query: ResolvedQuery, text: AnalysedText) -> Explanation:
    """Ask a text every part of a query, whether it decides or not."""
    return _verdict(query.root, text)


def _verdict(node: Expression[Resolved], text: AnalysedText) -> Explanation:
    if isinstance(node, Not):
        part = _verdict(node.part, text)
        return Explanation("NOT", not part.holds, parts=(part,))
    if isinstance(node, And | Or):
        parts = tuple(_verdict(part, text) for part in node.parts)
        both = isinstance(node, And)
        met = all(part.holds for part in parts) if both else any(part.holds for part in parts)
        return Explanation("AND" if both else "OR", met, parts=parts)
    if isinstance(node, Fact | Dated):
        return Explanation(node.clause, holds(node, text), why=_said(node, text))
    answer = evaluate(ResolvedQuery(node), text)
    return Explanation(node.clause, answer.matches, "" if answer.matches else _missing(node, text), answer.hits)


def _said(leaf: Fact | Dated, text: AnalysedText) -> str:
    if isinstance(leaf, Dated):
        return f"it is dated {text.day}" if text.day else "it has no date"
    said = {"source": text.source, "country": text.country, "lang": text.language, "state": text.state}[leaf.field]
    if leaf.field == "state":
        return f"it is {said}"
    return f"it is of {said}" if said else "that is not known of it"


def _missing(clause: Clause | Nearness, text: AnalysedText) -> str:
    """Why a clause does not occur."""
    if isinstance(clause, Nearness):
        absent = [part.clause for part in clause.parts if not evaluate(ResolvedQuery(part), text).matches]
        there = "they occur, but not so close together"
        return f"{' and '.join(absent)} does not occur" if absent else there
    elsewhere = Clause(clause.clause, clause.names, alias=clause.alias, limited=clause.limited)
    if elsewhere != clause and evaluate(ResolvedQuery(elsewhere), text).matches:
        return f"it occurs, but not in the {' or '.join(clause.fields)}"
    if any(_scattered(atom, text) for atom, _ in clause.names_in(text.language)):
        return "its words occur, but not side by side"
    return (
        f"none of its {len({name for _, name in clause.names})} names occurs" if clause.alias else "it does not occur"
    )


def _scattered(atom: Atom, text: AnalysedText) -> bool:
    fields = text.fields
    return len(atom) > 1 and all(any(True for field in fields for _ in field.occurrences((term,))) for term in atom)
