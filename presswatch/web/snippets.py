"""What a row shows of a text: the places that met a query, cut on the server, the met words marked. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from notify.messages.snippets import Piece, marked, spans_of
from storage.types import Hit

CHARACTERS = 160
"""Of a snippet, its dots counted."""
_DOTS = "…"
_ONE, _EACH = CHARACTERS - 4, (CHARACTERS - 7) // 2
"""What a fragment may have beside its dots, alone or as one of two."""
_SPACE = re.compile(r"\s")

Span = tuple[int, int]


def snippet(text: str, hits: Iterable[Hit]) -> tuple[Piece, ...]:
    """At most two fragments of `text` and 160 characters, around the hits in its body; nothing where there is none."""
    spans = spans_of(hits, "body", text)
    if not spans:
        return ()
    first = _window(text, spans[0], _ONE)
    later = next((span for span in spans if span[0] >= first[1]), None)
    if later is None:
        return _fragment(text, spans, first)
    pieces = _fragment(text, spans, _window(text, spans[0], _EACH))
    following = _fragment(text, spans, _window(text, later, _EACH))
    if not pieces or not following:  # a place that holds blanks alone
        return pieces or following
    apart = "" if pieces[-1].text.endswith(_DOTS) else f" {_DOTS}"
    if following[0].text.startswith(_DOTS):
        following = (Piece(following[0].text[len(_DOTS) :].lstrip()), *following[1:])
    return (*pieces, Piece(f"{apart} "), *(piece for piece in following if piece.text))


def whole(text: str, hits: Iterable[Hit], field: str) -> tuple[Piece, ...]:
    """The whole of a field, the words that were met marked."""
    return marked(text, spans_of(hits, field, text), 0, len(text))


def _fragment(text: str, spans: tuple[Span, ...], window: Span) -> tuple[Piece, ...]:
    start, end = window
    left, right = _paragraph(text, window)
    before = (Piece(f"{_DOTS} "),) if start > left else ()
    after = (Piece(f" {_DOTS}"),) if end < right else ()
    return (*before, *marked(text, spans, start, end), *after)


def _window(text: str, span: Span, length: int) -> Span:
    """The part of the span's paragraph to show: all of it, or whole words around the span."""
    start, end = _paragraph(text, span)
    if end - start <= length:
        return start, end
    left = max(start, min(span[0] - length // 4, end - length))
    right = min(end, left + length)
    if left > start:
        left = _after_space(text, left, span[0])
    if right < end:
        right = _before_space(text, min(span[1], right), right)
    return left, right


def _paragraph(text: str, span: Span) -> Span:
    end = text.find("\n", span[0])
    return text.rfind("\n", 0, span[0]) + 1, len(text) if end < 0 else end


def _after_space(text: str, left: int, latest: int) -> int:
    """Where the first whole word begins; without blanks, the first whole letter."""
    if _SPACE.match(text[left - 1]):
        return left
    if space := _SPACE.search(text, left, latest):
        return space.end()
    while left < latest and unicodedata.category(text[left]).startswith("M"):
        left += 1
    return left


def _before_space(text: str, earliest: int, right: int) -> int:
    """Where the last whole word ends; without blanks, the last whole letter."""
    if _SPACE.match(text[right]):
        return right
    spaces = [space.start() for space in _SPACE.finditer(text, earliest, right)]
    if spaces:
        return spaces[-1]
    while right > earliest and unicodedata.category(text[right]).startswith("M"):
        right -= 1
    return right
