"""What the readers of listings and of articles share: bytes -> text -> tree, addresses. Pure."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from urllib.parse import SplitResult, urljoin, urlsplit

import lxml.html
from lxml import etree
from lxml.html import HtmlElement
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom

from crawler.page.characters import utf8, with_whole_characters
from crawler.page.references import mended
from crawler.page.size import bounded, drop, is_large
from storage.identity import host_name
from storage.types import Page

# -- text ------------------------------------------------------------------------------------------------------------

# The encodings of the WHATWG Encoding Standard that Python has, by Python's names. Nothing else is taken from a page:
# `idna`, `punycode` and `unicode_escape` are text encodings too, and slow or surprising ones. UTF-16 is not here: it
# has a byte order mark, and a declaration without one is a mistake (HTML standard, 13.2.3.3).
_ENCODINGS = frozenset(
    (
        "utf-8", "cp866", "iso8859-1", "iso8859-2", "iso8859-3", "iso8859-4", "iso8859-5", "iso8859-6", "iso8859-7",
        "iso8859-8", "iso8859-10", "iso8859-13", "iso8859-14", "iso8859-15", "iso8859-16", "koi8-r", "koi8-u",
        "mac-roman", "mac-cyrillic", "cp874", "cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256",
        "cp1257", "cp1258", "gb2312", "gbk", "gb18030", "big5", "big5hkscs", "euc_jp", "iso2022_jp", "shift_jis",
        "cp932", "euc_kr", "cp949",
    )
)  # fmt: skip
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "iso8859-1": "cp1252", "shift_jis": "cp932", "euc_kr": "cp949"}
_EAST_ASIAN = frozenset({"gb18030", "big5", "big5hkscs", "euc_jp", "iso2022_jp", "cp932", "cp949"})
_LIKELY = ("utf-8", "cp1251", "koi8-r", "cp1252", "gb18030")
_FEW = 5
"""A body is UTF-8 with damage if at most one in so many of its other than ASCII characters is damaged."""
_PROOF = re.compile("[\u2010-\u203a\u20ac]|[\u00a0-\u017f\u0370-\u052f\u0590-\u06ff]")
_SIGN, _LETTER = 3, 1
"""What a sign of punctuation of three bytes and a letter of two prove: by chance no other text has the first, and the
second where a capital stands before a closing quotation mark."""
_XML_ENCODING = re.compile(rb"""^\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w.:-]{1,40})["']""", re.IGNORECASE)

# Signs of a wrong encoding: bytes that mean nothing, control characters, capitals inside words (KOI8-R read as
# windows-1251), Cyrillic in Latin words, runs of accented letters (windows-1251 read as windows-1252).
_ODD = re.compile(r"\ufffd|[\x80-\x9f]|[a-zа-яё][A-ZА-ЯЁ]|[a-z][а-яё]|[а-яё][a-z]|[À-ÖØ-öø-ÿ]{3}|[\ue000-\uf8ff]")
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff]")


def decode(page: Page) -> str:
    """The page's text, without NUL, control characters and lone surrogates. Never raises.

    1. A byte order mark decides. 2. A body that is UTF-8 is UTF-8, whatever it says: by chance no other text is.
    3. What the header, then the page declares, if it can be decoded so. 4. The encoding that fits best.

    Source: the order is that of the HTML standard, 13.2.3 ("determining the character encoding"), but for 2 and 4.
    """
    encoding, mark = read_bom(page.body)
    if encoding and mark:
        text = page.body[len(mark) :].decode(encoding, "replace")
    else:
        text = _decode(page.body, list(_declared(page)))
    return with_whole_characters(_FORBIDDEN.sub("", text.replace("\x0c", " ")))


def _decode(body: bytes, declared: list[str]) -> str:
    strict = declared if any(name in _EAST_ASIAN for name in declared) else ["utf-8", *declared]
    for encoding in strict:
        try:
            return utf8(body) if encoding == "utf-8" else body.decode(encoding)
        except UnicodeError:
            continue
    text = body.decode("utf-8", "replace")
    damaged = text.count("\ufffd")
    if damaged * _FEW <= sum(not char.isascii() for char in text) or damaged < _proof(text):
        return text
    candidates = dict.fromkeys([*declared, *_LIKELY])
    return min((body.decode(encoding, "replace") for encoding in candidates), key=lambda text: len(_ODD.findall(text)))


def _proof(text: str) -> int:
    """How much speaks for a text that was read as UTF-8: each of its characters was a whole sequence of bytes."""
    return sum(_SIGN if found >= "\u2010" else _LETTER for found in _PROOF.findall(text))


def _declared(page: Page) -> Iterator[str]:
    in_xml = _XML_ENCODING.match(page.body[:400])
    for name in (
        http_content_type_encoding(page.content_type),
        in_xml[1].decode("ascii") if in_xml else None,
        html_body_declared_encoding(page.body[:8192]),
    ):
        try:
            encoding = codecs.lookup(name or "").name
        except (LookupError, ValueError):
            continue
        if encoding in _ENCODINGS:
            yield _WIDER.get(encoding, encoding)


def clean(text: str) -> str:
    """One line: white space collapsed, soft hyphens and zero-width characters removed."""
    return " ".join((text if text.isascii() else _UNSEEN.sub("", text)).split())


# -- tree ------------------------------------------------------------------------------------------------------------

_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_EARLY_END = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)
"""Included heads end with it; browsers go on with the body (HTML standard, 13.2.6.4.19 and .22), libxml2 stops."""
_ELEMENTS = 2_000
_UNREAD = frozenset({"script", "style", "noscript", "template", "iframe", "svg", "head", "select", "object"})


def tree(text: str) -> HtmlElement:
    """The page as a tree, however broken it is. Never raises.

    No network, no entities of its own, no more than `size.bounded` leaves of it, and no more than 255 levels (libxml2's
    limit without `huge_tree`): 200,000 nested elements neither crash nor slow the reader, what stands deeper is left
    out.
    """
    parser = lxml.html.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    source = _EARLY_END.sub("", _XML_DECLARATION.sub("", bounded(text))).encode("utf-8", "replace")
    try:
        return lxml.html.document_fromstring(source, parser=parser)
    except (ValueError, etree.LxmlError):
        return lxml.html.document_fromstring("<html><body></body></html>")


def text_of(element: HtmlElement) -> str:
    """The text of an element as one line, with a blank where an element begins or ends, without scripts."""
    return clean(" ".join(_pieces(element)))


def short_text(element: HtmlElement, limit: int) -> str | None:
    """The text of an element, or None if it is longer than `limit` characters; no more than that is read.

    None too where more elements than make a short text stand in it: empty ones are nested a hundred deep somewhere.
    """
    length, pieces = 0, []
    for piece in _pieces(element):
        pieces.append(piece)
        length += len(piece.strip())
        if length > limit or len(pieces) > limit + _ELEMENTS:
            return None
    text = clean(" ".join(pieces))
    return text if len(text) <= limit else None


def _pieces(element: HtmlElement) -> Iterator[str]:
    """The texts in an element in their order, those of empty elements too. No recursion: it costs each its depth."""
    if element.tag in _UNREAD:
        return
    yield element.text or ""
    around = [(element, iter(element))]
    while around:
        inner, children = around[-1]
        child = next(children, None)
        if child is None:
            around.pop()
            if inner is not element:
                yield inner.tail or ""
        elif child.tag in _UNREAD:
            yield child.tail or ""
        else:
            yield child.text or ""
            around.append((child, iter(child)))


def select(root: HtmlElement, selector: str) -> list[HtmlElement]:
    """What a CSS selector finds, in the page's order; nothing for an empty one. Raises `ValueError` if it is no CSS."""
    if not selector:
        return []
    try:
        return list(root.cssselect(selector))
    except Exception as error:  # cssselect has three kinds of errors, lxml adds its own
        raise ValueError(f"{selector!r} is not a CSS selector: {error}") from error


_FRAME_TAGS = frozenset({"nav", "aside", "dialog"})
_FRAME_ROLES = frozenset({"navigation", "banner", "contentinfo", "search", "complementary"})
_FRAME_NAMES = frozenset(
    (
        "nav", "navbar", "navigation", "menu", "submenu", "breadcrumb", "breadcrumbs", "pagination", "pager", "sidebar",
        "footer", "site-footer", "site-header", "cookie", "cookies",
    )
)  # fmt: skip
_CONTENT_TAGS = frozenset({"main", "article", "section", "li", "tr"})
_FORM_LIMIT = 400
"""Characters of text. ASP.NET puts whole pages into a form; one for searching or signing in is short."""


def is_frame(element: HtmlElement) -> bool:
    """Whether the element is a part of the frame around a page's content: menu, head, foot, side column, form."""
    if element.tag in ("html", "body", "main", "article", "h1"):
        return False
    if element.tag in ("header", "footer"):
        return not any(ancestor.tag in _CONTENT_TAGS for ancestor in element.iterancestors())
    if element.tag in _FRAME_TAGS or (element.get("role") or "").lower() in _FRAME_ROLES:
        return True
    names = f"{element.get('class', '')} {element.get('id', '')}".lower().split()
    is_short_form = element.tag == "form" and short_text(element, _FORM_LIMIT) is not None
    # Weak evidence: `<div class="page sidebar">` may be the page that has a sidebar, a form a page of a few words.
    weak = is_short_form or any(name in _FRAME_NAMES for name in names)
    return weak and next(element.iter("h1", "main", "article"), None) is None


_MOST = 0.5
"""Part of the page's paragraphs that no part of a frame has: what has more is the content under an odd name."""


def without_frame(root: HtmlElement) -> HtmlElement:
    """The tree without its frame, its scripts and what is not read. Changes and returns the tree it is given."""
    within, large = _paragraphs(root), is_large(root)
    for element in [element for element in root.iter() if element.tag in _UNREAD or is_frame(element)]:
        if element.tag == "head" or element.getparent() is None:
            continue
        if element.tag in _UNREAD or within[element] <= _MOST * within[root] or _is_foot(element):
            drop([element], large=large)
    return root


def _is_foot(element: HtmlElement) -> bool:
    """Whether a part of a frame is the page's foot, which says more than a statement of one sentence."""
    called = {element.tag, (element.get("role") or "").lower(), *(element.get("class") or "").lower().split()}
    return bool(called & {"footer", "contentinfo"}) and next(element.iter("h1", "main", "article"), None) is None


def _paragraphs(root: HtmlElement) -> dict[HtmlElement, int]:
    """Characters in the paragraphs of each element of a tree."""
    within: dict[HtmlElement, int] = {}
    count = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            within[element] = count - within[element]
            continue
        within[element] = count
        if element.tag == "p":
            count += len((element.text or "").strip())
    return within


# -- addresses -------------------------------------------------------------------------------------------------------


_WHOLE = re.compile(r"https?://[^/?#\s]+/[^#]*$")


@lru_cache(4096)
def parts_of(address: str) -> SplitResult:
    """`urlsplit`, which forgets all but 128 addresses: a page has more, and each is looked at from many sides."""
    return urlsplit(address)


@lru_cache(4096)
def absolute(base: str, reference: str) -> str | None:
    """The absolute http or https address that a reference on the page `base` means, or None if it means no page.

    Blanks around it are not part of it; blanks inside are percent-encoded, as browsers do, and mistakes of typing are
    mended. No page is at a host that cannot be.
    """
    reference = mended(base, reference.strip())
    if not reference or reference.startswith("#"):
        return None
    try:
        address = (reference if _WHOLE.match(reference) else urljoin(base, reference)).replace(" ", "%20")
        parts = parts_of(address)
        host, port = parts.hostname, parts.port
        usable = parts.scheme in ("http", "https") and host and host_name(host) and (port is None or port > 0)
    except ValueError:
        return None
    return address if usable else None


def base_address(root: HtmlElement, page: Page) -> str:
    """Where the page's references start from: its `<base href>`, else where it was fetched."""
    for element in root.iter("base"):
        return absolute(page.address, element.get("href") or "") or page.address
    return page.address


def first_text(elements: Iterable[HtmlElement]) -> str:
    """The text of the first element that has one."""
    return next((text for element in elements if (text := text_of(element))), "")
