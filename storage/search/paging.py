"""Where a page of ranked statements begins. Pure.

The ranks of statements shift while others arrive: how rare a word is, and how long a text is beside the others, count.
So a page cannot begin after so many, nor after a rank, without repeating or leaving out some. It begins with the best
of those that are on none of the pages before, and its start names these.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Collection
from itertools import accumulate, pairwise

from storage.errors import InvalidInputError

LONGEST = 8_000
"""Characters of a start, beyond what the pages of a whole window need: about 2.5 for each statement that was shown."""
_UNPACKED = 40_000
"""Bytes that it may become."""
_DIGITS = 18
"""Of the numbers that a database has for rows."""


def start_of(below: int, shown: Collection[int]) -> str:
    """Where the page after these items begins: at least one, all of them below this one."""
    steps = (str(before - item) for before, item in pairwise((below, *sorted(shown, reverse=True))))
    packed = base64.urlsafe_b64encode(zlib.compress(",".join(steps).encode(), 9))
    return f"{below}.{packed.decode().rstrip('=')}"


def read_start(start: str) -> tuple[int, frozenset[int]]:
    """Below which item a page begins, and what was shown before: what `start_of` wrote, or the number of the last item
    of a page. Raises `InvalidInputError`."""
    below, _, packed = start.partition(".")
    try:
        if not (below.isascii() and below.isdecimal() and len(below) <= _DIGITS and len(start) <= LONGEST):
            raise ValueError
        return int(below), frozenset(_unpacked(int(below), packed) if packed else ())
    except (ValueError, zlib.error) as error:
        raise InvalidInputError(
            f"no page begins at {start[:60]!r}", mend="give what the page before said is next"
        ) from error


def _unpacked(below: int, packed: str) -> list[int]:
    """The items of a start. Raises `ValueError`, `zlib.error`."""
    whole = base64.b64decode(packed + "=" * (-len(packed) % 4), altchars=b"-_", validate=True)
    steps = zlib.decompressobj().decompress(whole, _UNPACKED).decode("ascii").split(",")
    return list(accumulate((-int(step) for step in steps), initial=below))[1:]
