"""What a reader of listings is given: a response with its text, and its tree if a reader asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from lxml.html import HtmlElement

from crawler.page.document import base_address, tree
from storage.types import Page


@dataclass(frozen=True)
class Answer:
    """What the source answered."""

    page: Page
    text: str

    @cached_property
    def root(self) -> HtmlElement:
        """The text as a tree; made once, as several readers look at it."""
        return tree(self.text)

    @cached_property
    def base(self) -> str:
        """The address from which the page's references start."""
        return base_address(self.root, self.page)
