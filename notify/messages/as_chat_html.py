"""A brief as HTML for chats: the few tags that all of them know, one block a line. Pure."""

from __future__ import annotations

import html
from collections.abc import Iterable
from functools import lru_cache

from notify.messages.content import REMEMBERED, ItemContent, MessageContent
from notify.messages.snippets import Piece

_WEB = ("http://", "https://")


def as_html(brief: MessageContent) -> str:
    """Lines of whole elements, so that a message can be split between any two of them."""
    return "\n".join(_blocks(brief)) + "\n"


def _blocks(brief: MessageContent) -> Iterable[str]:
    if brief.summary:
        yield f"<p>{html.escape(brief.summary)}</p>"
    for heading, statements in brief.groups:
        if heading:
            yield f"<h3>{html.escape(heading)}</h3>"
        for statement in statements:
            yield _statement(statement)
    yield from (f"<p>{html.escape(note)}</p>" for note in brief.notes)
    yield "<hr>"
    yield f"<p><small>{'<br>'.join(_footer(brief))}</small></p>"


@lru_cache(REMEMBERED)
def _statement(statement: ItemContent) -> str:
    return "\n".join(_lines(statement))


def _lines(statement: ItemContent) -> Iterable[str]:
    yield f"<h4>{statement.number}{highlighted(statement.title)}</h4>"
    dated = f"{html.escape(statement.date)} (seen {html.escape(statement.seen)})"
    yield f"<p>{html.escape(statement.ministry)}, {dated}</p>"
    yield from (f"<blockquote>{highlighted(quote)}</blockquote>" for quote in statement.quotes)
    yield f"<p>{link(statement.address)}</p>"
    yield f"<p>Stored copy: {link(statement.stored)}</p>"
    yield from (f"<p>{also_linked(also)}</p>" for also in statement.also)
    yield f"<p>Why: {html.escape('; '.join(statement.reasons))}</p>"


def _footer(brief: MessageContent) -> Iterable[str]:
    yield "Why am I getting this? This channel is subscribed to the topics named here."
    yield from (f"End {html.escape(one.topic)}: {link(one.unsubscribe)}" for one in brief.subscribed)
    yield from (f"Change: {link(one.change)}" for one in brief.subscribed[:1])
    yield html.escape(brief.reference)


def link(place: str, style: str = "", words: str = "") -> str:
    """The place, as a link where it is one of the web."""
    shown = html.escape(words or place)
    if not place.startswith(_WEB):
        return f"<code>{html.escape(place)}</code>" if " " in place else html.escape(place)
    return f'<a href="{html.escape(place)}"{style}>{shown}</a>'


def also_linked(also: str, style: str = "") -> str:
    """Where else a statement stands, its address as a link: that is what comes last."""
    words, _, address = also.rpartition(", ")
    return f"{html.escape(words)}, {link(address, style)}"


def highlighted(pieces: Iterable[Piece], style: str = "") -> str:
    """Pieces of text, what was met marked."""
    return "".join(
        f"<mark{style}>{html.escape(piece.text)}</mark>" if piece.marked else html.escape(piece.text)
        for piece in pieces
    )
