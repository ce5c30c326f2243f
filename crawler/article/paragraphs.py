"""An element as paragraphs. Pure."""

from __future__ import annotations

from collections.abc import Collection

from lxml.html import HtmlElement

from crawler.page.document import clean

_BLOCKS = frozenset(
    (
        "address", "article", "aside", "blockquote", "center", "dd", "details", "div", "dl", "dt", "fieldset",
        "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main",
        "ol", "p", "pre", "section", "table", "tbody", "tfoot", "thead", "tr", "ul",
        "head", "item", "list", "quote", "row",  # as trafilatura calls them
    )
)  # fmt: skip
_CELLS = frozenset({"td", "th", "cell"})
_BREAKS = frozenset({"br", "lb"})
_SILENT = frozenset({"script", "style", "noscript", "template", "iframe", "svg", "button", "select", "input", "object"})


def paragraphs_between(
    content: HtmlElement, start: HtmlElement | None, stops: Collection[HtmlElement], dropped: Collection[HtmlElement]
) -> list[str]:
    """The paragraphs of an element from after `start` until the first of `stops`, without what is dropped."""
    writer = _Writer(start, stops, dropped)
    writer.read(content)
    return writer.paragraphs()


class _Writer:
    """Walks an element in its order and writes down what is between two of its places."""

    def __init__(
        self, start: HtmlElement | None, stops: Collection[HtmlElement], dropped: Collection[HtmlElement]
    ) -> None:
        self._start, self._stops, self._dropped = start, stops, dropped
        self._writing, self._stopped = start is None, False
        self._blocks: list[list[str]] = [[]]

    def read(self, element: HtmlElement) -> None:
        """Write down the element's text, without its tail."""
        self._stopped = self._stopped or (self._writing and element in self._stops)
        if self._stopped:
            return
        if element is self._start:
            self._writing = True
            return
        if element in self._dropped or element.tag in _SILENT:
            return
        if element.tag in _BLOCKS or element.tag in _BREAKS:
            self._blocks.append([])
        elif element.tag in _CELLS:
            self._write(" ")
        self._write(element.text)
        for child in element:
            self.read(child)
            self._write(child.tail)
        if element.tag in _BLOCKS:
            self._blocks.append([])

    def paragraphs(self) -> list[str]:
        return [text for block in self._blocks if (text := clean("".join(block)))]

    def _write(self, text: str | None) -> None:
        if text and self._writing and not self._stopped:
            self._blocks[-1].append(text)
