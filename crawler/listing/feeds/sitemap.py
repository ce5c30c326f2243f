"""Sitemaps (sitemaps.org), those for news among them, and their indexes. Pure.

A sitemap for news says title and date of each address. A plain one says when a page was last made, which is no claim of
when a statement was published: some sites make all anew each day. So its entries have no date, and come in that order.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlsplit

from crawler.dates import DateReader
from crawler.listing.answer import Answer
from crawler.listing.feeds.markup import Element, children, parts, without_opaque
from crawler.listing.texts.plain_text import plain, unescaped
from crawler.listing.texts.timestamps import read_stamp
from crawler.page.document import absolute, clean
from storage.types import Entry, Listing, Page, Published, Reason, SourceSpec

NEWEST = 200
"""Entries of a plain sitemap that are read: it holds years, up to 50,000 addresses."""
_ROWS = 60_000
_SITEMAP = re.compile(r"<(?:[\w.-]{1,40}:)?(urlset|sitemapindex)(?=[\s>])", re.IGNORECASE)
_HEAD = 4_000
_ROW_TAGS = re.compile(r"<(/?)((?:[\w.-]{1,40}:)?(?:url|sitemap))(?=[\s>/<])[^<>]*+>?", re.IGNORECASE)
_END = re.compile(r"</(?:[\w.-]{1,40}:)?(?:urlset|sitemapindex)\b", re.IGNORECASE)
_ISO = re.compile(r"\d{4}-\d\d-\d\d")
_NEWS = re.compile(r"news|press|event|article|post|novost|release|statement", re.IGNORECASE)
_OTHERS = re.compile(r"image|video|photo|tag|categor|author|media|taxonom|archive", re.IGNORECASE)
_SOME = 0.2
"""The share of the largest group of addresses from which on a smaller one is of statements too."""


@dataclass(frozen=True, slots=True)
class _Row:
    address: str
    changed: str
    """As written: an ISO 8601 date or moment, so that texts sort as the moments do."""
    title: str = ""
    published: Published | None = None


def read_sitemap(answer: Answer, spec: SourceSpec) -> Listing | None:
    """The entries of a sitemap; of an index `next_page` is its newest child, and there are no entries.

    None if the answer is neither.
    """
    root = _SITEMAP.search(answer.text[:_HEAD])
    if root is None:
        return None
    text = without_opaque(answer.text[root.start() :])
    dates = DateReader(spec.languages, spec.zone, spec.day_first)
    read = (_row(one, answer.page.address, dates) for one in islice(parts(text, _ROW_TAGS, _END), _ROWS))
    rows = list({row.address: row for row in read if row}.values())
    return _index(rows, answer.page) if root[1].lower() == "sitemapindex" else _sitemap(rows, spec)


def _sitemap(rows: Sequence[_Row], spec: SourceSpec) -> Listing:
    news = [row for row in rows if row.published is not None]
    if news:
        found = tuple(Entry(row.address, row.title, row.published or Published(zone=spec.zone)) for row in news)
        return Listing(found, "news-sitemap")
    found = tuple(Entry(row.address, "", Published(zone=spec.zone)) for row in _newest(_statements(rows, spec)))
    if not found:
        return Listing((), "sitemap", Reason.EMPTY, "a valid sitemap without addresses")
    return Listing(found, "sitemap")


def _index(rows: Sequence[_Row], page: Page) -> Listing:
    if not rows:
        return Listing((), "sitemap-index", Reason.EMPTY, "a valid index of sitemaps, without any", is_index=True)
    detail = f"{page.address} is an index of sitemaps; the newest is read"
    return Listing((), "sitemap-index", Reason.EMPTY, detail, _newest_child(rows).address, is_index=True)


def _newest_child(rows: Sequence[_Row]) -> _Row:
    """The sitemap of statements that changed last; where none says when, that with the highest number."""

    def order(row: _Row) -> tuple[bool, bool, str, list[int]]:
        name = urlsplit(row.address).path.rpartition("/")[2] + urlsplit(row.address).query
        numbers = [int(one) for one in re.findall(r"\d{1,9}", name)]
        return not _OTHERS.search(name), bool(_NEWS.search(name)), row.changed, numbers

    return max(rows, key=order)


def _row(part: Element, base: str, dates: DateReader) -> _Row | None:
    fields = {element.name.rpartition(":")[2].lower(): element for element in reversed(list(children(part.inner)))}
    address = absolute(base, unescaped(fields["loc"].inner)) if "loc" in fields else None
    if address is None:
        return None
    changed = _value(fields, "lastmod")
    changed = changed if _ISO.match(changed) else ""
    if "news" not in fields:
        return _Row(address, changed)
    news = {element.name.rpartition(":")[2].lower(): element for element in children(fields["news"].inner)}
    published = read_stamp(_value(news, "publication_date"), dates)
    return _Row(address, changed, plain(_value(news, "title")), published)


def _value(fields: dict[str, Element], name: str) -> str:
    return clean(unescaped(fields[name].inner)) if name in fields else ""


def _statements(rows: Sequence[_Row], spec: SourceSpec) -> list[_Row]:
    """The rows in the source's languages that stand where most do: menus and pages of sections are few."""
    spoken = [row for row in rows if _is_spoken(row.address, spec.languages)]
    groups = Counter(_place(row.address) for row in spoken)
    most = max(groups.values(), default=0)
    return [row for row in spoken if groups[_place(row.address)] >= _SOME * most]


def _is_spoken(address: str, languages: Sequence[str]) -> bool:
    first = urlsplit(address).path.strip("/").partition("/")[0].lower()
    return not languages or first in languages or re.fullmatch(r"[a-z]{2}", first) is None


def _place(address: str) -> str:
    parts = urlsplit(address)
    return parts.netloc + re.sub(r"\d+", "#", parts.path.rstrip("/").rpartition("/")[0])


def _newest(rows: Sequence[_Row]) -> list[_Row]:
    """The rows that changed last, the last one first; where none says when, those with the highest numbers."""
    if any(row.changed for row in rows):
        return sorted(rows, key=lambda row: row.changed, reverse=True)[:NEWEST]
    if len(rows) > 1 and _number(rows[0].address) < _number(rows[-1].address):
        return list(reversed(rows))[:NEWEST]
    return list(rows[:NEWEST])


def _number(address: str) -> tuple[int, ...]:
    return tuple(int(one) for one in re.findall(r"\d{1,12}", urlsplit(address).path))
