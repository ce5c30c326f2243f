"""JSON Feed, the answers of APIs, and what pages have for their own scripts. Pure."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crawler.listing import read_listing
from crawler.reading.saved import Kind, read_page
from storage.types import Listing, Page, Precision, Reason, Shape, SourceSpec
from tests.crawler.hostile import HOSTILE_JSON, Made
from tests.steps import growth

SECTION = "https://mfa.example/en/news/"
TITLES = (
    "The minister received the ambassador of a neighbour",
    "A statement on the river crossing in the north",
    "The two delegations signed an agreement on customs",
)


def read(body: str | Any, *, languages: tuple[str, ...] = ("en",), shape: Shape = Shape.AUTO) -> Listing:
    text = body if isinstance(body, str) else json.dumps(body)
    spec = SourceSpec("mfa/news", "News", SECTION, languages=languages, zone="Europe/Minsk", shape=shape)
    return read_listing(Page(SECTION, text.encode()), spec)


def shown(listing: Listing) -> list[tuple[str, str, str]]:
    return [(entry.title, str(entry.published), entry.address) for entry in listing.entries]


def page(inner: str) -> str:
    return f"<!DOCTYPE html><html><head><title>News</title></head><body><h1>News</h1>{inner}</body></html>"


# -- JSON Feed ---------------------------------------------------------------------------------------------------------


def test_a_json_feed_gives_its_entries_and_the_next_page() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "home_page_url": "https://mfa.example/",
        "next_url": "?page=2",
        "items": [
            {"id": "7", "url": "/en/news/7", "title": TITLES[0], "date_published": "2026-10-02T18:30:00+04:00",
             "summary": "In short."},
            {"id": 6, "external_url": "https://other.example/6", "content_html": "<p>Only a &amp; text</p>"},
            {"id": "https://mfa.example/en/news/5", "title": "5"},
            {"id": "4", "title": "without an address"},
        ],
    }  # fmt: skip
    listing = read(feed, shape=Shape.FEED)
    assert (listing.reader, listing.next_page) == ("json-feed", f"{SECTION}?page=2")
    assert shown(listing) == [
        (TITLES[0], "2026-10-02T17:30+03:00", "https://mfa.example/en/news/7"),
        ("Only a & text", "", "https://other.example/6"),
        ("5", "", "https://mfa.example/en/news/5"),
    ]
    assert [entry.feed_id for entry in listing.entries] == ["7", "6", "https://mfa.example/en/news/5"]
    assert listing.entries[0].summary == "In short."


def test_a_json_feed_without_entries_is_empty_and_no_error() -> None:
    assert read({"version": "https://jsonfeed.org/version/1", "items": []}).reason is Reason.EMPTY


# -- answers of APIs ---------------------------------------------------------------------------------------------------

ANSWERS = {
    "an array, titles in HTML, times of the ministry's zone (WordPress)": (
        [
            {"id": 5 - n, "date": f"2026-10-0{3 - n}T14:05:00", "modified": "2026-11-01T00:00:00",
             "link": f"https://mfa.example/en/{n}/", "title": {"rendered": f"{title} &#8211; <i>more</i>"},
             "_links": {"self": [{"href": "https://mfa.example/wp-json/1"}]}}
            for n, title in enumerate(TITLES)
        ],
        (f"{TITLES[0]} – more", "2026-10-03T14:05+03:00", "https://mfa.example/en/0/"),
    ),
    "attributes and an alias (JSON:API)": (
        {"data": [{"type": "node", "id": f"9a-{n}", "attributes": {
            "title": title, "created": f"2026-10-02T10:0{n}:30+00:00", "changed": "2026-11-02T10:00:30+00:00",
            "path": {"alias": f"/en/news/n-{n}"}}} for n, title in enumerate(TITLES)], "meta": {"count": 3}},
        (TITLES[0], "2026-10-02T13:00+03:00", "https://mfa.example/en/news/n-0"),
    ),
    "numbers alone, milliseconds": (
        {"total": 3, "result": {"rows": [
            {"id": 100 + n, "headline": title, "publishedAt": 1_790_000_000_000 + n, "image": {"url": "/a.jpg"}}
            for n, title in enumerate(TITLES)]}},
        (TITLES[0], "2026-09-21T17:13+03:00", f"{SECTION}100"),
    ),
    "seconds": (
        {"items": [{"url": f"/n/{n}", "name": title, "date": 1_790_000_000 + n} for n, title in enumerate(TITLES)]},
        (TITLES[0], "2026-09-21T17:13+03:00", "https://mfa.example/n/0"),
    ),
    "edges and nodes, a day in words": (
        {"data": {"news": {"edges": [{"node": {"title": title, "uri": f"/n/{n}", "date": "2 October 2026"}}
                                     for n, title in enumerate(TITLES)]}}},
        (TITLES[0], "2026-10-02", "https://mfa.example/n/0"),
    ),
    "the time of day in a field of its own": (
        [{"title": title, "url": f"/n/{n}", "date": "02.10.2026", "time": "09:30"} for n, title in enumerate(TITLES)],
        (TITLES[0], "2026-10-02T09:30+03:00", "https://mfa.example/n/0"),
    ),
    "translations side by side": (
        [{"slug": f"n-{n}", "published_at": "2026-10-02", "translations": [
            {"lang": "ru", "title": "По-русски"}, {"lang": "en", "title": title}]} for n, title in enumerate(TITLES)],
        (TITLES[0], "2026-10-02", f"{SECTION}n-0"),
    ),
    "objects by their numbers": (
        {"news": {str(n): {"title_ru": "По-русски", "title_en": title, "link": f"/n/{n}", "date": "2026-10-02"}
                  for n, title in enumerate(TITLES)}},
        (TITLES[0], "2026-10-02", "https://mfa.example/n/0"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("answer", "first"), ANSWERS.values(), ids=ANSWERS)
def test_the_answer_of_an_api_is_read_whatever_its_fields_are_called(answer: Any, first: tuple[str, str, str]) -> None:
    listing = read(answer)
    assert (listing.reader, listing.reason, len(listing.entries)) == ("json", Reason.OK, 3)
    assert shown(listing)[0] == first


def test_midnight_in_all_entries_is_no_time_that_somebody_claimed() -> None:
    rows = [{"title": title, "url": f"/n/{n}", "date": f"2026-10-0{n + 1}T00:00:00"} for n, title in enumerate(TITLES)]
    assert {entry.published.precision for entry in read(rows).entries} == {Precision.DAY}


def test_a_menu_and_a_list_of_pictures_are_no_statements() -> None:
    menu = [{"title": name, "url": f"/{name}"} for name in ("About", "News", "Contacts", "Press", "Search")]
    pictures = [{"title": f"The minister at the river, picture {n}", "url": f"/{n}.jpg"} for n in range(9)]
    assert read({"menu": menu, "pictures": pictures}).reason is Reason.EMPTY


# -- what pages have for their scripts ---------------------------------------------------------------------------------

ROWS = [{"id": n, "slug": f"the-minister-{n}", "title": title, "date": "2026-10-02"} for n, title in enumerate(TITLES)]
NESTED = {"props": {"pageProps": {"menu": [{"title": "Home", "url": "/"}] * 9, "list": {"months": [{"news": ROWS}]}}}}
STREAM = f"5:{json.dumps(['$', 'div', None, {'items': ROWS}])}\n"
FLAT = [
    ["Reactive", 1], {"data": 2}, {"news": 3}, [4, 8, 11], {"title": 5, "slug": 6, "date": 7},
    TITLES[0], "the-minister-0", "2026-10-02", {"title": 9, "slug": 10, "date": 7}, TITLES[1], "the-minister-1",
    {"title": 12, "slug": 13, "date": 7}, TITLES[2], "the-minister-2",
]  # fmt: skip
SCRIPT = "{list: [" + ",".join(f"{{title: '{r['title']}', slug: '{r['slug']}', date: d}}" for r in ROWS) + "]}"
STATES = {
    "Next.js": f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(NESTED)}</script>',
    "the stream of Next.js": "".join(
        f"<script>self.__next_f.push([1,{json.dumps(part)}])</script>" for part in (STREAM[:90], STREAM[90:])
    ),
    "Nuxt 3": f'<script type="application/json" id="__NUXT_DATA__">{json.dumps(FLAT)}</script>',
    "Nuxt 2": f'<script>window.__NUXT__=(function(d,e){{return {SCRIPT}}}("2026-10-02",1));</script>',
    "a variable": f"<script>var a = 1; window.STATE = {json.dumps(NESTED)};</script>",
    "JavaScript that is no JSON": f"<script>window.STATE = {SCRIPT.replace('date: d', 'date: `2026-10-02`')};</script>",
    "a string that is parsed": f"<script>const x = JSON.parse('{json.dumps({'a': ROWS})}')</script>",
    "an attribute (Alpine)": f"<div x-data='{{open: false, items: {json.dumps(ROWS)}}}'></div>",
    "an escaped attribute (Inertia)": f'<div data-page="{json.dumps(NESTED).replace(chr(34), "&quot;")}"></div>',
}


@pytest.mark.parametrize("inner", STATES.values(), ids=STATES)
def test_a_page_s_own_json_is_read_where_it_has_no_list(inner: str) -> None:
    listing = read(page(inner))
    assert (listing.reader, listing.reason) == ("json-state", Reason.OK)
    assert shown(listing) == [(title, "2026-10-02", f"{SECTION}the-minister-{n}") for n, title in enumerate(TITLES)]


def test_structured_data_is_read_and_breadcrumbs_are_left_out() -> None:
    items = [
        {"@type": "ListItem", "position": n, "item": {
            "@type": "NewsArticle", "headline": title, "url": f"/en/news/{n}", "datePublished": "2026-10-02T10:00:00Z"}}
        for n, title in enumerate(TITLES)
    ]  # fmt: skip
    crumbs = [{"@type": "ListItem", "name": "Ministry of Foreign Affairs of a land", "item": SECTION}] * 4
    blocks = ({"@type": "ItemList", "itemListElement": items}, {"@type": "BreadcrumbList", "itemListElement": crumbs})
    inner = "".join(f'<script type="application/ld+json">{json.dumps(block)}</script>' for block in blocks)
    listing = read(page(inner))
    assert listing.reader == "json-ld"
    assert shown(listing)[2] == (TITLES[2], "2026-10-02T13:00+03:00", "https://mfa.example/en/news/2")


def test_one_block_of_structured_data_for_each_statement_is_a_list_too() -> None:
    blocks = [{"@type": "Article", "headline": title, "url": f"/n/{n}"} for n, title in enumerate(TITLES)]
    inner = "".join(f'<script type="application/ld+json">{json.dumps(block)}</script>' for block in blocks)
    assert [entry.title for entry in read(page(inner)).entries] == list(TITLES)


@pytest.mark.parametrize(
    ("shape", "address"),
    [
        ("""<a :href="'/en/press/view/' + item.slug">{{ item.title }}</a>""", "https://mfa.example/en/press/view/{}"),
        ('<a x-bind:href="`/en/press/${item.slug}?p=1`"></a>', "https://mfa.example/en/press/{}?p=1"),
        ('<a href="/x/the-minister-0.html"></a><a href="/x/the-minister-1.html"></a>', "https://mfa.example/x/{}.html"),
    ],
    ids=["a template with a plus", "a template with braces", "links of the page"],
)
def test_a_slug_becomes_an_address_as_the_page_makes_it(shape: str, address: str) -> None:
    listing = read(page(STATES["Next.js"] + shape), shape=Shape.JSON)
    assert [entry.address for entry in listing.entries] == [address.format(row["slug"]) for row in ROWS]


# -- what is hostile ---------------------------------------------------------------------------------------------------


ODD_ADDRESSES = (
    1e308, True, "javascript:alert(1)", "mailto:press@mfa.example", "none", "a picture.png", "two words", "#",
    "about:blank",
)  # fmt: skip


@pytest.mark.parametrize("odd", ODD_ADDRESSES, ids=str)
@pytest.mark.parametrize("place", range(len(TITLES) + 1))
def test_one_odd_address_costs_its_neighbours_nothing(odd: Any, place: int) -> None:
    rows = [{"title": title, "url": f"/en/news/{n}", "date": "2026-10-02"} for n, title in enumerate(TITLES)]
    rows.insert(place, {"title": "The spokesperson answered questions", "url": odd, "date": "2026-10-02"})
    assert [entry.title for entry in read(rows).entries] == list(TITLES)


@pytest.mark.parametrize("odd", ["", "a/b?c", "two words", "ключ с пробелом"], ids=str)
def test_one_odd_slug_costs_its_neighbours_nothing(odd: str) -> None:
    rows = [{"title": title, "slug": f"of-the-{n}", "date": "2026-10-02"} for n, title in enumerate(TITLES)]
    rows.append({"title": "The spokesperson answered questions", "slug": odd, "date": "2026-10-02"})
    assert [entry.title for entry in read(rows).entries][: len(TITLES)] == list(TITLES)


@pytest.mark.parametrize("made", HOSTILE_JSON.values(), ids=HOSTILE_JSON)
def test_hostile_json_costs_no_more_than_it_is_long(made: Made) -> None:
    assert growth(lambda count: read(made(count)), 10_000, 40_000) < 1.2


@pytest.mark.parametrize("made", HOSTILE_JSON.values(), ids=HOSTILE_JSON)
def test_hostile_json_of_300_000_pieces_costs_a_reason_code(made: Made) -> None:
    """Were a regular expression's work not linear, the time limit of the tests would show."""
    assert_is_refused(made(300_000))


@pytest.mark.parametrize(
    "body",
    [
        pytest.param('[{"title": NaN, "url": Infinity}]', id="not a number"),
        pytest.param(
            page('<script id="__NUXT_DATA__" type="application/json">[[0,1,1,1],[0,0,2,2],[1,1,1,1]]</script>'),
            id="a list that holds itself",
        ),
    ],
)
def test_json_that_cannot_be_costs_a_reason_code(body: str) -> None:
    assert_is_refused(body)


def assert_is_refused(body: str) -> None:
    listing = read(body)
    assert listing.entries == ()
    assert listing.reason in (Reason.UNREADABLE, Reason.EMPTY)


# -- pages of which nobody says what they are --------------------------------------------------------------------------


def test_a_statement_s_page_stays_one_whatever_json_it_carries() -> None:
    body = "<p>" + "The minister spoke at length about the bridges of the northern river today. " * 4 + "</p>"
    statement = Page(f"{SECTION}1", page(body * 3 + STATES["Next.js"]).encode())
    assert read_page(statement, SourceSpec("", "", SECTION)).kind is Kind.ARTICLE


def test_a_json_feed_is_a_feed_and_an_api_s_answer_a_listing() -> None:
    feed = {"version": "https://jsonfeed.org/version/1", "items": [{"id": "1", "url": "/1", "title": TITLES[0]}]}
    for value, kind in ((feed, Kind.FEED), (ROWS, Kind.LISTING)):
        read_as = read_page(Page(SECTION, json.dumps(value).encode()), SourceSpec("", "", SECTION))
        assert (read_as.kind, read_as.useful) == (kind, True)
