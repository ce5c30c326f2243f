"""The short text that stands below a headline, by the order of the page alone. Pure.

Extractors know a text by its mass. A readout of two sentences has none: below 250 characters trafilatura takes all that
an article has for one paragraph, headline and day with it, and others take the news beside. A reader sees it at once:
below the headline, from the first sentence on, until a list of links or its heading.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from itertools import takewhile

from lxml.html import HtmlElement

from crawler.article.counters import is_counter
from crawler.article.paragraphs import SENTENCE_END, Line, lines_after
from crawler.article.title import title_element, words

LONGEST = 600
"""Characters of the longest text that is short."""

_LONG_LINE = 80
"""Characters from which on a line is a sentence, whatever it ends with: Thai has no full stop."""
_TOOL = 25
"""Characters of the longest link that is a tool or a category; a longer one is a headline."""
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_INNER = frozenset({"blockquote", "dd", "dl", "dt", "li", "ol", "table", "tbody", "thead", "tr", "ul"})
"""Parts of a text with a form of their own."""
_INSIDE = ("list",)
"""The form of all of them."""
_CAPTIONS = frozenset({"figure", "figcaption"})


def below_headline(page: HtmlElement, title: str, found: Collection[str], is_head: Callable[[str], bool]) -> list[str]:
    """The paragraphs of a short text; nothing where there is none, or where `found` has sentences that are not in it.

    `found` is what was extracted from the page otherwise; of a line that is no sentence, it tells whether it counts.
    `is_head` tells a repeat of the title or of the date.
    """
    heading = title_element(page, title)
    if heading is None or sum(len(one) for one in found if is_sentence(one)) > LONGEST:
        return []
    lines = [line for line in lines_after(page, heading) if line.block.tag not in _CAPTIONS]
    text = _text(_beside(heading, lines, is_head), set(map(_letters, found)), is_head)
    if not text or sum(map(len, text)) > LONGEST:
        return []
    own = _letters(" ".join(text))
    links = {_letters(line.text) for line in lines if _is_link(line)}
    lost = (one for one in found if is_sentence(one) and not is_head(one) and _letters(one) not in own)
    return text if all(_letters(one) in links for one in lost) else []


def is_sentence(paragraph: str) -> bool:
    """Whether a paragraph ends like a sentence, or is as long as one."""
    return len(paragraph) >= _LONG_LINE or SENTENCE_END.search(paragraph) is not None


def _letters(text: str) -> str:
    """A text to compare: some extractors lose blanks between elements, and the joiners of Persian."""
    return words(text).replace(" ", "")


def _beside(heading: HtmlElement, lines: list[Line], is_head: Callable[[str], bool]) -> list[Line]:
    """Of the lines below a headline, those in the smallest element with it that has a sentence."""
    first = next((line.block for line in lines if _is_text(line, is_head)), None)
    if first is None:
        return []
    around = set(heading.iterancestors())
    inside = set(next(one for one in (first, *first.iterancestors()) if one in around).iter())
    return list(takewhile(lambda line: line.block in inside, lines))


def _text(lines: list[Line], known: set[str], is_head: Callable[[str], bool]) -> list[str]:
    """The lines from the first sentence to the last before a list of links, and those around it in the same form."""
    sentences = [place for place, line in enumerate(lines) if _is_text(line, is_head)]
    if not sentences:
        return []
    first, last = sentences[0], {_form(lines[place]): place for place in sentences}
    own: list[Line] = []
    for place, line in enumerate(lines):
        inside = place < last.get(_form(line), 0) or (bool(own) and own[-1].text.endswith((":", "：")))
        if _ends(line, lines[place + 1 : place + 2]) or (place > first and _is_headline(line) and not inside):
            break
        if place in sentences or (inside if _is_link(line) else _belongs(line, lines[first], bool(own), known, last)):
            own.append(line)
    return [line.text for line in own]


def _belongs(line: Line, first: Line, below: bool, known: set[str], forms: Collection[tuple[object, ...]]) -> bool:
    """Whether a line that is no sentence stands among the sentences: by its form, or because others found it too."""
    form = _form(line)
    if form in forms or (below and form[1:] == _INSIDE and form[0] is _form(first)[0]):
        return True
    return (below or line.block.tag in _HEADINGS) and _letters(line.text) in known


def _form(line: Line) -> tuple[object, ...]:
    """Where a line stands and how it is made: lines of one text are alike in it."""
    outer = line.block
    while (around := outer.getparent()) is not None and around.tag in _INNER:
        outer = around
    return (around, *(_INSIDE if outer.tag in _INNER else (outer.tag, outer.get("class"))))


def _ends(line: Line, following: list[Line]) -> bool:
    """Whether a line is a heading over links, or over nothing."""
    return line.block.tag in _HEADINGS and all(map(_is_link, following))


def _is_text(line: Line, is_head: Callable[[str], bool]) -> bool:
    return (
        is_sentence(line.text)
        and line.block.tag not in _HEADINGS
        and not (_is_link(line) or is_head(line.text) or is_counter(line.text))
    )


def _is_link(line: Line) -> bool:
    if line.linked >= len(line.text):
        return True
    return 2 * line.linked >= len(line.text) and not is_sentence(line.text)


def _is_headline(line: Line) -> bool:
    return _is_link(line) and len(line.text) > _TOOL
