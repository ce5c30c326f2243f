"""The tree of a query. Standard library only.

`And`, `Or` and `Not` carry any kind of leaf: what a person wrote (`Word` to `Dated`) in the tree that the parser gives,
what texts are compared by in the tree that `resolve` makes of it. A new kind of clause is a new kind of leaf.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeAlias, TypeVar

Leaf_co = TypeVar("Leaf_co", covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    """Where a leaf stands: `clause` is it as written in the query, from character `start` on.

    The same words at another place are the same leaf.
    """

    clause: str = dataclasses.field(default="", compare=False)
    start: int = dataclasses.field(default=0, compare=False)

    @property
    def end(self) -> int:
        return self.start + len(self.clause)


@dataclass(frozen=True, slots=True)
class Word(_Written):
    """A word in any of its forms. `field` is `title`, or empty for the whole statement."""

    text: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Phrase(_Written):
    """Words that stand side by side in one field, each in any of its forms.

    Of a word that a `*` follows in `text`, it is what a word of the statement begins with.
    """

    text: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Prefix(_Written):
    """What a word of the statement begins with, as it is written there: `text` has no `*`. At least 3 characters."""

    text: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Exact(_Written):
    """A word, or words side by side, in exactly this form and with these capitals."""

    text: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Alias(_Written):
    """Any name of an alias pack."""

    name: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Near(_Written):
    """All parts in one field, close together, in any order.

    Of some occurrences, one of each part, let the last one be the one that begins last: every other must end at most
    `distance` words before it begins. Occurrences may overlap. (This is what FTS5 means by NEAR.)
    The parts are at least two, all with the field of the whole.
    """

    parts: tuple[Word | Phrase | Prefix | Exact | Alias, ...]
    distance: int
    field: str = ""


@dataclass(frozen=True, slots=True)
class Fact(_Written):
    """What a statement is beside its words. `field` and `value`, in lower case:

    - `source`: the section where it was first seen, by its key or by the key's beginning up to a slash
    - `country`: that of the section, as ISO 3166-1 has it
    - `lang`: the language of the statement, as ISO 639-1 has it
    - `state`: whether it stands at its address: `published`, `suspected` to be gone, `withdrawn`
    """

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Dated(_Written):
    """The day that the ministry claims, in its own zone, lies between these, both included; None is no bound.

    A statement without a claimed day lies between no days. At least one bound is given.
    """

    first: date | None = None
    last: date | None = None


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
Text: TypeAlias = Word | Phrase | Prefix | Exact | Alias
"""Leaves that can be parts of a `Near`."""
Filter: TypeAlias = Fact | Dated
"""Leaves that say nothing of the words."""
Leaf: TypeAlias = Text | Near | Filter
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
    flat: list[Expression[Leaf_co]] = []
    for part in parts:
        flat += part.parts if isinstance(part, And) else (part,)
    return And(tuple(flat)) if len(flat) > 1 else flat[0]


def any_of(parts: Iterable[Expression[Leaf_co]]) -> Expression[Leaf_co]:
    """The parts under one `Or`; a single part as it is."""
    flat: list[Expression[Leaf_co]] = []
    for part in parts:
        flat += part.parts if isinstance(part, Or) else (part,)
    return Or(tuple(flat)) if len(flat) > 1 else flat[0]


def negation(node: Expression[Leaf_co]) -> Expression[Leaf_co]:
    """The opposite of a node; of a negation, what it negates."""
    return node.part if isinstance(node, Not) else Not(node)
