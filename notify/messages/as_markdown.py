"""A message as Markdown (CommonMark), in which no word of a stranger is markup. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from notify.messages.content import ItemContent, MessageContent, NoticeContent
from notify.messages.snippets import REMEMBERED, Piece, isolated

_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#!|~&:])|^([ \u2068]*)([-+=])")
_NUMBERED = re.compile(r"^([ \u2068]*\d+)([.)])")
_UNSAFE = re.compile(r"[\s()<>\[\]\\\"'`*|]")
"""What would end the address of a link, or be markup in it to a chat that reads no better."""
_WEB = ("http://", "https://")


def as_markdown(content: MessageContent) -> str:
    """Paragraphs that go below their heading; the met words are strong, the headline is the link."""
    blocks: list[str] = []
    for heading, items in content.groups:
        blocks += [f"**{escaped(heading)}**"] if heading else []
        blocks += map(_statement, items)
    blocks += map(_notice, content.notices)
    return "\n\n".join([*blocks, *map(escaped, content.notes), *_footer(content)])


@lru_cache(REMEMBERED)
def _statement(item: ItemContent) -> str:
    return "\n\n".join(_paragraphs(item))


def _notice(notice: NoticeContent) -> str:
    return "  \n".join((f"**{escaped(notice.headline)}**", *map(escaped, notice.lines)))


def _paragraphs(item: ItemContent) -> Iterable[str]:
    title = "".join(piece.text for piece in item.title)
    yield f"**{escaped(item.number)}{_linked(isolated(title), item.address)}**"
    yield escaped(f"{isolated(item.ministry)}, {isolated(item.date)} ({item.seen})")
    if item.happened:
        yield f"**{escaped(item.happened)}**"
    yield from (f"> {escaped(side.label)}: {_strong(side.pieces)}" for side in item.sides)
    yield from (f"> {_strong(quote)}" for quote in item.quotes)
    if not item.address.startswith(_WEB):
        yield escaped(item.address)
    yield _way("Stored copy", item.stored)
    yield from map(escaped, item.also)
    yield _linked("Why", item.why) + escaped(f": {'; '.join(item.reasons)}")


def _footer(content: MessageContent) -> Iterable[str]:
    yield escaped(f"Why am I getting this? {content.why}")
    for way in content.ways:
        yield _way(way.does, way.place)
    yield escaped(content.reference)


def _way(words: str, place: str) -> str:
    """What stands at an address of the web, as a link; or is done by a command."""
    return _linked(words, place) if place.startswith(_WEB) else escaped(f"{words}: {place}")


def escaped(text: str) -> str:
    """The text as Markdown that shows it."""
    return _NUMBERED.sub(r"\1\\\2", _SPECIAL.sub(lambda one: f"\\{one[1]}" if one[1] else f"{one[2]}\\{one[3]}", text))


def _strong(pieces: Iterable[Piece]) -> str:
    parts = [f"**{escaped(piece.text)}**" if piece.marked else escaped(piece.text) for piece in pieces]
    return isolated("".join(parts))


def _linked(text: str, address: str) -> str:
    """The text as a link, where the address is one of the web."""
    if not address.startswith(_WEB):
        return escaped(text)
    return f"[{escaped(text)}]({_UNSAFE.sub(lambda one: f'%{ord(one[0]):02X}', address)})"
