"""A first, simple detection of a list: a run of links that have a date near them. Pure.

1. Find the date lines outside the page's frame.
2. A row is the widest element around one of them that holds no other, so that it has the headline too; where dates and
   links are siblings without an element around each pair, a date belongs to the links that stand by it.
3. Rows of one make stand at the same structural path: tags and classes up to the root.
4. The list is the path whose rows have the most to say: many, with long titles, on the site's own host.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.date_lines import DateLine, date_lines
from crawler.dates import DateReader
from crawler.pages import absolute, clean, is_frame, text_of
from storage.types import Published

_LONE_ROW_TITLE = 15
"""Characters from which on the title of one row alone is taken for a headline."""

_FULL_TITLE = 60
"""Characters from which on a longer title does not make a row worth more."""

_FOREIGN_HOST = 0.3
"""What a row that leads to another host is worth: a list of partners is no list of statements."""

_GENERIC = re.compile(
    r"(read|learn|see|view)?\s*(more|details|full (text|story))\W*|continue reading\W*|download|pdf|подробнее\W*"
    r"|читать.{0,20}|далее\W*|толығырақ\W*|кененирээк\W*|муфассал\W*|weiterlesen\W*|mehr\W*"
    r"|lire la suite\W*|leer más\W*|więcej\W*",
    re.IGNORECASE,
)
_DOCUMENT = re.compile(r"\.(pdf|docx?|xlsx?|pptx?|zip|rtf|odt)\s*$", re.IGNORECASE)
_VARIANTS = frozenset({"odd", "even", "first", "last", "active", "open"})
_ROW_TAGS = frozenset({"tr", "li", "article"})
_DATES_OF_A_ROW = 3
"""Filed, published, changed: more dates in one table row are rows of another table in it."""

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list: the reference as written, the title, the date."""

    reference: str
    title: str
    published: Published


def detect_rows(root: HtmlElement, dates: DateReader, base: str) -> Sequence[Row]:
    """The rows of the page's list, in its order; none where no links have dates near them."""
    page = _Survey(root, dates, base)
    groups: dict[tuple[str, ...], dict[HtmlElement, Row]] = defaultdict(dict)
    for element, link, line in page.pairs():
        title = _title(element, link, line)
        if title:
            groups[_path(element)].setdefault(element, Row(link.get("href"), title, line.published))
    best = max(groups.values(), key=page.worth, default={})
    rows = page.with_undated(best)
    return rows if len(rows) > 1 or all(page.may_stand_alone(row) for row in rows) else []


class _Survey:
    """What is where on a page: the links and date lines outside its frame."""

    def __init__(self, root: HtmlElement, dates: DateReader, base: str) -> None:
        self._base = base
        self._host = (urlsplit(base).hostname or "").removeprefix("www.")
        frame = {part for element in root.iter() if isinstance(element.tag, str) and is_frame(element)
                 for part in element.iter()}  # fmt: skip
        self._links = [link for link in root.iter("a") if link not in frame and self._leads_on(link)]
        self._lines = [line for line in date_lines(root, dates) if line.element not in frame]
        self._links_in = _census(self._links)
        self._lines_in = _census(line.element for line in self._lines)

    def _leads_on(self, link: HtmlElement) -> bool:
        address = absolute(self._base, link.get("href") or "")
        return address is not None and address.partition("#")[0] != self._base.partition("#")[0]

    def pairs(self) -> Iterator[tuple[HtmlElement, HtmlElement, DateLine]]:
        """(row, link, date) for every date line that has a link."""
        flat: dict[HtmlElement, None] = {}
        for line in self._lines:
            row = self._row(line.element)
            if row is None:
                continue
            if row in flat or self._is_flat(row):
                flat[row] = None
                continue
            yield row, self._best_link(row), line
        for container in flat:
            yield from self._by_neighbourhood(container)

    def _is_flat(self, row: HtmlElement) -> bool:
        """Whether an element holds several rows without an element around each."""
        most = _DATES_OF_A_ROW if row.tag in _ROW_TAGS else 1
        return self._lines_in[row] > most and len(self._addresses(row)) > 1

    def _row(self, element: HtmlElement) -> HtmlElement | None:
        chain = [element, *element.iterancestors()]
        start = next((index for index, one in enumerate(chain) if self._links_in[one]), None)
        if start is None:
            return None
        row: HtmlElement = chain[start]
        if len(self._lines) == 1:
            return row
        for around in chain[start + 1 :]:
            if self._lines_in[around] != self._lines_in[row] or around.tag == "body":
                break
            row = around
        return row

    def _addresses(self, row: HtmlElement) -> set[str]:
        return {link.get("href") for link in row.iter("a") if self._links_in[link]}

    def _best_link(self, row: HtmlElement) -> HtmlElement:
        links = [link for link in row.iter("a") if self._links_in[link]]

        def rank(link: HtmlElement) -> tuple[bool, bool, bool, int]:
            text = link_text(link)
            headings = (*link.iterancestors(*_HEADINGS), *link.iter(*_HEADINGS))
            document = bool(_DOCUMENT.search(link.get("href")))
            return not _GENERIC.fullmatch(text), bool(headings and text), not document, len(text)

        return max(links, key=rank)

    def _by_neighbourhood(self, container: HtmlElement) -> Iterator[tuple[HtmlElement, HtmlElement, DateLine]]:
        """Dates and links as siblings: each link goes with the date before it, or after it if a link comes first."""
        lines = {line.element: line for line in self._lines}
        run = [one for one in container.iter() if one in lines or (one.tag == "a" and self._links_in[one])]
        if not run:
            return
        first_is_date = run[0] in lines
        if not first_is_date:
            run.reverse()
        line: DateLine | None = None
        pairs = []
        for one in run:
            line = lines.get(one, line)
            if one.tag == "a" and line is not None and link_text(one):
                pairs.append((one, one, line))
        yield from pairs if first_is_date else reversed(pairs)

    def with_undated(self, rows: dict[HtmlElement, Row]) -> list[Row]:
        """The rows, and between them those of the same make that have no date: one may have been forgotten."""
        makes = {(row.getparent(), _make(row)) for row in rows if row.tag != "a"}
        complete: list[Row] = []
        around = dict.fromkeys(row if row.tag == "a" else row.getparent() for row in rows)
        for element in (one for place in around for one in ((place,) if place in rows else place)):
            if element in rows:
                complete.append(rows[element])
            elif self._links_in[element] and (element.getparent(), _make(element)) in makes:
                link = self._best_link(element)
                complete += [Row(link.get("href"), title, Published()) for title in [_title(element, link)] if title]
        return complete if len(complete) <= 2 * len(rows) else list(rows.values())

    def worth(self, rows: dict[HtmlElement, Row]) -> float:
        """How much the rows of one path say."""
        titles = {row.reference: row for row in rows.values()}
        return sum(
            min(len(row.title), _FULL_TITLE) / _FULL_TITLE * (1 if self._is_own(row.reference) else _FOREIGN_HOST)
            for row in titles.values()
        )

    def _is_own(self, reference: str) -> bool:
        host = urlsplit(absolute(self._base, reference) or "").hostname or ""
        return host.removeprefix("www.") == self._host

    def may_stand_alone(self, row: Row) -> bool:
        """Whether one row can be a whole list: a headline on the site's own host, not a date that stands anywhere."""
        return len(row.title) >= _LONE_ROW_TITLE and self._is_own(row.reference)


def _census(elements: Iterable[HtmlElement]) -> defaultdict[HtmlElement, int]:
    """How many of the elements stand in each element of the tree."""
    count: defaultdict[HtmlElement, int] = defaultdict(int)
    for element in elements:
        count[element] += 1
        for ancestor in element.iterancestors():
            count[ancestor] += 1
    return count


def _path(element: HtmlElement) -> tuple[str, ...]:
    """Where an element stands: its tag, and tags and classes around it, less what tells rows of one make apart."""
    names = [element.tag]
    for around in element.iterancestors():
        classes = " ".join(sorted(set(re.sub(r"\d+", "", around.get("class") or "").split()) - _VARIANTS))
        names.append(f"{around.tag}.{classes}")
    return tuple(names)


def _make(row: HtmlElement) -> tuple[str, str]:
    """What rows of one list have in common."""
    return row.tag, row.get("class") or ""


def link_text(link: HtmlElement) -> str:
    """What a link says: its text, else its title, else its picture's words."""
    pictures = " ".join(picture.get("alt") or "" for picture in link.iter("img"))
    return text_of(link) or clean(link.get("title") or "") or clean(pictures)


def _title(row: HtmlElement, link: HtmlElement, line: DateLine | None = None) -> str:
    """The headline: a heading in the link, the link's words less the date, else the row's heading."""
    heading = next((text for one in link.iter(*_HEADINGS) if (text := text_of(one))), "")
    if heading:
        return heading
    text = link_text(link)
    if line is not None and line.element is not link and any(one is line.element for one in link.iter()):
        text = clean(text.replace(line.published.text, " ", 1)) or text
    if not text or _GENERIC.fullmatch(text):
        return next((text for one in row.iter(*_HEADINGS) if (text := text_of(one))), "")
    return text
