"""The address of a feed's entry: the one that leads to the statement, or none."""

from __future__ import annotations

import pytest

from tests.crawler.listing.feeds.writing import item, read, rss


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("<link>https://m.example/n?a=1&amp;b=2</link>", "https://m.example/n?a=1&b=2"),
        ("<link>https://m.example/n?a=1&amp;amp;b=2</link>", "https://m.example/n?a=1&b=2"),
        ("<link>https://m.example/n?a=1&lang=ru&copy=2</link>", "https://m.example/n?a=1&lang=ru&copy=2"),
        ("<link><![CDATA[ https://m.example/n?a=1&b=2\n]]></link>", "https://m.example/n?a=1&b=2"),
        ("<link>https://m.example/a file.pdf</link>", "https://m.example/a%20file.pdf"),
        ("<link>//m.example/n</link>", "https://m.example/n"),
        ("<link>www.m.example/n</link>", "https://www.m.example/n"),
        ("<link></link><link>/n</link>", "https://ministry.example/n"),
        ('<link href="/n"/>', "https://ministry.example/n"),
        ('<atom:link rel="self" href="/self"/><link>/n</link>', "https://ministry.example/n"),
        ("<link>/proxy</link><feedburner:origLink>https://m.example/n</feedburner:origLink>", "https://m.example/n"),
        ("<guid>https://m.example/n</guid>", "https://m.example/n"),
        ("<guid>/en/5</guid>", "https://ministry.example/en/5"),
        ("<guid>//m.example/n</guid>", "https://m.example/n"),
        ("<guid>www.m.example/n</guid>", "https://www.m.example/n"),
        ('<guid isPermaLink="true">n/5</guid>', "https://ministry.example/en/feed/n/5"),
        ("<link>https://m.example/en/\n      4</link>", "https://m.example/en/4"),
        ("<link>ministry.example/n</link>", "https://ministry.example/n"),
        ("<link>https://https://m.example/n</link>", "https://m.example/n"),
        ("<link>http://localhost/n</link><guid>https://m.example/n</guid>", "https://m.example/n"),
        ("<link>http://127.0.0.1:8080/n</link>", "https://ministry.example/n"),
        ('<link href="http://cms.local/n"/><id>https://m.example/n</id>', "https://m.example/n"),
        ("<guid>/</guid>", None),
        ("<guid>n/5</guid>", None),
        ('<link/><guid isPermaLink="false">https://m.example/?p=7</guid>', "https://m.example/?p=7"),
        (
            '<enclosure url="https://m.example/statement.pdf" type="application/pdf"/>',
            "https://m.example/statement.pdf",
        ),
        ('<link href="/ru/n" hreflang="ru"/><link href="/n" hreflang="en"/>', "https://ministry.example/n"),
        (
            '<link href="/n.pdf" type="application/pdf"/><link href="/n" type="text/html"/>',
            "https://ministry.example/n",
        ),
        ('<link rel="related" href="/other"/><link rel="alternate" href="/n"/>', "https://ministry.example/n"),
        ('<link xml:base="https://m.example/a/" href="b"/>', "https://m.example/a/b"),
        ("<guid>n-1</guid>", None),
        ("<link>javascript:alert(1)</link>", None),
    ],
)
def test_the_address_is_the_one_that_leads_to_the_statement(fields: str, expected: str | None) -> None:
    addresses = [entry.address for entry in read(rss(f"<item><title>Talks</title>{fields}</item>")).entries]
    assert addresses == ([expected] if expected else [])


def test_relative_links_start_from_the_bases_of_feed_and_entry() -> None:
    text = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://m.example/a/">'
        '<entry xml:base="b/"><title>Talks</title><link href="n/1"/></entry></feed>'
    )
    assert read(text).entries[0].address == "https://m.example/a/b/n/1"


def test_entries_without_an_address_are_left_out() -> None:
    listing = read(rss("<item><title>Nowhere</title></item>" + item()))
    assert [entry.title for entry in listing.entries] == ["Talks on transit"]


@pytest.mark.parametrize(
    "text", ["<description>The talks are over.</description>", "<summary>The talks are over.</summary>"]
)
def test_an_entry_without_an_address_is_kept_with_its_text_and_told(text: str) -> None:
    listing = read(rss(f"<item><title>Note</title>{text}<guid isPermaLink='false'>n-1</guid></item>" + item()))
    note, other = listing.entries
    assert (note.title, note.address, note.summary, note.feed_id) == ("Note", "", "The talks are over.", "n-1")
    assert other.address == "https://ministry.example/n/1"
    assert listing.detail == "1 of 2 entries have a text and no address"


def test_an_entry_with_nothing_but_a_title_is_told() -> None:
    assert read(rss("<item><title>Nowhere</title></item>" + item())).detail == (
        "1 of 2 entries have neither an address nor a text"
    )
