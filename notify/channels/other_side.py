"""What the other side of a delivery said, as words for a person. Pure."""

from __future__ import annotations

import html
import re

from notify.messages.snippets import plain

SHOWN = 200
"""Characters of it that are shown."""

_MARKUP = re.compile(r"<(script|style|head)\b.*?</\1\s*>|<!--.*?-->|</?[a-zA-Z!][^<>]*>", re.DOTALL | re.IGNORECASE)
_TOKEN = re.compile(r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{16,}(?![\w-])")
"""What looks like a token may be one, and somebody else's: letters and digits without a blank between them."""
_EMPTY = re.compile(r"[\s{}\[\]\"']*")


def words_of(body: str) -> str:
    """An answer's text in one line, without the markup of a page; nothing where it has no words."""
    text = html.unescape(_MARKUP.sub(" ", body)) if "<" in body else body
    return "" if _EMPTY.fullmatch(text) else _TOKEN.sub("…", plain(text))


def said(words: str) -> str:
    """Words behind what is told of an answer: `: no such mailbox here`; nothing for none."""
    if not words:
        return ""
    return f": {words if len(words) <= SHOWN else words[: SHOWN - 1].rstrip() + '…'}"


def asks_to_wait(seconds: float | None) -> str:
    """How long it asks to be left alone: `, asks to wait 120 s`; nothing where it does not."""
    return "" if seconds is None else f", asks to wait {seconds:.0f} s"
