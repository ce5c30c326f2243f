"""The headline of a row: what its link says, or what the row says of its link. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from lxml.html import HtmlElement

from crawler.dates.lines import DateLine
from crawler.listing.html_lists.columns import BLOCKS, BREAKS, HEADINGS, is_named_beside_title, is_named_title
from crawler.listing.html_lists.links import Link, is_generic, is_number, link_text, link_words, words_in
from crawler.page.document import clean, text_of

_EAST_ASIAN_DATE = re.compile(
    "[年月日号號付付け時分令和平成昭和民國国中華曜星期週周火水木金土一二三四五六七八九十〇元]"
)
"""Characters that are part of a date, its era, its weekday, its time."""
_FILE_NAME = re.compile(r"[\w.-]+\.(pdf|docx?|xlsx?|rtf|odt|html?)", re.IGNORECASE)
_DAY_IN_NUMBERS = re.compile(r"^\d{1,4}([./-])\d{1,2}\1\d{1,4}\s+")
_CLOCK = re.compile(r"\d{1,2}:\d{2}")
_LONGEST = 300
"""Characters of a title that is the rest of a row."""
_HEADLINE = 15
"""Characters from which on a part of a card may be its headline."""


def title_of(link: Link, row: HtmlElement, dates: Sequence[DateLine], *, is_poor: bool, told: str = "") -> str:
    """The headline of one row. `is_poor`: the links of the list say little ("PDF", "No. 4"), the row around them more;
    `told`: what the part of the row says that names the rows of this list.

    1. A heading in the link. 2. Where the date is the link: what is told, else the rest of the row. 3. For a poor link
    or a file: the row's heading, then what is told, the words before the link, those after it. 4. The link's words: the
    headline that it names itself, of a card its headline, else all but the date; a picture's words where that is all.
    """
    if heading := _first_heading(link.element.iter(*HEADINGS)):
        return heading
    if _is_date(link.text) and any(link.text == line.published.text for line in dates):
        return told or _rest_of_row(link, row)
    return _around(link, row, dates, is_poor=is_poor, told=told) or _in_link(link, dates)


def _first_heading(headings: Iterable[HtmlElement]) -> str:
    return next((text for one in headings if (text := text_of(one))), "")


def _rest_of_row(link: Link, row: HtmlElement) -> str:
    """What a row says beside a link that is its date."""
    rest = clean(text_of(row).replace(link.text, " ", 1)).strip(" :–—-|,")[:_LONGEST]
    return link.text if is_generic(rest) else rest


def _around(link: Link, row: HtmlElement, dates: Sequence[DateLine], *, is_poor: bool, told: str) -> str:
    """What the row around a link says of it, if the link says little and is no heading itself."""
    if not (is_poor or link.is_document or is_generic(link.text)):
        return ""
    if next(link.element.iterancestors(*HEADINGS), None) is not None:
        return ""
    return (
        _first_heading(one for one in row.iter(*HEADINGS) if _is_unlinked(one))
        or told
        or (_told_before(link, row, dates) if is_poor else "")
        or _told_after(link, row, dates, is_poor=is_poor)
    )


def _told_before(link: Link, row: HtmlElement, dates: Sequence[DateLine]) -> str:
    """The words before a poor link, if they are more than its own, or it has none."""
    before = _emphasised(link.element, row, dates) or _before(link.element, row, dates)
    return before if len(before) > len(link.text) or not _has_words(link.text) else ""


def _told_after(link: Link, row: HtmlElement, dates: Sequence[DateLine], *, is_poor: bool) -> str:
    """The words after a link that names no more than a thing to be opened: "PDF", a file, a number."""
    if not (is_generic(link.text) or _FILE_NAME.fullmatch(link.text) or (is_poor and is_number(link.text))):
        return ""
    after = _after(link.element, dates) or (_after_in(row, link.element, dates) if is_number(link.text) else "")
    return after if _has_words(after) else ""


def _in_link(link: Link, dates: Sequence[DateLine]) -> str:
    """The headline in a link's own words, or nothing if they stand on any link."""
    if not link.text:
        pictured = link_text(link.element)
        return pictured if len(pictured) >= _HEADLINE else ""
    if is_generic(link.text):
        return ""
    return _told(link) or _of_card(link.element, dates) or _without_date(link, dates)


def _told(link: Link) -> str:
    """The headline that a link names beside its words, if it stands among them with more: a number, a department."""
    title = clean(link.element.get("title") or link.element.get("aria-label") or "")
    return title if len(title) >= _HEADLINE and title in link.text else ""


def _is_date(text: str) -> bool:
    """Whether a text that has a date has room for no more than a month's name beside the numbers."""
    return len(words_in(_EAST_ASIAN_DATE.sub("", text))) <= 1


def _has_words(text: str) -> bool:
    return any(char.isalpha() for char in text)


def without_day(title: str, printed: str) -> str:
    """A title without the date that stands before it, or in brackets after it: "28.11.2024 A statement"."""
    if not printed or title == printed:
        return title
    if title.startswith(printed):
        return title.removeprefix(printed).lstrip(" .,:;|/–—-") or title
    return re.sub(rf"\s*[(\[]{re.escape(printed)}[)\]]$", "", title) or title


def _is_unlinked(heading: HtmlElement) -> bool:
    return next(heading.iter("a"), None) is None and next(heading.iterancestors("a"), None) is None


def _before(link: HtmlElement, row: HtmlElement, dates: Sequence[DateLine]) -> str:
    """What stands in the row before the link and is no date: the closest line of words; of a table row the longest."""
    days = {line.element for line in dates}
    child = link
    while child is not row:
        parent = child.getparent()
        lines = [line for line in _lines_before(child, parent, days) if _has_words(line)]
        if lines:
            return max(lines, key=len) if parent.tag == "tr" else lines[-1]
        child = parent
    return ""


def _emphasised(link: HtmlElement, row: HtmlElement, dates: Sequence[DateLine]) -> str:
    """What stands in bold type on a line of its own before the link, or is called a title."""
    days = {line.element for line in dates}
    for one in row.iter():
        if one is link:
            break
        is_title = one.tag in ("b", "strong") or (isinstance(one.tag, str) and is_named_title(one.get("class") or ""))
        if is_title and days.isdisjoint(one.iter()) and _is_unlinked(one) and _is_a_line(one):
            text = text_of(one)
            if _HEADLINE <= len(text) <= _LONGEST:
                return text
    return ""


def _is_a_line(element: HtmlElement) -> bool:
    before, after = element.getprevious(), element.getnext()
    said = (element.getparent().text if before is None else before.tail) or ""
    return not clean(said) and not clean(element.tail or "") and (after is None or after.tag != "a")


def _lines_before(child: HtmlElement, parent: HtmlElement, days: Collection[HtmlElement]) -> list[str]:
    """The lines of an element before one of its children: cells, paragraphs, words between line breaks."""
    lines = [[parent.text or ""]]
    for one in parent:
        if one is child:
            break
        if one.tag in BLOCKS or one.tag in BREAKS:
            lines.append([])
        lines[-1] += ["" if one in days or _does_something(one) else text_of(one), one.tail or ""]
    return [clean(" ".join(line)).rstrip(" :–—-,(") for line in lines]


def _does_something(element: HtmlElement) -> bool:
    """Whether an element is there to be pressed, and leads nowhere."""
    href = element.get("href") or "#"
    return element.tag == "button" or (element.tag == "a" and href.startswith(("#", "javascript:")))


def _after(link: HtmlElement, dates: Sequence[DateLine]) -> str:
    """The words after a link on its line, without a day in numbers before them and the dates among them."""
    pieces = [link.tail or ""]
    for one in link.itersiblings():
        if one.tag in BLOCKS or one.tag in BREAKS or one.tag == "a":
            break
        pieces += [_without_dates(one, text_of(one), dates), one.tail or ""]
    text = "".join(pieces).strip()
    if next(link.iterancestors("pre"), None) is not None:
        text = text.partition("\n")[0]
    return _DAY_IN_NUMBERS.sub("", clean(text)).strip(" :–—-|,")[:_LONGEST]


def _after_in(row: HtmlElement, link: HtmlElement, dates: Sequence[DateLine]) -> str:
    """What stands in the row beside the link and is no date: its next part that has words."""
    days = {line.element for line in dates}
    child = link
    while child is not row:
        for one in child.itersiblings():
            if not days.intersection(one.iter()) and words_in(text := text_of(one)):
                return text[:_LONGEST]
        child = child.getparent()
    return ""


def _of_card(link: HtmlElement, dates: Sequence[DateLine]) -> str:
    """The headline of a link that is a whole card: the part called so, else the first long one that is no date."""
    parts = list(_parts(link))
    if len(parts) < 2:
        return ""
    said = [part for part in parts if not _is_beside_title(part)]
    if len(said) == 1:
        return text_of(said[0])
    named = next((part for part in parts if is_named_title(part.get("class") or "")), None)
    if named is not None:
        return text_of(named)
    return _longest_part(parts, dates) if any(part.tag in BLOCKS for part in parts) else ""


def _is_beside_title(part: HtmlElement) -> bool:
    """Whether a part of a card is called something else than its title, or is a time of day."""
    return bool(is_named_beside_title(part.get("class") or "") or _CLOCK.fullmatch(text_of(part)))


def _longest_part(parts: Sequence[HtmlElement], dates: Sequence[DateLine]) -> str:
    """The first part that is long enough for a headline and has no date, else the longest."""
    days = {line.element for line in dates}
    texts = [text_of(part) for part in parts if days.isdisjoint(part.iter())]
    return next((text for text in texts if len(text) >= _HEADLINE), max(texts, key=len, default=""))


def _parts(element: HtmlElement) -> Iterator[HtmlElement]:
    """The elements that share the text of an element among them; none if it has text of its own."""
    if clean(element.text or "") or any(clean(child.tail or "") for child in element):
        return
    for child in element:
        inner = list(_parts(child))
        if inner:
            yield from inner
        elif text_of(child):
            yield child


def _without_date(link: Link, dates: Sequence[DateLine]) -> str:
    text = link.text or link_words(link.element)
    return _without_dates(link.element, text, dates) or text


def _without_dates(element: HtmlElement, text: str, dates: Sequence[DateLine]) -> str:
    """The text of an element without the dates that stand in it."""
    inside = set(element.iterdescendants())
    for line in dates:
        if line.element in inside:
            printed = line.published.text or text_of(line.element)
            text = clean(text.replace(printed, " ", 1)).strip(" –—-|:,") or text
    return text
