"""A response -> title, dates, body, language, links to other editions. Pure.

What the source's selectors say goes first, then what the page says of itself, then what can be seen on it.
"""

from __future__ import annotations

from dataclasses import replace

from lxml.html import HtmlElement

from crawler.article.anchored import at_anchor
from crawler.article.body import read_body
from crawler.article.canonical import canonical_address, editions
from crawler.article.cleaning import clean
from crawler.article.language import detect_language
from crawler.article.metadata import read_metadata
from crawler.article.pdf import read_pdf
from crawler.article.published import read_published
from crawler.article.title import read_title
from crawler.dates import DateReader
from crawler.dates.lines import in_the_order_of
from crawler.page.document import decode, tree
from crawler.page.interstitials import Interstitial, interstitial_of, same_place
from storage.errors import UnreadableError
from storage.sources.keys import anchor_of
from storage.types import Article, Page, Published, Reason, SourceSpec

__all__ = ["UnreadableError", "read_article"]

_UNTOLD = Published()
_SHORTEST = 200
"""Characters. A text that is shorter may be the notice of a page that stands in the statement's place."""


def read_article(page: Page, spec: SourceSpec, entry_title: str = "", entry_published: Published = _UNTOLD) -> Article:
    """The statement on a page, given what its listing said of it.

    Of a page whose address has an anchor, what stands there. Raises `UnreadableError` for what is neither an HTML page
    nor a PDF file with text, for a page without a title and a body, and for a firewall's or a login page in the place
    of the statement.
    """
    if page.body.lstrip()[:5] == b"%PDF-":
        return clean(read_pdf(page, spec, entry_title, entry_published))
    root = tree(_text(page))
    if anchor := anchor_of(page.address):
        return _read_part(root, anchor, page, spec, entry_title, entry_published)
    interstitial = interstitial_of(root, page, entry_title) or _led_to_section(page, spec)
    if interstitial and interstitial.sure:
        raise UnreadableError(interstitial.reason, interstitial.detail)
    try:
        article = clean(_read(root, page, spec, entry_title, entry_published))
    except UnreadableError:
        raise
    except Exception as error:  # a page can be made to break any reader, and it must not stop its neighbours
        detail = f"{page.address}: {type(error).__name__}: {error}"[:300]
        raise UnreadableError(Reason.UNREADABLE, detail) from error
    if interstitial and len(article.body) < _SHORTEST:
        raise UnreadableError(interstitial.reason, interstitial.detail)
    return article


def _led_to_section(page: Page, spec: SourceSpec) -> Interstitial | None:
    """A statement that leads to its section now is no more there."""
    if not page.requested or same_place(page.requested, page.address) or not same_place(page.address, spec.address):
        return None
    return Interstitial(Reason.SOFT_404, f"{page.requested} leads to the section, {page.address}")


def _read_part(
    root: HtmlElement, anchor: str, page: Page, spec: SourceSpec, entry_title: str, entry_published: Published
) -> Article:
    """One statement of many on a page. It is called and dated as its listing has it: the page's own head is of all."""
    part = at_anchor(root, anchor)
    if part is None:
        raise UnreadableError(Reason.SOFT_404, f"{page.address}: there is no such place on the page")
    return replace(_read(part, page, spec, entry_title, entry_published), address=page.address)


def _text(page: Page) -> str:
    kind = page.content_type.partition(";")[0].strip().lower()
    if (kind and not kind.startswith("text/") and "html" not in kind and "xml" not in kind) or _is_binary(page.body):
        raise UnreadableError(Reason.UNREADABLE, f"{page.address} is not a page but {kind or 'a binary file'}")
    return decode(page)


def _is_binary(body: bytes) -> bool:
    return body.startswith((b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\xd0\xcf\x11\xe0"))


def _read(root: HtmlElement, page: Page, spec: SourceSpec, entry_title: str, entry_published: Published) -> Article:
    dates = in_the_order_of(root, DateReader(spec.languages, spec.zone, spec.day_first))
    metadata = read_metadata(root, page.address)
    title = read_title(root, metadata, spec.article, entry_title)
    published = read_published(root, metadata, spec.article, dates, entry_published, title, page.address)
    body, cut = read_body(root, title or entry_title, published, spec.article, dates)
    if not body and not title:
        raise UnreadableError(Reason.UNREADABLE, f"{page.address} shows neither a title nor a text")
    return Article(
        address=canonical_address(root, page, spec),
        title=title or entry_title,
        body=body,
        language=detect_language(body or title or entry_title, spec.languages, metadata.language),
        published=replace(published, zone=spec.zone),
        editions=editions(root, page, metadata.language),
        cut=cut,
    )
