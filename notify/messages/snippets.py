"""Texts of strangers made fit for a message: cleaned, cut into sentences, with the met words marked. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from storage.types import Hit

REMEMBERED = 256
"""Texts whose forms are remembered: the same statement is sent to many channels."""
QUOTE_LENGTH = 300
"""Characters of a quoted sentence; a longer one is cut at a word."""
QUOTES = 3
"""Quoted sentences per statement."""

_SPACE = re.compile(r"\s+")
_JOINERS = "\u200c\u200d"  # they change the letters of Persian and Indic words
_TERMINATORS = ".!?…։؟۔।"
_FULL_WIDTH = "。！？｡"  # end a sentence without a blank after them
_CLOSERS = "\"'”’»)]」』】）"
_SENTENCE_END = re.compile(rf"[{_FULL_WIDTH}]+[{re.escape(_CLOSERS)}]*(?=[^\s{_FULL_WIDTH}])|\s+")
_BEYOND_LATIN = re.compile("[\u0590-\u08ff\u200f\ufb1d-\ufeff\U00010800-\U0001efff]")
"""Where all letters stand that are written from right to left."""
_ISOLATE, _POP = "\u2068", "\u2069"
_LEAD = 100
"""Characters kept before the first met word of a sentence that is too long."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text, and whether it is what a query met."""

    text: str
    marked: bool = False


def plain(text: str) -> str:
    """One line of visible text: no control characters, line breaks, bidi overrides or other invisible characters."""
    return _visible(text).strip()


def shortened(text: str, length: int) -> str:
    """The text, or so many characters of it with an ellipsis at their end."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def isolated(text: str) -> str:
    """The text so that words written from right to left leave the order of what stands around them alone.

    A first strong isolate (Unicode Standard Annex 9) around it; text of left-to-right letters alone stays as it is.
    """
    if text.isascii():
        return text
    if any(unicodedata.bidirectional(character) in ("R", "AL") for character in _BEYOND_LATIN.findall(text)):
        return f"{_ISOLATE}{text}{_POP}"
    return text


@lru_cache(REMEMBERED)
def marked(text: str, spans: tuple[tuple[int, int], ...], start: int, end: int) -> tuple[Piece, ...]:
    """`text[start:end]`, cleaned, in pieces: those inside `spans` are marked."""
    pieces, position = [], start
    for left, right in spans:
        left, right = max(left, position), min(right, end)
        if left >= right:
            continue
        pieces += [Piece(_visible(text[position:left])), Piece(_visible(text[left:right]), marked=True)]
        position = right
    pieces.append(Piece(_visible(text[position:end])))
    return _trimmed(piece for piece in pieces if piece.text)


def spans_of(hits: Iterable[Hit], field: str, text: str) -> tuple[tuple[int, int], ...]:
    """Where the hits of one field stand, in order, those that touch joined."""
    spans: list[tuple[int, int]] = []
    for start, end in sorted((hit.start, hit.end) for hit in hits if hit.field == field):
        if not 0 <= start < end <= len(text):
            continue
        if spans and start <= spans[-1][1]:
            spans[-1] = spans[-1][0], max(end, spans[-1][1])
        else:
            spans.append((start, end))
    return tuple(spans)


@lru_cache(REMEMBERED)
def quotes(text: str, spans: tuple[tuple[int, int], ...]) -> tuple[tuple[Piece, ...], ...]:
    """The first sentences of `text` that hold a span, each cut to about `QUOTE_LENGTH` characters."""
    found = []
    for start, end in sentences(text):
        inside = tuple(span for span in spans if span[0] < end and span[1] > start)
        if not inside:
            continue
        found.append(_quote(text, inside, start, end))
        if len(found) == QUOTES:
            break
    return tuple(found)


def _quote(text: str, spans: tuple[tuple[int, int], ...], start: int, end: int) -> tuple[Piece, ...]:
    left, right = _window(text, spans[0], start, end)
    pieces = marked(text, spans, left, right)
    before = (Piece("… "),) if left > start else ()
    after = (Piece(" …"),) if right < end else ()
    return (*before, *pieces, *after)


def _window(text: str, span: tuple[int, int], start: int, end: int) -> tuple[int, int]:
    """The part of a sentence to show: all of it, or whole words around the first met words."""
    if end - start <= QUOTE_LENGTH:
        return start, end
    left = max(start, min(span[0] - _LEAD, end - QUOTE_LENGTH))
    right = min(end, max(left + QUOTE_LENGTH, min(span[1], left + 2 * QUOTE_LENGTH)))
    if left > start and (space := _SPACE.search(text, left, span[0])):
        left = space.end()
    if right < end and (space := _last_space(text, span[1], right)):
        right = space.start()
    return left, right


def _last_space(text: str, start: int, end: int) -> re.Match[str] | None:
    return max(_SPACE.finditer(text, start, end), key=lambda space: space.start(), default=None)


def sentences(text: str) -> Iterable[tuple[int, int]]:
    """The sentences of a text as (start, end). A line break always ends one; an initial (`A. Smith`) never does."""
    start = 0
    for found in _SENTENCE_END.finditer(text):
        if not found.group().isspace():
            yield start, found.end()
            start = found.end()
        elif "\n" in found.group() or _ends_sentence(text, start, found):
            yield start, found.start()
            start = found.end()
    yield start, len(text)


def _ends_sentence(text: str, start: int, space: re.Match[str]) -> bool:
    before = text[max(start, space.start() - 8) : space.start()].rstrip(_CLOSERS)
    following = text[space.end() : space.end() + 1]
    if not before or before[-1] not in _TERMINATORS + _FULL_WIDTH or following.islower():
        return False
    word = before.rsplit(maxsplit=1)[-1]
    return not (len(word) == 2 and word[0].isalpha())


def _visible(text: str) -> str:
    if text.isprintable() and "  " not in text:  # the blank is the only printable space
        return text
    return _SPACE.sub(" ", "".join(character for character in text if character.isprintable() or _shows(character)))


def _shows(character: str) -> bool:
    if character.isspace() or character in _JOINERS:
        return True
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs")


def _trimmed(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """The pieces without blanks at their outer ends."""
    kept = list(pieces)
    if kept:
        kept[0] = Piece(kept[0].text.lstrip(), kept[0].marked)
        kept[-1] = Piece(kept[-1].text.rstrip(), kept[-1].marked)
    return tuple(piece for piece in kept if piece.text)
