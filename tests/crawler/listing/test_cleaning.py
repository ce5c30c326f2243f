"""No character of a site, and no entry, takes a listing along: whatever stands in them, all others are stored."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.listing import read_listing
from crawler.listing.cleaning import LONGEST_ADDRESS
from storage.clock import now
from storage.database import Database
from storage.sources import gaps, polls, sources
from storage.types import Listing, Page, Reason, SourceSpec

ADDRESS = "https://m.example/en/feed"
SPEC = SourceSpec("m/n", "n", ADDRESS, zone="America/New_York")
GOOD = [f"Statement no {number} on bridges and rivers" for number in range(5)]

BAD: dict[str, dict[str, Any]] = {
    "half a character at the end of a title": {"title": "Peace \ud83d"},
    "half a character in a summary": {"summary": "Peace \ude0a day"},
    "half a character in an address": {"url": "https://m.example/en/\ud83d/9"},
    "half a character in an id": {"id": "n-\udfff"},
    "NUL in a title": {"title": "Pea\x00ce"},
    "NUL in an address": {"url": "https://m.example/en/\x00/9"},
    "NUL in an id and a date": {"id": "\x00", "date_published": "2026-11-13T06:00:00Z\x00"},
    "half a character in a date": {"date_published": "13 November 2026 \ud83d"},
    "control characters": {"title": "\x1b[31mred\x07", "summary": "\x08\x7f\x9f"},
    "an address without end": {"url": "https://m.example/" + "a" * 100_000},
    "an address without end in other letters": {"url": "https://m.example/" + "я" * 1_000},
    "an id without end": {"id": "n" * 100_000},
    "a title without end": {"title": "word " * 100_000},
    "the first moment there is": {"date_published": "0001-01-01T00:00:00Z"},
    "the last moment there is": {"date_published": "9999-12-31T23:59:59-12:00"},
    "an address that is none": {"url": "http://[bad/9", "id": "x"},
    "a host that is none": {"url": "https://\ud83d/9"},
}


def shown(bad: dict[str, Any], place: int = 2) -> bytes:
    items = [
        {"id": f"n-{number}", "url": f"https://m.example/en/{number}", "title": title, "summary": "Of the ministry.",
         "date_published": "2026-11-13T06:00:00Z"}
        for number, title in enumerate(GOOD)
    ]  # fmt: skip
    items.insert(place, {"id": "bad", "url": "https://m.example/en/bad", "title": "Bad", **bad})
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items}).encode()


def read(body: bytes, content_type: str = "application/json") -> Listing:
    return read_listing(Page(ADDRESS, body, content_type=content_type), SPEC)


def texts(listing: Listing) -> list[str]:
    fields = [(one.address, one.title, one.summary, one.feed_id, one.published.text) for one in listing.entries]
    return [listing.detail, listing.next_page, *(text for entry in fields for text in entry)]


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_the_neighbours_of_a_bad_entry_are_stored(database: Database, bad: dict[str, Any]) -> None:
    listing = read(shown(bad))
    assert [one.title for one in listing.entries if one.title in GOOD] == GOOD
    database.write(sources.add, SPEC, alert_first=True, now=now() - timedelta(days=1))
    [poll] = database.write(polls.claim_due, "test", now(), limit=1)
    unknown, _ = database.write(gaps.record_listing, poll.source, listing, silent=False, now=now())
    assert unknown >= len(GOOD)


@pytest.mark.parametrize("half", ["&#55357;", "&#xDC00;", "&#0;", "&amp;#55357;", "\x00", "\x1b"])
@pytest.mark.parametrize("field", ["title", "link", "guid", "description", "pubDate"])
def test_no_field_of_a_feed_holds_what_a_database_refuses(half: str, field: str) -> None:
    items = "".join(
        f"<item><title>{title}</title><link>https://m.example/en/{number}</link></item>"
        for number, title in enumerate(GOOD)
    )
    bad = f"<item><title>Bad</title><link>/bad</link><{field}>/a{half}b</{field}></item>"
    listing = read(f"<rss><channel>{items}{bad}</channel></rss>".encode(), "application/rss+xml")
    assert [one.title for one in listing.entries[:5]] == GOOD
    for text in texts(listing):
        text.encode()
        assert "\x00" not in text


FIELDS = st.sampled_from(["id", "url", "title", "summary", "content_html", "date_published"])
VALUES = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=30), st.integers(), st.floats(), st.none(), st.just([None])
)


@given(st.dictionaries(FIELDS, VALUES))
def test_whatever_stands_in_one_entry_the_others_are_read(bad: dict[str, Any]) -> None:
    listing = read(shown(bad))
    assert [one.title for one in listing.entries if one.title in GOOD] == GOOD
    for text in texts(listing):
        assert text.encode().decode() == text.replace("\x00", "")


def test_an_entry_that_is_left_out_is_told() -> None:
    listing = read(shown({"url": "https://m.example/" + "a" * LONGEST_ADDRESS}))
    assert len(listing.entries) == len(GOOD)
    assert listing.detail == "1 of 6 entries left out: addresses of more than 2,000 characters"


def test_what_is_said_of_a_page_can_be_written_too() -> None:
    listing = read_listing(Page("https://m.example/\ud83d", b"\x89PNG", content_type="image/png"), replace(SPEC))
    assert listing.reason is Reason.UNREADABLE
    listing.detail.encode()
