"""No regular expression of ours can be made to try exponentially many ways (law 10). Imports every module.

What they cost is linear or not by their structure: exponential needs a repetition within a repetition. Steps do not see
into them (`tests.steps`).
"""

from __future__ import annotations

import functools
import importlib
import inspect
import itertools
import pkgutil
import re
from collections.abc import Iterator
from typing import Any

from tests.project import PACKAGES

parser: Any = importlib.import_module("re._parser")

EXCEPT = {
    "_ESCAPED_AMPERSAND": "each turn ends with a semicolon that none of its parts can hold before",
    "_FACTS": "each turn begins with the / that a part cannot hold",
    "_token": "each turn begins with a mark or a sign that is no letter, and letters follow",
    "_piece": "each turn begins with the apostrophe that letters cannot be",
}
"""Patterns that repeat a repetition, and why each text can be read in one way only."""

UNBOUNDED = 100
"""So many repetitions are as bad as any number."""


def patterns(value: object, depth: int = 4) -> Iterator[re.Pattern[Any]]:
    """The patterns in a value of a module, in tables too, and what is compiled when it is first asked for."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, functools._lru_cache_wrapper) and is_a_few_patterns(value):
        for arguments in itertools.product((False, True), repeat=len(inspect.signature(value).parameters)):
            yield from patterns(value(*arguments), depth)
    elif depth and isinstance(value, (dict, list, tuple, set, frozenset)):
        for each in value.values() if isinstance(value, dict) else value:
            yield from patterns(each, depth - 1)


def is_a_few_patterns(made: Any) -> bool:
    """Whether a cached function of ours takes nothing, or what is true or not, and gives a pattern."""
    shape = inspect.signature(made)
    taken = {str(parameter.annotation) for parameter in shape.parameters.values()}
    return taken <= {"bool"} and str(shape.return_annotation).startswith("re.Pattern")


def repeats_a_repetition(pattern: re.Pattern[Any]) -> bool:
    return _has_nested(parser.parse(pattern.pattern, pattern.flags), within=False)


def _has_nested(part: Any, *, within: bool) -> bool:
    """Whether a part of a parsed pattern, however deep, is repeated while something around it is repeated too."""
    if isinstance(part, tuple) and len(part) == 2 and str(part[0]) in ("MAX_REPEAT", "MIN_REPEAT"):
        _, most, repeated = part[1]
        return (most >= UNBOUNDED and within) or _has_nested(repeated, within=within or most >= UNBOUNDED)
    if isinstance(part, tuple) and len(part) == 2 and str(part[0]) == "ATOMIC_GROUP":
        return _has_nested(part[1], within=False)
    if isinstance(part, (tuple, list, parser.SubPattern)):
        return any(_has_nested(each, within=within) for each in part)
    return False


def test_what_repeats_a_repetition_is_told_from_what_does_not() -> None:
    for dangerous in ("(a+)+b", "(?:a*b?)*c", "(?:(?:a|b+)x)*", "(a{1,500})*"):
        assert repeats_a_repetition(re.compile(dangerous)), dangerous
    for harmless in ("a+b+", "(?:ab?)*", "(?>a+)b", "(?:a{1,3})*", "(a++)+"):
        assert not repeats_a_repetition(re.compile(harmless)), harmless


def test_no_pattern_repeats_a_repetition() -> None:
    found: dict[str, bool] = {}
    for package in PACKAGES:
        for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
            if not module.name.endswith(("migrations.env", "__main__")):
                for name, value in vars(importlib.import_module(module.name)).items():
                    for pattern in patterns(value):
                        place = f"{module.name}.{name}"
                        found[place] = found.get(place, False) or repeats_a_repetition(pattern)
    assert len(found) > 150
    assert {place.rpartition(".")[2] for place, nested in found.items() if nested} == EXCEPT.keys()
