"""The tree of a query. Standard library only.

`And`, `Or` and `Not` carry any kind of leaf: what a person wrote (`Word`, `Phrase`, `Alias`) in the tree that the
parser gives, stems in the tree that `resolve` makes of it. A new kind of clause is a new kind of leaf.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

Leaf_co = TypeVar("Leaf_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Word:
    """A word in any of its forms. `field` is `title`, or empty for the whole statement.

    `clause` is the leaf as it stands in the query, from character `start` on. The same words at another place are
    the same leaf.
    """

    text: str
    field: str = ""
    clause: str = dataclasses.field(default="", compare=False)
    start: int = dataclasses.field(default=0, compare=False)

    @property
    def end(self) -> int:
        return self.start + len(self.clause)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand side by side in one field, each in any of its forms."""

    text: str
    field: str = ""
    clause: str = dataclasses.field(default="", compare=False)
    start: int = dataclasses.field(default=0, compare=False)

    @property
    def end(self) -> int:
        return self.start + len(self.clause)


@dataclass(frozen=True, slots=True)
class Alias:
    """Any name of an alias pack."""

    name: str
    clause: str = dataclasses.field(default="", compare=False)
    start: int = dataclasses.field(default=0, compare=False)

    @property
    def end(self) -> int:
        return self.start + len(self.clause)


@dataclass(frozen=True, slots=True)
class And(Generic[Leaf_co]):
    """All parts hold. There are at least two."""

    parts: tuple[Expression[Leaf_co], ...]


@dataclass(frozen=True, slots=True)
class Or(Generic[Leaf_co]):
    """At least one part holds. There are at least two."""

    parts: tuple[Expression[Leaf_co], ...]


@dataclass(frozen=True, slots=True)
class Not(Generic[Leaf_co]):
    """The part does not hold."""

    part: Expression[Leaf_co]


Expression: TypeAlias = Leaf_co | And[Leaf_co] | Or[Leaf_co] | Not[Leaf_co]
Leaf: TypeAlias = Word | Phrase | Alias
Node: TypeAlias = Expression[Leaf]


def leaves(node: Expression[Leaf_co]) -> Iterator[Leaf_co]:
    """Every leaf, from left to right."""
    if isinstance(node, And | Or):
        for part in node.parts:
            yield from leaves(part)
    elif isinstance(node, Not):
        yield from leaves(node.part)
    else:
        yield node


def all_of(parts: Iterable[Expression[Leaf_co]]) -> Expression[Leaf_co]:
    """The parts under one `And`; a single part as it is."""
    flat = tuple(inner for part in parts for inner in (part.parts if isinstance(part, And) else (part,)))
    return And(flat) if len(flat) > 1 else flat[0]


def any_of(parts: Iterable[Expression[Leaf_co]]) -> Expression[Leaf_co]:
    """The parts under one `Or`; a single part as it is."""
    flat = tuple(inner for part in parts for inner in (part.parts if isinstance(part, Or) else (part,)))
    return Or(flat) if len(flat) > 1 else flat[0]


def negation(node: Expression[Leaf_co]) -> Expression[Leaf_co]:
    """The opposite of a node; of a negation, what it negates."""
    return node.part if isinstance(node, Not) else Not(node)
