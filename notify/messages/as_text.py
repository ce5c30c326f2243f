"""A brief as plain text. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from notify.messages.content import ItemContent, MessageContent
from notify.messages.snippets import Piece, isolated


def as_text(brief: MessageContent) -> str:
    """Blocks with blank lines between them; the met words stand between asterisks."""
    blocks = [brief.summary] if brief.summary else []
    for heading, statements in brief.groups:
        blocks += [f"— {heading} —"] if heading else []
        blocks += ["\n".join(_lines(statement)) for statement in statements]
    return "\n\n".join([*blocks, *brief.notes, "\n".join(_footer(brief))])


def _lines(statement: ItemContent) -> Iterable[str]:
    yield statement.number + isolated(_starred(statement.title))
    yield f"{isolated(statement.ministry)}, {isolated(statement.date)} (seen {statement.seen})"
    yield from (f"> {isolated(_starred(quote))}" for quote in statement.quotes)
    yield statement.address
    yield f"Stored copy: {statement.stored}"
    yield from statement.also
    yield f"Why: {'; '.join(statement.reasons)}"


def _footer(brief: MessageContent) -> Iterable[str]:
    yield "Why am I getting this? This channel is subscribed to the topics named here."
    for one in brief.subscribed:
        yield f"End {one.topic}: {one.unsubscribe}"
    yield from dict.fromkeys(f"Change: {one.change}" for one in brief.subscribed[:1])
    yield brief.reference


def _starred(pieces: Iterable[Piece]) -> str:
    return "".join(f"*{piece.text}*" if piece.marked else piece.text for piece in pieces)
