"""Where a message leads to, beside the ministry's own page. Pure.

What makes the addresses is given to whoever delivers: pages are not known here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Links(Protocol):
    """Addresses of the web, for what a message tells of."""

    def statement(self, item_id: int, /) -> str:
        """Where the stored copy of a statement can be read."""
        ...

    def why(self, item_id: int, topic: str, /) -> str:
        """Where it stands why a statement met a topic."""
        ...

    def subscriptions(self, owner: int, numbers: Sequence[int], /) -> str:
        """Where these subscriptions of one owner's are ended and changed without a login; empty where nowhere."""
        ...

    def one_click(self, owner: int, numbers: Sequence[int], /) -> str:
        """What ends them when something is posted to it (RFC 8058); empty where that cannot be."""
        ...
