"""Feeds: RSS 0.9 to 2.0, RDF, Atom 0.3 and 1.0, as they are and as they are damaged. Pure.

Given decoded text and never an address: nothing is fetched, no entity is defined by the feed itself. What a field is
called is known by its namespace, by its usual prefix where none is declared. Of an entry's dates the first that can
be read counts: of its publication, then Dublin Core's, then of its last change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from crawler.dates import DateReader
from crawler.dates.lines import in_the_order_shown
from crawler.listing.answer import Answer
from crawler.listing.feeds.linkless import without_address
from crawler.listing.feeds.markup import Element, attributes_of, children, parts, without_opaque
from crawler.listing.texts.plain_text import plain, unescaped, without_marks, without_tags
from crawler.listing.texts.timestamps import read_stamp
from crawler.page.document import absolute, clean
from crawler.page.references import reachable
from storage.types import Entry, Listing, Published, Reason, SourceSpec

ENTRIES = 5_000
"""Entries of one feed that are read at most: no section shows more, and a feed can be made of 200,000."""

_FEED = re.compile(r"<(?:[\w.-]{1,40}:)?(?:rss|feed|RDF|channel)(?=[\s>])", re.IGNORECASE)
_HTML = re.compile(r"<(?:!doctype\s+html|html|body)[\s>]", re.IGNORECASE)
_PROLOG_LIMIT = 4_000
"""Characters before the root element: declarations, style sheets, comments, what a server says by mistake."""

_ENTRY_TAGS = re.compile(r"<(/?)((?:[\w.-]{1,40}:)?(?:item|entry))(?=[\s>/<])[^<>]*+>?", re.IGNORECASE)
_LINK = re.compile(r"<(?:[\w.-]{1,40}:)?link\b([^<>]*+)>", re.IGNORECASE)
_END = re.compile(r"</(?:[\w.-]{1,40}:)?(?:channel|rss|feed|RDF)\b", re.IGNORECASE)
_NAMESPACES = (
    ("www.w3.org/2005/Atom", ""),
    ("purl.org/atom/ns", ""),
    ("purl.org/rss/1.0/modules/content", "content"),
    ("purl.org/rss/1.0/modules", "other"),
    ("purl.org/rss/1.0", ""),
    ("my.netscape.com", ""),
    ("purl.org/dc/terms", "dcterms"),
    ("purl.org/dc/elements", "dc"),
    ("search.yahoo.com/mrss", "media"),
    ("rssnamespace.org/feedburner", "feedburner"),
    ("www.w3.org/1999/02/22-rdf-syntax-ns", ""),
)
_USUAL = {"": "", "atom": "", "atom10": "", "a10": "", "rss": "", "rdf": ""}
"""What prefixes mean that are not declared; the others mean what they say."""

_DATE_FIELD = re.compile(r"<(?:pubDate|dc:date|date)\b[^<>]*+>([^<]{8,40})<", re.IGNORECASE)
_DATES = (
    ("published", "pubdate", "issued", "dcterms:issued", "dc:date", "date", "created", "dcterms:created", "dc:created"),
    ("updated", "modified", "dcterms:modified", "lastbuilddate"),
)
_SUMMARIES = ("description", "summary", "dc:description", "dcterms:abstract", "media:description", "content")
"""Not `content:encoded`: at some bodies it has the whole page with its menus."""

Fields = dict[str, list[Element]]
"""The fields of an entry by what they mean, in small letters."""


@dataclass(frozen=True, slots=True)
class _Feed:
    """What is the same for all entries of a feed."""

    base: str
    prefixes: dict[str, str]
    languages: tuple[str, ...]
    dates: DateReader


def _is_feed(text: str) -> bool:
    """Whether a text is a feed, whatever its header says."""
    start = text[:_PROLOG_LIMIT]
    feed, page = _FEED.search(start), _HTML.search(start)
    return feed is not None and (page is None or feed.start() < page.start())


def read_feed(answer: Answer, spec: SourceSpec) -> Listing | None:
    """The entries of a feed that are whole; None if the answer is no feed.

    Those without an address have an empty one: their text is the statement. Without a text either they are left out.
    """
    if not _is_feed(answer.text):
        return None
    root = _FEED.search(answer.text)
    text = without_opaque(answer.text[root.start() :] if root else answer.text)
    first = _ENTRY_TAGS.search(text)
    head = text[: first.start()] if first else text
    feed = _Feed(
        _base(head, answer.page.address),
        _prefixes(head),
        spec.languages,
        in_the_order_shown(" ".join(_DATE_FIELD.findall(text)), DateReader(spec.languages, spec.zone, spec.day_first)),
    )
    found = [
        one
        for one in islice(parts(text, _ENTRY_TAGS, _END), ENTRIES + 1)
        if _meaning(one.name, feed) in ("item", "entry")
    ]
    entries = tuple(entry for one in found[:ENTRIES] if (entry := _entry(one, feed)))
    if not entries:
        detail = "a feed whose entries have no address" if found else "a valid feed without entries"
        return Listing((), "feed", Reason.EMPTY, detail)
    detail = without_address(entries, len(found[:ENTRIES]))
    if len(found) > ENTRIES:
        detail = f"only the first {ENTRIES:,} entries of the feed are read"
    return Listing(entries, "feed", detail=detail, next_page=_next_page(head, text, feed.base))


def _next_page(head: str, text: str, base: str) -> str:
    """The document with the entries before these (RFC 5005, 3): `rel=next` of a paged feed, which may stand anywhere
    in the feed but not in an entry; in an archived one `rel=prev-archive` (4)."""
    tail = text[max(text.rfind("</entry"), text.rfind("</item"), 0) :]
    for wanted in ("next", "prev-archive"):
        for tag in _LINK.findall(head + tail):
            attributes = attributes_of(tag)
            if wanted in attributes.get("rel", "").lower().split() and attributes.get("href"):
                return absolute(base, attributes["href"]) or ""
    return ""


def _base(head: str, address: str) -> str:
    for reference in re.findall(r"""\bxml:base\s*=\s*["']([^"'<>]*)["']""", head):
        address = absolute(address, unescaped(reference)) or address
    return address


def _prefixes(head: str) -> dict[str, str]:
    """What the prefixes mean that the feed declares before its first entry, a default namespace among them."""
    declared = {}
    for prefix, address in re.findall(r"""\bxmlns:?([\w.-]{0,40})\s*=\s*["']([^"'<>]*)["']""", head):
        declared[prefix.lower()] = next((name for known, name in _NAMESPACES if known in address), prefix.lower())
    return declared | {"": ""}


def _meaning(name: str, feed: _Feed) -> str:
    """What an element is, whatever its prefix: `title` for `atom:title`, `dc:date` where `x` is Dublin Core's."""
    prefix, _, local = name.lower().rpartition(":")
    space = feed.prefixes.get(prefix, _USUAL.get(prefix, prefix))
    return f"{space}:{local}" if space else local


def _entry(part: Element, feed: _Feed) -> Entry | None:
    fields: Fields = {}
    for element in children(part.inner):
        fields.setdefault(_meaning(element.name, feed), []).append(element)
    identifier = next((text for name in ("guid", "id") if (text := _value(fields, name))), "")
    identifier = identifier or next((v for k, v in attributes_of(part.attributes).items() if k.endswith(":about")), "")
    address = _address(fields, identifier, _base(part.attributes, feed.base), feed.languages)
    summary = _text(fields, _SUMMARIES)
    if not address and not summary:
        return None
    return Entry(
        address=address or "",
        title=_text(fields, ("title", "dc:title", "media:title")),
        published=_published(fields, feed.dates),
        summary=summary,
        feed_id=identifier,
    )


# -- fields ----------------------------------------------------------------------------------------------------------


def _value(fields: Fields, name: str) -> str:
    """The first text in a field of this name that is there, without markup of its own."""
    return next((text for element in fields.get(name, ()) if (text := _literal(element))), "")


def _literal(element: Element) -> str:
    return clean(_written(element))


def _written(element: Element) -> str:
    """The text in an element with its line breaks."""
    return without_marks(unescaped(without_tags(element.inner)))


def _text(fields: Fields, names: Sequence[str]) -> str:
    """The first text in one of the fields, as a person would read it."""
    return next((text for name in names for element in fields.get(name, ()) if (text := _readable(element))), "")


def _readable(element: Element) -> str:
    """Source: RFC 4287, 3.1.1: `text` is what it says, `xhtml` has markup of its own; the rest may be escaped HTML."""
    if element.attribute("type").lower() in ("text", "text/plain", "xhtml", "application/xhtml+xml"):
        return _literal(element)
    return plain(element.inner)


def _published(fields: Fields, dates: DateReader) -> Published:
    for names in _DATES:
        written = [text for name in names if (text := _value(fields, name))]
        for text in written:
            if (published := read_stamp(text, dates)).day is not None:
                return published
        if written:  # it says when it was published, and we cannot read it: when it was changed is another matter
            break
    return dates.claimed("")


def _address(fields: Fields, identifier: str, base: str, languages: Sequence[str]) -> str | None:
    """Where the statement stands: the first of what the entry says of that which is an address others can reach."""
    found = (_absolute(one, base) for one in _references(fields, identifier, languages))
    return reachable(filter(None, found), base)


def _absolute(reference: Element | str, base: str) -> str | None:
    if isinstance(reference, Element):
        base = _base(reference.attributes, base)
        reference = next(filter(None, map(reference.attribute, ("href", "url", "src"))), "") or _written(reference)
    return absolute(base, reference.replace("&amp;", "&"))


def _references(fields: Fields, identifier: str, languages: Sequence[str]) -> Iterator[Element | str]:
    """1. The address behind FeedBurner's own. 2. Links, those to a page in the source's languages first.
    3. The identifier, if it is an address. 4. What is attached: a document may be the statement."""
    yield from fields.get("feedburner:origlink", ())
    links = [link for link in fields.get("link", ()) if _relation(link) == "alternate"]
    yield from sorted(links, key=lambda link: _rank(link, languages))
    if re.match(r"https?:|www\.|//?\w", identifier, re.IGNORECASE) or any(map(_is_link, fields.get("guid", ()))):
        yield identifier
    yield from fields.get("url", ())
    yield from fields.get("enclosure", ())
    yield from (one for one in fields.get("content", ()) if one.attribute("src"))
    yield from (link for link in fields.get("link", ()) if _relation(link) in ("enclosure", "self"))


def _is_link(guid: Element) -> bool:
    """Whether a feed says of an identifier that it is the address (RSS 2.0, `guid`: so it is where nothing is said; but
    most that say nothing are numbers)."""
    return guid.attribute("ispermalink").lower() == "true"


def _relation(link: Element) -> str:
    return (link.attribute("rel") or "alternate").lower().rpartition("/")[2]


def _rank(link: Element, languages: Sequence[str]) -> tuple[bool, bool]:
    kind, language = link.attribute("type").lower(), link.attribute("hreflang").lower().partition("-")[0]
    return kind not in ("", "text/html", "application/xhtml+xml"), bool(
        language and languages
    ) and language not in languages
