"""From what a person wrote to what texts are compared by: words become stems, aliases their names.

`evaluate` and `compile` see the resolved tree only, so an alert and a search cannot read a query differently. Its
leaves are `Clause`, `Nearness`, and the filters as the parser gives them (`Fact`, `Dated`).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import repeat
from typing import TypeAlias

from storage.errors import QueryError
from storage.query.aliases import AliasName, Packs, alias
from storage.query.atoms import atoms, exact_atom
from storage.query.text import FIELDS, Atom
from storage.query.tree import Alias, And, Exact, Expression, Filter, Near, Node, Not, Or, Prefix, Text


@dataclass(frozen=True, slots=True)
class Clause:
    """A resolved word, phrase, prefix, exact form or alias: met where one of its atoms occurs in one of its fields."""

    clause: str
    """As it stands in the query."""
    names: tuple[tuple[Atom, str], ...]
    """Each atom, with the word or name that it stands for."""
    fields: tuple[str, ...] = FIELDS
    alias: str = ""
    limited: tuple[tuple[Atom, tuple[str, ...]], ...] = ()
    """Atoms that count in texts of these languages only, or of unknown language. The others count in all."""

    @property
    def atoms(self) -> frozenset[Atom]:
        return frozenset(atom for atom, _ in self.names)

    def names_in(self, language: str) -> tuple[tuple[Atom, str], ...]:
        """Those of `names` that count in a text of this language."""
        if not self.limited or not language:
            return self.names
        left_out = {atom for atom, languages in self.limited if language not in languages}
        return tuple((atom, name) for atom, name in self.names if atom not in left_out)


@dataclass(frozen=True, slots=True)
class Nearness:
    """A resolved `Near`: met where all parts occur in one field of its fields, as close together as `Near` says."""

    clause: str
    parts: tuple[Clause, ...]
    distance: int
    fields: tuple[str, ...] = FIELDS
    told: bool = True
    """Whether an index that keeps places can be asked it; else the texts are."""


Resolved: TypeAlias = Clause | Nearness | Filter


@dataclass(frozen=True, slots=True)
class ResolvedQuery:
    """A query that texts can be asked."""

    root: Expression[Resolved]


def resolve(node: Node, packs: Packs | None = None) -> ResolvedQuery:
    """Resolve a tree with these alias packs, else those that are shipped.

    Raises `QueryError` for an alias that does not exist.
    """

    def resolved(node: Node) -> Expression[Resolved]:
        if isinstance(node, And):
            return And(tuple(map(resolved, node.parts)))
        if isinstance(node, Or):
            return Or(tuple(map(resolved, node.parts)))
        if isinstance(node, Not):
            return Not(resolved(node.part))
        if isinstance(node, Filter):
            return node
        if isinstance(node, Near):
            parts = tuple(_clause(part, packs) for part in node.parts)
            return Nearness(node.clause, parts, node.distance, (node.field,) if node.field else FIELDS)
        return _clause(node, packs)

    return ResolvedQuery(resolved(node))


def _clause(leaf: Text, packs: Packs | None) -> Clause:
    if isinstance(leaf, Alias):
        return _alias(leaf, packs)
    found = text_atoms(leaf)
    if not found:
        raise QueryError(f"{leaf.text!r} has no word to look for", mend="leave it out")
    fields = (leaf.field,) if leaf.field else FIELDS
    return Clause(leaf.clause or leaf.text, tuple(zip(found, repeat(leaf.text))), fields)


def text_atoms(leaf: Exact | Prefix | Text) -> tuple[Atom, ...]:
    """What a leaf that is no alias is compared by."""
    assert not isinstance(leaf, Alias)
    if isinstance(leaf, Exact):
        atom = exact_atom(leaf.text)
        return (atom,) if atom else ()
    return atoms(f"{leaf.text}*" if isinstance(leaf, Prefix) else leaf.text)


def _alias(leaf: Alias, packs: Packs | None) -> Clause:
    pack = alias(leaf.name, packs)
    named: dict[Atom, str] = {}
    everywhere: set[Atom] = set()
    limited: dict[Atom, tuple[str, ...]] = {}
    for name in pack.names:
        for atom in name_atoms(name):
            named.setdefault(atom, name.text)
            if name.only:
                limited[atom] = (*limited.get(atom, ()), *name.only)
            else:
                everywhere.add(atom)
    return Clause(
        leaf.clause or f"alias:{leaf.name}",
        tuple(named.items()),
        (leaf.field,) if leaf.field else FIELDS,
        pack.name,
        tuple((atom, languages) for atom, languages in limited.items() if atom not in everywhere),
    )


def name_atoms(name: AliasName) -> tuple[Atom, ...]:
    """What a name of an alias pack is compared by."""
    return (exact_atom(name.text),) if name.exact else atoms(name.text)
