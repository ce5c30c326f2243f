"""Entries of a feed that have no address. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from storage.types import Entry


def without_address(entries: Sequence[Entry], shown: int) -> str:
    """What is said of a feed where some of the `shown` entries have no address; nothing where all have one."""
    linkless, lost = sum(not entry.address for entry in entries), shown - len(entries)
    told = [
        f"{linkless} of {shown} entries have a text and no address" if linkless else "",
        f"{lost} of {shown} entries have neither an address nor a text" if lost else "",
    ]
    return "; ".join(filter(None, told))
