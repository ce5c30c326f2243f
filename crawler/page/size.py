"""What a page may cost: above these bounds it is read in a cheaper way, and not to its end. Pure.

Ministries' pages have some thousand elements, the largest lists some ten thousand. A page can be made of a million, and
what looks at each of them from several sides would take minutes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

from lxml.html import HtmlElement

MOST_TAGS = 120_000
"""Tags of a page that are read; what stands behind them is not."""
MOST_CHARACTERS = 2_000_000
"""Characters of a page that are read, less its scripts, styles, pictures and comments where it has more."""

LARGE = 15_000
"""Elements. A page of more is no statement as people write them, and costs the extractors tens of seconds."""
LONG = 400_000
"""Characters of text. So is a page of more: it is a book."""

_TAG = re.compile("<")
_OPENING = re.compile(
    r"<(script|style|svg|noscript|template)\b(?![^>]{0,200}ld\+json)[^>]{0,500}+>|<!--", re.IGNORECASE
)
_CLOSING = {
    "!--": re.compile("-->"),
    **{
        name: re.compile(rf"</{name}\b[^>]{{0,500}}+>", re.IGNORECASE)
        for name in ("script", "style", "svg", "noscript", "template")
    },
}


def bounded(text: str) -> str:
    """The source of a page up to the most that is read of one; of a larger one, first what nobody reads goes."""
    if len(text) <= MOST_CHARACTERS and text.count("<") <= MOST_TAGS:
        return text
    text = _without_unread(text)[:MOST_CHARACTERS]
    end = next(islice(_TAG.finditer(text), MOST_TAGS, None), None)
    return text[: end.start()] if end else text


def _without_unread(text: str) -> str:
    """The source without scripts, styles, pictures and comments.

    What is opened and never closed is looked for once: a page can open it three hundred thousand times.
    """
    kept: list[str] = []
    begin = at = 0
    endless: set[str] = set()
    while opening := _OPENING.search(text, at):
        name = (opening[1] or "!--").lower()
        closing = None if name in endless else _CLOSING[name].search(text, opening.end())
        if closing is None:
            endless.add(name)
            at = opening.end()
            continue
        kept += (text[begin : opening.start()], " ")
        begin = at = closing.end()
    return "".join(kept) + text[begin:]


def is_large(root: HtmlElement) -> bool:
    """Whether a page is read in the cheaper way: too large to be looked at from all sides."""
    characters = 0
    for elements, element in enumerate(root.iter()):
        characters += len(element.text or "") + len(element.tail or "")
        if elements > LARGE or characters > LONG:
            return True
    return False


def drop(elements: Iterable[HtmlElement], *, large: bool) -> None:
    """Take elements out of their tree, and leave what stands after them.

    Of a large page they are emptied and left: with each that goes its tail is written anew behind what stood before,
    which costs the square of their number.
    """
    for element in elements:
        if not large:
            element.drop_tree()
        else:
            element.clear(keep_tail=True)
            element.tag = "span"
