"""What a terminal or a reader of lines would obey, shown instead. Pure.

The words of sites, of services and of whoever types stand on the operator's screen: they move no cursor, colour
nothing, begin no line of a log and turn no direction of reading. Letters that are merely unseen stay: Persian and
Arabic are wrong without theirs.
"""

from __future__ import annotations

import re

_OBEYED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters but the line feed (ECMA-48, 5.2 and 5.3), separators of lines, marks that turn the direction until
they are ended (UAX #9, 2.1 and 2.2), halves of characters."""


def visible(text: str) -> str:
    """Each of them as Python writes it, such as `\\x1b`; line breaks stay, a tab is blanks."""
    return _OBEYED.sub(lambda found: found[0].encode("unicode_escape").decode(), text.replace("\t", "    "))


def on_one_line(text: str) -> str:
    """A blank for each of them, and for line breaks."""
    return _OBEYED.sub(" ", text.replace("\n", " "))


def visible_json(text: str) -> str:
    """The same JSON with each of them escaped: what stands in it is as it was."""
    return _OBEYED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
