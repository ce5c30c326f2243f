"""The date of a feed's entry: read rightly or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from storage.types import Precision
from tests.crawler.listing.feeds.writing import SPEC, item, read, rss


def test_an_atom_entry_is_published_before_it_is_updated() -> None:
    text = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Talks</title><id>tag:1</id>'
        '<link href="/n/1"/><updated>2026-10-03T16:28:41+04:00</updated>'
        "<published>2026-10-02T18:30:00+04:00</published></entry></feed>"
    )
    (entry,) = read(text).entries
    assert entry.address == "https://ministry.example/n/1"
    assert entry.feed_id == "tag:1"
    assert entry.published.at == datetime(2026, 10, 2, 14, 30, tzinfo=UTC)


def test_an_update_alone_is_the_date() -> None:
    text = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Talks</title><link href="/n/1"/>'
        "<updated>2026-10-03T16:28:41Z</updated></entry></feed>"
    )
    assert read(text).entries[0].published.at == datetime(2026, 10, 3, 16, 28, 41, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Fri, 21 Nov 2025 11:46:07  EDT", "2025-11-21T18:46+03:00"),
        ("Thu, 28 Nov 2024 14:05 GMT", "2024-11-28T17:05+03:00"),
        ("Thu, 28 Nov 2024 14:05:00 MSK", "2024-11-28T14:05+03:00"),
        ("Пн, 17 ноя 2025 10:00", "2025-11-17T10:00+03:00"),
        ("17.11.2025 10:00", "2025-11-17T10:00+03:00"),
        ("17 лістапада 2025", "2025-11-17"),
        ("Thu, 28 Nov 2024", "2024-11-28"),
        ("yesterday", ""),
        ("Thu, 28 Nov 24 14:05:00 +0300", "2024-11-28T14:05+03:00"),
        ("Thursday, 28-Nov-24 14:05:00 GMT", "2024-11-28T17:05+03:00"),
        ("Thu Nov 28 14:05:00 2024", "2024-11-28T14:05+03:00"),
        ("Thu Nov 28 14:05:00 MSK 2024", "2024-11-28T14:05+03:00"),
        ("Thu, 28 Nov 2024 14:05:00+0900", "2024-11-28T08:05+03:00"),
        ("Thu, 28 Nov 2024 14:05:00 BST", "2024-11-28T16:05+03:00"),
        ("Thu, 28 Nov 2024 14:05:00 IST", "2024-11-28"),
        ("Thu, 28 Nov 2024 14.05.00 GMT", "2024-11-28T17:05+03:00"),
        ("Thu, 28 Nov 2024 24:05:00 GMT", "2024-11-28"),
        ("2024-11-28T14:05:00.123Z", "2024-11-28T17:05+03:00"),
        ("20241128T140500Z", "2024-11-28T17:05+03:00"),
        ("2024-11-28 14:05:00 +0900", "2024-11-28T08:05+03:00"),
        ("11/28/2024 2:05:00 PM", "2024-11-28T14:05+03:00"),
        ("1732792800", "2024-11-28T14:20+03:00"),
        ("1732792800000", "2024-11-28T14:20+03:00"),
        ("0000-00-00 00:00:00", ""),
        ("Thu, 31 Nov 2024 14:05:00 +0300", ""),
    ],
)
def test_odd_dates_of_feeds_are_read_rightly_or_not_at_all(written: str, expected: str) -> None:
    (entry,) = read(rss(item(rest=f"<pubDate>{written}</pubDate>"))).entries
    assert str(entry.published) == expected


def test_an_indonesian_month_is_read_with_a_time_behind_it() -> None:
    text = rss(item(rest="<pubDate>Sen, 05 Agustus 2019 10:00:00 +0700</pubDate>"))
    (entry,) = read(text, replace(SPEC, languages=("id",))).entries
    assert str(entry.published) == "2019-08-05T06:00+03:00"
    assert entry.published.text == "Sen, 05 Agustus 2019 10:00:00 +0700"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("<pubDate/><dc:date>2026-10-05</dc:date><atom:updated>2026-10-09</atom:updated>", "2026-10-05"),
        ("<pubDate>soon</pubDate><dcterms:issued>2026-10-05</dcterms:issued>", "2026-10-05"),
        ("<pubDate>soon</pubDate><updated>2026-10-09</updated>", ""),
        ("<dcterms:modified>2026-10-09</dcterms:modified>", "2026-10-09"),
    ],
)
def test_the_first_date_that_can_be_read_counts_but_never_an_update_for_an_unread_one(
    fields: str, expected: str
) -> None:
    assert str(read(rss(item(rest=fields))).entries[0].published) == expected


def test_an_item_without_a_date_has_none() -> None:
    (entry,) = read(rss(item())).entries
    assert entry.published.precision is Precision.NONE
