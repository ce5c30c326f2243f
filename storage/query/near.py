"""Where the parts of a `Nearness` stand close together. Pure; the rule is that of `tree.Near`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter

Stretch = tuple[int, int]
"""The first word of an occurrence and the one after its last, as places in a field."""


def close_together(parts: Sequence[Iterable[Stretch]], distance: int) -> Iterator[tuple[Stretch, ...]]:
    """Occurrences that stand close together, one of each part: one tuple for each place where one begins last."""
    places = sorted([(*stretch, part) for part, stretches in enumerate(parts) for stretch in stretches])
    chosen: list[Stretch] = [(0, 0)] * len(parts)  # of each part what ends last among what has begun
    ends = [float("-inf")] * len(parts)
    for last, beginning in groupby(places, itemgetter(0)):
        for start, end, part in beginning:
            if end > ends[part]:
                chosen[part], ends[part] = (start, end), end
        if min(ends) >= last - distance:
            yield tuple(chosen)
