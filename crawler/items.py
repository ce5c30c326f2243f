"""What the spiders yield."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from storage.types import ArticleDraft, Stored


@dataclass(slots=True)
class ArticleItem:
    """An article on its way through the pipelines. `stored` is settled when it has passed them."""

    draft: ArticleDraft
    stored: asyncio.Future[Stored] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def settle(self, stored: Stored) -> None:
        """Say what came of it; whoever waited may have gone."""
        if not self.stored.done():
            self.stored.set_result(stored)

    def refuse(self, error: BaseException) -> None:
        """Say why it was not stored."""
        if not self.stored.done():
            self.stored.set_exception(error)
