"""Scripts that have no blanks between words. No third party."""

from __future__ import annotations

import re

UNSPACED = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3035\u3040-\u312f\u3130-\u318f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uff9f\u1100-\u11ff\U0001b000-\U0001b16f\U00020000-\U0003ffff"
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ece\u0edc-\u0edf\u1780-\u17d3\u17d7\u17dc\u17dd"
    "\u1000-\u103f\u1050-\u108f\u109a-\u109d\ua9e0-\ua9ef\ua9fa-\ua9fe\uaa60-\uaa76\uaa7a-\uaa7f"
)
"""Letters and their signs of scripts that have no blanks between words: those of China, Japan and Korea, Thai, Lao,
Khmer and Burmese."""
_SIGNS = (
    "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u17b4-\u17d3\u17dd"
    "\u102b-\u103e\u1056-\u1059\u105e-\u1060\u1062-\u1064\u1067-\u106d\u1071-\u1074\u1082-\u108d\u108f\u109a-\u109d"
    "\ua9e5\uaa7b-\uaa7d"
)
"""What of them sits on a letter: Unicode's marks (Mn, Mc)."""
_BEGINS = re.compile(f"[{UNSPACED}]")
_LETTER = re.compile(f".[{_SIGNS}]*", re.DOTALL)


def is_unspaced(word: str) -> bool:
    """Whether a folded word is of a script that has no blanks between words."""
    return _BEGINS.match(word) is not None


def letters_of(word: str) -> list[str]:
    """The letters of a word of such a script, each with the signs on it."""
    return _LETTER.findall(word)
