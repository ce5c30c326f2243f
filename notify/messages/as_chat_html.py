"""A message as HTML for chats: the few tags that all of them know, one block a line. Pure."""

from __future__ import annotations

from functools import lru_cache

from markupsafe import Markup

from notify.messages.content import ItemContent, MessageContent
from notify.messages.rendering import plain_template
from notify.messages.snippets import REMEMBERED


def as_html(content: MessageContent) -> str:
    """Lines of whole elements, so that a message can be split between any two of them."""
    return plain_template("chat.html").render(content=content, written=_item) + "\n"


@lru_cache(REMEMBERED)
def _item(item: ItemContent) -> Markup:
    return Markup(plain_template("chat_item.html").render(item=item))
