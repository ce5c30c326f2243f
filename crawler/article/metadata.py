"""What a page says of itself for machines: JSON-LD, Open Graph, `<html lang>`. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.page.document import clean

_DEPTH = 8
_LONGEST = 1_000
"""Characters of one claim, a page's title among them."""
_LONGEST_DATE = 100
_LONGEST_HEADLINE = 300
_STARTS = 20
"""Characters in which a headline and the page's title have to begin alike."""
_ARTICLE_TYPES = frozenset(
    {"Article", "BlogPosting", "LiveBlogPosting", "SocialMediaPosting", "Report", "PressRelease"}
)
_PAGE_TYPES = frozenset({"WebPage", "ItemPage", "Event", "CreativeWork"})
_SITE_TYPES = frozenset({"WebSite", "Organization", "NewsMediaOrganization", "GovernmentOrganization"})

# Metadata names under which sites say when something was published, the usual ones first.
# Source: Open Graph, schema.org, Dublin Core, and the names that htmldate collected from pages.
_PUBLISHED_NAMES = (
    "article:published_time", "og:published_time", "og:article:published_time", "datepublished", "article:published",
    "pubdate", "publishdate", "publish-date", "publish_date", "publication_date", "publicationdate", "published_date",
    "published-date", "published", "article.published", "parsely-pub-date", "sailthru.date", "bt:pubdate",
    "cxenseparse:recs:publishtime", "rnews:datepublished", "shareaholic:article_published_time", "og:pubdate",
    "dcterms.issued", "dc.date.issued", "citation_publication_date", "originalpublicationdate", "pubtime", "ptime",
    "firstpublishedtime",
)  # fmt: skip
_CREATED_NAMES = (
    "dcterms.created", "dc.date.created", "dcterms.available", "dcterms.date", "dc.date", "dc:date", "dc:created",
    "article_date_original", "article:create_at", "datecreated", "date",
)  # fmt: skip
"""Under these some sites say when they began to write."""
_PUBLISHED_PAIR = re.compile(r'"datePublished"\s*:\s*"([^"\\]{8,40})"')
_SECOND_LEVEL = frozenset({"co", "com", "gov", "gob", "gouv", "go", "org", "net", "ac", "edu", "mil", "gv", "admin"})


@dataclass(frozen=True, slots=True)
class Metadata:
    """`published` are claims as written, the most trustworthy first."""

    page_title: str = ""
    headline: str = ""
    headlines: tuple[str, ...] = ()
    """Other wordings of the headline."""
    site_names: tuple[str, ...] = ()
    """What the site and its publisher are called, and the names in its host's name."""
    language: str = ""
    published: tuple[str, ...] = ()
    created: tuple[str, ...] = ()
    """Claims of when the text came to be, which is mostly, but not everywhere, when it was published."""


def read_metadata(root: HtmlElement, address: str = "") -> Metadata:
    """The structured claims of a page, fetched from that address."""
    named, linked = _named(root), list(_linked(root))
    page_title = next((clean(element.text_content())[:_LONGEST] for element in root.iter("title")), "")
    headlines = dict.fromkeys(filter(None, _headlines(root, named, linked)))
    own = _described(linked, page_title)
    return Metadata(
        page_title=page_title,
        headline=next(iter(headlines), ""),
        headlines=tuple(headlines)[1:],
        site_names=tuple(filter(None, (*_site_names(named, linked), *_host_names(address)))),
        language=language_code(_declared_language(root, named)),
        published=tuple(_published(root, named, [one for one in own if not _is_another(one, page_title)])),
        created=tuple(_created(named, linked, [one for one in own if _is_another(one, page_title)])),
    )


def _named(root: HtmlElement) -> dict[str, str]:
    """What the page's `meta` elements say, by their names; the first of a name counts."""
    named: dict[str, str] = {}
    for element in root.iter("meta"):
        name = (element.get("property") or element.get("name") or element.get("itemprop") or "").strip().lower()
        named.setdefault(name, clean(element.get("content") or "")[:_LONGEST])
    return named


def _headlines(root: HtmlElement, named: dict[str, str], linked: list[dict[str, Any]]) -> Iterator[str | None]:
    """What is claimed to be the headline, the best claim first."""
    yield named.get("og:title")
    yield from (_text(one, "headline") for one in _described(linked))
    yield named.get("twitter:title")
    yield named.get("articletitle")
    yield from _itemprops(root)


def _declared_language(root: HtmlElement, named: dict[str, str]) -> str:
    return root.get("lang") or root.get("xml:lang") or named.get("og:locale") or named.get("language") or ""


def _itemprops(root: HtmlElement) -> Iterator[str]:
    """The headlines that the page marks as such (schema.org)."""
    for element in root.iter("h1", "h2", "h3", "h4", "p", "div", "span"):
        if "headline" in (element.get("itemprop") or "").lower().split():
            yield clean(element.text_content())[:_LONGEST_HEADLINE]


def _published(root: HtmlElement, named: dict[str, str], linked: list[dict[str, Any]]) -> Iterator[str]:
    yield from filter(None, (_text(one, "datePublished") for one in linked))
    yield from _in_damaged(root)
    yield from filter(None, (named.get(name) for name in _PUBLISHED_NAMES))
    for element in root.iter():
        names = f"{element.get('itemprop') or ''} {element.get('property') or ''}".lower().split()
        if isinstance(element.tag, str) and ("datepublished" in names or element.get("pubdate") is not None):
            yield element.get("datetime") or element.get("content") or clean(element.text_content())[:_LONGEST_DATE]


def _created(named: dict[str, str], linked: list[dict[str, Any]], others: list[dict[str, Any]]) -> Iterator[str]:
    yield from filter(None, (named.get(name) for name in _CREATED_NAMES))
    yield from filter(None, (_text(one, "dateCreated") or _text(one, "uploadDate") for one in linked))
    yield from filter(None, (_text(one, "datePublished") for one in others))


def _described(linked: list[dict[str, Any]], title: str = "") -> list[dict[str, Any]]:
    """The objects that can be the page's own: articles before pages, those of another headline last."""

    def rank(one: dict[str, Any]) -> tuple[bool, bool]:
        return _has_another_headline(one, title), not _is_article(one)

    return sorted((one for one in linked if _is_article(one) or not _kinds(one).isdisjoint(_PAGE_TYPES)), key=rank)


def _has_another_headline(one: dict[str, Any], title: str) -> bool:
    headline = _text(one, "headline") or _text(one, "name")
    return bool(title and headline) and headline[:_STARTS] not in title


def _is_another(one: dict[str, Any], title: str) -> bool:
    """Whether an object is a page of another name: templates claim the day of the site's home page on each page."""
    return not _is_article(one) and _has_another_headline(one, title)


def _site_names(named: dict[str, str], linked: list[dict[str, Any]]) -> Iterator[str]:
    yield named.get("og:site_name", "")
    yield named.get("application-name", "")
    yield named.get("sitename", "")
    for one in linked:
        if not _kinds(one).isdisjoint(_SITE_TYPES):
            yield _text(one, "name")
            yield _text(one, "alternateName")
        publisher = one.get("publisher")
        if isinstance(publisher, dict):
            yield _text(publisher, "name")


def _host_names(address: str) -> Iterator[str]:
    """What a host's name says of its site: `www.mfa.example.org` is "mfa.example.org", "mfa example", "example"."""
    host = (urlsplit(address).hostname or "").removeprefix("www.")
    labels = host.split(".")[:-1]
    while labels and labels[-1] in _SECOND_LEVEL:
        labels.pop()
    if labels:
        yield host
        yield " ".join(labels)
        yield labels[-1]


def _is_article(one: dict[str, Any]) -> bool:
    return any(kind in _ARTICLE_TYPES or kind.endswith("Article") for kind in _kinds(one))


def _kinds(one: dict[str, Any]) -> set[str]:
    kinds = one.get("@type")
    return {kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)}


def _text(one: dict[str, Any], name: str) -> str:
    value = one.get(name)
    return clean(value)[:_LONGEST] if isinstance(value, str) else ""


def language_code(tag: str) -> str:
    """`en-US`, `en_GB` or `EN` as `en`; nothing for what is no language tag (BCP 47)."""
    code = tag.strip().replace("_", "-").partition("-")[0].lower()
    return code if len(code) in (2, 3) and code.isascii() and code.isalpha() else ""


def _in_damaged(root: HtmlElement) -> Iterator[str]:
    """What JSON-LD says that cannot be read as JSON, if it says it once: a headline has quotation marks in it."""
    for script in _json_ld(root):
        text = script.text_content()
        found = set(_PUBLISHED_PAIR.findall(text))
        if len(found) == 1 and _parsed(text) is None:
            yield found.pop()


def _json_ld(root: HtmlElement) -> Iterator[HtmlElement]:
    return (one for one in root.iter("script") if (one.get("type") or "").strip().lower() == "application/ld+json")


def _parsed(text: str) -> Any:
    """What a text says as JSON; None where it cannot be read so."""
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _linked(root: HtmlElement) -> Iterator[dict[str, Any]]:
    """The JSON-LD objects of a page that have a type, wherever they stand."""
    for script in _json_ld(root):
        yield from _typed(_parsed(script.text_content()), _DEPTH)


def _typed(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth == 0:
        return
    if isinstance(value, list):
        for one in value:
            yield from _typed(one, depth - 1)
    elif isinstance(value, dict):
        if _kinds(value):
            yield value
        yield from _typed(value.get("@graph"), depth - 1)
        yield from _typed(value.get("mainEntity"), depth - 1)
