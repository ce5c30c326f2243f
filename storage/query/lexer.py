"""Cut a query into tokens. Standard library only.

Where a query means something in other search engines but nothing here (`a | b`, `*word`, `a NEAR b`), it is refused:
to look for something else in silence would lose statements.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple, NoReturn

from storage.errors import QuerySyntaxError, nearest
from storage.query.filters import FILTERS, FilterError, read_filter
from storage.query.tree import Alias, Exact, Leaf, Phrase, Prefix, Word
from storage.query.unspaced import is_unspaced
from storage.query.words import words

LONGEST_PHRASE = 50
"""Words."""

LONGEST_TEXT = 1000
"""Characters of a word or a phrase. A single one can stand for eighteen, once it is folded."""

SHORTEST_PREFIX = 3
"""Characters before a `*`; fewer would find most of a language."""

FARTHEST = 99
"""Words that NEAR can allow between its parts."""

_CLOSING = {'"': '"', "“": "”", "„": "“”", "«": "»"}
_DASHES = "-\u2010\u2011\u2212\u2013"  # a telephone types U+2013 where a person means -
_PIECE = re.compile(r"[^\s()\"“”„«»]+|\S")  # a parenthesis or a quote is one by itself
_FIELD = re.compile(r"([^\W\d_]+):")
_FIELDS = ("title", "alias", *FILTERS)
_ELSEWHERE_OPERATOR = {"|": "OR", "||": "OR", "&": "AND", "&&": "AND", "!": "NOT"}
_NEAR = re.compile(r"NEAR(?:/(.*))?", re.DOTALL)
_LITERALLY = 'if it belongs to the text you look for, put that in quotes: "..."'


class Token(NamedTuple):
    """A piece of a query. `kind` is `AND`, `OR`, `NOT`, `NEAR`, `(`, `)`, `leaf` or `end`."""

    kind: str
    start: int
    text: str = ""
    leaf: Leaf | None = None
    distance: int = 0
    """Of `NEAR`: words."""


def refuse(query: str, position: int, problem: str, mend: str, mended: str = "") -> NoReturn:
    """Raise the `QuerySyntaxError` that points at a character. `position` counts from 0, the message from 1.

    `mended` is the whole query as it is meant, where there is hardly a doubt.
    """
    message = f"character {position + 1}: {problem}"
    raise QuerySyntaxError(message, position=position, query=query, mend=mend, mended=mended)


def replaced(query: str, start: int, old: str, new: str) -> str:
    """The query with other words at one place."""
    return f"{query[:start]}{new}{query[start + len(old) :]}"


def tokens(query: str) -> Iterator[Token]:
    """The tokens of a query, the last of kind `end`. Raises `QuerySyntaxError`."""
    position = 0
    while match := _PIECE.search(query, position):
        token = _token(query, match.start(), match[0])
        position = token.start + len(token.text)
        yield token
    yield Token("end", len(query))


def _token(query: str, start: int, piece: str) -> Token:
    if piece in ("(", ")", "AND", "OR", "NOT"):
        return Token(piece, start, piece)
    if piece[0] in _DASHES and _clause_begins(query, start + 1):
        return Token("NOT", start, piece[0])
    if near := _NEAR.fullmatch(piece):
        return Token("NEAR", start, piece, distance=_distance(query, start, near[1]))
    leaf = _leaf(query, start, piece)
    return Token("leaf", start, leaf.clause, leaf)


def _clause_begins(query: str, position: int) -> bool:
    following = query[position : position + 1]
    return bool(following) and not following.isspace() and following not in ")”»"


def _distance(query: str, start: int, given: str | None) -> int:
    if given and re.fullmatch("[0-9]{1,2}", given) and int(given):
        return int(given)
    problem = f"expected a number of words from 1 to {FARTHEST} after NEAR/"
    mended = replaced(query, start, "NEAR", "NEAR/5") if given is None else ""
    refuse(query, start, problem, f"write NEAR/5 for at most 5 words in between; {_LITERALLY}", mended)


def _leaf(query: str, start: int, piece: str) -> Leaf:
    field = _field(query, start, piece)
    inner = start + len(field) + 1 if field else start
    exact = query[inner : inner + 1] == "="
    inner += exact
    quoted = query[inner : inner + 1] in _CLOSING
    if quoted:
        end = _closing_quote(query, inner) + 1
        inner += 1
        text = query[inner : end - 1]
    else:
        end = start + len(piece)
        text = query[inner:end]
        _check_bare(query, inner, text, f"{field}:" if field else "=" if exact else "")
    clause = query[start:end]
    if exact and field not in ("", "title"):
        mended = replaced(query, inner - 1, "=", "")
        refuse(query, inner - 1, f"= means nothing after {field}:", f"write {field}: without it", mended)
    if field in FILTERS:
        return _filter(query, inner, field, text, clause, start)
    _check_words(query, inner, text)
    if field == "alias":
        return Alias(text.strip(), clause=clause, start=start)
    text_field = field
    if "*" in text:
        return _open_ended(query, inner, text, exact, quoted, text_field, clause, start)
    kind = Exact if exact else Phrase if quoted else Word
    return kind(text, text_field, clause=clause, start=start)


def _field(query: str, start: int, piece: str) -> str:
    match = _FIELD.match(piece) if ":" in piece else None
    if not match:
        return ""
    field = match[1].lower()
    if field not in _FIELDS:
        listed = ", ".join(f"{known}:" for known in _FIELDS)
        near = nearest(field, _FIELDS)
        meant, mended = (f"did you mean {near}:? ", replaced(query, start, match[1], near)) if near else ("", "")
        refuse(query, start, f"there is no field {match[0]}", f"{meant}the fields are {listed}; {_LITERALLY}", mended)
    return field


def _closing_quote(query: str, opening: int) -> int:
    closing = _CLOSING[query[opening]]
    found = [place for quote in closing if (place := query.find(quote, opening + 1)) >= 0]
    if found:
        return min(found)
    mended = query.rstrip() + closing[-1]
    refuse(query, opening, "this quote is never closed", f"add {closing[-1]} where the phrase ends", mended)


def _check_bare(query: str, start: int, text: str, before: str) -> None:
    if not text:
        expected = "its value" if before.removesuffix(":") in FILTERS else 'a word or a "phrase"'
        refuse(query, start, f"expected {expected} straight after {before}", f"write it after {before} without a blank")
    if text in "”»":
        mended = replaced(query, start, text, "")
        refuse(query, start, f"{text} closes no phrase", "open the phrase with a quote, or leave this one out", mended)
    if not before and (operator := _ELSEWHERE_OPERATOR.get(text)):
        mended = replaced(query, start, text, operator)
        refuse(query, start, f"{text} means nothing here", f"write {operator}", mended)


def _filter(query: str, inner: int, field: str, value: str, clause: str, start: int) -> Leaf:
    try:
        return read_filter(field, value, clause, start)
    except FilterError as error:
        mended = replaced(query, inner, value, error.mended) if error.mended else ""
        refuse(query, inner + error.place, error.problem, error.mend, mended)


def _check_words(query: str, start: int, text: str) -> None:
    if len(text) > LONGEST_TEXT:
        refuse(query, start, f"the word or phrase has more than {LONGEST_TEXT} characters", "make it shorter")
    count = len(words(text))
    if not count:
        refuse(query, start, "expected a word, but here is no letter or digit", "leave it out")
    if count > LONGEST_PHRASE:
        refuse(query, start, f"the phrase has more than {LONGEST_PHRASE} words", "make it shorter")


def _open_ended(
    query: str, inner: int, text: str, exact: bool, quoted: bool, field: str, clause: str, start: int
) -> Leaf:
    """The leaf of a text with a `*`, which may stand at the end of a word only."""
    for star in re.finditer(r"\*", text):
        place = inner + star.start()
        if exact:
            refuse(query, place, "an exact form has no *", "leave out = or *")
        before, after = words(text[: star.start()]), text[star.end() : star.end() + 1]
        if not before or not words(text[star.start() - 1]) or after == "*" or words(after):
            mend = "write sanction* for all that begins so, or leave it out"
            refuse(query, place, "* stands at the end of a word only", mend)
        if len(before[-1]) < SHORTEST_PREFIX and not is_unspaced(before[-1]):
            mend = "write more of the word, or list the words with OR"
            refuse(query, place, f"expected at least {SHORTEST_PREFIX} letters before *", mend)
    if not quoted and text.count("*") == 1 and text.endswith("*") and len(words(text)) == 1:
        return Prefix(text[:-1], field, clause=clause, start=start)
    return Phrase(text, field, clause=clause, start=start)
