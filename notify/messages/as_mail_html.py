"""A message as the page of a mail. Pure.

Styles stand in the elements, since many mail programs drop style sheets; the sheet in the head only knows what they
cannot say: dark colours. `dir="auto"` lets each text of a site run in its own direction. No picture, no script and
nothing loaded from elsewhere: nobody learns that a mail was opened.
"""

from __future__ import annotations

from functools import lru_cache

from markupsafe import Markup

from notify.messages.content import ItemContent, MessageContent
from notify.messages.rendering import styled_template
from notify.messages.snippets import REMEMBERED


def as_page(content: MessageContent) -> str:
    """A whole HTML document."""
    return styled_template("mail.html").render(content=content, written=_item) + "\n"


@lru_cache(REMEMBERED)
def _item(item: ItemContent) -> Markup:
    return Markup(styled_template("mail_item.html").render(item=item))
