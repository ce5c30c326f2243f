"""A message as a browser shows it above everything else: whose it is, its headline, and where a click leads. Pure.

A push service takes 4,096 bytes (RFC 8030, 7.2), of which encryption needs about a hundred: this stays far below.
"""

from __future__ import annotations

import json

from notify.messages.content import MessageContent
from notify.messages.snippets import shortened

_TITLE, _BODY, _ADDRESS = 120, 400, 1_000
"""Characters at most."""
_SHOWN = 4
"""Headlines that are shown; the rest is counted."""
_WEB = ("http://", "https://")


def as_push(content: MessageContent, identity: str) -> str:
    """JSON with `title`, `body`, `url` (empty: the first page) and `tag`: what has the same tag takes its place."""
    said = {
        "title": shortened(content.heading, _TITLE),
        "body": shortened("\n".join(_headlines(content)), _BODY),
        "url": _place(content),
        "tag": identity,
    }
    return json.dumps(said, ensure_ascii=False)


def _headlines(content: MessageContent) -> list[str]:
    titles = ["".join(piece.text for piece in item.title) for item in content.statements]
    titles += [notice.headline for notice in content.notices]
    more = len(titles) - _SHOWN
    return [*titles[:_SHOWN], *([f"and {more} more"] if more > 0 else [])]


def _place(content: MessageContent) -> str:
    """The stored copy of a single statement, or its own page where there are none of ours."""
    if len(content.statements) != 1:
        return ""
    [item] = content.statements
    place = item.stored if item.stored.startswith(_WEB) else item.address
    return place if place.startswith(_WEB) and len(place) <= _ADDRESS else ""
