"""Frozen dataclasses as the values of JSON, and back: one codec for all, by the fields that a dataclass itself names.

What an older version wrote is read: what is missing is as usual, and a field that is unknown here is left out.
"""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import TypeAdapter

T = TypeVar("T")

_built: dict[type[Any], TypeAdapter[Any]] = {}


def codec(kind: type[T]) -> TypeAdapter[T]:
    """The codec of a dataclass. It is built when first asked for, which takes milliseconds, and then kept."""
    if kind not in _built:
        _built[kind] = TypeAdapter(kind)
    return _built[kind]


def as_json(value: Any, *, without_defaults: bool = False) -> dict[str, Any]:
    """A dataclass as JSON has it; with `without_defaults` only what is not as usual, in tables inside of it too."""
    plain: dict[str, Any] = codec(type(value)).dump_python(value, mode="json", exclude_defaults=without_defaults)
    return plain


def from_json(kind: type[T], stored: Any) -> T:
    """The dataclass that `as_json` was given. Raises `pydantic.ValidationError`, a `ValueError`."""
    return codec(kind).validate_python(stored)
