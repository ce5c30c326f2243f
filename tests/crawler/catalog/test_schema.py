"""The schema says of a file what the loader says, as far as a schema can. Touches files."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crawler.catalog import FOLDER, schema
from tests.crawler.catalog.files import GOOD, wrong_files

BEYOND_A_SCHEMA = {'zone = "Europe/Atlantis"', 'key = "ministry/news"'}
"""What only the loader sees: a zone that does not exist, a key that stands twice."""
Rule = dict[str, Any]
_KINDS: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
}
_LIMITS: dict[str, tuple[Callable[[Any, Any], bool], str]] = {
    "enum": (lambda value, wanted: value in wanted, "not one of {}"),
    "pattern": (lambda value, wanted: re.search(wanted, value) is not None, "not {}"),
    "minimum": (lambda value, wanted: value >= wanted, "less than {}"),
    "maximum": (lambda value, wanted: value <= wanted, "more than {}"),
    "minItems": (lambda value, wanted: len(value) >= wanted, "too short"),
    "minProperties": (lambda value, wanted: len(value) >= wanted, "too short"),
}
_TOLD = {"$schema", "$defs", "title", "description", "examples", "type"}


def complaints(value: Any, rule: Rule, place: str = "file", named: Rule | None = None) -> list[str]:
    """What a JSON Schema says against a value, by the keywords that ours uses; another keyword is a `KeyError`.

    `named` are the rules that `$ref` names.
    """
    named = rule.get("$defs", {}) if named is None else named
    if "type" in rule and not _is_a(value, rule["type"]):
        return [f"{place}: not a {rule['type']}"]
    found: list[str] = []
    for keyword in (keyword for keyword in rule if keyword not in _TOLD):
        if keyword in _LIMITS:
            is_within, words = _LIMITS[keyword]
            found += [f"{place}: {words.format(rule[keyword])}"] * (not is_within(value, rule[keyword]))
        elif keyword == "required":
            found += [f"{place}: {name} is missing" for name in rule[keyword] if name not in value]
        elif (keyword, rule[keyword]) == ("additionalProperties", False):
            found += [f"{place}: {name} is unknown" for name in value.keys() - rule["properties"].keys()]
        else:
            for part, its_rule, its_place in _parts(value, keyword, rule[keyword], place, named):
                found += complaints(part, its_rule, its_place, named)
    return found


def _is_a(value: Any, kind: str) -> bool:
    return isinstance(value, _KINDS[kind]) and (kind == "boolean" or not isinstance(value, bool))


def _parts(value: Any, keyword: str, wanted: Any, place: str, named: Rule) -> list[tuple[Any, Rule, str]]:
    """What a keyword speaks of: values, the rule of each, and where each stands."""
    match keyword:
        case "$ref":
            return [(value, named[wanted.removeprefix("#/$defs/")], place)]
        case "items":
            return [(item, wanted, f"{place}[{number}]") for number, item in enumerate(value)]
        case "properties":
            return [(value[name], wanted[name], f"{place}.{name}") for name in value.keys() & wanted.keys()]
        case "additionalProperties":
            return [(item, wanted, f"{place}.{name}") for name, item in value.items()]
    raise KeyError(keyword)


def test_the_schema_s_file_is_what_the_loader_s_fields_give() -> None:
    assert schema.FILE.read_text(encoding="utf-8") == schema.written(), "run: python -m crawler.catalog.schema"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_a_file_of_the_catalogue_keeps_to_the_schema_and_names_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith("#:schema ./schema.json\n")
    assert complaints(tomllib.loads(text), json.loads(schema.FILE.read_text(encoding="utf-8"))) == []


@wrong_files
def test_the_schema_refuses_what_the_loader_refuses(good: str, wrong: str, field: str) -> None:
    rules = schema.schema()
    assert complaints(tomllib.loads(GOOD), rules) == []
    said = complaints(tomllib.loads(GOOD.replace(good, wrong)), rules)
    assert [line for line in said if field in line] or wrong in BEYOND_A_SCHEMA
