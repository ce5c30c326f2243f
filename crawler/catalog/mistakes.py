"""What is wrong with a table, in words for whoever wrote it: pydantic finds it, its JSON Schema says what is right."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from storage.codec import codec

Rule = Mapping[str, Any]
"""A JSON Schema."""

DOCUMENTED = "write it as docs/adding-a-source.md says"

_NOUNS = {"listing": "selector", "article": "selector", "transport": "exception"}
"""What a table inside of a source's has; the others have fields."""

_KINDS = {
    "string": ("a text", '"..."'),
    "integer": ("a whole number", "10"),
    "number": ("a number", "1.5"),
    "boolean": ("true or false", "true"),
    "array": ("a list", "[...]"),
    "object": ("a table", "{ ... }"),
}
"""How JSON Schema calls a kind of values, how people do, and an example."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that is wrong: in which field, what, and the nearest mend."""

    field: str
    what: str
    mend: str = DOCUMENTED

    def __str__(self) -> str:
        return f"{self.field}: {self.what}"


def read(
    table: type[dict[str, Any]], given: Mapping[str, Any], *, secret: bool = False
) -> tuple[dict[str, Any], list[Mistake]]:
    """What a table of that type says, and all that is wrong with it: what is unknown, what is missing, then by field.

    Where anything is wrong nothing is said. With `secret` no value is repeated.
    """
    try:
        return codec(table).validate_python(given), []
    except ValidationError as error:
        schema, order = codec(table).json_schema(), list(given)
        found = sorted(error.errors(include_url=False), key=lambda each: _rank(each["type"], each["loc"], order))
        return {}, [_mistake(each["type"], each["loc"], each, schema, secret) for each in found]


def _rank(kind: str, path: Sequence[int | str], order: list[str]) -> int:
    of_the_whole = {"extra_forbidden": -2, "missing": -1}.get(kind) if len(path) == 1 else None
    return order.index(str(path[0])) if of_the_whole is None else of_the_whole


def _mistake(kind: str, path: Sequence[int | str], error: Any, schema: Rule, secret: bool) -> Mistake:
    names = [part for part in path if isinstance(part, str)]
    field = ": ".join(names)
    if kind == "extra_forbidden":
        return _unknown(field, names[-1], _NOUNS.get(names[0], "field"), _rule(schema, path[:-1])["properties"])
    mend = f"write {names[-1]} = {_example(_rule(schema, names))}"
    if kind == "missing":
        return Mistake(field, "it is missing", mend)
    if kind == "value_error":
        return Mistake(field, str(error["ctx"]["error"]))
    value = "it" if secret else repr(error["input"])
    return Mistake(field, f"{value} is not {_expected(_rule(schema, path))}", mend)


def _unknown(field: str, name: str, noun: str, known: Mapping[str, Rule]) -> Mistake:
    near = difflib.get_close_matches(name, known, n=1)
    mend = f"did you mean {near[0]}?" if near else f"the {noun}s are {', '.join(sorted(known))}"
    return Mistake(field, f"there is no such {noun}", mend)


def _rule(schema: Rule, path: Sequence[int | str]) -> Rule:
    """The part of a schema that is about the field there; a table of any names has one rule for all of them."""
    rule = schema
    for part in path:
        inner = rule.get("properties", {}) if isinstance(part, str) else {part: rule["items"]}
        rule = inner[part] if part in inner else rule["additionalProperties"]
        if "$ref" in rule:
            rule = schema["$defs"][rule["$ref"].rpartition("/")[2]]
    return rule


def _expected(rule: Rule) -> str:
    """What is allowed, in words that stand after "is not"."""
    match rule:
        case {"enum": names}:
            return f"one of {', '.join(names)}"
        case {"description": words}:
            return str(words)
        case {"examples": [example, *_]}:
            return f"written like {example}"
        case {"minimum": least, "maximum": most, "type": kind}:
            return f"{_KINDS[kind][0]} from {least} to {most}"
        case {"items": {"examples": examples}}:
            return f"a list like {examples}"
        case _:
            return _KINDS[rule["type"]][0]


def _example(rule: Rule) -> str:
    """What is allowed, as TOML writes it."""
    match rule:
        case {"type": "object"}:
            return _KINDS["object"][1]
        case {"enum": [value, *_]} | {"examples": [value, *_]} | {"minimum": value}:
            return json.dumps(value)
        case {"items": {"type": _} as items}:
            return f"[{_example(items)}]"
        case _:
            return _KINDS[rule["type"]][1]
