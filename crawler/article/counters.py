"""Lines in which a page counts, rates or tells the time, and elements that do: they change without an edit. Pure.

Told by their words (`counters.toml`): all of them are of counting, beside a number or without one. A sentence of a
statement has one at least that is not. Where only an icon says what is counted, a bare number is left.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from lxml.html import HtmlElement

from crawler.page.document import short_text

_LONGEST = 100
"""Characters of the longest line that can be a counter."""
_LONGEST_BARE = 30
_MOST_DIGITS = 7
"""Digits of the highest number that a page shows bare: more are a telephone's, or those of a day."""
_LONGEST_GAUGE = 60
_LONGEST_NAME = 60
_MOST_WORDS = 6
_MOST_LABELS = 3
"""Words of a label whose number stands in a line of its own."""

_TOML = tomllib.loads(Path(__file__).with_name("counters.toml").read_text("utf-8"))
_COUNTED = frozenset(word for words in _TOML["counted"].values() for word in words.casefold().split())
_WORDS = _COUNTED | frozenset(word for words in _TOML["around"].values() for word in words.casefold().split())


def _any_of(words: list[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


_JOINED_COUNTED = re.compile(_any_of(_TOML["joined"]["counted"]))
_JOINED = re.compile(_any_of(_TOML["joined"]["counted"] + _TOML["joined"]["around"]))

_LETTER = r"(?:(?![\d_।])[\w\u0300-\u036f\u0900-\u0eff])"
_WORD = re.compile(rf"{_LETTER}++(?:['’ʻ‘ʼ`´-]{_LETTER}++)*+")
"""With the marks of Indian and Thai letters, which are none to `\\w`."""
_APOSTROPHES = re.compile("[’ʻ‘ʼ`´]")
_SEPARATORS = " |/·•,;–—-"
_GAUGE = re.compile(r"\d\s?(?:°|º|℃|℉)|\b\d?\d:\d\d:\d\d\b")
"""Degrees, and the time to the second."""
_SENTENCE_END = re.compile(r"[.!?։。।؟][\s\"'»”’)]*$")
_NAMED = re.compile(
    r"(?:(?:post|page|article|news|entry|item|meta|node|content|total|single|td|js|b|c)[-_]*+){0,8}"
    r"(?:views?|hits?|counters?|reads?|likes?|dislikes?|shares?|votes?|ratings?|stars|downloads?|visits?|visitors|comments?"
    r"|eye|clock|weather|forecast|currency|currencies|exchange|rates|timeago|time-ago|online|kurs|pogoda|reactions?|popularity)"
    r"(?:[-_]*+(?:counts?|counter|num|number|nums?|total|value|box|wrap|wrapper|block|widget|info|line|badge|rates?|bar|score)){0,8}",
    re.IGNORECASE,
)
"""What sites call the elements that count. Not `views-row` and its like: so Drupal calls every list."""


def is_counter(line: str) -> bool:
    """Whether a line only counts, rates, tells the time, the weather or a rate of exchange."""
    if len(line) > _LONGEST:
        return False
    words = _words(line)
    if not words:
        return _is_bare(line)
    if _is_gauge(line) and len(words) <= _MOST_WORDS:
        return True
    has_number = re.search(r"\d", line) is not None
    if not has_number and (len(words) > _MOST_LABELS or len(line) > _LONGEST_BARE):
        return False
    return any(map(_is_counted, words)) and all(map(_is_known, words))


def less_counter(line: str) -> Iterator[str]:
    """What is left of a line where a counter at its end or its beginning is taken away, in every way."""
    if len(line) > _LONGEST:
        return
    words = line.split()
    for place in range(1, len(words)):
        for left, taken in ((words[:place], words[place:]), (words[place:], words[:place])):
            if is_counter(" ".join(taken)):
                yield " ".join(left).strip(_SEPARATORS)


def drop_counters(page: HtmlElement) -> None:
    """Drop the elements of a page that are called counters and have hardly more than a number. Changes the tree."""
    for element in [one for one in page.iter() if isinstance(one.tag, str) and _is_called_counter(one)]:
        text = short_text(element, _LONGEST_GAUGE)
        if text and re.search(r"\d", text) and len(_words(text)) <= 2 and element.getparent() is not None:
            element.drop_tree()


def _is_called_counter(element: HtmlElement) -> bool:
    names = f"{element.get('class') or ''} {element.get('id') or ''}".split()
    return any(len(name) <= _LONGEST_NAME and _NAMED.fullmatch(name) for name in names)


def _words(line: str) -> list[str]:
    return [_APOSTROPHES.sub("'", word) for word in _WORD.findall(line.casefold())]


def _is_counted(word: str) -> bool:
    return word in _COUNTED or (_JOINED_COUNTED.search(word) is not None)


def _is_known(word: str) -> bool:
    return word in _WORDS or all(part in _WORDS for part in word.split("-")) or not _JOINED.sub("", word)


def _is_gauge(line: str) -> bool:
    return len(line) <= _LONGEST_GAUGE and _GAUGE.search(line) is not None and not _SENTENCE_END.search(line)


def _is_bare(line: str) -> bool:
    numbers = re.findall(r"\d+(?:[\s.,]\d{3})*", line)
    digits = [re.sub(r"\D", "", one) for one in numbers]
    return bool(numbers) and len(line) <= _LONGEST_BARE and "+" not in line and sum(map(len, digits)) <= _MOST_DIGITS
