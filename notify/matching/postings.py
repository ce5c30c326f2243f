"""The postings of a feature of texts: topics that it proves, and candidates. Pure.

Going through many in a row is what costs: so the ids of topics are a tuple, which most features have nothing beside.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from notify.matching.conditions import Candidate


@dataclass(slots=True, eq=False)
class PostingsWithCandidates:
    """The ids of topics that the feature proves, through which it iterates, and others that it makes candidates."""

    proved: tuple[int, ...]
    candidates: tuple[Candidate, ...]

    def __iter__(self) -> Iterator[int]:
        return iter(self.proved)


Postings: TypeAlias = tuple[int, ...] | PostingsWithCandidates
"""Iterate through the ids of topics that the feature proves. Features with the same postings share them."""


def with_entry(entry: int | Candidate, postings: Postings) -> Postings:
    """The same with one more topic that is proved, by its id, or with one more candidate."""
    proved, candidates = _parts(postings)
    if isinstance(entry, Candidate):
        return PostingsWithCandidates(proved, (*candidates, entry))
    return _list_of((*proved, entry), candidates)


def without(topic_id: int, postings: Postings) -> Postings:
    """The same without a topic; empty where it stood alone."""
    proved, candidates = _parts(postings)
    left = tuple(one for one in candidates if one.topic_id != topic_id)
    return _list_of(tuple(one for one in proved if one != topic_id), left)


def size(postings: Postings) -> int:
    """How many topics and candidates stand there."""
    return sum(map(len, _parts(postings)))


def _parts(postings: Postings) -> tuple[tuple[int, ...], tuple[Candidate, ...]]:
    return (postings.proved, postings.candidates) if isinstance(postings, PostingsWithCandidates) else (postings, ())


def _list_of(proved: tuple[int, ...], candidates: tuple[Candidate, ...]) -> Postings:
    return PostingsWithCandidates(proved, candidates) if candidates else proved
