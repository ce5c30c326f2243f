"""A message as Markdown (CommonMark), in which no word of a stranger is markup. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from notify.messages.content import REMEMBERED, ItemContent, MessageContent
from notify.messages.snippets import Piece, isolated

_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#!|~&:])|^([ \u2068]*)([-+=])")
_NUMBERED = re.compile(r"^([ \u2068]*\d+)([.)])")
_WEB = ("http://", "https://")


def as_markdown(content: MessageContent) -> str:
    """Paragraphs; the met words are strong."""
    blocks = [f"**{escaped(content.summary)}**"] if content.summary else []
    for heading, items in content.groups:
        blocks += [f"**{escaped(heading)}**"] if heading else []
        blocks += map(_statement, items)
    return "\n\n".join([*blocks, *map(escaped, content.notes), *_footer(content)])


@lru_cache(REMEMBERED)
def _statement(item: ItemContent) -> str:
    return "\n\n".join(_paragraphs(item))


def _paragraphs(item: ItemContent) -> Iterable[str]:
    title = "".join(piece.text for piece in item.title)
    yield f"**{escaped(item.number + isolated(title))}**"
    yield escaped(f"{isolated(item.ministry)}, {isolated(item.date)} (seen {item.seen})")
    yield from (f"> {_strong(quote)}" for quote in item.quotes)
    yield _link(item.address)
    yield f"Stored copy: {_place(item.stored)}"
    yield from map(escaped, item.also)
    yield escaped(f"Why: {'; '.join(item.reasons)}")


def _footer(content: MessageContent) -> Iterable[str]:
    yield escaped("Why am I getting this? This channel is subscribed to the topics named here.")
    for one in content.subscribed:
        yield f"{escaped(f'End {one.topic}: ')}{_place(one.unsubscribe)}"
    yield from dict.fromkeys(f"Change: {_place(one.change)}" for one in content.subscribed[:1])
    yield escaped(content.reference)


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
