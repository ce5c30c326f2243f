"""An element as paragraphs. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from lxml.html import HtmlElement

from crawler.page.document import clean

SENTENCE_END = re.compile(r"[.!?…。！？։।؟።။។][\s\"'»”’)]*$")
"""The end of a sentence in any script that marks it."""

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


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, the block that it stands in, and how many of its characters are those of links."""

    text: str
    block: HtmlElement
    linked: int


def paragraphs_between(
    content: HtmlElement, start: HtmlElement | None, stops: Collection[HtmlElement], dropped: Collection[HtmlElement]
) -> list[str]:
    """The paragraphs of an element from after `start` until the first of `stops`, without what is dropped."""
    return [line.text for line in _lines(content, _Writer(content, start, stops, dropped))]


def lines_after(content: HtmlElement, start: HtmlElement) -> list[Line]:
    """The paragraphs of an element from after `start`, with where they stand."""
    return _lines(content, _Writer(content, start, (), ()))


def _lines(content: HtmlElement, writer: _Writer) -> list[Line]:
    writer.read(content)
    return writer.lines()


class _Writer:
    """Walks an element in its order and writes down what is between two of its places."""

    def __init__(
        self,
        content: HtmlElement,
        start: HtmlElement | None,
        stops: Collection[HtmlElement],
        dropped: Collection[HtmlElement],
    ) -> None:
        self._start, self._stops, self._dropped = start, stops, dropped
        self._writing, self._stopped = start is None, False
        self._around, self._links = [content], 0
        self._lines: list[tuple[HtmlElement, list[str], list[str]]] = []
        self._begin_line()

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
        if element.tag in _BLOCKS:
            self._around.append(element)
        if element.tag in _BLOCKS or element.tag in _BREAKS:
            self._begin_line()
        elif element.tag in _CELLS:
            self._write(" ")
        self._links += element.tag == "a"
        self._write(element.text)
        for child in element:
            self.read(child)
            self._write(child.tail)
        self._links -= element.tag == "a"
        if element.tag in _BLOCKS:
            self._around.pop()
            self._begin_line()

    def lines(self) -> list[Line]:
        return [
            Line(text, block, len(clean("".join(linked))))
            for block, pieces, linked in self._lines
            if (text := clean("".join(pieces)))
        ]

    def _begin_line(self) -> None:
        self._lines.append((self._around[-1], [], []))

    def _write(self, text: str | None) -> None:
        if text and self._writing and not self._stopped:
            _, pieces, linked = self._lines[-1]
            pieces.append(text)
            if self._links:
                linked.append(text)
