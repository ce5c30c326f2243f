"""Feeds for feed readers, and feed readers' feeds as sources."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.catalog import catalogue
from presswatch.loop import run
from presswatch.watchlist import opml
from presswatch.watchlist.exporting import exported
from presswatch.watchlist.file_format import Form
from presswatch.watchlist.importing import import_watchlist
from storage.database import Database
from storage.errors import InvalidInputError, MistakesError
from storage.sources import sources
from storage.types import SOLE_OWNER, Shape, SourceSpec
from tests.presswatch.watchlist.examples import settings, words
from tests.storage.examples import NOW

MINIFLUX = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0">
    <head><title>Miniflux</title><dateCreated>Mon, 23 Nov 2026 10:00:00 UTC</dateCreated></head>
    <body>
        <outline text="Europe">
            <outline title="Ministry &amp; Sons" text="Ministry &amp; Sons" xmlUrl="https://www.ministry.example/en/rss"
                     htmlUrl="https://www.ministry.example/" description="" type="rss"></outline>
        </outline>
    </body>
</opml>"""
FEEDLY = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="1.0"><head><title>X subscriptions in feedly Cloud</title></head><body>
<outline text="A" title="A"><outline text="B" title="B">
<outline type="rss" text="МИД" title="МИД" xmlUrl="feed://mid.example/feed.xml" htmlUrl="https://mid.example"/>
</outline></outline>
<outline text="C" title="C"><outline type="rss" text="twice" xmlurl="http://mid.example/feed.xml/"/></outline>
<outline text="A note without a feed"/>
</body></opml>"""


def bring_in(here: Database, text: str, *, dry_run: bool = False) -> list[str]:
    changed = run(import_watchlist(here, SOLE_OWNER, text.encode(), Form.OPML, settings(), dry_run=dry_run))
    return [f"{change.verb} {change.name}" for change in changed]


def own(here: Database) -> list[SourceSpec]:
    return [source.spec for source in here.read(sources.every) if source.origin == "user"]


def test_a_reader_s_feeds_become_sources_once(here: Database) -> None:
    assert bring_in(here, MINIFLUX, dry_run=True) == bring_in(here, MINIFLUX) == ["added ministry-example/en-rss"]
    assert bring_in(here, MINIFLUX) == []
    [spec] = own(here)
    assert (spec.name, spec.address) == ("Ministry & Sons", "https://www.ministry.example/en/rss")
    assert (spec.shape, spec.languages, spec.enabled) == (Shape.FEED, ("en",), True)
    assert spec.note == "From a feed reader: Europe"


def test_folders_within_folders_are_noted_and_a_feed_in_two_of_them_is_one(here: Database) -> None:
    bring_in(here, FEEDLY)
    [spec] = own(here)
    assert (spec.name, spec.address, spec.note) == ("МИД", "http://mid.example/feed.xml", "From a feed reader: A / B")


def test_a_feed_that_the_catalogue_has_is_switched_on_there(here: Database) -> None:
    known = next(spec for spec in catalogue() if spec.shape is Shape.FEED and not spec.enabled)
    text = opml.written([known])
    assert bring_in(here, text) == [f"changed {known.key}"]
    assert here.read(sources.get, known.key).enabled
    assert own(here) == []


def test_a_feed_of_the_desk_s_own_stays_as_it_is(here: Database) -> None:
    mine = SourceSpec("own/rss", "Mine", "https://www.ministry.example/en/rss/", enabled=False)
    here.write(sources.add, mine, alert_first=False, now=NOW)
    assert bring_in(here, MINIFLUX) == []
    assert own(here) == [mine]


def test_two_feeds_never_get_one_key(here: Database) -> None:
    both = MINIFLUX.replace(
        "</outline>\n        </outline>",
        '</outline><outline text="B" xmlUrl="https://ministry.example/EN/rss"/></outline>',
    )
    assert bring_in(here, both) == ["added ministry-example/en-rss", "added ministry-example/en-rss-2"]


def belarusian(key: str, name: str, address: str) -> SourceSpec:
    body = "Ministry / of Bridges"
    return SourceSpec(key, name, address, body, "BY", ("be",), shape=Shape.FEED)


def test_the_feeds_that_are_polled_are_written_by_country_and_body(here: Database) -> None:
    specs = [
        belarusian("own/b", "B & <b>", "https://b.example/rss?a=1&b=2"),
        belarusian("own/a", "A", "https://a.example/rss"),
        SourceSpec("own/c", "C", "https://c.example/rss", shape=Shape.FEED),
        SourceSpec("own/d", "off", "https://d.example/rss", shape=Shape.FEED, enabled=False),
        SourceSpec("own/e", "no feed", "https://e.example/"),
    ]
    for spec in specs:
        here.write(sources.add, spec, alert_first=False, now=NOW)
    root = ElementTree.fromstring(run(exported(here, SOLE_OWNER, Form.OPML)).text)
    assert root.get("version") == "2.0"
    folders = {each.get("text"): [feed.get("text") for feed in each] for each in root.iterfind("body/outline")}
    assert list(folders.items()) == [("BY", ["A", "B & <b>"]), ("C", [])], "of no country that is known: in no folder"
    [feed] = root.iterfind(".//outline[@text='B & <b>']")
    assert feed.attrib == {
        "type": "rss", "text": "B & <b>", "title": "B & <b>", "xmlUrl": "https://b.example/rss?a=1&b=2",
        "htmlUrl": "https://b.example/", "language": "be", "category": "/BY/Ministry   of Bridges",
    }  # fmt: skip
    assert "3 sources without a feed left out" in run(exported(here, SOLE_OWNER, Form.OPML)).counted


@pytest.mark.parametrize(
    ("category", "country", "organisation"),
    [
        ("/BY/Ministry", "BY", "Ministry"),
        ("/BY", "BY", ""),
        ("//Ministry", "", "Ministry"),
        ("/International/Ministry", "", "Ministry"),
        ("/International", "", ""),
        ("", "", ""),
        ("News", "", ""),
    ],
)
def test_a_country_and_a_body_are_read_as_they_were_written(category: str, country: str, organisation: str) -> None:
    outline = f'<outline text="Feed" xmlUrl="https://nowhere.invalid/rss" category="{category}"/>'
    found = opml.wanted(opml.read(f"<opml><body>{outline}</body></opml>".encode()), ())
    [row] = [each.row for each in found.watchlist.sources or ()]
    assert (row.get("country", ""), row.get("organisation", "")) == (country, organisation)


@given(st.text(st.characters(categories=["L", "Nd"]), min_size=1, max_size=30))
def test_a_body_of_no_country_comes_back(body: str) -> None:
    text = opml.written([SourceSpec("own/a", "A", "https://a.invalid/rss", organisation=body)])
    [row] = [each.row for each in opml.wanted(opml.read(text.encode()), ()).watchlist.sources or ()]
    assert "International" not in text
    assert (row.get("country", ""), row.get("organisation", "")) == (
        "",
        " ".join(body.replace("/", " ").replace(",", " ").split()),
    )


@given(st.lists(words, max_size=4))
def test_what_is_written_for_readers_can_be_read(names: list[str]) -> None:
    specs = [
        SourceSpec(f"own/{number}", name, f"https://a{number}.example/rss", country="BY", organisation=name)
        for number, name in enumerate(names)
    ]
    text = opml.written(specs)
    if not specs:
        ElementTree.fromstring(text)
        return
    found = opml.wanted(opml.read(text.encode()), ())
    assert found.mistakes == ()
    assert [each.row["address"] for each in found.watchlist.sources or ()] == [spec.address for spec in specs]
    assert {each.row["country"] for each in found.watchlist.sources or ()} == {"BY"}


# -- what is wrong -----------------------------------------------------------------------------------------------------

LAUGHS = '<!DOCTYPE o [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><opml><body>&b;</body></opml>'
ELSEWHERE = '<!DOCTYPE o [<!ENTITY a SYSTEM "file:///etc/passwd">]><opml><body><outline text="&a;"/></body></opml>'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (LAUGHS, "defines entities"),
        (ELSEWHERE, "defines entities"),
        ("<opml><body>", "not XML"),
        ("", "not XML"),
        ('<?xml version="1.0" encoding="no-such"?><opml/>', "not XML"),
        ("<rss><channel/></rss>", "not OPML"),
        ("<opml><head/></opml>", "not OPML"),
        ('<opml><body><outline text="A"/></body></opml>', "names no feed"),
        (f"<opml><body>{'<outline>' * 100_000}{'</outline>' * 100_000}</body></opml>", "names no feed"),
    ],
    ids=["laughs", "elsewhere", "cut", "empty", "encoding", "rss", "no body", "no feed", "deep"],
)
def test_what_is_damaged_or_hostile_is_refused_with_the_reason(text: str, words: str) -> None:
    with pytest.raises(InvalidInputError, match=words) as caught:
        opml.read(text.encode())
    assert caught.value.mend


def test_no_feed_is_added_where_one_cannot_be(here: Database) -> None:
    text = MINIFLUX.replace("<outline text=", '<outline text="here" xmlUrl="http://127.0.0.1/rss"/><outline text=', 1)
    text = text.replace("<outline text=", '<outline text="odd" xmlUrl="gopher://x.example"/><outline text=', 1)
    with pytest.raises(MistakesError) as caught:
        bring_in(here, text)
    assert [str(mistake).partition(":")[0] for mistake in caught.value.mistakes] == ["feed 1 (odd)", "feed 2 (here)"]
    assert own(here) == []


def test_an_opml_file_removes_nothing(here: Database) -> None:
    with pytest.raises(InvalidInputError, match="feeds alone"):
        run(import_watchlist(here, SOLE_OWNER, MINIFLUX.encode(), Form.OPML, settings(), prune=True))
