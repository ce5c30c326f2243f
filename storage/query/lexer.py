"""Cut a query into tokens. Standard library only.

Where a query means something in other search engines but nothing here (`word*`, `=word`, `a | b`, `NEAR`), it is
refused: to look for something else in silence would lose statements.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

from storage.errors import QuerySyntaxError
from storage.query.tree import Alias, Leaf, Phrase, Word
from storage.query.words import words

LONGEST_PHRASE = 50
"""Words."""

_CLOSING = {'"': '"', "“": "”", "„": "“”", "«": "»"}
_DASHES = "-\u2010\u2011\u2212\u2013"  # a telephone types U+2013 where a person means -
_NOT_BLANK = re.compile(r"\S")
_RUN = re.compile(r"[^\s()\"“”„«»]+")
_FIELD = re.compile(r"([^\W\d_]+):")
_FIELDS = ("title", "alias")
_ELSEWHERE_OPERATOR = {"|": "OR", "||": "OR", "&": "AND", "&&": "AND", "!": "NOT"}
_NEAR = re.compile(r"NEAR(/\d+)?")
_LITERALLY = 'if it belongs to the text you look for, put that in quotes: "..."'


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a query. `kind` is `AND`, `OR`, `NOT`, `(`, `)`, `leaf` or `end`."""

    kind: str
    start: int
    text: str = ""
    leaf: Leaf | None = None


def refuse(query: str, position: int, problem: str, mend: str) -> NoReturn:
    """Raise the `QuerySyntaxError` that points at a character. `position` counts from 0, the message from 1."""
    raise QuerySyntaxError(f"character {position + 1}: {problem}", position=position, query=query, mend=mend)


def tokens(query: str) -> Iterator[Token]:
    """The tokens of a query, the last of kind `end`. Raises `QuerySyntaxError`."""
    position = 0
    while match := _NOT_BLANK.search(query, position):
        token = _token(query, match.start())
        position = token.start + len(token.text)
        yield token
    yield Token("end", len(query))


def _token(query: str, start: int) -> Token:
    if query[start] in "()":
        return Token(query[start], start, query[start])
    if query[start] in _DASHES and _clause_begins(query, start + 1):
        return Token("NOT", start, query[start])
    run = _RUN.match(query, start)
    piece = run[0] if run else query[start]  # a quote begins no run
    if piece in ("AND", "OR", "NOT"):
        return Token(piece, start, piece)
    leaf = _leaf(query, start, piece)
    return Token("leaf", start, leaf.clause, leaf)


def _clause_begins(query: str, position: int) -> bool:
    following = query[position : position + 1]
    return bool(following) and not following.isspace() and following not in ")”»"


def _leaf(query: str, start: int, piece: str) -> Leaf:
    field = _field(query, start, piece)
    inner = start + len(field) + 1 if field else start
    quoted = query[inner : inner + 1] in tuple(_CLOSING)
    if quoted:
        end = _closing_quote(query, inner) + 1
        text = query[inner + 1 : end - 1]
    else:
        end = start + len(piece)
        text = query[inner:end]
        _check_bare(query, inner, text, field)
    clause = query[start:end]
    if field == "alias" and text.strip():
        return Alias(text.strip(), clause, start)
    _check_words(query, inner, text)
    return Phrase(text, field, clause, start) if quoted else Word(text, field, clause, start)


def _field(query: str, start: int, piece: str) -> str:
    match = _FIELD.match(piece)
    if not match:
        return ""
    field = match[1].lower()
    if field not in _FIELDS:
        refuse(query, start, f"there is no field {match[0]}", f"the fields are title: and alias:; {_LITERALLY}")
    return field


def _closing_quote(query: str, opening: int) -> int:
    closing = _CLOSING[query[opening]]
    for position in range(opening + 1, len(query)):
        if query[position] in closing:
            return position
    refuse(query, opening, "this quote is never closed", f"add {closing[-1]} where the phrase ends")


def _check_bare(query: str, start: int, text: str, field: str) -> None:
    if not text:
        problem = f'expected a word or a "phrase" straight after {field}:'
        refuse(query, start, problem, f'write {field}:word or {field}:"two words", without a blank')
    if text in "”»":
        refuse(query, start, f"{text} closes no phrase", "open the phrase with a quote, or leave this one out")
    if not field and (operator := _ELSEWHERE_OPERATOR.get(text)):
        refuse(query, start, f"{text} means nothing here", f"write {operator}")
    if _NEAR.fullmatch(text):
        refuse(query, start, f"there is no operator {text}", f"use AND or a phrase; {_LITERALLY}")
    if text.startswith("=") or "*" in text:
        sign = "=" if text.startswith("=") else "*"
        mend = f"leave it out, words are found in all their forms; {_LITERALLY}"
        refuse(query, start + text.index(sign), f"{sign} means nothing here", mend)


def _check_words(query: str, start: int, text: str) -> None:
    count = len(words(text))
    if not count:
        refuse(query, start, "expected a word, but here is no letter or digit", "leave it out")
    if count > LONGEST_PHRASE:
        refuse(query, start, f"the phrase has more than {LONGEST_PHRASE} words", "make it shorter")
