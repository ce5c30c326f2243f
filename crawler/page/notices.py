"""Notices that answer 200 in the place of a page: of works, an error, a removal, consent that is asked for. Pure.

The words are in `notices.toml`. A statement may speak of all that. So a notice counts where the page does not show the
title that its listing gave it; where no title is known, its own title or heading has to say so, or two sentences.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path

from storage.types import Reason

_SHORT = 90
"""Characters. So little stands beside a headline whose text has been taken away."""
_ALIKE = 0.5
"""Part of a title's words from which on a heading says the same."""

_TOML = tomllib.loads(Path(__file__).with_name("notices.toml").read_text("utf-8"))
_KINDS = {
    kind: re.compile("|".join(one for patterns in words.values() for one in patterns), re.IGNORECASE)
    for kind, words in _TOML.items()
}
_REASONS = {
    "removed": (Reason.SOFT_404, "that it was removed"),
    "error": (Reason.SERVER_ERROR, "an error"),
    "works": (Reason.SERVER_ERROR, "a notice of works"),
    "later": (Reason.SERVER_ERROR, "a request to come back later"),
    "consent": (Reason.CHALLENGE, "a question of consent"),
}


def notice_of(lines: Sequence[str], text: str, expected: str) -> tuple[Reason, str] | None:
    """What a page with this title and these headings is a notice of, and in its words, or None if it is none.

    `text` is what it says besides, if that is little; `expected` the title that it should have, if one is known.
    """
    if shows(lines, expected):
        for line in lines:
            text = text.replace(line, "")
        removed = _KINDS["removed"].search(text) if len(text) <= _SHORT else None
        return _said("removed", removed) if removed else None
    loud = {kind: found for kind in _REASONS if (found := _first(kind, lines))}
    quiet = {kind: found for kind in _REASONS if (found := _KINDS[kind].search(text))}
    for kind in ("removed", "error", "consent"):
        if found := loud.get(kind) or (quiet.get(kind) if expected else None):
            return _said(kind, found)
    works = loud.get("works") or quiet.get("works")
    later = loud.get("later") or quiet.get("later")
    if works and (later or expected or (loud.get("works") and quiet.get("works"))):
        return _said("works", works)
    return _said("later", loud["later"]) if expected and "later" in loud else None


def shows(lines: Iterable[str], expected: str, share: float = _ALIKE) -> bool:
    """Whether one of a page's lines says what its title should be: most of its words, in any order."""
    wanted = _parts(expected)
    return bool(wanted) and any(len(wanted & _parts(line)) >= share * len(wanted) for line in lines)


def _parts(line: str) -> set[str]:
    """Words; of what has hardly any blank, pairs of letters."""
    words = re.findall(r"\w+", line.casefold())
    if len(words) > 1 or not words:
        return set(words)
    return {words[0][place : place + 2] for place in range(max(len(words[0]) - 1, 1))}


def _first(kind: str, lines: Sequence[str]) -> re.Match[str] | None:
    return next((found for line in lines if (found := _KINDS[kind].search(line))), None)


def _said(kind: str, found: re.Match[str]) -> tuple[Reason, str]:
    reason, words = _REASONS[kind]
    return reason, f"{words} ({found[0][:80]!r})"
