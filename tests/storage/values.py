"""Values of any frozen dataclass, each field drawn by its type: one of tomorrow is tried without being named."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar, get_type_hints

from hypothesis import strategies as st

T = TypeVar("T")

_BY_TYPE: Mapping[Any, st.SearchStrategy[Any]] = {
    str: st.text(st.characters(exclude_categories=["Cs"])),
    float: st.floats(allow_nan=False, allow_infinity=False),
    datetime: st.datetimes(timezones=st.just(UTC)),
    datetime | None: st.none() | st.datetimes(timezones=st.just(UTC)),
    float | None: st.none() | st.floats(allow_nan=False, allow_infinity=False),
    tuple[float, ...]: st.lists(st.floats(allow_nan=False, allow_infinity=False)).map(tuple),
}


def any_of(kind: type[T]) -> st.SearchStrategy[T]:
    """A dataclass with any value in each of its fields, dataclasses inside of it too."""
    assert dataclasses.is_dataclass(kind)
    return st.builds(kind, **{name: _any(hint) for name, hint in get_type_hints(kind).items()})


def _any(hint: Any) -> st.SearchStrategy[Any]:
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return any_of(hint)
    return _BY_TYPE[hint] if hint in _BY_TYPE else st.from_type(hint)
