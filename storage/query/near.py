"""Where the parts of a `Nearness` stand close together. Pure; the rule is that of `tree.Near`."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator

Stretch = tuple[int, int]
"""The first word of an occurrence and the one after its last, as places in a field."""


class _Part:
    """The occurrences of one part, ready to be asked which of them ends last among those that begin early enough."""

    def __init__(self, stretches: Iterable[Stretch]) -> None:
        self.stretches = sorted(stretches)
        self.starts = [start for start, _ in self.stretches]
        self.ends: list[Stretch] = []
        for stretch in self.stretches:
            better = not self.ends or stretch[1] > self.ends[-1][1]
            self.ends.append(stretch if better else self.ends[-1])

    def before(self, last: int) -> Stretch | None:
        """Of the occurrences that begin at `last` or earlier, the one that ends last."""
        count = bisect_right(self.starts, last)
        return self.ends[count - 1] if count else None


def close_together(parts: Iterable[Iterable[Stretch]], distance: int) -> Iterator[tuple[Stretch, ...]]:
    """Occurrences that stand close together, one of each part: one tuple for each place where one begins last."""
    known = [_Part(stretches) for stretches in parts]
    for last in sorted({start for part in known for start in part.starts}):
        chosen = [part.before(last) for part in known]
        near = [stretch for stretch in chosen if stretch is not None and stretch[1] >= last - distance]
        if len(near) == len(known):
            yield tuple(near)
