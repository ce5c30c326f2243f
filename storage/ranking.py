"""The best statements first: BM25 over the index of stems, among the newest matches alone.

To rank every match of a common word costs seconds with a million statements, and what is old is seldom what is looked
for. So the newest `WINDOW` matches are ranked, and the answer says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection

from storage.database import full_text
from storage.errors import InvalidInputError
from storage.query.compile import Index, in_one_index, index_of, lowered
from storage.query.resolve import Clause, Nearness, Resolved, ResolvedQuery
from storage.query.tree import And, Expression, Not, Or, any_of

WINDOW = 2_000
"""Matches that are ranked: the newest ones."""


def best_first(connection: Connection, query: ResolvedQuery, window: Sequence[tuple[int, int]]) -> list[int]:
    """The items of these pairs of an item and its version, the best for the query first; of equal ones the newest.

    What the index of stems cannot weigh, such as an exact form, does not count; without anything to weigh the newest
    come first.
    """
    ranks = _ranks(connection, query, [version_id for _, version_id in window]) if window else {}
    ranked = sorted(window, key=lambda pair: (ranks.get(pair[1], 0.0), -pair[0]))
    return [item_id for item_id, _ in ranked]


def _ranks(connection: Connection, query: ResolvedQuery, version_ids: Sequence[int]) -> dict[int, float]:
    """The ranks of these versions, all that there are from the lowest on which meet the query."""
    texts, since = full_text(connection), min(version_ids)
    answerable = in_one_index(query)
    if answerable is not None and answerable[0] is Index.STEMS:  # it names no others
        ranked = texts.ranked(*answerable, since)
    else:
        weighed = [part for part in _wanted(lowered(query.root)) if index_of(part) is Index.STEMS]
        if not weighed:
            return {}
        ranked = texts.ranked(Index.STEMS, any_of(weighed), since).where(texts.among(version_ids))
    return {row[0]: row[1] for row in connection.execute(ranked).all()}


def _wanted(node: Expression[Resolved]) -> Iterator[Clause | Nearness]:
    """The clauses by which a text may meet the query."""
    if isinstance(node, And | Or):
        for part in node.parts:
            yield from _wanted(part)
    elif isinstance(node, Clause | Nearness):
        yield node
    elif isinstance(node, Not):
        return


def start_of(below: int, passed: int) -> str:
    """Where a following page begins: after so many of those whose item is below this one."""
    return f"{below}.{passed}"


def read_start(start: str) -> tuple[int, int]:
    """What `start_of` wrote, or the number of the last item of a page. Raises `InvalidInputError`."""
    below, _, passed = start.partition(".")
    if not (below.isdecimal() and below.isascii() and (passed or "0").isdecimal() and len(start) < 40):
        raise InvalidInputError(f"no page begins at {start!r}", mend="give what the page before said is next")
    return int(below), int(passed or 0)
