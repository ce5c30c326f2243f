"""What an edit changed: by words within paragraphs, Chinese and Japanese by characters. Pure.

    equal paragraphs are paired -> those that stand elsewhere have moved -> what is left is paired by its words

A paragraph that was both moved and edited is told as moved, with its changed words. White space is never a change.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby

from storage.query.words import token_matches
from storage.types import Version

ALIKE = 0.4
"""Share of the words that two paragraphs have in common from which on one is the other, edited, where its place is."""
ALIKE_ELSEWHERE = 0.6
"""The same where it stands elsewhere."""
NEIGHBOURS = 20
"""So many removed paragraphs are tried for the one that an added paragraph was before."""
DEAREST = 400_000
LONGEST = 8_000
"""Pairs of equal words in two texts, and words of both, from which on all of both counts as changed: to compare them
is quadratic."""

_IDEOGRAPHS = re.compile("[\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_PARTS = re.compile(f"{_IDEOGRAPHS.pattern}|(?:(?!{_IDEOGRAPHS.pattern}).)+", re.DOTALL)


class Change(StrEnum):
    """What became of a paragraph, or of a run of words."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    EDITED = "edited"
    """A paragraph of which some words changed."""
    MOVED = "moved"
    """A paragraph that stands elsewhere now."""


@dataclass(frozen=True, slots=True)
class Run:
    """Words that stand together and were all kept, added or removed."""

    text: str
    change: Change


@dataclass(frozen=True, slots=True)
class ChangedParagraph:
    """A paragraph of either version: what was removed stands where it was, what was moved where it is now."""

    change: Change
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Folded:
    """A paragraph of a diff, or so many that are the same: those are one line."""

    unchanged: int
    paragraph: ChangedParagraph | None = None


@dataclass(frozen=True, slots=True)
class Diff:
    """What differs between two versions; `added` and `removed` count words, the title's too, of Chinese characters."""

    title: tuple[Run, ...]
    paragraphs: tuple[ChangedParagraph, ...]
    added: int
    removed: int

    @property
    def moved(self) -> int:
        """How many paragraphs stand elsewhere now."""
        return sum(paragraph.change is Change.MOVED for paragraph in self.paragraphs)

    @property
    def folded(self) -> tuple[Folded, ...]:
        """The paragraphs, runs of unchanged ones as one."""
        shown: list[Folded] = []
        for same, run in groupby(self.paragraphs, key=lambda each: each.change is Change.SAME):
            together = list(run)
            shown += [Folded(len(together))] if same else [Folded(0, each) for each in together]
        return tuple(shown)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A word or a mark, and the blanks after it."""

    key: str
    text: str


def compare(before: Version, after: Version) -> Diff:
    """What the later version says otherwise."""
    title = _runs(_pieces(before.title), _pieces(after.title))
    paragraphs = tuple(_paragraphs(_split(before.body), _split(after.body)))
    runs = [*title, *(run for paragraph in paragraphs for run in paragraph.runs)]
    return Diff(title, paragraphs, _words(runs, Change.ADDED), _words(runs, Change.REMOVED))


def words(before: str, after: str) -> tuple[Run, ...]:
    """The words of two sentences; where they differ, those that were removed first."""
    return _runs(_pieces(before), _pieces(after))


def _split(body: str) -> list[tuple[_Piece, ...]]:
    return [_pieces(paragraph) for paragraph in body.split("\n\n") if paragraph.strip()]


def _pieces(text: str) -> tuple[_Piece, ...]:
    """The words of a text and the marks between them, each with the blanks that follow."""
    cut: list[str] = []
    end = 0
    for word in token_matches(text):
        cut += _marks(text[end : word.start()])
        cut += _PARTS.findall(word[0])
        end = word.end()
    cut += _marks(text[end:])
    joined: list[str] = []
    for part in cut:
        if part.isspace():
            joined[-1:] = [(joined[-1] if joined else "") + part]
        else:
            joined.append(part)
    return tuple(_Piece(part.strip(), part) for part in joined if part.strip())


def _marks(gap: str) -> list[str]:
    return re.findall(r"\s+|\S", gap)


def _words(runs: Iterable[Run], change: Change) -> int:
    pieces = (piece for run in runs if run.change is change for piece in _pieces(run.text))
    return sum(any(map(str.isalnum, piece.key)) for piece in pieces)


# -- paragraphs ------------------------------------------------------------------------------------------------------

Text = tuple[_Piece, ...]


def _paragraphs(old: Sequence[Text], new: Sequence[Text]) -> Iterator[ChangedParagraph]:
    old_keys, new_keys = ([_key(text) for text in texts] for texts in (old, new))
    gaps = _opcodes(old_keys, new_keys)
    stood = _origins(gaps, old, new, old_keys, new_keys)
    taken = set(stood.values())
    for tag, old_first, old_last, new_first, new_last in gaps:
        if tag == "equal":
            yield from (_same(text, Change.SAME) for text in new[new_first:new_last])
            continue
        left = deque(place for place in range(old_first, old_last) if place not in taken)
        latest = old_first - 1
        for place in range(new_first, new_last):
            origin = stood.get(place)
            if origin is None:
                yield _whole(new[place], Change.ADDED)
                continue
            if latest < origin < old_last:
                while left and left[0] < origin:
                    yield _whole(old[left.popleft()], Change.REMOVED)
                yield ChangedParagraph(Change.EDITED, _runs(old[origin], new[place]))
                latest = origin
            else:
                yield ChangedParagraph(Change.MOVED, _runs(old[origin], new[place]))
        yield from (_whole(old[place], Change.REMOVED) for place in left)


def _origins(
    gaps: Sequence[tuple[str, int, int, int, int]],
    old: Sequence[Text],
    new: Sequence[Text],
    old_keys: Sequence[tuple[str, ...]],
    new_keys: Sequence[tuple[str, ...]],
) -> dict[int, int]:
    """Where the new paragraphs that have no equal at their place stood before: moved as they are, else edited there,
    else edited and moved."""
    changed = [gap for gap in gaps if gap[0] != "equal"]
    lost = [place for _, first, last, _, _ in changed for place in range(first, last)]
    come = [place for _, _, _, first, last in changed for place in range(first, last)]
    by_key: dict[tuple[str, ...], list[int]] = {}
    for place in reversed(lost):
        by_key.setdefault(old_keys[place], []).append(place)
    stood = {place: by_key[new_keys[place]].pop() for place in come if by_key.get(new_keys[place])}
    for _, old_first, old_last, new_first, new_last in changed:
        _pair(stood, old, new, range(old_first, old_last), range(new_first, new_last), ALIKE)
    _pair(stood, old, new, lost, come, ALIKE_ELSEWHERE)
    return stood


def _pair(
    stood: dict[int, int],
    old: Sequence[Text],
    new: Sequence[Text],
    lost: Sequence[int],
    come: Sequence[int],
    alike: float,
) -> None:
    taken = set(stood.values())
    free = [place for place in lost if place not in taken]
    counted = {place: Counter(piece.key for piece in old[place]) for place in free}
    for place in come:
        if place in stood or not free:
            continue
        words = Counter(piece.key for piece in new[place])
        shares = [(_share(counted[origin], words), -origin) for origin in free[:NEIGHBOURS]]
        share, origin = max(shares)
        if share >= alike:
            stood[place] = -origin
            free.remove(-origin)


def _share(one: Counter[str], other: Counter[str]) -> float:
    return 2 * (one & other).total() / max(one.total() + other.total(), 1)


def _key(text: Text) -> tuple[str, ...]:
    return tuple(piece.key for piece in text)


def _same(text: Text, change: Change) -> ChangedParagraph:
    return ChangedParagraph(change, (_run(text, Change.SAME),))


def _whole(text: Text, change: Change) -> ChangedParagraph:
    return ChangedParagraph(change, (_run(text, change),))


# -- words -----------------------------------------------------------------------------------------------------------


def _runs(old: Text, new: Text) -> tuple[Run, ...]:
    """The words of both; where they differ, those that were removed first."""
    runs: list[tuple[Text, Change]] = []
    for tag, old_first, old_last, new_first, new_last in _opcodes(_key(old), _key(new)):
        if tag == "equal":
            runs.append((new[new_first:new_last], Change.SAME))
            continue
        runs += [(old[old_first:old_last], Change.REMOVED), (new[new_first:new_last], Change.ADDED)]
    return tuple(_run(pieces, change) for pieces, change in runs if pieces)


def _run(pieces: Text, change: Change) -> Run:
    return Run("".join(piece.text for piece in pieces), change)


def _opcodes(old: Sequence[object], new: Sequence[object]) -> list[tuple[str, int, int, int, int]]:
    """As `SequenceMatcher.get_opcodes`. What both begin and end with is cut off first: most edits are small."""
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    inner_old, inner_new = old[start : len(old) - end], new[start : len(new) - end]
    within = [(tag, a + start, b + start, c + start, d + start) for tag, a, b, c, d in _compared(inner_old, inner_new)]
    first = [("equal", 0, start, 0, start)] if start else []
    last = [("equal", len(old) - end, len(old), len(new) - end, len(new))] if end else []
    return [*first, *within, *last]


def _compared(old: Sequence[object], new: Sequence[object]) -> Iterable[tuple[str, int, int, int, int]]:
    if not old and not new:
        return ()
    counted = Counter(new)
    if len(old) + len(new) > LONGEST or sum(counted[each] for each in old) > DEAREST:
        return (("replace", 0, len(old), 0, len(new)),)
    return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
