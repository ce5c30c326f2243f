"""Examples of what is sent and answered, composed from those of the fields. Pure: a description goes in and comes out.

A field's own example comes first, then what it is when nothing is said, then what a field of its name looks like
wherever it stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

USUAL: Mapping[str, Any] = MappingProxyType(
    {
        "alias": "CSTO",
        "body": "The ministers met on Thursday and signed the treaty on the border.",
        "by": "anna",
        "by_name": {"CSTO": {"ОДКБ": 9, "CSTO": 3}},
        "cut": ["Share this page"],
        "description": "Collective Security Treaty Organization",
        "detail": "HTTP 503",
        "fact_year": 2026,
        "evidence": "high",
        "field": "body",
        "If-Match": '"5f2b7c9d1e3a4b6c8d0e1f2a3b4c5d6e"',
        "If-None-Match": '"5f2b7c9d1e3a4b6c8d0e1f2a3b4c5d6e"',
        "Idempotency-Key": "8e03978e-40d5-43e8-bc93-6894a57f9324",
        "key": "9c1b7d52a0",
        "language": "en",
        "languages": ["en", "ru"],
        "item": 52,
        "last_answer": "250 2.0.0 Ok: queued",
        "last_error": "HTTP 503",
        "left_out": {},
        "mend": "nothing; it is asked again by itself",
        "name": "News",
        "next": None,
        "next_page": "https://mfa.example/en/news?page=7",
        "note": "for the weekly review",
        "of": "boris",
        "organisation": "Ministry of Foreign Affairs",
        "outcome": "sent to desk",
        "packs": ["csto"],
        "paused_until": None,
        "problem": None,
        "published_precision": "minute",
        "query": "sanctions",
        "reader": "selectors",
        "reason": "unreachable",
        "rhythm": "immediately",
        "sections": ["mfa-xy/news-en", "mfa-xy/speeches-en"],
        "source": "mfa-xy/news-en",
        "start": "4711",
        "synonyms": ["ODKB"],
        "text": "the border treaty",
        "topic": "CSTO",
        "unread": None,
        "warning": "more alerts than anybody reads: narrow it with AND",
        "what": "alias:CSTO",
        "why": ["ОДКБ"],
        "suspected_at": None,
        "withdrawn_at": None,
        "zone": "Europe/Minsk",
    }
)
"""What fields look like, by their names."""
BY_FORMAT: Mapping[str, str] = MappingProxyType({"date-time": "2026-11-28T14:30:00+00:00", "date": "2026-11-28"})
PLAIN: Mapping[str, Any] = MappingProxyType(
    {"string": "", "integer": 1, "number": 1.5, "boolean": True, "null": None, "array": [], "object": {}}
)
"""What is left."""


def add_examples(path: str, operation: dict[str, Any], parts: Mapping[str, Any]) -> None:
    """Give each parameter, what is sent and each answer of an operation an example. `parts` are the named schemas."""
    for parameter in operation.get("parameters", ()):
        parameter["example"] = example_of(parameter["schema"], parts, parameter["name"])
    told = operation.get("requestBody", {}).get("content", {})
    for status, answer in operation["responses"].items():
        for kind, content in answer.get("content", {}).items():
            if kind == "application/problem+json":
                content["example"] = {
                    "type": "about:blank",
                    "title": answer["description"],
                    "status": int(status),
                    "instance": path,
                }
            else:
                told = {**told, f"{status} {kind}": content}
    for content in told.values():
        content.setdefault("example", example_of(content["schema"], parts))


def example_of(
    schema: Mapping[str, Any], parts: Mapping[str, Any], name: str = "", within: tuple[str, ...] = ()
) -> Any:
    """An example of what a schema describes. What would stand within itself is left out."""
    if "examples" in schema:
        return schema["examples"][0]
    if "$ref" in schema:
        part = schema["$ref"].rpartition("/")[2]
        return example_of(parts[part], parts, name, (*within, part))
    if "default" in schema and schema["default"] not in ("", None):
        return schema["default"]
    if name in USUAL and _is(schema, USUAL[name]):
        return USUAL[name]
    if "const" in schema or "enum" in schema:
        return schema["const"] if "const" in schema else schema["enum"][0]
    if "anyOf" in schema:
        return example_of(schema["anyOf"][0], parts, name, within)
    if "properties" in schema:
        return {each: example_of(part, parts, each, within) for each, part in schema["properties"].items()}
    if schema.get("type") == "array" and schema["items"].get("$ref", "").rpartition("/")[2] not in within:
        return [example_of(schema["items"], parts, name, within)]
    return BY_FORMAT.get(schema.get("format", "")) or PLAIN[schema.get("type", "null")]


def _is(schema: Mapping[str, Any], value: Any) -> bool:
    """Whether a value is of a kind that a schema names at its top, and not ruled out there."""
    if "format" in schema or value not in schema.get("enum", (value,)):
        return False
    kinds = {each.get("type", "object") for each in schema.get("anyOf", (schema,))}
    return next(kind for kind, plain in PLAIN.items() if type(plain) is type(value)) in kinds
