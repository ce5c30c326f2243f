"""By which clauses of a query statements were found, and by which names of an alias.

Where a query says AND, all that meet it have each of its parts; only where it leaves a choice the indexes are asked
which side holds. So a thousand statements are counted without a look at their texts, but for what no index can tell.
`storage.query.evaluate` says the same of one text.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Set
from dataclasses import replace
from typing import TypeAlias

from sqlalchemy import Connection, bindparam

from storage.database import dialect_of
from storage.query.resolve import Clause, Nearness, Resolved, ResolvedQuery
from storage.query.tree import And, Expression, Not, Or, negation
from storage.search.hits import any_met
from storage.search.verification import settled
from storage.tables import version_facts

Worded: TypeAlias = Clause | Nearness


def by_clause_and_name(
    connection: Connection, query: ResolvedQuery, version_ids: Set[int]
) -> tuple[dict[str, int], dict[str, dict[str, int]]]:
    """How many of these current versions, all of which meet the query, do so by which clause; by alias, by which name.

    The most frequent come first; what none of them has is left out.
    """
    clauses: defaultdict[str, set[int]] = defaultdict(set)
    names: defaultdict[str, defaultdict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for leaf, ids in _reasons(connection, query.root, version_ids, True):
        clauses[leaf.clause] |= ids
        for alias, name, narrowed in _named(leaf):
            names[alias][name] |= _holding(connection, narrowed, ids)
    by_name = {alias: _counted(found) for alias, found in names.items()}
    return _counted(clauses), {alias: found for alias, found in by_name.items() if found}


def _counted(found: Mapping[str, Set[int]]) -> dict[str, int]:
    numbers = Counter({name: len(ids) for name, ids in found.items() if ids})
    return dict(numbers.most_common())


def _reasons(
    connection: Connection, node: Expression[Resolved], ids: Set[int], wanted: bool
) -> Iterator[tuple[Worded, Set[int]]]:
    """The clauses by which the node is as wanted, true or false, in these versions: in all of them it is."""
    if isinstance(node, Not):
        yield from _reasons(connection, node.part, ids, not wanted)
    elif isinstance(node, And | Or):
        is_choice = isinstance(node, And) is not wanted
        for part in node.parts:
            asked: Expression[Resolved] = part if wanted else negation(part)
            yield from _reasons(connection, part, _holding(connection, asked, ids) if is_choice else ids, wanted)
    elif wanted and isinstance(node, Clause | Nearness):
        yield node, ids


def _named(leaf: Worded) -> Iterator[tuple[str, str, Worded]]:
    """Each name of each alias in a clause, and the clause with that name alone."""
    if isinstance(leaf, Nearness):
        for place, part in enumerate(leaf.parts):
            for alias, name, narrowed in _named(part):
                assert isinstance(narrowed, Clause)
                yield alias, name, replace(leaf, parts=(*leaf.parts[:place], narrowed, *leaf.parts[place + 1 :]))
    elif leaf.alias:
        for name in dict.fromkeys(name for _, name in leaf.names):
            names = tuple(each for each in leaf.names if each[1] == name)
            limited = tuple(each for each in leaf.limited if each[0] in dict(names))
            yield leaf.alias, name, replace(leaf, names=names, limited=limited)


def _holding(connection: Connection, node: Expression[Resolved], ids: Set[int]) -> Set[int]:
    """Those of the versions that meet a part of a query."""
    if not ids:
        return frozenset()
    dialect, id = dialect_of(connection), version_facts.c.id
    candidates = any_met(connection, ResolvedQuery(node))
    # That none is older is told to the index too: it need not name those.
    among = candidates.where(
        candidates.statements.version_id >= bindparam("oldest"),
        dialect.walked(id).in_(dialect.listed(bindparam("among"))),
    )
    told = {"oldest": min(ids), "among": dialect.list_of(sorted(ids))}
    met = settled(connection, replace(among, parameters={**among.parameters, **told}))
    return frozenset(connection.scalars(met.statements.select(id), met.parameters))
