"""The JSON that a page carries for search engines and for its own scripts. Pure.

`json-ld` is structured data (schema.org), `<script type="application/ld+json">`. `json-state` is all else:

1. Scripts of JSON, as Next.js, Nuxt 3 and Drupal have them.
2. Values in scripts: `window.X = {...}`, `JSON.parse("...")`, the rows of Next's stream, the call of Nuxt 2.
3. Attributes that hold an object or a list: Alpine, Vue, Inertia.

Text that is no value is left out: nothing here runs a script.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

from crawler.listing.json_lists.parsing import parse, parse_at, parse_script

ATTEMPTS = 60
"""Texts of one page that are tried at most."""
_LEAST = 60
"""Characters: a list of statements is not shorter."""

SCRIPT_CHARACTERS = 4_000_000
"""Characters that are tried as JavaScript, over all attempts: one on a text that is none costs its whole length."""

_OPENED = re.compile(r"<script\b([^<>]{0,2000})>", re.IGNORECASE)
_CLOSED = re.compile(r"</script", re.IGNORECASE)
_TYPE = re.compile(r"""\btype\s*=\s*["']?([\w/+.-]+)""", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""\s[\w:@.-]{1,60}\s*=\s*(?:"(\s*[\[{][^"]{60,})"|'(\s*[\[{][^']{60,})')""")
_ASSIGNED = re.compile(r"""(?:[\w$\])]\s*=|:\s*=|\breturn\b|\(|,)\s*(?=[\[{])|JSON\.parse\s*\(\s*(?=["'`])""")
_STREAM = re.compile(r"\.push\(\s*\[\s*1\s*,\s*(?=\")")
_ROW = re.compile(r"^[0-9a-f]{1,6}:(?:[A-Z]{1,2})?(?=[\[{])", re.MULTILINE)
_CALL = re.compile(r"\(function\s*\(([\w$,\s]*)\)\s*\{(?:[^{}]{0,500}?)return\s*(?=\{)")
_OPENING = re.compile(r"\[\s*\{|\{\s*[\"'\w$]+\s*:")
_ESCAPED = re.compile(r"\\(x[0-9a-fA-F]{2}|.)|\"", re.DOTALL)


class _Budget:
    """What one page may still cost."""

    def __init__(self) -> None:
        self.attempts = ATTEMPTS
        self.characters = SCRIPT_CHARACTERS

    def attempt(self) -> bool:
        self.attempts -= 1
        return self.attempts >= 0

    def script(self, text: str) -> Any:
        """The value of a text in JavaScript, else None."""
        self.characters -= len(text)
        if self.characters < 0:
            return None
        try:
            return parse_script(text)
        except ValueError:
            return None

    def value(self, text: str) -> Any:
        """The value of a text, as JSON or as JavaScript, else None."""
        try:
            return parse(text)
        except ValueError:
            return self.script(text)


def states(text: str) -> Iterator[tuple[str, Any]]:
    """The values in a page with their kinds, in the page's order, the structured data among them."""
    budget, stream, rest = _Budget(), list[str](), list[str]()
    for attributes, inside, before in _scripts(text):
        rest.append(before)
        kind = _TYPE.search(attributes)
        for told, value in _of_script(kind[1].lower() if kind else "", attributes, inside, stream, budget):
            if value is not None:
                yield told, value
    for row in _rows("".join(stream)):
        yield "json-state", row
    for found in _ATTRIBUTE.finditer("".join(rest)):
        if not budget.attempt():
            return
        value = budget.value(html.unescape(found[1] or found[2]))
        if value is not None:
            yield "json-state", value


def _scripts(text: str) -> Iterator[tuple[str, str, str]]:
    """Each script's attributes, what stands in it, and what stands before it; the last one is what follows them."""
    end = 0
    while opened := _OPENED.search(text, end):
        closed = _CLOSED.search(text, opened.end())
        if closed is None:
            break
        yield opened[1], text[opened.end() : closed.start()], text[end : opened.start()]
        end = closed.end()
    yield "type=none", "", text[end:]


def _of_script(kind: str, attributes: str, text: str, stream: list[str], budget: _Budget) -> Iterator[tuple[str, Any]]:
    if kind == "application/ld+json":
        yield "json-ld", budget.value(text) if budget.attempt() else None
    elif kind.endswith("json"):
        value = budget.value(text) if budget.attempt() else None
        yield "json-state", _unflattened(value) if "__NUXT" in attributes.upper() else value
    elif kind in ("", "text/javascript", "application/javascript", "module"):
        if pushed := list(_STREAM.finditer(text)):
            stream += [part for found in pushed if isinstance(part := _string_at(text, found.end()), str)]
        elif called := _of_call(text, budget):
            yield "json-state", called
        else:
            yield from (("json-state", value) for value in _assigned(text, budget))


def _assigned(text: str, budget: _Budget) -> Iterator[Any]:
    """The values that a script is given, each once: what stands in one is not looked for again."""
    end = 0
    for found in _ASSIGNED.finditer(text):
        start = found.end()
        is_string = found[0].startswith("JSON")
        if start < end or len(text) - start < _LEAST or not (is_string or _OPENING.match(text, start)):
            continue
        if not budget.attempt():
            return
        try:
            value, end = _parsed_string(text, start) if is_string else parse_at(text, start)
        except ValueError:
            value = budget.script(text[start:]) if found[0].rstrip().endswith("=") else None
        yield value if isinstance(value, dict | list) and value else None


def _parsed_string(text: str, start: int) -> tuple[Any, int]:
    """What `JSON.parse` makes of the string that begins there. Raises `ValueError`."""
    mark = text[start]
    closing = re.compile(rf"(?:[^{mark}\\]++|\\.)*+{mark}", re.DOTALL).match(text, start + 1)
    if closing is None:
        raise ValueError("the string does not end")
    return parse(json.loads(f'"{_ESCAPED.sub(_as_json, closing[0][:-1])}"')), closing.end()


def _as_json(escaped: re.Match[str]) -> str:
    """An escape of JavaScript as JSON has it."""
    if escaped[1] is None:
        return '\\"'
    if escaped[1] in ("'", "`"):
        return escaped[1]
    return f"\\u00{escaped[1][1:]}" if len(escaped[1]) == 3 else escaped[0]


def _string_at(text: str, start: int) -> Any:
    try:
        return parse_at(text, start)[0]
    except ValueError:
        return None


def _rows(stream: str) -> Iterator[Any]:
    """The values in the stream that Next.js sends its pages in (React Server Components): `1a:{...}`."""
    for count, row in enumerate(_ROW.finditer(stream)):
        if count >= ATTEMPTS:
            return
        value = _string_at(stream, row.end())
        if isinstance(value, dict | list):
            yield value


def _of_call(text: str, budget: _Budget) -> Any:
    """The value that a function returns which is called with what is the same in many places of it (Nuxt 2)."""
    called = _CALL.search(text)
    if called is None:
        return None
    given = text.rpartition("}(")[2].rpartition(")")[0].rstrip(")")
    value, arguments = budget.script(text[called.end() :]), budget.script(f"[{given}]")
    if value is None or not isinstance(arguments, list):
        return value
    names = [name.strip() for name in called[1].split(",")]
    return _filled(value, dict(zip(names, arguments, strict=False)), 0)


def _filled(value: Any, arguments: dict[str, Any], depth: int) -> Any:
    if depth > 40:
        return None
    if isinstance(value, dict):
        return {name: _filled(one, arguments, depth + 1) for name, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, arguments, depth + 1) for one in value]
    return arguments.get(value, value) if isinstance(value, str) else value


def _unflattened(value: Any) -> Any:
    """The value of a list whose members refer to each other by their numbers (devalue; Nuxt 3).

    Source: github.com/sveltejs/devalue, `unflatten`. A member is made once, so that one that refers to itself ends.
    """
    if not isinstance(value, list) or not value:
        return value
    made: dict[int, Any] = {}

    def member(number: Any, depth: int) -> Any:
        if not isinstance(number, int) or not 0 <= number < len(value) or depth > 60:
            return None
        if number in made:
            return made[number]
        flat = value[number]
        made[number] = None if isinstance(flat, dict | list) else flat
        if isinstance(flat, dict):
            made[number] = {name: member(one, depth + 1) for name, one in flat.items()}
        elif isinstance(flat, list) and flat and isinstance(flat[0], str):  # a marked type: ["Date", ...], ["Ref", 3]
            rest = flat[1:]
            made[number] = rest[0] if flat[0] == "Date" and rest else member(rest[0], depth + 1) if rest else None
        elif isinstance(flat, list):
            made[number] = [member(one, depth + 1) for one in flat]
        return made[number]

    return member(0, 0)
