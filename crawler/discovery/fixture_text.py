"""A saved page -> the same page with invented words: its structure can be kept, its words are not ours. Pure.

Kept: tags and attributes as they are written, numbers, dates, what only leads on ("next", "read more"), names of
languages, and addresses but for the words of their last part. Each other word becomes an invented one of its script,
length and case, always the same one for the same word, so that a title is the same in a list and over its article.
Comments, styles and scripts without values go.
"""

from __future__ import annotations

import hashlib
import html
import re
from urllib.parse import urlsplit

from crawler.dates import DateReader
from crawler.dates.calendars import month_of
from crawler.listing.html_lists.links import is_generic
from crawler.page.document import decode
from storage.types import Page

_PART = re.compile(
    r"(?P<gone><!--.*?-->|<style\b.*?</style\s*>)|(?P<script><script\b[^>]*>)(?P<inside>.*?)(?P<end></script\s*>)"
    r"|(?P<cdata><!\[CDATA\[|\]\]>)|(?P<tag><[!?/A-Za-z][^<>]*>)",
    re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"""(\s)([\w:@.-]+)(\s*=\s*)("[^"]*"|'[^']*')""")
_WORDS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_SAID = frozenset({"title", "alt", "aria-label", "placeholder", "value", "summary", "label"})
_LED = frozenset({"href", "src", "action", "data-href", "data-url", "srcset", "url"})
_META = re.compile(
    r"""\b(?:name|property)\s*=\s*["']?(?:og:(?:title|description|site_name)|description|keywords|author"""
    r"""|twitter:\w+|dc\.\w+)""",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?:https?:)?//[^\s\"'<>]+|^/[^\s\"'<>]*$|^\.{0,2}/[^\s\"'<>]*$")
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
_SLUG_WORDS = 3
"""Words of the last part of an address from which on it repeats a title."""
_VALUES = re.compile(r"ld\+json|application/json|=\s*[\[{]", re.IGNORECASE)
_PAGING = re.compile(
    r"(next|prev\w*|first|last|older|newer|page|след\w*|пред\w*|страниц\w*|weiter|zurück)", re.IGNORECASE
)

_SCRIPTS = (
    ("\u0400", "\u052f"), ("\u0370", "\u03ff"), ("\u0530", "\u058f"), ("\u10a0", "\u10ff"), ("\u0600", "\u06ff"),
    ("\u0590", "\u05ff"), ("\u3040", "\u9fff"), ("\uac00", "\ud7a3"),
)  # fmt: skip
"""Cyrillic, Greek, Armenian, Georgian, Arabic, Hebrew, Japanese and Chinese, Korean; all else is taken for Latin."""
_ALPHABETS = (
    ("аеиоу", "бвгдзклмнпрст"), ("αεηιου", "βγδζκλμνπρστ"), ("աեիոու", "բգդզլկհմնպռսվտր"), ("აეიოუ", "ბგდვზთკლმნპრსტ"),
    ("اوي", "بتجحدرزسشعفقكلمن"), ("אוי", "בגדהזחטכלמנסעפקרשת"), ("のはにをた", "山川木田中国人日本大小東西南北"),
    ("가나다라", "마바사아자차"), ("aeiou", "bcdfghklmnprstv"),
)  # fmt: skip


def reworded(page: Page) -> bytes:
    """The page with other words, in the encoding that it had."""
    text = decode(page)
    encoding = _encoding(page.body, text)
    made = _json(text) if text.lstrip()[:1] in ("{", "[") else _markup(text)
    return made.encode(encoding, "xmlcharrefreplace")


def _encoding(body: bytes, text: str) -> str:
    """The encoding that the page was read in: the first that gives its text."""
    for name in ("utf-8", "cp1251", "koi8-r", "gb18030", "big5", "euc_jp", "cp932", "cp949", "cp1252"):
        try:
            if body.decode(name)[:20_000] == text[:20_000]:
                return name
        except UnicodeDecodeError:
            continue
    return "utf-8"


def _markup(text: str) -> str:
    made, end = [], 0
    for part in _PART.finditer(text):
        made.append(_text(text[end : part.start()]))
        if part["script"]:
            keeps = _VALUES.search(part["script"] + part["inside"][:100_000])
            made += [part["script"], _json(part["inside"]) if keeps else "", part["end"]]
        elif part["tag"]:
            made.append(_tag(part["tag"]))
        elif part["cdata"]:
            made.append(part["cdata"])
        end = part.end()
    return "".join([*made, _text(text[end:])])


def _tag(tag: str) -> str:
    is_meta = _META.search(tag) is not None

    def attribute(found: re.Match[str]) -> str:
        blank, name, sign, quoted = found.groups()
        value, mark, kind = html.unescape(quoted[1:-1]), quoted[0], name.lower()
        if kind in _LED or _ADDRESS.match(value):
            changed = _address(value)
        elif kind in _SAID or (is_meta and kind == "content"):
            changed = _line(value)
        elif value.lstrip()[:1] in ("{", "[") and len(value) > 60:
            changed = _json(value)
        else:
            return found[0]
        return f"{blank}{name}{sign}{mark}{html.escape(changed, quote=True)}{mark}"

    return _ATTRIBUTE.sub(attribute, tag)


def _json(text: str) -> str:
    """Each string of a value with other words; names of fields are short and have no blanks, so they stay."""

    def string(found: re.Match[str]) -> str:
        inner = found[1]
        after = text[found.end() : found.end() + 3].lstrip()
        if after.startswith(":"):
            return found[0]
        if _ADDRESS.match(inner.replace("\\/", "/")):
            return f'"{_address(inner)}"'
        return f'"{_escaped(inner)}"' if " " in inner or not inner.isascii() or "\\u" in inner else found[0]

    return _STRING.sub(string, text)


def _escaped(inner: str) -> str:
    """A string's text with other words; its escapes stay, but for letters that are written as such."""
    inner = re.sub(r"\\u(0[0-9a-fA-F]{3}|[1-9a-cA-C][0-9a-fA-F]{3})", lambda code: _letter(code[1], code[0]), inner)
    return "".join(part if part.startswith("\\") else _line(part) for part in re.split(r"(\\.)", inner))


def _letter(code: str, written: str) -> str:
    char = chr(int(code, 16))
    return char if char.isalpha() else written


def _text(text: str) -> str:
    if not text or text.isspace():
        return text
    plain = re.sub(r"&#(\d+|x[0-9a-fA-F]+);", lambda code: html.unescape(code[0]), text)
    parts = re.split(r"(&[#\w]{2,31};)", plain)
    return "".join(part if part.startswith("&") and part.endswith(";") else _line(part) for part in parts)


def _line(text: str) -> str:
    """A run of text with other words, unless it is a date or only leads on."""
    line = " ".join(text.split())
    if _ADDRESS.fullmatch(line):
        return _address(text)
    others = sum(not _stays(word) for word in _WORDS.findall(line))
    if not line or is_generic(line) or (others <= 1 and DateReader().claimed(line).day):
        return text
    return _WORDS.sub(lambda word: word[0] if _stays(word[0]) else _invented(word[0]), text)


def _stays(word: str) -> bool:
    return len(word) == 1 or bool(month_of(word, ())) or _PAGING.fullmatch(word) is not None


def _address(address: str) -> str:
    """The address with other words where its last part repeats a title; numbers, dates and endings stay."""
    path = urlsplit(address).path if "[" not in address else ""
    last = path.rstrip("/").rpartition("/")[2]
    if len(re.findall(r"[^\W\d_]{2,}", last)) < _SLUG_WORDS or re.fullmatch(r"[0-9a-fA-F-]{16,}", last):
        return address
    stem, dot, ending = last.rpartition(".") if re.search(r"\.\w{2,5}$", last) else (last, "", "")
    changed = re.sub(r"(?<!%)(?<![0-9a-fA-F]%)[A-Za-z]{2,}", lambda word: _invented(word[0]), stem)
    return address.replace(last, f"{changed}{dot}{ending}", 1)


def _invented(word: str) -> str:
    """A word of the same script, length and case; the same word always becomes the same."""
    vowels, consonants = _alphabet(word)
    digest = hashlib.blake2b(word.lower().encode(), digest_size=64).digest()
    letters = "".join(
        (vowels if (place + digest[-1]) % 2 else consonants)[
            digest[place % 63] % len(vowels if (place + digest[-1]) % 2 else consonants)
        ]
        for place in range(len(word))
    )
    if word.isupper() and len(word) > 1:
        return letters.upper()
    return letters.capitalize() if word[0].isupper() else letters


def _alphabet(word: str) -> tuple[str, str]:
    char = next(char for char in word if char.isalpha())
    found = next((number for number, (first, last) in enumerate(_SCRIPTS) if first <= char <= last), len(_SCRIPTS))
    return _ALPHABETS[found]
