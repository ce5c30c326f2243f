"""What stands under a feature of texts: topics that it proves, and questions. Pure.

Going through many in a row is what costs: so the ids of topics are a tuple, which most features have nothing beside.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from notify.matching.conditions import Candidate


@dataclass(slots=True, eq=False)
class Postings:
    """The ids of topics that the feature proves, through which it iterates, and questions of others."""

    proved: tuple[int, ...]
    questions: tuple[Candidate, ...]

    def __iter__(self) -> Iterator[int]:
        return iter(self.proved)


Standing: TypeAlias = tuple[int, ...] | Postings
"""Iterates through the ids of topics that the feature proves. Features under which the same stands share it."""


def with_entry(entry: int | Candidate, standing: Standing) -> Standing:
    """The same with one more topic, by its id, or with one more question."""
    proved, questions = _parts(standing)
    if isinstance(entry, Candidate):
        return Postings(proved, (*questions, entry))
    return _standing((*proved, entry), questions)


def without(topic_id: int, standing: Standing) -> Standing:
    """The same without a topic and its questions; empty where it stood alone."""
    proved, questions = _parts(standing)
    left = tuple(one for one in questions if one.topic_id != topic_id)
    return _standing(tuple(one for one in proved if one != topic_id), left)


def size(standing: Standing) -> int:
    """How many topics and questions stand there."""
    return sum(map(len, _parts(standing)))


def _parts(standing: Standing) -> tuple[tuple[int, ...], tuple[Candidate, ...]]:
    return (standing.proved, standing.questions) if isinstance(standing, Postings) else (standing, ())


def _standing(proved: tuple[int, ...], questions: tuple[Candidate, ...]) -> Standing:
    return Postings(proved, questions) if questions else proved
