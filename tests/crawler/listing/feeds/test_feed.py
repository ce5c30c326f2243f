"""Feeds -> entries. Touches nothing but values."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from storage.types import Reason, Shape
from tests.crawler.listing.feeds.writing import SPEC, item, read, rss


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


@pytest.mark.parametrize(
    "text",
    [
        '<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:title>Talks</a:title><a:link href="/n"/>'
        "<a:published>2026-10-05</a:published><a:id>i</a:id></a:entry></a:feed>",
        '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title mode="escaped">Talks</title>'
        '<link rel="alternate" href="/n"/><issued>2026-10-05</issued><modified>2026-10-06</modified><id>i</id>'
        "</entry></feed>",
        '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:s="http://purl.org/rss/1.0/"'
        ' xmlns:d="http://purl.org/dc/elements/1.1/"><s:item r:about="i"><s:title>Talks</s:title><s:link>/n</s:link>'
        "<d:date>2026-10-05</d:date></s:item></r:RDF>",
        '<rss version="0.91"><channel><item><title>Talks</title><link>/n</link><dc:date>2026-10-05</dc:date>'
        "<guid>i</guid></item></channel></rss>",
        "<RSS><CHANNEL><ITEM><TITLE>Talks</TITLE><LINK>/n</LINK><PUBDATE>2026-10-05</PUBDATE><GUID>i</GUID></ITEM>"
        "</CHANNEL></RSS>",
    ],
)
def test_all_kinds_of_feeds_are_read(text: str) -> None:
    (entry,) = read(text).entries
    assert (entry.address, entry.title, str(entry.published), entry.feed_id) == (
        "https://ministry.example/n",
        "Talks",
        "2026-10-05",
        "i",
    )


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


def test_a_hundred_thousand_words_in_brackets_cost_no_more_than_they_are_long() -> None:
    title = "&lt;Article&gt;" * 100_000 + "&lt;Article 5&gt;" * 100_000
    (entry,) = read(rss(item(title))).entries
    assert entry.title.startswith("<Article><Article>")


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
