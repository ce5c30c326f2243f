"""Rows of sources as a person may write them: every field there is, drawn from its rule, named nowhere here."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from crawler.catalog import fields
from storage.codec import codec, from_json
from storage.types import SourceSpec

texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(lambda text: text.strip())


def rows() -> st.SearchStrategy[dict[str, Any]]:
    """`[[source]]` with all that can be said in it."""
    rules = codec(fields.source()).json_schema()
    return _any(rules, rules["$defs"])


def source_of(row: dict[str, Any]) -> SourceSpec:
    """The source that such a row describes."""
    return from_json(SourceSpec, codec(fields.source()).validate_python(row))


def _any(rule: dict[str, Any], named: dict[str, Any]) -> st.SearchStrategy[Any]:
    match rule:
        case {"$ref": name}:
            return _any(named[name.removeprefix("#/$defs/")], named)
        case {"enum": values} | {"examples": values}:
            return st.sampled_from(values)
        case {"type": "object", "properties": inner}:
            return st.fixed_dictionaries({name: _any(each, named) for name, each in inner.items()})
        case {"type": "array", "items": items}:
            return st.lists(_any(items, named), min_size=1, max_size=3, unique=True)
        case {"type": "integer", **bounds}:
            return st.integers(bounds.get("minimum"), bounds.get("maximum", 2**53))
        case {"type": "number", **bounds}:
            return st.floats(bounds.get("minimum"), bounds.get("maximum"), allow_nan=False)
        case {"type": "boolean"}:
            return st.booleans()
        case _:
            assert rule["type"] == "string"
            return texts
