"""Which other addresses a statement has: the canonical one, and editions. Touches nothing but values."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crawler.article import read_article
from tests.crawler import pages


@pytest.mark.parametrize(
    ("claim", "believed"),
    [
        ("/en/press/news/talks-on-transit.html", True),
        ("https://www.ministry.example/en/press/news/talks.html", True),
        ("/", False),
        ("/en/press/news/", False),
        ("/en/press/", False),
        ("https://elsewhere.example/en/press/news/0a1b2c.html", False),
        ("javascript:alert(1)", False),
        ("http://[half", False),
    ],
)
def test_a_canonical_address_is_believed_only_where_it_merges_nothing(claim: str, believed: bool) -> None:
    page = pages.article(head=f'<link rel="canonical" href="{claim}">')
    address = read_article(page, pages.listed()).address
    assert (address != page.address) == believed


def test_a_canonical_address_without_the_statement_s_number_is_not_believed() -> None:
    page = pages.article(head=f'<link rel="canonical" href="{pages.HOST}/en/view">')
    numbered = replace(page, address=f"{pages.HOST}/en/view?id=7")
    assert read_article(numbered, pages.listed()).address == numbered.address


def test_editions_are_the_other_languages_and_never_the_canonical_address() -> None:
    head = (
        '<link rel="alternate" hreflang="en" href="/en/press/news/0a1b2c.html">'
        '<link rel="alternate" hreflang="ru-BY" href="/press/news/0a1b2c.html">'
        '<link rel="alternate" hreflang="x-default" href="/">'
        '<link rel="canonical" href="/press/news/0a1b2c.html">'
    )
    article = read_article(pages.article(head=head), pages.listed())
    assert article.editions == (("ru", f"{pages.HOST}/press/news/0a1b2c.html"),)
    assert article.address == f"{pages.HOST}/en/press/news/0a1b2c.html"


@pytest.mark.parametrize(
    ("address", "link", "expected"),
    [
        ("http://president.example/news/80912", "http://en.president.example/news/80912", ("en",)),
        ("http://president.example/news/80912", "/en/news/80912", ("en",)),
        ("http://president.example/news/view?id=7&lang=ru", "view?id=7&lang=en", ("en",)),
        ("http://president.example/news/80912", "/en/", ()),
        ("http://president.example/news/80912", "/en/news/80913", ()),
        ("http://president.example/ru/news", "/en/news", ()),
    ],
)
def test_a_link_with_a_language_s_name_is_an_edition_where_it_leads_to_the_same_statement(
    address: str, link: str, expected: tuple[str, ...]
) -> None:
    markup = pages.frame("ru", pages.RUSSIAN_TITLE, f'<a href="{link}">ENG</a><h1>{pages.RUSSIAN_TITLE}</h1>')
    article = read_article(pages.page(f"{markup}<p>{pages.RUSSIAN_BODY[0]}</p>", address), pages.listed("ru"))
    assert tuple(language for language, _ in article.editions) == expected
