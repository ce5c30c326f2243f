"""When a statement was published, as claimed. Pure.

The order that works:

1. The listing's own date. 2. The source's selector. 3. Structured data. 4. The visible date line after the title, then
the one before it. 5. A line anywhere that says that it tells the day of publication. 6. The day that stands at the
beginning of the text, after a place and before a dash. 7. What metadata say of when the text came to be. 8. The
address. 9. What htmldate finds, only if that day is written on the page: without that check it takes the year of a
copyright for the first of January.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from zoneinfo import ZoneInfo

import htmldate
from lxml.html import HtmlElement, tostring

from crawler.article.metadata import Metadata
from crawler.article.title import title_element, words
from crawler.dates import DateReader
from crawler.dates.addresses import day_in_address
from crawler.dates.lines import DateLine, date_lines
from crawler.dates.words import PUBLISHED
from crawler.page.document import is_frame, select, short_text, text_of, without_frame
from crawler.page.size import is_large
from storage.types import ArticleSelectors, Published

_NEAR = 400
"""Characters of text after the title within which a date line belongs to it."""

_BEFORE = 120
"""Characters of text before the title within which a date line belongs to it."""

_LINK_LIMIT = 25
"""Characters. A date beside a longer link is the date of what it leads to."""

_TWICE = 2
"""Dates in a link that is a date: when a text was published and when it was updated."""

_LABEL = re.compile(
    rf"{PUBLISHED}"
    r"|(?:\bdate|\bdatum|\bfecha|\bdata|\bдата|\bкүні|\bсана|\btarih|\btarixi?|时间|時間|日期|日付|التاريخ|تاریخ)\s*[:：]",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"^\W*[^\W\d_].*\d.*[^\W\d_]{4,}[.!?…։]$")
"""A line that begins with a word, has its date in the middle and ends as sentences do: it tells of a day."""
_IN_TITLE = re.compile(
    r"^(?:No|Nr|№)[.:]?\s?\d{1,5}\s?,\s(?P<numbered>[^,]{6,30}),|^(?P<first>[^:–—|]{6,40}?)(?:\s?[:–—|]|\s-)\s"
    r"|(?:,|\()\s?(?P<last>\d[^()]{5,30})\)?$"
)
"""A title that begins with its number and a date, or with a date and a colon, or ends with a comma and a date, or with
a date in brackets."""
_TITLES = ("title", "h1")
_DATELINE = re.compile(r"^.{0,60}?(?:\s[-–—]{1,2}|[-–—]{1,2}\s|\s?[―—])")
_DATELINE_LIMIT = 80


def read_published(
    root: HtmlElement,
    metadata: Metadata,
    selectors: ArticleSelectors,
    dates: DateReader,
    entry_published: Published,
    title: str = "",
    address: str = "",
) -> Published:
    """The claim to trust, to the finest precision that is claimed for its day."""
    claims: list[Published] = []
    best = entry_published
    for claim in _claims(root, metadata, selectors, dates, title, address):
        claims.append(claim)
        if best.day is None:
            best = claim
        if best.at is not None or (claim.day == best.day and claim.at is not None):
            break
        if len(claims) >= _ENOUGH:
            break
    if best.at is None:
        best = next((claim for claim in claims if claim.day == best.day and claim.at is not None), best)
    return best


_SHORT = 150
"""Characters of a text that may say when the page was published, and is no paragraph of it."""
_SHORT_TEXTS = 300
_NAMED = re.compile(r"date|publi|posted|byline|post-?(?:meta|info|footer)|entry-?(?:meta|footer)|datum", re.IGNORECASE)
_LONGEST = 1_000
"""Characters of what a selector says is the date."""
_DIGITS = 5
_LINES = 1_000
"""Date lines of a page that are looked at: each costs a millisecond where much stands beside it."""
_PARAGRAPHS = 500
"""Paragraphs of a page, empty ones and those of its frame too, among which the first with a text are looked for."""

_ENOUGH = 8
"""Claims that are looked at for the time of a day that is known."""


def _claims(
    root: HtmlElement,
    metadata: Metadata,
    selectors: ArticleSelectors,
    dates: DateReader,
    title: str,
    address: str,
) -> Iterator[Published]:
    found = False
    for claim in _certain(root, metadata, selectors, dates, title):
        found = True
        yield claim
    if found:
        return
    yield from _real(_without_midnight(dates.claimed(value), value, dates) for value in metadata.created)
    yield from _real([day_in_address(address, dates.zone)])
    yield from _real([_by_htmldate(root, dates)])


def _certain(
    root: HtmlElement, metadata: Metadata, selectors: ArticleSelectors, dates: DateReader, title: str
) -> Iterator[Published]:
    for element in select(root, selectors.date):
        line = text_of(element)[:_LONGEST]
        claim = dates.claimed(line)
        yield from _real([claim if claim.day else dates.find(line)])
    yield from _real(_without_midnight(dates.claimed(value), value, dates) for value in metadata.published)
    lines = list(_own_lines(root, dates))
    near = [line for line in _at_title(root, lines, title) if _is_told(line, title)]
    labelled = [line for line in lines if _is_labelled(line)]
    yield from _real(line.published for line in near if line in labelled)
    yield from _real(line.published for line in (*near, *labelled))
    yield from _real([_of_dateline(root, dates), _of_title(title, dates), _of_title(metadata.page_title, dates)])


def _real(claims: Iterable[Published]) -> Iterator[Published]:
    return (claim for claim in claims if claim.day is not None)


def _without_midnight(claim: Published, written: str, dates: DateReader) -> Published:
    """The day alone where midnight or a day's last second is written: structured data cannot leave the time out."""
    if claim.at is None or not any(mark in written for mark in ("T00:00", " 00:00", "23:59:59")):
        return claim
    day = dates.find(written[:10])
    in_zone = claim.at.astimezone(ZoneInfo(claim.zone))
    return Published(day=day.day or in_zone.date(), zone=claim.zone, text=claim.text)


def _at_title(root: HtmlElement, lines: list[DateLine], title: str) -> Iterator[DateLine]:
    """The date lines up to `_NEAR` characters after the title, then those up to `_BEFORE` characters before it."""
    heading = title_element(root, title) if title else next(iter(root.iter("h1")), None)
    if heading is None or not lines:
        return
    places = _places(root, heading)
    start, end = places[heading]
    near = [(place, line) for line in lines if (place := places.get(line.element)) is not None]
    yield from (line for (place, _), line in near if start <= place <= end + _NEAR)
    yield from (
        line for (_, place), line in reversed(near) if start - _BEFORE <= place <= start and _is_ahead(line, heading)
    )


def _is_ahead(line: DateLine, heading: HtmlElement) -> bool:
    """Whether a line before the title stands beside it, and not in the frame or in a list above."""
    around = [*heading.iterancestors()]
    beside = next((one for one in line.element.iterancestors() if one in around), None)
    if beside is None or beside.tag in ("body", "html"):
        return False
    return not any(is_frame(one) for one in line.element.iterancestors() if one not in around)


def _places(root: HtmlElement, heading: HtmlElement) -> dict[HtmlElement, tuple[int, int]]:
    """Where each element begins and ends, counted in characters of text."""
    places: dict[HtmlElement, tuple[int, int]] = {}
    count = 0
    stack: list[tuple[HtmlElement, int | None]] = [(root, None)]
    while stack:
        element, began = stack.pop()
        if began is not None:
            places[element] = (began, count)
            if element is not root:
                count += len((element.tail or "").strip())
            continue
        stack.append((element, count))
        if isinstance(element.tag, str) and element.tag not in ("script", "style", "head", "noscript", "template"):
            count += len((element.text or "").strip())
            stack.extend((child, None) for child in reversed(element))
    return places


def _own_lines(root: HtmlElement, dates: DateReader) -> Iterator[DateLine]:
    lines = islice(date_lines(root, dates), _LINES)
    return (line for line in lines if _is_unlinked(line.element, dates) and line.element.tag not in _TITLES)


def _is_unlinked(element: HtmlElement, dates: DateReader) -> bool:
    """Whether an element stands neither in a link nor beside a longer one, whose date it would be.

    A link that says nothing but dates is a date itself. Where a headline that is no link stands beside, the date is
    that headline's.
    """
    beside = element.getparent() if element.getparent() is not None else element
    links = [*element.iterancestors("a")]
    if short_text(beside, _NEAR) is not None and not _has_headline(beside):
        links += beside.iter("a")
    texts = (short_text(link, _NEAR) for link in links)
    return all(text is not None and (len(text) <= _LINK_LIMIT or _says_dates_alone(text, dates)) for text in texts)


def _has_headline(element: HtmlElement) -> bool:
    """Whether a page's headline stands in an element, or one that is no link."""
    headlines = (one for one in element.iter("h1", "h2", "h3") if text_of(one))
    return any(one.tag == "h1" or _is_no_link(one) for one in headlines)


def _is_no_link(element: HtmlElement) -> bool:
    return next(element.iter("a"), None) is None and next(element.iterancestors("a"), None) is None


def _says_dates_alone(text: str, dates: DateReader) -> bool:
    for _ in range(_TWICE):
        found = dates.find(text)
        text = text.replace(found.text, " ", 1) if found.day is not None else text
    return not any(char.isalnum() for char in text)


def _is_told(line: DateLine, title: str) -> bool:
    """Whether a line is neither a sentence nor the title, which may tell of any day."""
    return not _SENTENCE.search(line.published.text) and words(line.published.text) != words(title)


def _is_labelled(line: DateLine) -> bool:
    """Whether the line, or the one that it is a part of, says that it tells when the page was published."""
    for around in (line.element, line.element.getparent()):
        text = short_text(around, _NEAR // 4) if around is not None else None
        if text and _LABEL.search(text):
            return not any(is_frame(one) for one in line.element.iterancestors())
    return False


def _of_dateline(root: HtmlElement, dates: DateReader) -> Published:
    """The day in "ASTANA, November 30, 2018 - The minister", at the beginning of one of the first paragraphs."""
    first = islice(root.iter("p"), _PARAGRAPHS)
    paragraphs = (text_of(one) for one in first if not any(map(is_frame, one.iterancestors())))
    for text in list(zip(range(5), filter(None, paragraphs), strict=False)):
        start = _DATELINE.match(text[1][:_DATELINE_LIMIT])
        claim = dates.claimed(start[0].strip(" -–—―")) if start and len(text[1]) > _DATELINE_LIMIT else Published()
        if claim.day is not None:
            return claim
    return Published(zone=dates.zone)


def _of_title(title: str, dates: DateReader) -> Published:
    """The day at an end of the title, apart from its words: "28. November 2024: talks", "Briefing, 3 May 2024"."""
    ends = (found[name] for found in _IN_TITLE.finditer(title) for name in ("numbered", "first", "last") if found[name])
    return next(_real(map(dates.claimed, ends)), Published(zone=dates.zone))


def _by_htmldate(root: HtmlElement, dates: DateReader) -> Published:
    if is_large(root):
        return Published(zone=dates.zone)
    page = without_frame(copy.deepcopy(root))
    written = {claim.day: claim for claim in _short_texts(page, dates)}
    written.update({line.published.day: line.published for line in _own_lines(page, dates)})
    if not written:
        return Published(zone=dates.zone)
    found = htmldate.find_date(tostring(page, encoding="unicode"), original_date=True, outputformat="%Y-%m-%d")
    try:
        return written.get(date.fromisoformat(found or ""), Published(zone=dates.zone))
    except ValueError:
        return Published(zone=dates.zone)


def _short_texts(page: HtmlElement, dates: DateReader) -> Iterator[Published]:
    """What elements named for it say in more words than a date line has: "written on 14 December 2015 by us"."""
    named = (one for one in page.iter() if _NAMED.search(f"{one.get('class', '')} {one.get('id', '')}"))
    own = (element for element in islice(named, _SHORT_TEXTS) if _is_unlinked(element, dates))
    texts = (text for element in own if (text := short_text(element, _SHORT)))
    return _real(dates.find(text) for text in texts if sum(map(str.isdigit, text)) >= _DIGITS)
