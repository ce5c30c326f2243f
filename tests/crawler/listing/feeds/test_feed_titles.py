"""The title of a feed's entry, as a person would read it."""

from __future__ import annotations

import pytest

from tests.crawler.listing.feeds.writing import item, read, rss


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
