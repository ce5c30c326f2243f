"""Helpers of the query tests: ask a text a query as everybody else does."""

from __future__ import annotations

from storage.query.evaluate import Evaluation, evaluate
from storage.query.parser import parse
from storage.query.resolve import ResolvedQuery, resolve
from storage.query.text import analyse


def read(query: str) -> ResolvedQuery:
    """The query as texts are asked it."""
    return resolve(parse(query))


def ask(query: str, body: str, *, title: str = "", language: str = "") -> Evaluation:
    """What a statement answers."""
    return evaluate(read(query), analyse(title, body, language))


def matches(query: str, body: str, *, title: str = "", language: str = "") -> bool:
    """Whether a statement meets the query."""
    return ask(query, body, title=title, language=language).matches
