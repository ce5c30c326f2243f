"""The text of what may be text, HTML, or HTML that was escaped once too often. Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Set

from crawler.page.characters import with_whole_characters
from crawler.page.document import clean

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_UNSEEN = re.compile(
    r"<(script|style)\b[^<>]*+>(?:[^<]++|<(?!/?\1\b))*+</\1\s*+>|<!--(?:[^-<]++|-(?!->)|<(?!!--))*+-->", re.I
)
_TAG = re.compile(
    r"</?([A-Za-z][A-Za-z0-9]{0,15}:)?([A-Za-z][A-Za-z0-9]{0,15})(?![\w:-])((?:\"[^\"<]*\"|'[^'<]*'|[^<>])*+)>"
)
_END_TAG = re.compile(r"</([A-Za-z]{1,16})")
_LAYERS = 3
"""How often a text is unescaped at most: `&amp;amp;quot;` has been seen, and no statement speaks of `&quot;`."""

_INLINE = frozenset(
    (
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins",
        "kbd", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u",
        "var", "wbr",
    )
)  # fmt: skip
_BLOCKS = frozenset(
    (
        "address", "article", "aside", "audio", "blockquote", "body", "br", "button", "caption", "center", "col",
        "colgroup", "dd", "details", "div", "dl", "dt", "embed", "fieldset", "figcaption", "figure", "footer",
        "form", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hr", "html", "iframe", "img", "input",
        "label", "legend", "li", "link", "main", "map", "meta", "nav", "noscript", "object", "ol", "option", "p",
        "param", "picture", "pre", "section", "select", "source", "style", "script", "summary", "svg", "table",
        "tbody", "td", "textarea", "tfoot", "th", "thead", "title", "tr", "track", "ul", "video",
    )
)  # fmt: skip
"""The elements of HTML. What else stands in angle brackets is text: `<EU>`."""
_NOUNS = frozenset(
    (
        "address", "article", "audio", "button", "caption", "center", "code", "details", "figure", "footer", "form",
        "frame", "header", "label", "legend", "link", "main", "map", "mark", "menu", "object", "option", "picture",
        "section", "source", "style", "summary", "table", "time", "title", "track", "video",
    )
)  # fmt: skip
"""Elements whose names are words: with a capital, and without an end tag, they are said."""
_WITHOUT_VALUE = frozenset(
    (
        "allowfullscreen", "async", "autofocus", "autoplay", "checked", "compact", "controls", "default", "defer",
        "disabled", "download", "hidden", "inert", "ismap", "itemscope", "loop", "multiple", "muted", "nohref",
        "nomodule", "noresize", "noshade", "novalidate", "nowrap", "open", "playsinline", "readonly", "required",
        "reversed", "selected", "/",
    )
)  # fmt: skip
"""The attributes of HTML that need no value."""


def plain(text: str) -> str:
    """The text of what may be text or HTML, as one line: without tags, with all that is escaped unescaped."""
    for _ in range(_LAYERS):
        if "<" not in text and "&" not in text:
            break
        text = unescaped(without_tags(text))
    return clean(without_marks(text))


def without_marks(text: str) -> str:
    """The text without the marks of a CDATA section, where they were escaped or stand alone."""
    return text.replace("<![CDATA[", "").replace("]]>", "") if "]]>" in text or "<![" in text else text


def without_tags(text: str) -> str:
    """The text without the tags of HTML and what a reader never sees; a blank where a block begins or ends."""
    if "<" not in text:
        return text
    ended = {name.lower() for name in _END_TAG.findall(text)}
    return _TAG.sub(lambda tag: tag[0] if _is_said(tag, ended) else _gap(tag), _UNSEEN.sub(" ", text))


def unescaped(text: str) -> str:
    """The text with the entities of XML and HTML as characters, each once. `&lang` without a semicolon is none."""
    return _ENTITY.sub(_character, with_whole_characters(text)) if "&" in text else text


def _gap(tag: re.Match[str]) -> str:
    name = tag[2].lower()
    if name in _BLOCKS:
        return " "
    return "" if tag[1] or name in _INLINE else tag[0]


def _is_said(tag: re.Match[str], ended: Set[str]) -> bool:
    """Whether what looks like a tag is text: `<Article 5>`, `<Q&A>`, `<Annex>` beside no end tag, `<time for peace>`.

    A tag has attributes with values, or those few that have none (HTML standard, 13.1.2.3).
    """
    rest = tag[3].rstrip("/")
    if tag[0].startswith("</") or "=" in rest:
        return False
    if rest and not rest[0].isspace():
        return True
    if not rest.strip():
        return not tag[3] and tag[2].istitle() and tag[2].lower() in _NOUNS - ended
    return not _WITHOUT_VALUE.issuperset(rest.lower().split())


def _character(entity: re.Match[str]) -> str:
    return html.unescape(entity[0])
