"""JSON and JavaScript values in text, from a stranger: whatever is wrong with it costs a `ValueError`. Pure."""

from __future__ import annotations

import json
import re
from typing import Any

import chompjs

_PREFIX = re.compile(r"\s*(?:\)\]\}'?,?|while\s*\(1\);|for\s*\(;;\);|(?:/\*\*/)?\s*[\w$.]{1,80}\s*\()?\s*(?=[\[{])")
"""What servers put before JSON: a guard against scripts of others, the name of a function to call (JSONP)."""


def is_json(text: str, content_type: str) -> bool:
    """Whether an answer is JSON: it begins so, whatever its header says, or is JSONP that says it is a script."""
    start = text.lstrip()[:1]
    return start in ("{", "[") or (
        any(kind in content_type.lower() for kind in ("json", "javascript")) and bool(_PREFIX.match(text))
    )


def parse(text: str) -> Any:
    """The value of a JSON text; what stands around it is left out. Raises `ValueError`: NaN is a number to nobody."""
    begin = _PREFIX.match(text)
    try:
        return _DECODER.raw_decode(text, begin.end() if begin else 0)[0]
    except (ValueError, RecursionError) as error:
        raise ValueError(f"not JSON: {error}"[:200]) from error


def parse_at(text: str, start: int) -> tuple[Any, int]:
    """The JSON value that begins there, and where it ends. Raises `ValueError`."""
    try:
        return _DECODER.raw_decode(text, start)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def parse_script(text: str) -> Any:
    """The value of an object or a list as JavaScript writes it: names without quotes, either kind of them.

    What is no value, such as a call, comes as its text. Raises `ValueError`.
    """
    try:
        return chompjs.parse_js_object(text)
    except (RecursionError, OverflowError) as error:
        raise ValueError("nested too deeply") from error


def _nothing(name: str) -> None:
    """`NaN` and `Infinity` are no JSON (RFC 8259, 6)."""


_DECODER = json.JSONDecoder(parse_constant=_nothing)
