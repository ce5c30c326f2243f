"""A statement that is a PDF file: its text as paragraphs, its title and its day. Pure.

Some ministries publish nothing else. A file that is encrypted, damaged, or only pictures of paper is unreadable with
its reason; what the listing says of it is then stored. The reading process bounds the time, this module the pages.
"""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pypdf import PdfReader

from crawler.article.language import detect_language
from crawler.article.title import words
from crawler.dates import DateReader
from crawler.page.document import clean
from storage.errors import UnreadableError
from storage.types import Article, Page, Published, Reason, SourceSpec

_PAGES = 300
_CHARACTERS = 1_000_000
_HEAD, _FOOT = 15, 6
"""Lines at the beginning and at the end among which the day of the statement is looked for."""
_LONGEST_TITLE = 300
_REPEATS = 3
"""Pages on which a line stands that is the head or foot of each."""
_FULL = 0.75
"""Part of the longest line: a line that is shorter and ends a sentence ends a paragraph."""
_SENTENCE_END = re.compile(r"[.!?…։。:;][\"'»”’)]*$")
_NO_TITLE = re.compile(r"^(?:microsoft word|untitled|document\d*|.*\.(?:docx?|rtf|odt|pdf|indd|qxd))\b", re.IGNORECASE)

logging.getLogger("pypdf").setLevel(logging.ERROR)  # it warns of each defect that it mends


def read_pdf(page: Page, spec: SourceSpec, entry_title: str = "", entry_published: Published | None = None) -> Article:
    """The statement in a PDF file. Raises `UnreadableError`."""
    try:
        reader = PdfReader(io.BytesIO(page.body), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableError(Reason.UNREADABLE, f"{page.address} is a PDF file with a password")
        pages = list(_pages(reader))
        named = clean(str(reader.metadata.get("/Title") or "")) if reader.metadata else ""
    except UnreadableError:
        raise
    except Exception as error:  # a file can be made to break any reader
        detail = f"{page.address} is a damaged PDF file: {type(error).__name__}: {error}"[:300]
        raise UnreadableError(Reason.UNREADABLE, detail) from error
    lines = _without_heads(pages)
    if not any(words(line) for line in lines):
        raise UnreadableError(Reason.UNREADABLE, f"{page.address} is a PDF file without text, perhaps scanned paper")
    return _article(lines, named, page, spec, entry_title, entry_published or Published())


def _pages(reader: PdfReader) -> Iterator[list[str]]:
    """The lines of each page."""
    characters = 0
    for number, page in enumerate(reader.pages):
        if number >= _PAGES or characters > _CHARACTERS:
            return
        lines = [clean(line) for line in page.extract_text().split("\n")]
        characters += sum(map(len, lines))
        yield lines


def _without_heads(pages: Sequence[Sequence[str]]) -> list[str]:
    """All lines but page numbers and what is printed on most pages."""
    seen = Counter(line for lines in pages for line in set(lines) if line)
    return [
        line
        for lines in pages
        for line in lines
        if not re.fullmatch(r"[\W\d]{1,12}", line or "x") and not (seen[line] >= max(_REPEATS, len(pages) / 2))
    ]


def _article(
    lines: Sequence[str], named: str, page: Page, spec: SourceSpec, entry_title: str, entry_published: Published
) -> Article:
    dates = DateReader(spec.languages, spec.zone, spec.day_first)
    paragraphs = _paragraphs(lines)
    title = clean(entry_title) or (named if words(named) and not _NO_TITLE.match(named) else "")
    title = title or next((one for one in paragraphs if len(one) <= _LONGEST_TITLE and not dates.claimed(one).day), "")
    published = entry_published if entry_published.day else _published(lines, dates)
    while paragraphs and (words(paragraphs[0]) == words(title) or _is_day(paragraphs[0], published, dates)):
        paragraphs.pop(0)
    body = "\n\n".join(paragraphs)
    return Article(
        address=page.address,
        title=title,
        body=body,
        language=detect_language(body or title, spec.languages),
        published=replace(published, zone=spec.zone),
    )


def _is_day(paragraph: str, published: Published, dates: DateReader) -> bool:
    day = dates.claimed(paragraph).day
    return day is not None and day == published.day


def _published(lines: Sequence[str], dates: DateReader) -> Published:
    """The first date line near the beginning, else the last near the end: letters are dated above, decrees below."""
    written = [line for line in lines if line]
    for line in (*written[:_HEAD], *reversed(written[-_FOOT:])):
        claim = dates.claimed(line)
        if claim.day is not None:
            return claim
    return Published(zone=dates.zone)


def _paragraphs(lines: Sequence[str]) -> list[str]:
    """Lines put together again: an empty line ends a paragraph, and so does a short one that ends a sentence."""
    longest = max(map(len, lines), default=0)
    found: list[str] = [""]
    for line in lines:
        if not line:
            found.append("")
            continue
        found[-1] = _joined(found[-1], line)
        if len(line) < _FULL * longest and (_SENTENCE_END.search(line) or len(found[-1]) == len(line)):
            found.append("")
    return [one for one in found if one]


def _joined(before: str, line: str) -> str:
    if before.endswith(("-", "‐")) and line[:1].islower():
        return before[:-1] + line
    return f"{before} {line}".strip()
