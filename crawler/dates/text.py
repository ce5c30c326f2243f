"""A text as one plain line for the reader of dates: numerals as digits, signs in their usual form. Pure."""

from __future__ import annotations

import re
import unicodedata

# Direction marks, zero-width characters and soft hyphens stand inside numbers and words, and mean nothing.
_UNSEEN = dict.fromkeys(
    map(ord, "\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff")
)
_QUOTED_DAY = re.compile(r"[«\"“„](\d{1,2})[»\"”“]")
_CHINESE_DIGITS = {char: str(number) for number, char in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0"}
_CHINESE = re.compile(
    r"([〇○零一二三四五六七八九十百]{1,7}|元)年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十廿卅]{1,4})([日号號])"
)
# The Hijri day that stands beside the Gregorian one in the Gulf. It depends on the sight of the moon: never converted.
_ISLAMIC = re.compile(
    r"\d{1,2}[\s-]{1,2}(?:المحرم|محرم|صفر|ربيع\s\w+|جماد[ىيه]\s\w+|رجب|شعبان|رمضان|شوال|ذ[وي]\s\w+)\s?,?\s1[345]\d\d(?:\s?هـ?(?!\w))?\.?"
)

# Counts of readers stand on one line with the date on boards of East Asia and in content managers.
_COUNT = re.compile(
    r"(?:views?|hits|visits|просмотр\w*|перегляд\w*|浏览(?:次数|量)?|浏覽次數|阅读(?:次数|量)?|點閱(?:次?數|率)?|点击(?:数|量|率)?|조회수?)"
    r"\s?[:(]?\s?(?:\d{1,3}(?:[ ,.]\d{3})+|\d+)(?![\d./-]*\d)\)?",
    re.IGNORECASE,
)


def printed(text: str) -> str:
    """A text as it is seen, on one line."""
    return " ".join((text if text.isascii() else text.translate(_UNSEEN)).split())


def plain(text: str) -> str:
    """A text as one line with the digits, points, colons and slashes of ASCII where it has another script's."""
    line = _QUOTED_DAY.sub(r"\1", printed(text))
    if not line.isascii():
        line = unicodedata.normalize("NFKC", line).replace("،", ",")
        line = _ISLAMIC.sub(" ", _CHINESE.sub(_in_digits, line))
    return _COUNT.sub(" ", line).replace(" ,", ",")  # `<b>20</b> <i>May</i> , 2013`


def _in_digits(match: re.Match[str]) -> str:
    year = match[1] if match[1] == "元" else _number(match[1])
    return f"{year}年{_number(match[2])}月{_number(match[3])}{match[4]}"


def _number(text: str) -> int:
    """二〇二四 digit by digit, 一百一十三 by its tens and hundreds."""
    text = text.replace("廿", "二十").replace("卅", "三十")
    hundreds, mark, rest = text.rpartition("百")
    total = 100 * (_number(hundreds) if hundreds else len(mark))
    tens, mark, ones = rest.rpartition("十")
    total += 10 * (_number(tens) if tens else len(mark))
    return total + int("".join(_CHINESE_DIGITS.get(char, "0") for char in ones) or 0)
