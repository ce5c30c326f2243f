"""What clings to the ends of a text: the page's tools, labels, counters, files, rights, headings over nothing. Pure.

Only ends are looked at, from outside in: within the text, the same words are the statement's.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection
from pathlib import Path

from crawler.article.counters import is_counter
from crawler.article.paragraphs import SENTENCE_END

_LONGEST = 60
"""Characters of the longest tool of the page."""
_LONGEST_LABEL = 150
_LONGEST_NOTICE = 400
_FIRST = 5
"""Paragraphs at the beginning that are looked at."""

_WORDS = tomllib.loads(Path(__file__).with_name("asides.toml").read_text("utf-8"))
_TOOL = re.compile(rf"(?:{'|'.join(_WORDS['tool'])})\W*", re.IGNORECASE)
_LABEL = re.compile(rf"\W*(?:{'|'.join(_WORDS['label'])})\s*[:：]", re.IGNORECASE)
_RIGHTS = re.compile(rf"\W*(?:©|copyright\b|\(c\)\s)|(?:{'|'.join(_WORDS['rights'])})", re.IGNORECASE)
_FILE = re.compile(
    r".{0,100}\.(?:pdf|docx?|xlsx?|pptx?|odt|rtf|zip|hwpx?)\b.{0,40}|.{0,120}\d\s?(?:[KMkКМ][BbБб]|[KM]o)\W*",
    re.IGNORECASE,
)
_PHONE = re.compile(r"(?:\+|\(?0)\d[\d ()/–-]{6,}\d")


def without_crumbs(paragraphs: list[str], headings: Collection[str], is_head: Callable[[str], bool]) -> list[str]:
    """The paragraphs from the first to the last of the statement's own.

    `is_head` tells a repeat of the title or of the date; `headings` are the texts of the page's headings.
    """
    start, end = _below_head(paragraphs, is_head), len(paragraphs)
    while start < min(end, _FIRST) and (is_head(paragraphs[start]) or _is_crumb(paragraphs[start])):
        start += 1
    rights = False
    while end > start + 1 and (
        is_head(last := paragraphs[end - 1])
        or _is_crumb(last)
        or _is_file(last)
        or last in headings
        or (rights and _is_contact(last))
    ):
        rights = rights or bool(_RIGHTS.match(last))
        end -= 1
    return paragraphs[start:end]


def _below_head(paragraphs: list[str], is_head: Callable[[str], bool]) -> int:
    """The place after the last repeat of the title or of the date that has no more than a section's name above it."""
    start = 0
    for place, paragraph in enumerate(paragraphs[:_FIRST], start=1):
        if is_head(paragraph):
            start = place
        elif len(paragraph) > _LONGEST or SENTENCE_END.search(paragraph) or paragraph.endswith((":", "：")):
            break
    return start


def _is_crumb(paragraph: str) -> bool:
    if len(paragraph) <= _LONGEST and (_TOOL.fullmatch(paragraph) or not re.search(r"\w", paragraph)):
        return True
    if len(paragraph) <= _LONGEST_LABEL and _LABEL.match(paragraph):
        return True
    return is_counter(paragraph) or (len(paragraph) <= _LONGEST_NOTICE and _RIGHTS.match(paragraph) is not None)


def _is_contact(paragraph: str) -> bool:
    """Whether it is an address with a telephone number, and no sentence that names one."""
    return (
        len(paragraph) <= _LONGEST_NOTICE and bool(_PHONE.search(paragraph)) and not paragraph.endswith((".", "!", "?"))
    )


def _is_file(paragraph: str) -> bool:
    return len(paragraph) <= _LONGEST_LABEL and _FILE.fullmatch(paragraph) is not None
