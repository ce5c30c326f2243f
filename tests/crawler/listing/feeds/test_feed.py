"""Feeds -> entries. Touches nothing but values."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from crawler.listing import read_listing
from storage.types import Listing, Page, Precision, Reason, Shape, SourceSpec
from tests.crawler import pages

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


def test_a_title_is_plain_text() -> None:
    listing = read(rss(item("Talks &amp;amp; &lt;b&gt;transit&lt;/b&gt;") + item("5 &lt; 6", "/n/2")))
    assert [entry.title for entry in listing.entries] == ["Talks & transit", "5 < 6"]
    assert listing.entries[1].address == "https://ministry.example/n/2"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("<title>A &amp;amp;amp; B</title>", "A & B"),
        ("<title><![CDATA[A &amp; <i>B</i> &#8211; C]]></title>", "A & B – C"),
        ("<title>A <![CDATA[&]]> B</title>", "A & B"),
        ("<title>&lt;![CDATA[A]]&gt;</title>", "A"),
        ("<title>A&lt;br/&gt;B</title>", "A B"),
        ("<title>H&lt;sub&gt;2&lt;/sub&gt;O</title>", "H2O"),
        ("<title>&lt;EU&gt; talks, 5 &lt; 6</title>", "<EU> talks, 5 < 6"),
        ('<title type="text">The &lt;b&gt; tag &amp;amp; more</title>', "The <b> tag &amp; more"),
        ('<title type="html">The &lt;b&gt;tag&lt;/b&gt; &amp;amp; more</title>', "The tag & more"),
        (
            '<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">A <em>B</em> &lt;i&gt;</div></title>',
            "A B <i>",
        ),
        ("<title>Statement on &lt;Article 5&gt; of the charter</title>", "Statement on <Article 5> of the charter"),
        ("<title><![CDATA[Statement on <Article 5>]]></title>", "Statement on <Article 5>"),
        ("<title>&amp;lt;Section 2&amp;gt; of the law</title>", "<Section 2> of the law"),
        ("<title>&lt;Map&gt; of the border</title>", "<Map> of the border"),
        ("<title>Talks: &lt;time for peace&gt;</title>", "Talks: <time for peace>"),
        ("<title>Minister: &lt;Q&amp;A&gt;</title>", "Minister: <Q&A>"),
        ("<title>&lt;Table 3&gt; and &lt;Form A-12&gt;</title>", "<Table 3> and <Form A-12>"),
        ("<title>A &lt;b and c&gt; d</title>", "A <b and c> d"),
        ('<title>&lt;Object "Sever"&gt;</title>', '<Object "Sever">'),
        ("<title>&lt;Strong&gt;Talks&lt;/Strong&gt; &lt;P&gt;on &lt;BR&gt;rivers</title>", "Talks on rivers"),
        ("<title>&lt;Center&gt;Talks&lt;/Center&gt;</title>", "Talks"),
        ("<title>&lt;td nowrap&gt;Talks&lt;hr noshade /&gt;over</title>", "Talks over"),
        ("<title>&lt;a href=x class='y z'&gt;Talks&lt;/a&gt;&lt;img src=x alt&gt;</title>", "Talks"),
        ("<title>&lt;article&gt;Talks &lt;br /&gt;over&lt;br/&gt;</title>", "Talks over"),
        ("<title>Ver\u00adhand\u00adlung\u200b</title>", "Verhandlung"),
        ("<media:title>No</media:title><source><title>No</title></source><title>Yes</title>", "Yes"),
        ("<image><title>No</title><link>/no</link></image><title>Yes</title>", "Yes"),
    ],
)
def test_a_title_is_what_a_person_would_read(title: str, expected: str) -> None:
    (entry,) = read(rss(f"<item>{title}<link>/n/1</link></item>")).entries
    assert (entry.title, entry.address) == (expected, "https://ministry.example/n/1")


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
