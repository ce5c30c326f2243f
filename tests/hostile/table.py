"""All hostile sites that were made by hand, by their names."""

from __future__ import annotations

from collections.abc import Sequence

from tests.crawler.faulty import Site
from tests.hostile.articles import ARTICLES
from tests.hostile.data import DATA
from tests.hostile.feeds import FEEDS
from tests.hostile.framing import FRAMING
from tests.hostile.heads import HEADS
from tests.hostile.lists import LISTS
from tests.hostile.moves import MOVES
from tests.hostile.robots import ROBOTS

GROUPS = {
    "head": HEADS,
    "framing": FRAMING,
    "move": MOVES,
    "robots": ROBOTS,
    "feed": FEEDS,
    "data": DATA,
    "list": LISTS,
    "article": ARTICLES,
}
HAND_MADE = {f"{group}: {name}": row for group, table in GROUPS.items() for name, row in table.items()}


def sites_of(names: Sequence[str]) -> list[Site]:
    """The sites of these names."""
    return [HAND_MADE[name].site for name in names]
