"""A message as plain text. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from notify.messages.content import ItemContent, MessageContent
from notify.messages.snippets import Piece, isolated


def as_text(content: MessageContent) -> str:
    """Blocks with blank lines between them; the met words stand between asterisks."""
    return "\n\n".join(filter(None, (content.summary, as_chat_text(content))))


def as_chat_text(content: MessageContent) -> str:
    """The same without the summary, which stands above it."""
    blocks: list[str] = []
    for heading, items in content.groups:
        blocks += [f"— {heading} —"] if heading else []
        blocks += ["\n".join(_lines(item)) for item in items]
    blocks += ["\n".join((notice.headline, *notice.lines)) for notice in content.notices]
    return "\n\n".join([*blocks, *content.notes, "\n".join(_footer(content))])


def _lines(item: ItemContent) -> Iterable[str]:
    yield item.number + isolated(_starred(item.title))
    yield f"{isolated(item.ministry)}, {isolated(item.date)} ({item.seen})"
    yield from filter(None, (item.happened,))
    yield from (f"{side.label}: {isolated(_starred(side.pieces))}" for side in item.sides)
    yield from (f"> {isolated(_starred(quote))}" for quote in item.quotes)
    yield item.address
    yield f"Stored copy: {item.stored}"
    yield from item.also
    yield f"Why: {'; '.join(item.reasons)}"
    if item.why:
        yield f"See why: {item.why}"


def _footer(content: MessageContent) -> Iterable[str]:
    yield f"Why am I getting this? {content.why}"
    for way in content.ways:
        yield f"{way.does}: {way.place}"
    yield content.reference


def _starred(pieces: Iterable[Piece]) -> str:
    return "".join(f"*{piece.text}*" if piece.marked else piece.text for piece in pieces)
