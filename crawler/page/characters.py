"""What a stranger's text may be made of: whole characters that every database takes. Pure.

Python's texts can hold halves of characters (lone surrogates) and NUL, which UTF-8 and PostgreSQL refuse; one of them
in one title would take the whole listing along. They come as bytes, as JSON's escapes and as entities.
"""

from __future__ import annotations

import re
import unicodedata

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")  # Unicode's Cc and Cs, less tab and line feed
_HALF = re.compile("[\ud800-\udfff]")
_HALVES = re.compile(
    r"(?:&#(?:0*+(?:5529[6-9]|55[3-9]\d\d|56\d{3}|57[0-2]\d\d|573[0-3]\d|5734[0-3])|[xX]0*+[dD][89a-fA-F][0-9a-fA-F]{2});)++"
)
"""Numeric entities of D800 to DFFF."""
_TWO_OF_THREE = re.compile(rb"\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]")


def storable(text: str) -> str:
    """The text without NUL, control characters and lone surrogates; the two halves of a character become one."""
    if _HALF.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    return _CONTROL.sub("", text)


def readable(text: str) -> str:
    """What is storable of a text that people read, composed as NFC, each line ended by a line feed."""
    return storable(unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")))


def one_line(text: str, limit: int) -> str:
    """What is readable of a text as one line of at most so many characters."""
    return " ".join(readable(text).split())[:limit]


def with_whole_characters(text: str) -> str:
    """The text with a character that was written as two numeric entities as itself, without an entity of half of one.

    Programs that count in UTF-16 write so: `&#55357;&#56842;` (HTML standard, 13.2.5.80: neither is a character).
    """
    return _HALVES.sub(_joined, text) if "&#" in text else text


def _joined(halves: re.Match[str]) -> str:
    numbers = (entity[2:] for entity in halves[0].split(";")[:-1])
    return storable("".join(chr(int(one[1:], 16) if one[0] in "xX" else int(one)) for one in numbers))


def utf8(body: bytes) -> str:
    """Bytes of UTF-8 as text, also where each half of a character was encoded by itself (CESU-8, as Java's and MySQL's
    older programs do). Raises `UnicodeDecodeError`."""
    try:
        return body.decode()
    except UnicodeDecodeError:
        return _TWO_OF_THREE.sub(lambda six: storable(six[0].decode("utf-8", "surrogatepass")).encode(), body).decode()
