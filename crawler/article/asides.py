"""What stands beside a statement in one element with it, and is no part of it. Pure.

Invitations to read another text, consent and donation boxes, contacts and tags below, "About the company", a text that
is there twice: each is told by how it begins (`asides.toml`), and cut only where a statement would not say it.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

_SHORT_LINE = 70
"""Characters of the longest line that can head a part that does not belong to the text."""
_LONGEST_INVITATION = 250
_LONGEST_BOX = 400
_LATE = 0.55
"""Part of the text before which no heading ends it: there, "Contacts" is a chapter."""
_LONGEST_END = 1_500
"""Characters after a heading that ends the text; more is a chapter of it."""
_TWICE = 60
"""Characters from which on a paragraph that is there twice was not meant to be."""

_WORDS = tomllib.loads(Path(__file__).with_name("asides.toml").read_text("utf-8"))
_END = re.compile(rf"(?:{'|'.join(_WORDS['end'])})\s*[:：.…>»→-]*", re.IGNORECASE)
_INVITATION = re.compile(rf"(?:{'|'.join(_WORDS['invitation'])})\s*[:：>»→|–—-]", re.IGNORECASE)
_BOX = re.compile(rf"(?:{'|'.join(_WORDS['box'])})", re.IGNORECASE | re.DOTALL)


def parted(paragraphs: list[str]) -> tuple[list[str], list[str]]:
    """The paragraphs of a statement, and what stood among and below them: boxes, invitations, all after its end.

    A copy of a paragraph is in neither.
    """
    own = _once([one for one in paragraphs if not _is_box(one)])
    statement = own[: _end(own)]
    if not statement:
        return paragraphs, []
    boxes = [one for one in paragraphs if _is_box(one)]
    return statement, [*boxes, *own[len(statement) :]]


def _is_box(paragraph: str) -> bool:
    if len(paragraph) <= _LONGEST_INVITATION and _INVITATION.match(paragraph):
        return True
    box = _BOX.match(paragraph) if len(paragraph) <= _LONGEST_BOX else None
    return box is not None and ("cookie" in box[0].lower() or not re.search(r"\w", paragraph[box.end() :]))


def _once(paragraphs: list[str]) -> list[str]:
    """Each long paragraph once: sites print a text for the screen and once more for the printer."""
    seen: set[str] = set()
    kept = []
    for paragraph in paragraphs:
        if len(paragraph) >= _TWICE and paragraph in seen:
            continue
        seen.add(paragraph)
        kept.append(paragraph)
    return kept


def _end(paragraphs: list[str]) -> int:
    """The place of the first late line that heads what does not belong to the text."""
    total = sum(map(len, paragraphs))
    passed = 0
    for number, paragraph in enumerate(paragraphs):
        is_late = passed >= _LATE * total and total - passed <= _LONGEST_END + len(paragraph)
        if number and is_late and len(paragraph) <= _SHORT_LINE and _END.fullmatch(paragraph):
            return number
        passed += len(paragraph)
    return len(paragraphs)
