"""Search: a mistake at its character, what was found and how it is spread, and each view as an address."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from sqlalchemy import update

from presswatch.web.desk import Desk
from storage.database import Database
from storage.people import topics
from storage.sources import sources as watched_sources
from storage.tables import sources, users
from storage.types import Published, Source
from tests.presswatch.web.visiting import Person
from tests.storage.examples import BODY, HOUR, NOW, draft, spec, store

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
MENDED = "//div[@id='checked']//a[contains(@class, 'button')]"


@pytest.fixture
def desk(desk: Desk) -> Desk:
    return replace(desk, clock=lambda: NOW + HOUR)


def section(database: Database, key: str, country: str, **values: Any) -> Source:
    return database.write(watched_sources.add, spec(key, country=country, **values), alert_first=False, now=NOW)


@pytest.fixture
def history(database: Database) -> dict[str, Source]:
    """Bridges in Riverland, in two months and languages; a bridge in Hillmark, whose page claims no date."""
    river, hill = section(database, "mfa-xy/news", "BY"), section(database, "mfa-xz/news", "AM")
    on = [Published(date(2024, 10, day), text=f"{day}.10") for day in (3, 4)] + [Published(date(2024, 11, 27))]
    store(
        database,
        *(draft(river, number, title=f"On the bridge {number}", published=claim) for number, claim in enumerate(on, 1)),
        draft(hill, 9, title="О мосте", body=BODY, language="ru", published=Published()),
    )
    return {"river": river, "hill": hill}


def titles(person: Person) -> list[str]:
    return [link.text_content() for link in person.tree.find_class("title")]


def links(person: Person, within: str = "//main") -> dict[str, str]:
    found = person.tree.xpath(f"{within}//a[@href]")
    return {" ".join(link.text_content().split()): link.get("href") for link in found}


# -- what is found ---------------------------------------------------------------------------------------------------


async def test_what_meets_the_query_is_shown_with_its_words_marked(owner: Person, history: object) -> None:
    await owner.visit("/search?q=bridge")
    assert titles(owner) == ["О мосте", "On the bridge 3", "On the bridge 2", "On the bridge 1"]
    assert owner.text_of("counted").startswith("4 statements")
    assert {mark.text for mark in owner.tree.findall(".//mark")} == {"bridge"}


async def test_a_row_says_the_claimed_day_and_when_it_was_seen(owner: Person, history: object) -> None:
    await owner.visit("/search?q=bridge")
    undated, dated, *_ = (" ".join(row.text_content().split()) for row in owner.tree.find_class("row"))
    assert undated.startswith("no date")
    assert "seen 12:00; the page claims no date" in undated
    assert dated.startswith("27 Nov Belarus")
    assert "seen 12:00, the page gives no hour" in dated


async def test_choosing_a_facet_narrows_and_choosing_it_again_takes_it_away(owner: Person, history: object) -> None:
    await owner.visit("/search?q=bridge")
    await owner.visit(links(owner)["Belarus 3"])
    assert len(titles(owner)) == 3
    chosen = owner.tree.xpath("//a[contains(@class, 'chosen')]")
    assert [" ".join(link.text_content().split()) for link in chosen] == ["✕ take away Belarus 3"]
    assert "Armenia 1" not in links(owner)
    await owner.visit(chosen[0].get("href"))
    assert len(titles(owner)) == 4


@pytest.mark.parametrize(
    ("chosen", "left"),
    [("country=AM", 1), ("lang=ru", 1), ("source=mfa-xy/news", 3), ("since=2024-11", 1), ("until=2024-10-03", 1)],
)
async def test_what_was_chosen_is_an_address(owner: Person, history: object, chosen: str, left: int) -> None:
    await owner.visit(f"/search?q=bridge+OR+nothing&{chosen}")
    assert len(titles(owner)) == left


async def test_a_topic_narrows_to_what_it_would_have_found(owner: Person, database: Database, history: object) -> None:
    database.write(topics.add, 1, database.packs, "Third", '"bridge 3" OR nothing', NOW)
    await owner.visit("/search?q=bridge")
    await owner.visit(links(owner)["Third 1"])
    assert titles(owner) == ["On the bridge 3"]


async def test_another_users_topics_narrow_nothing_and_are_not_seen(
    owner: Person, database: Database, history: object
) -> None:
    database.write(
        lambda connection: connection.execute(
            users.insert().values(id=2, name="another", role="reader", created_at=NOW)
        )
    )
    database.write(topics.add, 2, database.packs, "Theirs", "bridge", NOW)
    await owner.visit("/search?q=bridge")
    assert "Theirs" not in owner.text
    await owner.visit("/search?q=bridge&topic=Theirs")
    assert owner.answer.status_code == 404


async def test_all_values_of_a_facet_have_a_page(owner: Person, database: Database) -> None:
    for number in range(8):
        store(database, draft(section(database, f"mfa-{number}/news", "BY"), 100 + number))
    await owner.visit("/search?q=bridge")
    await owner.visit(links(owner)["2 more"])
    assert len(owner.tree.xpath("//div[contains(@class, 'facet')]//li")) == 8
    await owner.visit("/search/all/nothing?q=bridge")
    assert owner.answer.status_code == 404


async def test_the_bars_narrow_to_their_time(owner: Person, history: object) -> None:
    await owner.visit("/search?q=bridge")
    for kind, most in (("broad", 24), ("narrow", 8)):
        [svg] = owner.tree.find_class(f"histogram {kind}")
        assert 0 < len(svg.findall(".//a")) <= most
        assert not svg.xpath(".//@style")
    bars = owner.tree.find_class("histogram broad")[0].findall(".//a")
    first = bars[0]
    assert first.get("aria-label").endswith("2024: 2")
    assert bars[-1].find_class("hollow")
    table = set(owner.tree.xpath("//table//a/@href"))
    assert table == {bar.get("href") for bar in bars}
    await owner.visit(first.get("href"))
    assert titles(owner) == ["On the bridge 2", "On the bridge 1"]


async def test_following_pages_neither_repeat_nor_leave_out(owner: Person, database: Database) -> None:
    source = section(database, "mfa-xy/news", "BY")
    store(database, *(draft(source, number, title=f"Bridge {number}") for number in range(1, 31)))
    for order in ("", "&order=best"):
        await owner.visit(f"/search?q=bridge{order}")
        first = titles(owner)
        following = links(owner)["Next 25"]
        store(database, draft(source, 500 + len(order), title="Bridge, later"))
        await owner.visit(following)
        assert len({*first, *titles(owner)}) == len(first) + len(titles(owner))
        assert "Bridge, later" not in titles(owner) or order == "&order=best"
        assert "Next 25" not in links(owner) or order


async def test_nothing_found_says_what_next(owner: Person, history: object) -> None:
    await owner.visit("/search?q=unicorns")
    assert "No statement meets this." in owner.text
    await owner.visit("/search?q=bridge&country=FR")
    assert links(owner)["Search without what was chosen beside it"] == "/search?q=bridge"


async def test_without_a_query_it_says_what_one_could_ask(owner: Person, database: Database) -> None:
    database.write(topics.add, 1, database.packs, "Bridges", "bridge OR tunnel", NOW)
    await owner.visit("/search")
    assert parse_qs(urlsplit(links(owner)["Bridges"]).query) == {"q": ["bridge OR tunnel"]}
    assert "alias:CSTO" in links(owner)


async def test_a_name_of_an_alias_leads_to_all_its_names(owner: Person, history: object) -> None:
    await owner.visit("/search?q=csto")
    assert "CSTO is one of" in owner.text
    await owner.visit("/search?q=alias:CSTO")
    assert "alias:CSTO stands for" in owner.text
    await owner.visit(links(owner)["All names"])
    assert "ОДКБ" in owner.text


# -- what is mistyped ------------------------------------------------------------------------------------------------


async def test_a_mistake_stands_at_its_character_and_is_mended_by_a_link(owner: Person, history: object) -> None:
    await owner.visit("/search?q=" + quote("bridge AND (toll OR river"))
    assert owner.answer.status_code == 200
    assert owner.tree.find_class("place")[0].text == "("
    assert "character 12" in owner.text
    assert "This parenthesis is never closed." in owner.text
    field = owner.tree.get_element_by_id("query")
    assert (field.get("value"), field.get("aria-invalid")) == ("bridge AND (toll OR river", "true")
    [mend] = owner.tree.xpath(MENDED)
    await owner.visit(mend.get("href"))
    assert not owner.tree.find_class("place")
    assert len(titles(owner)) == 4


async def test_what_the_last_readable_query_found_stays(owner: Person, history: object) -> None:
    await owner.visit("/search?q=bridge&lang=ru")
    form = next(form for form in owner.tree.forms if "last" in form.fields)
    form.fields["q"] = "bridge AND"
    await owner.visit("/search?" + "&".join(f"{name}={quote(value)}" for name, value in form.form_values()))
    assert "Below still stands what the last readable query found: bridge" in owner.text
    assert titles(owner) == ["О мосте"]


@pytest.mark.parametrize(
    "query",
    ['"bridge', "alias:CTSO", "bridge AND", "titel:bridge", "bridge | toll", "bridge )", "published:2025..2024"],
)
async def test_where_there_is_one_mend_it_can_be_asked(owner: Person, history: object, query: str) -> None:
    await owner.visit("/search?q=" + quote(query))
    [mend] = owner.tree.xpath(MENDED)
    await owner.visit(mend.get("href"))
    assert not owner.tree.find_class("place")


@pytest.mark.parametrize("query", ["sa*", "a" * 4_100, "(" * 30 + "a" + ")" * 30, "NOT", ")(", "\x00", "*"])
async def test_no_query_breaks_the_page(owner: Person, history: object, query: str) -> None:
    await owner.visit("/search?q=" + quote(query))
    assert owner.answer.status_code == 200
    await owner.visit("/search/check?q=" + quote(query))
    assert owner.answer.status_code == 200


@pytest.mark.parametrize("chosen", ["since=yesterday", "since=2025&until=2024", "country=BY+OR+x", "start=x"])
async def test_what_cannot_be_chosen_is_said(owner: Person, history: object, chosen: str) -> None:
    await owner.visit(f"/search?q=bridge&{chosen}")
    assert owner.answer.status_code == 200
    assert owner.tree.get_element_by_id("choice") is not None
    assert owner.tree.get_element_by_id("query").get("value") == "bridge"


async def test_a_query_is_checked_while_it_is_typed(owner: Person) -> None:
    await owner.visit("/search/check?q=" + quote("(bridge"))
    assert "This parenthesis is never closed." in owner.answer.text
    await owner.visit("/search/check?q=alias:CSTO")
    assert "ОДКБ" in owner.answer.text
    await owner.visit("/search/check?q=")
    assert "note" not in owner.answer.text


async def test_a_check_without_a_session_is_no_form(stranger: Person) -> None:
    await stranger.ask("GET", "/search/check?q=a", headers={"HX-Request": "true"})
    assert stranger.answer.status_code == 401
    assert "<form" not in stranger.answer.text


@pytest.mark.parametrize(
    "field", ["q", "last", "country", "lang", "source", "topic", "since", "until", "order", "start"]
)
async def test_nothing_of_an_address_is_markup(owner: Person, history: object, field: str) -> None:
    asked = {"q": "bridge", field: HOSTILE}
    await owner.visit("/search?" + "&".join(f"{name}={quote(value)}" for name, value in asked.items()))
    assert not owner.tree.xpath("//main//script | //main//img | //main//@onerror")


async def test_nothing_of_a_site_or_a_person_is_markup(owner: Person, database: Database) -> None:
    source = section(database, "mfa-xy/news", "BY")
    values = {"name": HOSTILE, "organisation": HOSTILE, "country": "<b>"}
    database.write(lambda connection: connection.execute(update(sources).values(**values)))
    database.write(topics.add, 1, database.packs, HOSTILE, "bridge", NOW)
    store(database, draft(source, 1, title=f"bridge {HOSTILE}", body=f"bridge {HOSTILE}", language="<i>"))
    for path in ("/search", "/search?q=bridge", "/search/all/source?q=bridge", "/search/all/topics?q=bridge"):
        await owner.visit(path)
        assert not owner.tree.xpath("//main//script | //main//img | //main//@onerror | //main//i"), path


# -- what is taken along ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["csv", "ndjson", "json", "md"])
async def test_all_that_was_found_is_a_file(owner: Person, history: object, kind: str) -> None:
    await owner.visit(f"/search/export.{kind}?q=bridge&country=BY")
    assert owner.answer.text.count("https://mfa.example/news/") == 3
    assert f"presswatch-2024-11-28.{kind}" in owner.answer.headers["Content-Disposition"]


async def test_a_file_of_thousands_comes_whole(owner: Person, database: Database) -> None:
    source = section(database, "mfa-xy/news", "BY")
    store(database, *(draft(source, number) for number in range(1, 601)))
    await owner.visit("/search/export.ndjson?q=bridge")
    assert len(owner.answer.text.splitlines()) == 600


async def test_a_file_of_an_unreadable_query_is_refused(owner: Person) -> None:
    await owner.visit("/search/export.csv?q=(bridge")
    assert owner.answer.status_code == 422


@pytest.mark.parametrize(("kind", "begins"), [("atom", "<?xml"), ("rss", "<?xml"), ("json", "{")])
async def test_a_feed_has_an_address_of_its_own(
    owner: Person, stranger: Person, history: object, kind: str, begins: str
) -> None:
    await owner.visit("/search?q=bridge&country=BY")
    await owner.visit(f"/search/feed.{kind}?q=bridge&country=BY")
    await owner.send(f"/search/feed.{kind}?q=bridge&country=BY")
    address = owner.tree.get_element_by_id("address").get("value")
    assert owner.answer.headers["Cache-Control"] == "no-store"
    answer = await stranger.visit(address)
    assert answer.status_code == 200
    assert answer.text.startswith(begins)
    assert answer.text.count("urn:presswatch:item:") == 3
    again = await stranger.visit(address, **{"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.text) == (304, "")


async def test_a_feeds_token_opens_nothing_else(owner: Person, stranger: Person, history: object) -> None:
    await owner.visit("/search/feed.atom?q=bridge")
    await owner.send("/search/feed.atom?q=bridge")
    [token] = parse_qs(urlsplit(owner.tree.get_element_by_id("address").get("value")).query)["token"]
    for path in ("/", "/search?q=bridge", "/search/export.csv?q=bridge", "/search/feed.atom?q=bridge"):
        await stranger.ask("GET", f"{path}{'&' if '?' in path else '?'}token={token}")
        assert stranger.answer.status_code == 303, path
    await stranger.visit("/feeds/atom?q=bridge&token=wrong")
    assert stranger.answer.status_code == 401
    await stranger.ask("GET", "/feeds/atom?q=bridge")
    assert stranger.answer.status_code == 303


async def test_a_taken_name_of_a_token_keeps_what_was_typed(owner: Person, history: object) -> None:
    for _ in range(2):
        await owner.visit("/search/feed.rss?q=bridge")
        await owner.send("/search/feed.rss?q=bridge", name="my reader")
    assert owner.answer.status_code == 422
    assert owner.tree.get_element_by_id("name").get("value") == "my reader"
    assert "There is already a token 'my reader'" in owner.text


async def test_no_address_without_a_form_of_ours(owner: Person, history: object) -> None:
    await owner.ask("POST", "/search/feed.atom?q=bridge", data={"name": "stolen"})
    assert owner.answer.status_code == 403


@pytest.mark.parametrize("path", ["/help/query", "/help/keys"])
async def test_help_is_a_page(owner: Person, path: str) -> None:
    await owner.visit(path)
    assert owner.answer.status_code == 200
    assert owner.tree.xpath("//h1/@data-close") == ["Close"]


@pytest.mark.parametrize("path", ["/help/query", "/search"])
async def test_every_example_can_be_searched(owner: Person, path: str) -> None:
    await owner.visit(path)
    examples = owner.tree.xpath("//main//a[code]/@href")
    assert len(examples) > 4
    for address in examples:
        await owner.visit(address)
        assert owner.answer.status_code == 200
        assert not owner.tree.xpath("//*[@id='query-mistake']"), address
