"""Which statement an entry is: the key of a sighting. Pure.

A key is the identity of the address, and behind a blank the part that tells the statement from others there:

| part | where | its text |
|---|---|---|
| | the address is its own | what its page says |
| `#st1` | a page has many, each at an anchor | what stands at the anchor |
| `=st-1` | a feed leads to one page with many of its entries, or to none with this one | what the feed says |
| `~st-3` | the newest of these | what the page says if it is headed so, else what the feed says |
| `=st-1` | a feed leads to one page with many of its entries, or to none with it | what the feed says |

Anchors are set and feed ids are made anew without a new statement. So entries are told apart only where the address
alone would make one of several, and never where title and day are alike. Why: docs/decisions/0043-told-apart.md.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from storage.identity import base_of, identity_key, part_of
from storage.tracking import is_tracking
from storage.types import Entry, Published

LONGEST_ID = 200
"""Characters of a feed id that are kept; a longer one is known by its hash."""

_PLACE = re.compile(
    r"(top|start|content|main|body|text|article|header|footer|nav|share|print|new|last|first|more|read-?more|respond"
    r"|disqus_thread|comments?|reply|gallery|photos?|video|page)([-_]?\d+|[-_]\w+)?|:~:.*|.*=.*",
    re.IGNORECASE,
)
"""Anchors that every page has, and what is written behind `#` to count visitors."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a sighting says of its statement."""

    key: str
    title: str
    feed_id: str
    anchor: str
    published: Published
    summary: str = ""


def is_said_by_listing(key: str, *, browser: bool) -> bool:
    """Whether what the listing says of a statement is all that can be had: no page is its own, or only a script makes
    it, and the source is read without a browser.
    """
    return part_of(key).startswith("=") or ("#" in base_of(key) and not browser)


def candidates(entries: Iterable[Entry]) -> set[str]:
    """The keys that these entries can have."""
    keys = set()
    for entry in entries:
        if (base := _base(entry)) is not None:
            keys |= {base, *(f"{base} {part}" for part in _parts(entry))}
    return keys


def by_key(entries: Sequence[Entry], known: Iterable[Known] = ()) -> dict[str, Entry]:
    """The statements that a listing shows, by their keys, in its order; of entries for one statement the first.

    `known` are the sightings with their candidates for keys, and those of the last listing, in the order of their ids.
    Entries whose address is none of the web are left out, but not those without an address.
    """
    rows: dict[str, list[Known]] = {}
    for row in known:
        rows.setdefault(base_of(row.key), []).append(row)
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        if (base := _base(entry)) is not None:
            groups.setdefault(base, []).append(entry)
    proved = not _made_anew([(one, rows.get(base, [])) for base, group in groups.items() for one in group])
    keys: dict[int, str] = {}
    for base, group in groups.items():
        address = _Address(base, _distinct(group), rows.get(base, []), proved)
        keys |= {id(entry): address.key(entry) for entry in address.entries}
    found: dict[str, Entry] = {}
    for entry in entries:
        if id(entry) in keys:
            found.setdefault(keys[id(entry)], entry)
    return found


class _Address:
    """The entries and the known statements of one address."""

    def __init__(self, base: str, entries: list[Entry], known: list[Known], proved: bool) -> None:
        self.entries = entries
        self._base, self._known = base, known
        self._proved = proved
        """Whether the feed's ids stay what they are."""
        self._anchored = all(anchor_of(entry.address) for entry in entries)
        last = part_of(known[-1].key) if known else ""
        self._is_shared = len(entries) > 1 or last.startswith(("=", "~"))

    def key(self, entry: Entry) -> str:
        """As it was known; else its own where there are several; else that of the one that is there."""
        parts = [part for part in _parts(entry) if self._anchored or not part.startswith("#")]
        keys = {row.key for row in self._known}
        if own := next((key for part in parts if (key := f"{self._base} {part}") in keys), ""):
            return own
        if not self._base:
            return f" {parts[0]}"
        if same := next((row.key for row in reversed(self._known) if self._is_same(entry, row)), ""):
            return same
        if self._is_shared and parts:
            return f"{self._base} {self._part(entry, parts)}"
        if not self._known:
            return self._base
        last = self._known[-1]
        return f"{self._base} {parts[0]}" if parts and self._is_other(entry, last) else last.key

    def _part(self, entry: Entry, parts: list[str]) -> str:
        if parts[0].startswith("#"):
            return parts[0]
        others = [one.published for one in self.entries if one is not entry] + [row.published for row in self._known]
        is_newest = bool(others) and all(_is_later(entry.published, other) for other in others)
        return next(part for part in parts if part.startswith("~" if is_newest else "="))

    def _is_same(self, entry: Entry, row: Known) -> bool:
        anchor = anchor_of(entry.address)
        if anchor and row.anchor:
            if anchor == row.anchor:
                return True
        elif row.feed_id and named(entry.feed_id) == row.feed_id:
            return True
        is_titled_so = _plain(entry.title) == _plain(row.title)
        if self._is_shared and self._proved:
            return _is_alike(entry, row) and _is_same_day(entry.published, row.published)
        return is_titled_so and (self._is_shared or row is self._known[-1])

    def _is_other(self, entry: Entry, last: Known) -> bool:
        """Whether an entry with a title and an id of its own is another statement than the last one at its address:
        it stands elsewhere on the page, or it is later. A title to which a word was added is an edit.
        """
        if self._anchored and last.anchor:
            return True
        one, other = set(_plain(entry.title).split()), set(_plain(last.title).split())
        has_ids = bool(self._proved and entry.feed_id and last.feed_id)
        return has_ids and not (one <= other or other <= one) and _is_later(entry.published, last.published)


def _base(entry: Entry) -> str | None:
    if not entry.address:
        return ""
    with suppress(ValueError):
        return identity_key(entry.address)
    return None


def _parts(entry: Entry) -> list[str]:
    """What can tell an entry from others at its address, in the order in which it is asked."""
    if not entry.address:
        return [f"={named(entry.feed_id) or _hash(entry)}"]
    anchor, identifier = anchor_of(entry.address), named(entry.feed_id)
    ids = [f"{kind}{identifier}" for kind in "@~="] if identifier else []
    return [f"#{anchor}", *ids] if anchor else ids


def anchor_of(address: str) -> str:
    """The place on a page to which an address leads, if it may be a statement's."""
    try:
        fragment = urlsplit(address.strip()).fragment
    except ValueError:
        return ""
    if fragment.startswith(("!", "/")) or _PLACE.fullmatch(fragment) or is_tracking(fragment):
        return ""
    return re.sub(r"\s", "%20", fragment)


def named(feed_id: str) -> str:
    """A feed id without what differs by chance: an address that is spelt otherwise, blanks."""
    name = " ".join(feed_id.split())
    with suppress(ValueError):
        name = identity_key(name)
    return name if len(name) <= LONGEST_ID else hashlib.blake2b(name.encode(), digest_size=16).hexdigest()


def _hash(entry: Entry) -> str:
    told = entry.published.day.isoformat() if entry.published.day else entry.summary
    return hashlib.blake2b(f"{_plain(entry.title)}\n{told}".encode("utf-8", "replace"), digest_size=16).hexdigest()


def _distinct(group: list[Entry]) -> list[Entry]:
    """The entries of one address that are statements of their own."""
    if len(group) == 1 or not group[0].address:
        return group
    anchored = all(anchor_of(entry.address) for entry in group)
    kept: list[Entry] = []
    for entry in group:
        if not any(_alike(entry, other, anchored) for other in kept):
            kept.append(entry)
    return kept


def _alike(one: Entry, other: Entry, anchored: bool) -> bool:
    if anchored and anchor_of(one.address) != anchor_of(other.address):
        return _plain(one.title) == _plain(other.title)
    if not one.feed_id or not other.feed_id or named(one.feed_id) == named(other.feed_id):
        return True
    same_text = _plain(one.title) == _plain(other.title) and one.summary == other.summary
    return same_text and (bool(one.summary) or _is_same_day(one.published, other.published))


def _made_anew(entries: list[tuple[Entry, list[Known]]]) -> bool:
    """Whether the feed makes its ids anew: a known statement has another one on the same day, or all that are known."""
    changed, kept = [], 0
    for entry, rows in entries:
        alike = [row for row in rows if row.feed_id and entry.feed_id and _is_alike(entry, row)]
        if any(row.feed_id == named(entry.feed_id) for row in alike):
            kept += 1
        elif alike:
            changed.append(any(_is_same_day(row.published, entry.published) for row in alike))
    return any(changed) or (len(changed) > 1 and not kept)


def _is_alike(entry: Entry, row: Known) -> bool:
    says_other = entry.summary and row.summary and entry.summary != row.summary
    return _plain(row.title) == _plain(entry.title) and not says_other


def _plain(title: str) -> str:
    return " ".join(title.casefold().split())


def _is_same_day(one: Published, other: Published) -> bool:
    return one.day is None or other.day is None or one.day == other.day


def _is_later(one: Published, other: Published) -> bool:
    if one.at and other.at:
        return one.at > other.at
    return bool(one.day and other.day and one.day > other.day)
