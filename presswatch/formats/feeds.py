"""Found statements as RSS, Atom or JSON Feed. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import Any

import feedgenerator

from presswatch.formats.kinds import FeedFormat
from storage.search.search import SearchHit

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold: https://www.w3.org/TR/xml/#charsets"""


def feed(title: str, query: str, found: Sequence[SearchHit], as_: FeedFormat) -> str:
    """The feed of a query. Its id is the query's, an entry's is the item's number: it stays when the item is edited."""
    if as_ is FeedFormat.JSON:
        return _json_feed(title, query, found)
    kind = feedgenerator.Atom1Feed if as_ is FeedFormat.ATOM else feedgenerator.Rss201rev2Feed
    written = kind(
        title=clean(title),
        link=_address(found),
        description=clean(f"Statements that meet {query}"),
        feed_guid=_feed_id(query),  # else it would be the link, which changes with every statement
    )
    for each in found:
        said = each.item.version
        written.add_item(
            title=clean(said.title),
            link=each.item.address,
            description=_html(said.body),
            author_name=clean(each.item.organisation or each.item.source_name),
            pubdate=_time(each),
            updateddate=_changed(each),
            unique_id=_id(each),
            unique_id_is_permalink=False,
            categories=_tags(each),
        )
    text: str = written.writeString("utf-8")
    return text


def _json_feed(title: str, query: str, found: Sequence[SearchHit]) -> str:
    """Source: https://www.jsonfeed.org/version/1.1/"""
    entries = [_json_entry(each) for each in found]
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "description": f"Statements that meet {query}",
        "items": entries,
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _json_entry(each: SearchHit) -> dict[str, Any]:
    said = each.item.version
    return {
        "id": _id(each),
        "url": each.item.address,
        "title": said.title,
        "content_text": said.body,
        "date_published": _time(each).isoformat(timespec="seconds"),
        "date_modified": _changed(each).isoformat(timespec="seconds"),
        "authors": [{"name": each.item.organisation or each.item.source_name}],
        "tags": _tags(each),
        **({"language": said.language} if said.language else {}),
    }


def _tags(each: SearchHit) -> list[str]:
    """The section, and whether the statement is gone."""
    return [each.item.source_key, *(["withdrawn"] if each.item.withdrawn_at else [])]


def _changed(each: SearchHit) -> datetime:
    """When it was last edited, or withdrawn."""
    return max(each.item.version.seen_at, each.item.withdrawn_at or each.item.version.seen_at)


def _feed_id(query: str) -> str:
    return f"urn:presswatch:feed:{hashlib.sha256(query.encode()).hexdigest()[:16]}"


def _id(each: SearchHit) -> str:
    return f"urn:presswatch:item:{each.item.id}"


def _time(each: SearchHit) -> datetime:
    """The time that the ministry claims, if that can be believed, of a day alone its beginning there; else ours."""
    published, seen = each.item.version.published, each.item.first_seen_at
    return (not published.doubt(seen) and published.begins_at) or seen


def _address(found: Sequence[SearchHit]) -> str:
    return found[0].item.address if found else "urn:presswatch:feed"


def _html(body: str) -> str:
    return "".join(f"<p>{escape(clean(paragraph))}</p>" for paragraph in body.split("\n\n") if paragraph.strip())


def clean(text: str) -> str:
    """The text without what XML cannot hold."""
    return _FORBIDDEN.sub("", text)
