"""A message cut into parts that a service takes: between statements, else lines, else sentences, else words. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

_LAST_RESORT = re.compile(r"(?<!\\)\s+|(?<=[。！？])")
_SENTENCES = re.compile(r"(?<=[.!?…։؟۔。！？])\s+(?=[^a-z])|(?<=[。！？])")
_CUTS: tuple[tuple[str, Callable[[str], list[str]]], ...] = (
    ("\n\n", lambda text: text.split("\n\n")),
    ("\n", lambda text: text.split("\n")),
    (" ", lambda text: _SENTENCES.split(text)),
    (" ", lambda text: _LAST_RESORT.split(text)),
)


def parts_of(text: str, limit: int) -> list[str]:
    """The text in as few parts as its borders allow, none longer than `limit` characters. Nothing of it is left out."""
    return list(_packed(text, max(limit, 1), 0))


def _packed(text: str, limit: int, level: int) -> Iterable[str]:
    if len(text) <= limit:
        return [text]
    if level == len(_CUTS):
        return _chopped(text, limit)
    glue, cut = _CUTS[level]
    parts: list[str] = []
    for piece in cut(text):
        if not piece.strip():
            continue
        if parts and len(parts[-1]) + len(glue) + len(piece) <= limit:
            parts[-1] += glue + piece
        elif len(piece) <= limit:
            parts.append(piece)
        else:
            parts += _packed(piece, limit, level + 1)
    return parts


def _chopped(text: str, limit: int) -> Iterable[str]:
    """A word too long for a part, such as an address; an escape is not torn from what it escapes."""
    while len(text) > limit:
        end = limit - 1 if limit > 1 and text[limit - 1] == "\\" else limit
        yield text[:end]
        text = text[end:]
    yield text
