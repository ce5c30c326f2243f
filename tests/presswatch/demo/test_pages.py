"""The pages of the replica over real HTTP: articles, listings, the feed and the menu around them."""

from __future__ import annotations

import datetime
from xml.etree import ElementTree

import pytest

from presswatch.demo.site import ReplicaSite
from tests.presswatch.demo.asking import get

RESOURCES = 21


def test_an_article_shows_title_date_and_paragraphs_in_their_places(site: ReplicaSite) -> None:
    statement = site.publish("On a <visit>", "It began.\n\nIt\nended.", date=datetime.date(2024, 11, 28))
    tree = get(statement.address).tree
    assert [each.text for each in tree.cssselect("h1")] == ["On a <visit>"]
    assert [each.text for each in tree.cssselect("span.date._big")] == ["28 November 2024"]
    assert [each.text for each in tree.cssselect("section.content-page > p")] == ["It began.", "It ended."]
    assert tree.cssselect('section.content-page > p ~ a[href^="/print/"] ~ div.content-page__social')


def test_an_article_has_sixteen_hexadecimal_digits_below_its_section(site: ReplicaSite) -> None:
    english, russian = site.publish("A", "a"), site.publish("Б", "б", "ru")
    assert english.address == f"{site.section('en')}{english.slug}.html"
    assert english.path == f"/en/press/news_mfa/{english.slug}.html"
    assert russian.path == f"/press/news_mfa/{russian.slug}.html"
    assert len(english.slug) == 16
    assert int(english.slug, 16)


def test_russian_pages_are_windows_1251_and_only_the_page_itself_says_so(site: ReplicaSite) -> None:
    statement = site.publish("О встрече в «Доме»", "Она прошла – и хорошо.", "ru", datetime.date(2021, 5, 19))
    for address in (site.section("ru"), statement.address):
        answer = get(address)
        assert answer.headers["Content-Type"] == "text/html"
        assert b'<meta charset="windows-1251">' in answer.content
        text = answer.content.decode("windows-1251")
        assert "О встрече в «Доме»" in text
        assert "19 мая 2021 г." in text
    with pytest.raises(UnicodeDecodeError):
        answer.content.decode("utf-8")


def test_letters_outside_windows_1251_survive_as_references(site: ReplicaSite) -> None:
    statement = site.publish("ՀԱՊԿ", "ҰҚШҰ")
    assert get(statement.address).tree.cssselect("h1")[0].text == "ՀԱՊԿ"
    assert get(statement.address).tree.cssselect("p")[0].text == "ҰҚШҰ"


@pytest.mark.parametrize(
    ("language", "menu", "heading"),
    [
        ("en", "Belarus and the CSTO", "Official Internet Resources"),
        ("ru", "Беларусь и ОДКБ", "Официальные интернет-ресурсы"),
    ],
)
def test_every_page_has_the_menu_and_the_official_resources(
    site: ReplicaSite, language: str, menu: str, heading: str
) -> None:
    statement = site.publish("A", "a", language)
    for address in (site.section(language), statement.address):
        tree = get(address).tree
        assert menu in [each.text_content() for each in tree.cssselect("header li")]
        assert [each.text for each in tree.cssselect("footer h3")] == [heading]
        assert len(tree.cssselect("footer li")) == RESOURCES
        assert tree.get("lang") == language


def test_the_menu_leads_to_the_section(site: ReplicaSite) -> None:
    for language, name in (("en", "Press"), ("ru", "Пресс-служба")):
        (link,) = [each for each in get(site.section(language)).tree.cssselect("header a") if each.text == name]
        assert site.address + str(link.get("href")) == site.section(language)


def test_a_listing_shows_the_newest_first_with_dates_and_links_that_lead_there(site: ReplicaSite) -> None:
    old = site.publish("Old", "a", date=datetime.date(2024, 1, 9))
    new = site.publish("New", "a", date=datetime.date(2024, 2, 1))
    site.publish("Late addition", "a", date=datetime.date(2024, 1, 9))
    site.publish("Другое", "a", "ru")
    answer = get(site.section())
    assert answer.titles == ["New", "Late addition", "Old"]
    rows = answer.tree.cssselect("div.tabs__item")
    assert [row.cssselect("span.date")[0].text for row in rows] == [
        "1 February 2024",
        "9 January 2024",
        "9 January 2024",
    ]
    links = [row.cssselect("a")[0].get("href") for row in rows]
    assert (links[0], links[2]) == (new.path, old.path)


def test_a_listing_shows_ten_and_its_further_pages_the_rest(site: ReplicaSite) -> None:
    for number in range(1, 24):
        site.publish(f"Number {number}", "a")
    pages = [get(f"{site.section()}?page={number}").titles for number in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [10, 10, 3, 0]
    assert [title for page in pages for title in page] == [f"Number {number}" for number in range(23, 0, -1)]
    assert get(site.section()).titles == pages[0]
    links = get(site.section()).tree.cssselect("div.pagination a")
    assert [link.get("href") for link in links] == ["?page=2", "?page=3"]


def test_a_page_number_that_is_none_shows_the_first_page(site: ReplicaSite) -> None:
    site.publish("A", "a")
    for query in ("page=x", "page=-1", "page=0", "page=", "other=2", "page=²"):
        assert get(f"{site.section()}?{query}".replace("²", "%C2%B2")).titles == ["A"]


def test_a_statement_without_a_date_shows_none(site: ReplicaSite) -> None:
    statement = site.publish("A", "a", date=None)
    assert not get(statement.address).tree.cssselect("span.date")
    assert not get(site.section()).tree.cssselect("span.date")


def test_a_statement_can_have_an_address_that_no_listing_shows(site: ReplicaSite) -> None:
    statement = site.publish("Hidden", "a", in_listing=False)
    assert get(site.section()).titles == []
    assert get(statement.address).status == 200


def test_two_statements_with_the_same_title_have_two_addresses(site: ReplicaSite) -> None:
    first, second = site.publish("Spokesperson's briefing", "a"), site.publish("Spokesperson's briefing", "b")
    assert first.address != second.address
    assert [get(each.address).tree.cssselect("p")[0].text for each in (first, second)] == ["a", "b"]


def test_a_feed_tells_of_the_same_statements(site: ReplicaSite) -> None:
    site.publish("First & foremost", ["Summary.", "More."], date=datetime.date(2024, 11, 28))
    site.publish("Второе", "Да.", "ru")
    site.withdraw(site.publish("Third", "c"))
    undated = site.publish("Fourth", "d", date=None)
    answer = get(site.feed())
    assert answer.headers["Content-Type"] == "application/rss+xml"
    items = list(ElementTree.fromstring(answer.content).iter("item"))
    assert [item.findtext("title") for item in items] == ["Fourth", "First & foremost"]
    assert items[0].findtext("link") == undated.address
    assert [item.findtext("pubDate") for item in items] == [None, "Thu, 28 Nov 2024 12:00:00 +0000"]
    assert items[1].findtext("description") == "Summary."
    assert "Второе" in get(site.feed("ru")).content.decode()
