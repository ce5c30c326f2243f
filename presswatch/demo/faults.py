"""What is wrong with a replica's site, and what it answers because of that. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from presswatch.demo import pages
from presswatch.demo.answers import page
from presswatch.demo.pages import Breakage
from presswatch.demo.server import Answer

ROBOTS = "/robots.txt"


@dataclass(frozen=True, slots=True)
class Faults:
    """What is wrong with the site; this is nothing."""

    listing: Breakage | None = None
    feed: bool = False
    blocked: int | None = None
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    only: str | None = None
    """The one path that `status` is for; None is every path but robots.txt."""
    seconds: float = 0.0

    def answer(self, path: str) -> Answer | None:
        """What a fault answers on a path, or None where nothing is wrong with it. robots.txt has only a `status`."""
        language = pages.language_of(path)
        if self.status is not None and self._concern(path):
            return replace(page(pages.error_page(language, self.status), self.status), headers=self.headers)
        if path == ROBOTS:
            return None
        if self.blocked is not None:
            return page(pages.blocked_page(), self.blocked)
        if self.listing and path == pages.section_path(language):
            return page(pages.broken_listing_page(language, self.listing))
        if self.feed and path == pages.feed_path(language):
            return page(pages.home_page(language))
        return None

    def _concern(self, path: str) -> bool:
        """Whether `status` is the answer to a path."""
        return path != ROBOTS if self.only is None else path == self.only
