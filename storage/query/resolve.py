"""From what a person wrote to what texts are compared by: words become stems, aliases their names.

`evaluate` and `compile` see the resolved tree only, so an alert and a search cannot read a query differently.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from storage.errors import QueryError
from storage.query.aliases import Packs, alias
from storage.query.text import FIELDS, LANGUAGES, Atom, atoms
from storage.query.tree import Alias, And, Expression, Leaf, Node, Not, Or


@dataclass(frozen=True, slots=True)
class Clause:
    """A resolved leaf: met where one of its atoms occurs in one of its fields."""

    clause: str
    """As it stands in the query."""
    names: tuple[tuple[Atom, str], ...]
    """Each atom, with the word or name that it stands for."""
    fields: tuple[str, ...] = FIELDS
    alias: str = ""

    @property
    def atoms(self) -> frozenset[Atom]:
        return frozenset(atom for atom, _ in self.names)


@dataclass(frozen=True, slots=True)
class ResolvedQuery:
    """A query that texts can be asked."""

    root: Expression[Clause]


def resolve(node: Node, languages: Iterable[str] = LANGUAGES, packs: Packs | None = None) -> ResolvedQuery:
    """Resolve a tree with the stems of these languages and these alias packs, else those that are shipped.

    Raises `QueryError` for an alias that does not exist.
    """
    languages = tuple(languages)

    def resolved(node: Node) -> Expression[Clause]:
        if isinstance(node, And):
            return And(tuple(map(resolved, node.parts)))
        if isinstance(node, Or):
            return Or(tuple(map(resolved, node.parts)))
        if isinstance(node, Not):
            return Not(resolved(node.part))
        return _clause(node, languages, packs)

    return ResolvedQuery(resolved(node))


def _clause(leaf: Leaf, languages: tuple[str, ...], packs: Packs | None) -> Clause:
    if isinstance(leaf, Alias):
        pack = alias(leaf.name, packs)
        names = [name for _, name in pack.names]
        return Clause(leaf.clause or f"alias:{leaf.name}", _atoms(names, languages), alias=pack.name)
    found = _atoms([leaf.text], languages)
    if not found:
        raise QueryError(f"{leaf.text!r} has no word to look for", mend="leave it out")
    return Clause(leaf.clause or leaf.text, found, (leaf.field,) if leaf.field else FIELDS)


def _atoms(names: Iterable[str], languages: tuple[str, ...]) -> tuple[tuple[Atom, str], ...]:
    named: dict[Atom, str] = {}
    for name in names:
        for atom in atoms(name, languages):
            named.setdefault(atom, name)
    return tuple(named.items())


def _guessed_commonness(atom: Atom) -> float:
    """Without counts: a phrase is rarer than a word, and a long one rarer than a short one."""
    return 1 / (len(atom) * sum(map(len, atom)))


def required_atoms(
    query: ResolvedQuery, commonness: Callable[[Atom], float] = _guessed_commonness
) -> frozenset[Atom] | None:
    """Atoms of which every matching text contains at least one, or None if a text without any can match.

    Of the sets that would do, the one whose atoms are the least common in sum: what a matcher indexes a topic under.
    """

    def required(node: Expression[Clause], wanted: bool) -> frozenset[Atom] | None:
        if isinstance(node, Not):
            return required(node.part, not wanted)
        if isinstance(node, And | Or):
            sets = [required(part, wanted) for part in node.parts]
            known = [atoms for atoms in sets if atoms is not None]
            if isinstance(node, And) is wanted:  # all parts must hold: any one's set will do
                return min(known, key=lambda atoms: sum(map(commonness, atoms)), default=None)
            return frozenset().union(*known) if len(known) == len(sets) else None
        return node.atoms if wanted else None

    return required(query.root, True)
