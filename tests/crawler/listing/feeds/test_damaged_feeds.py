"""Damaged feeds: what a mistake does not touch is read as if it were not there. Touches nothing but values."""

from __future__ import annotations

import html
import io
import re
from calendar import timegm
from collections.abc import Callable
from datetime import UTC, datetime

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.listing import read_listing
from crawler.listing.texts.plain_text import plain
from storage.types import Listing, Page, Reason, SourceSpec
from tests.crawler.hostile import HOSTILE_FEEDS, Made
from tests.steps import growth

ADDRESS = "https://ministry.example/en/feed/"
SPEC = SourceSpec("test/feed", "News", ADDRESS, languages=("en",), zone="Europe/Minsk")


def _at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=UTC)


Told = tuple[str, str, datetime | None, str]
STATEMENTS: tuple[Told, ...] = (
    (
        "https://ministry.example/n/1?lang=en&copy=2",
        "Trade & transit: the river's ports",
        _at("2026-10-05T09:30"),
        "n-1",
    ),
    ("https://ministry.example/n/2", "О встрече Министра с послом «Севера»", _at("2026-10-04T16:00"), "n-2"),
    ("https://ministry.example/n/3#note", "Prices fell by 5 < 6 per cent", _at("2026-10-03T07:15"), "n-3"),
    ("https://ministry.example/n/4", "Déclaration “commune” – texte", _at("2026-09-30T23:59"), "n-4"),
)
SUMMARY = "<p>They met on the <b>bridge</b> &amp; talked.</p>"


def rss(wrap: Callable[[str], str] = html.escape) -> str:
    items = "\n".join(
        f"<item>\n<title>{wrap(title)}</title>\n<link>{html.escape(address)}</link>\n"
        f'<guid isPermaLink="false">{guid}</guid>'
        f"\n<description>{wrap(SUMMARY)}</description>\n<category>News</category>"
        f"<pubDate>{at:%a, %d %b %Y %H:%M:%S} GMT</pubDate>\n</item>"
        for address, title, at, guid in STATEMENTS
        if at
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>'
        "<title>News</title><link>https://ministry.example/</link>"
        f'<atom:link href="{ADDRESS}" rel="self"/>\n<image><url>https://ministry.example/a.png</url><title>Arms</title>'
        f"<link>https://ministry.example/</link></image>{items}</channel></rss>\n"
    )


def cdata(text: str) -> str:
    return f"<![CDATA[{text.replace('5 < 6', '5 &lt; 6')}]]>"


def atom() -> str:
    entries = "\n".join(
        f'<entry><title type="html">{html.escape(html.escape(title, quote=False))}</title><id>{guid}</id>'
        f'<link rel="self" href="{ADDRESS}{guid}"/>'
        f'<link rel="alternate" type="text/html" href="{html.escape(address)}"/>'
        f"<updated>2026-11-01T00:00:00Z</updated><published>{at:%Y-%m-%dT%H:%M:%SZ}</published>"
        f'<summary type="html">{html.escape(SUMMARY)}</summary><author><name>Press</name></author></entry>'
        for address, title, at, guid in STATEMENTS
        if at
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>News</title>'
        f'<id>{ADDRESS}</id><link rel="self" href="{ADDRESS}"/><updated>2026-11-01T00:00:00Z</updated>{entries}</feed>'
    )


def rdf() -> str:
    listed = "".join(f'<rdf:li rdf:resource="{html.escape(address)}"/>' for address, *_ in STATEMENTS)
    items = "\n".join(
        f'<item rdf:about="{guid}"><title>{html.escape(title)}</title><link>{html.escape(address)}</link>'
        f"<dc:date>{at:%Y-%m-%dT%H:%M+00:00}</dc:date><description>{html.escape(SUMMARY)}</description></item>"
        for address, title, at, guid in STATEMENTS
        if at
    )
    return (
        '<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        ' xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<channel rdf:about="{ADDRESS}"><title>News</title><link>https://ministry.example/</link>'
        f"<items><rdf:Seq>{listed}</rdf:Seq></items></channel>{items}</rdf:RDF>"
    )


FEEDS = {"rss": rss(), "rss with cdata": rss(cdata), "atom": atom(), "rdf": rdf()}


def read(text: str | bytes, content_type: str = "application/xml") -> Listing:
    return read_listing(Page(ADDRESS, text.encode() if isinstance(text, str) else text, 200, content_type), SPEC)


def told(listing: Listing) -> list[Told]:
    return [(entry.address, entry.title, entry.published.at, entry.feed_id) for entry in listing.entries]


def sub(pattern: str, by: str, count: int = 0) -> Callable[[str], str]:
    return lambda text: re.sub(pattern, by, text, count=count, flags=re.DOTALL)


DAMAGES: dict[str, Callable[[str], str]] = {
    "none": lambda text: text,
    "junk before the declaration": lambda text: "\n\n <br />\n<b>Warning</b>: query() in <b>feed.php</b>\n" + text,
    "a comment before the declaration": lambda text: "<!-- cached <item> -->" + text,
    "no declaration": sub(r"<\?xml.*?\?>", ""),
    "two declarations": lambda text: '<?xml version="1.0"?>' + text,
    "a falsely declared encoding": sub(r"<\?xml.*?\?>", '<?xml version="1.0" encoding="utf-16"?>'),
    "a stylesheet and a doctype": sub(
        r"(<\?xml.*?\?>)",
        r'\1<?xml-stylesheet href="/x.xsl"?><!DOCTYPE rss PUBLIC "-//N//RSS" "http://x.example/d" [<!ENTITY a "b">]>',
    ),
    "what follows the end": lambda text: text + "\n<!-- 0.3 s --><script>alert(1)</script>\n&",
    "bare ampersands": sub("&amp;(?=copy|lang| )", "&"),
    "undeclared entities": sub("–", "&ndash;"),
    "undeclared prefixes": sub(r' xmlns:\w+="[^"]*"', ""),
    "elements of an undeclared prefix": sub(r"(</item>|</entry>)", r"<x:y z='1'><x:title>No</x:title></x:y><x:a/>\1"),
    "end tags of the feed are missing": sub(r"</(channel|rdf:RDF)>", ""),
    "end tags of the entries are missing": sub(r"</(item|entry)>", ""),
    "end tags of titles are missing": sub(r"(</title>)(?=\s*<(?:link|id))", ""),
    "end tags of the summaries are missing": sub(r"(</description>|</summary>)", ""),
    "end tags of links are missing": sub("</link>", ""),
    "wrong end tags": sub("</title>", "</titel>"),
    "end tags that nothing opened": sub(r"(</item>|</entry>)", r"</div></p>\1"),
    "end tags in capitals": sub(r"</(title|link|pubDate|id)>", lambda tag: tag[0].lower() and f"</{tag[1].upper()}>"),  # type: ignore[arg-type]
    "tags in capitals": sub(r"<(/?)(item|entry|title|link|pubDate)\b", lambda tag: f"<{tag[1]}{tag[2].upper()}"),  # type: ignore[arg-type]
    "HTML that is not escaped": sub(
        r"(<(?:description|summary)\b[^>]*>)", r'\1<p class=lead>Read <br> this<img src="x.png"><a href=/x?a&b>here</a>'
    ),
    "a bare bracket": sub("&lt; 6", "< 6"),
    "attributes without quotes": sub(r' (rel|type|isPermaLink)="([\w/]+)"', r" \1=\2"),
    "attributes twice": sub(r"<(title|guid)\b", r'<\1 lang="en" lang="en"'),
    "attributes with single quotes": sub(r'="([^"\']*)"', r"='\1'"),
    "a CDATA section without its end": sub(r"\]\]>(?=</description>)", ""),
    "CDATA inside CDATA": sub(r"<!\[CDATA\[(.*?)\]\]>", r"<![CDATA[<![CDATA[\1]]>]]>"),
    "a comment without its end": sub(r"<(item|entry)\b([^>]*)>", r"<\1\2><!-- teaser ", 1),
    "an entry in a comment": sub(r"(<(?:item|entry)\b)", r"<!-- <item><title>A</title><link>/d</link></item> -->\1", 1),
    "control characters": lambda text: text.replace("Trade", "Tra\x0bde").replace("texte", "tex\x00te"),
    "white space around everything": sub(r"<(/?)(title|link|id|pubDate)>", "\n<\\1\\2>\n"),
    "line ends of all kinds": lambda text: text.replace("\n", "\r\n"),
    "no white space": lambda text: text.replace(">\n<", "><"),
    "blanks in tags": sub(r"<(/?)(title|link|item|entry)>", r"<\1\2 >"),
    "a byte order mark": lambda text: "\ufeff" + text,
    "a byte order mark twice": lambda text: "\ufeff\ufeff" + text,
    "a text before each entry": sub(r"(<(?:item|entry)\b)", r"none \1"),
    "empty fields before full ones": sub(r"(<(?:item|entry)\b[^>]*>)", r"\1<title/><title></title><link></link>"),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("kind", FEEDS)
def test_a_damaged_feed_is_read_whole(kind: str, damage: str) -> None:
    assert told(read(DAMAGES[damage](FEEDS[kind]))) == list(STATEMENTS)


@pytest.mark.parametrize("kind", FEEDS)
def test_a_sound_feed_is_read_as_feedparser_reads_it(kind: str) -> None:
    parsed = feedparser.parse(io.BytesIO(FEEDS[kind].encode()), sanitize_html=False)
    theirs = []
    for entry in parsed.entries:
        moment = entry.get("published_parsed") or entry.get("updated_parsed")
        theirs.append((entry.link, plain(entry.title), datetime.fromtimestamp(timegm(moment), UTC), entry.id))
    assert theirs == told(read(FEEDS[kind])) == list(STATEMENTS)


@given(title=st.text(st.sampled_from("aбв é<>&;\"'#[/!-=x0"), min_size=1, max_size=40), number=st.integers(0, 10**6))
@settings(max_examples=200, deadline=None)
def test_what_is_escaped_by_the_rules_is_read_back(title: str, number: int) -> None:
    address = f"https://ministry.example/n/{number}?a=1&b={number}"
    text = (
        f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title type="text">{html.escape(title)}</title>'
        f"<link href='{html.escape(address)}'/></entry></feed>"
    )
    (entry,) = read(text).entries
    assert (entry.title, entry.address) == (" ".join(title.split()), address)


@pytest.mark.parametrize("kind", FEEDS)
def test_the_summary_is_text(kind: str) -> None:
    assert {entry.summary for entry in read(FEEDS[kind]).entries} == {"They met on the bridge & talked."}


@pytest.mark.parametrize("kind", FEEDS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1251"])
def test_a_feed_is_read_in_the_encoding_it_is_in(kind: str, encoding: str) -> None:
    text = FEEDS[kind].replace("utf-8", encoding).replace("UTF-8", encoding)
    assert told(read(text.encode(encoding, "xmlcharrefreplace"))) == list(STATEMENTS)


@given(kind=st.sampled_from(sorted(FEEDS)), share=st.floats(0, 1))
@settings(max_examples=200, deadline=None)
def test_a_feed_that_breaks_off_anywhere_gives_the_entries_that_are_whole(kind: str, share: float) -> None:
    text = FEEDS[kind]
    start = text.index("<item>" if "rss" in kind else "<item " if kind == "rdf" else "<entry>")
    end = start + int(share * (len(text) - start))
    whole = len(re.findall("</item>|</entry>", text[:end]))
    assert told(read(text[:end])) == list(STATEMENTS[:whole])


@given(
    kind=st.sampled_from(sorted(FEEDS)),
    number=st.integers(0, 3),
    start=st.floats(0, 1),
    length=st.integers(1, 60),
    junk=st.sampled_from(["", "<", ">", "&", '"', "]]>", "<![CDATA[", "<!--", "</", "<p>"]),
)
@settings(max_examples=400, deadline=None)
def test_what_is_wrong_in_one_entry_leaves_the_others_as_they_are(
    kind: str, number: int, start: float, length: int, junk: str
) -> None:
    text = FEEDS[kind]
    spans = [match.span(1) for match in re.finditer(r"<(?:item|entry)\b[^>]*>(.*?)</(?:item|entry)>", text, re.DOTALL)]
    low, high = spans[number]
    at = low + int(start * (high - low))
    found = told(read(text[:at] + junk + text[min(at + length, high) :]))
    others = [one for position, one in enumerate(STATEMENTS) if position != number]
    assert [one for one in found if one in others] == others


@pytest.mark.parametrize("made", HOSTILE_FEEDS.values(), ids=HOSTILE_FEEDS)
def test_a_hostile_feed_costs_no_more_than_it_is_long(made: Made) -> None:
    assert growth(lambda count: read(made(count)), 1_000, 4_000) < 1.2


@pytest.mark.slow
@pytest.mark.parametrize("made", HOSTILE_FEEDS.values(), ids=HOSTILE_FEEDS)
def test_a_hostile_feed_of_200_000_pieces_is_read(made: Made) -> None:
    """Were a regular expression's work not linear, the time limit of the tests would show."""
    listing = read(made(200_000))
    assert len(listing.entries) in (0, 5_000)
    assert listing.reason in (Reason.OK, Reason.EMPTY)
    assert len(listing.entries) < 5_000 or listing.detail == "only the first 5,000 entries of the feed are read"
