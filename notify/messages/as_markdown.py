"""A brief as Markdown (CommonMark), in which no word of a stranger is markup. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from notify.messages.content import REMEMBERED, ItemContent, MessageContent
from notify.messages.snippets import Piece, isolated

_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#!|~&:])|^([ \u2068]*)([-+=])")
_NUMBERED = re.compile(r"^([ \u2068]*\d+)([.)])")
_WEB = ("http://", "https://")


def as_markdown(brief: MessageContent) -> str:
    """Paragraphs; the met words are strong."""
    blocks = [f"**{escaped(brief.summary)}**"] if brief.summary else []
    for heading, statements in brief.groups:
        blocks += [f"**{escaped(heading)}**"] if heading else []
        blocks += map(_statement, statements)
    return "\n\n".join([*blocks, *map(escaped, brief.notes), *_footer(brief)])


@lru_cache(REMEMBERED)
def _statement(statement: ItemContent) -> str:
    return "\n\n".join(_paragraphs(statement))


def _paragraphs(statement: ItemContent) -> Iterable[str]:
    title = "".join(piece.text for piece in statement.title)
    yield f"**{escaped(statement.number + isolated(title))}**"
    yield escaped(f"{isolated(statement.ministry)}, {isolated(statement.date)} (seen {statement.seen})")
    yield from (f"> {_strong(quote)}" for quote in statement.quotes)
    yield _link(statement.address)
    yield f"Stored copy: {_place(statement.stored)}"
    yield from map(escaped, statement.also)
    yield escaped(f"Why: {'; '.join(statement.reasons)}")


def _footer(brief: MessageContent) -> Iterable[str]:
    yield escaped("Why am I getting this? This channel is subscribed to the topics named here.")
    for one in brief.subscribed:
        yield f"{escaped(f'End {one.topic}: ')}{_place(one.unsubscribe)}"
    yield from dict.fromkeys(f"Change: {_place(one.change)}" for one in brief.subscribed[:1])
    yield escaped(brief.reference)


def escaped(text: str) -> str:
    """The text as Markdown that shows it."""
    return _NUMBERED.sub(r"\1\\\2", _SPECIAL.sub(lambda one: f"\\{one[1]}" if one[1] else f"{one[2]}\\{one[3]}", text))


def _strong(pieces: Iterable[Piece]) -> str:
    parts = [f"**{escaped(piece.text)}**" if piece.marked else escaped(piece.text) for piece in pieces]
    return isolated("".join(parts))


def _link(address: str) -> str:
    if not address.startswith(_WEB):
        return escaped(address)
    return f"<{address.replace('<', '%3C').replace('>', '%3E')}>"


def _place(place: str) -> str:
    return _link(place) if place.startswith(_WEB) else escaped(place)
