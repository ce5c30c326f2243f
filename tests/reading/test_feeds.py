"""Feeds -> entries. Touches nothing but values."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from crawler.listing import read_listing
from storage.types import Listing, Page, Precision, Reason, Shape, SourceSpec
from tests.reading import pages

ADDRESS = "https://ministry.example/en/feed/"
SPEC = replace(pages.listed(), address=ADDRESS)


def rss(items: str, declaration: str = '<?xml version="1.0" encoding="UTF-8"?>') -> str:
    return f'{declaration}<rss version="2.0"><channel><title>News</title>{items}</channel></rss>'


def item(title: str = "Talks on transit", link: str = "https://ministry.example/n/1", rest: str = "") -> str:
    return f"<item><title>{title}</title><link>{link}</link>{rest}</item>"


def read(text: str | bytes, spec: SourceSpec = SPEC, content_type: str = "application/rss+xml") -> Listing:
    return read_listing(Page(ADDRESS, text if isinstance(text, bytes) else text.encode(), 200, content_type), spec)


def test_an_rss_item_becomes_an_entry() -> None:
    rest = "<guid>n-1</guid><pubDate>Thu, 28 Nov 2024 14:05:00 +0300</pubDate><description>They met.</description>"
    (entry,) = read(rss(item(rest=rest))).entries
    assert (entry.address, entry.title, entry.feed_id, entry.summary) == (
        "https://ministry.example/n/1",
        "Talks on transit",
        "n-1",
        "They met.",
    )
    assert entry.published.at == datetime(2024, 11, 28, 11, 5, tzinfo=UTC)
    assert entry.published.day == date(2024, 11, 28)


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
        ("Thu, 31 Nov 2024 14:05:00 +0300", ""),
    ],
)
def test_odd_dates_of_feeds_are_read_rightly_or_not_at_all(written: str, expected: str) -> None:
    (entry,) = read(rss(item(rest=f"<pubDate>{written}</pubDate>"))).entries
    assert str(entry.published) == expected


def test_an_item_without_a_date_has_none() -> None:
    (entry,) = read(rss(item())).entries
    assert entry.published.precision is Precision.NONE


def test_a_title_is_plain_text() -> None:
    listing = read(rss(item("Talks &amp;amp; &lt;b&gt;transit&lt;/b&gt;") + item("5 &lt; 6", "/n/2")))
    assert [entry.title for entry in listing.entries] == ["Talks & transit", "5 < 6"]
    assert listing.entries[1].address == "https://ministry.example/n/2"


def test_one_bad_byte_does_not_garble_the_other_titles() -> None:
    text = rss(item("Встреча на мосту") + item("Плохой # байт", "/n/2")).encode().replace(b"#", b"\xff")
    assert [entry.title for entry in read(text).entries] == ["Встреча на мосту", "Плохой \ufffd байт"]


@pytest.mark.parametrize("declared", ["windows-1251", "UTF-8", ""])
def test_windows_1251_is_read_declared_undeclared_and_declared_falsely(declared: str) -> None:
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else '<?xml version="1.0"?>'
    text = rss(item("Встреча Министра с руководством порта"), declaration).encode("windows-1251")
    assert read(text).entries[0].title == "Встреча Министра с руководством порта"


def test_a_feed_with_an_undeclared_prefix_or_a_bare_ampersand_is_read() -> None:
    listing = read(rss(item("Trade & transit", rest='<atom:link href="x" rel="self"/>')))
    assert [entry.title for entry in listing.entries] == ["Trade & transit"]


def test_a_feed_that_breaks_off_gives_what_came_before() -> None:
    listing = read(rss(item("One") + item("Two", "/n/2"))[:-60])
    assert listing.entries[0].title == "One"


def test_a_feed_is_found_whatever_its_header_says() -> None:
    assert read(rss(item()), content_type="text/html").reader == "feed"


def test_a_source_that_is_html_does_not_read_a_feed() -> None:
    assert read(rss(item()), replace(SPEC, shape=Shape.HTML)).reader != "feed"


def test_an_empty_feed_is_valid_and_empty() -> None:
    listing = read(rss(""))
    assert (listing.reader, listing.reason) == ("feed", Reason.EMPTY)
    assert listing.detail == "a valid feed without entries"


def test_entries_without_an_address_are_left_out() -> None:
    listing = read(rss("<item><title>Nowhere</title></item>" + item()))
    assert [entry.title for entry in listing.entries] == ["Talks on transit"]


def test_a_body_that_names_a_file_or_an_address_is_never_opened() -> None:
    for body in (b"/etc/hostname", b"http://127.0.0.1:9/feed.xml", b"file:///etc/hostname"):
        assert read(body, replace(SPEC, shape=Shape.FEED)).reason is Reason.NOT_A_FEED


def test_entities_of_the_feed_itself_reach_no_file() -> None:
    doctype = '<!DOCTYPE rss [<!ENTITY secret SYSTEM "file:///etc/passwd">]>'
    listing = read(rss(item("Talks &secret;"), f'<?xml version="1.0"?>{doctype}'))
    assert all("root:" not in entry.title for entry in listing.entries)


def test_entities_that_multiply_stay_small() -> None:
    entities = "".join(f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, 10))
    doctype = f'<!DOCTYPE rss [<!ENTITY e0 "ha">{entities}]>'
    listing = read(rss(item("Talks &e9;"), f'<?xml version="1.0"?>{doctype}'))
    assert all(len(entry.title) < 1_000 for entry in listing.entries)
