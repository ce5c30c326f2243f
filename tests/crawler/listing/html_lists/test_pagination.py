"""The page with older entries is found however a site leads to it, and nothing else is taken for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crawler.listing import read_listing
from crawler.listing.html_lists.pagination import is_page_of
from storage.types import ListingSelectors, Page, Reason, SourceSpec

ADDRESS = "https://ministry.example/en/press/news/"
SPEC = SourceSpec("test/news", "News", ADDRESS, languages=("en",), zone="Europe/Minsk")
ROWS = "".join(
    f'<li>{day} November 2024 <a href="/en/press/news/{day}00{day}.html">The minister opened the bridge {day}</a></li>'
    for day in range(10, 22)
)


def next_of(pager: str, address: str = ADDRESS, head: str = "", selector: str = "") -> str:
    text = f"<html><head><meta charset=utf-8>{head}</head><body><h1>News</h1><ul>{ROWS}</ul>{pager}</body></html>"
    spec = replace(SPEC, listing=ListingSelectors(next=selector))
    listing = read_listing(Page(address, text.encode(), 200, "text/html"), spec)
    assert len(listing.entries) == 12, listing
    return listing.next_page.removeprefix("https://ministry.example")


WORDS = [
    "Next", "next ›", "Next page »", "Older posts", "Go to next page", "Следующая", "Следующая страница", "След. →",
    "Далее", "Вперёд", "Наступная", "Наступна сторінка", "Келесі", "Кийинки", "Հաջորդ", "Keyingi", "Növbəti", "შემდეგი",
    "Następna", "Weiter", "Nächste Seite", "Suivant", "Page suivante", "Siguiente", "Próxima", "Nästa", "Sonraki",
    "下一页", "次へ", "التالي", "بعدی",
]  # fmt: skip


@pytest.mark.parametrize("word", WORDS)
def test_a_link_that_says_next_in_one_of_our_languages(word: str) -> None:
    pager = f'<div class="pages"><a href="?page=1">{word}</a></div>'
    assert next_of(pager) == "/en/press/news/?page=1"


@pytest.mark.parametrize(
    ("pager", "expected"),
    [
        ('<a rel="next" href="/en/press/news/page/2/">2</a>', "/en/press/news/page/2/"),
        ('<a href="?page=2" aria-label="Next"><svg></svg></a>', "/en/press/news/?page=2"),
        ('<a href="?page=2"><img src="r.png" alt="next"></a>', "/en/press/news/?page=2"),
        (
            '<ul><li><b>1</b></li><li><a href="?PAGEN_1=2">2</a></li><li><a href="?PAGEN_1=3">3</a></li>'
            '</ul>',
            "/en/press/news/?PAGEN_1=2",
        ),
        (
            '<p><a href="?start=0">1</a> <a class="active" href="?start=20">2</a> <a href="?start=40">3</a>'
            '</p>',
            "/en/press/news/?start=40",
        ),
        (
            '<nav><span aria-current="page">Page 4</span><a href="/en/press/news/3/">Page 3</a>'
            '<a href="/en/press/news/5/">Page 5</a></nav>',
            "/en/press/news/5/",
        ),
        ('<div><a href="?offset=10">›</a><a href="?offset=990">»</a></div>', "/en/press/news/?offset=10"),
        ('<a class="more" href="/en/press/news/?p=2">Load more news</a>', "/en/press/news/?p=2"),
        ('<button data-url="/en/press/news/?ajax=1&page=2">Показать ещё</button>', "/en/press/news/?ajax=1&page=2"),
        ("<script>createPageHTML(25, 0, 'index', 'html');</script>", "/en/press/news/index_1.html"),
        ('<a href="/en/press/news/archive/2/">Next</a>', "/en/press/news/archive/2/"),
    ],
)  # fmt: skip
def test_other_ways_to_lead_on(pager: str, expected: str) -> None:
    assert next_of(pager) == expected


def test_the_head_of_the_page_and_the_sources_selector_are_believed() -> None:
    assert next_of("", head='<link rel="next" href="/en/press/older/">') == "/en/press/older/"
    assert next_of('<a id="on" href="/en/elsewhere">onwards</a>', selector="a#on") == "/en/elsewhere"
    broken = replace(SPEC, listing=ListingSelectors(next="a[["))
    listing = read_listing(Page(ADDRESS, f"<ul>{ROWS}</ul>".encode(), 200, "text/html"), broken)
    assert listing.reason is Reason.UNREADABLE


@pytest.mark.parametrize(
    "pager",
    [
        "",
        '<a href="/en/press/events/">Next events</a>',
        '<a href="https://other.example/en/press/news/?page=2">Next</a>',
        '<a href="#">Next</a><a href="javascript:next()">›</a>',
        f'<a href="{ADDRESS}">Next</a>',
        '<table><tr><td>1</td><td><a href="/en/press/news/2024/11/02/">2</a></td><td>'
        '<a href="/en/press/news/2024/11/03/">3</a></td></table>',
        '<p><a href="?year=2024">2024</a> <a href="?year=2023">2023</a> <a href="?year=2022">2022</a></p>',
        '<a href="/ru/press/news/">ru</a><a href="/be/press/news/">be</a>',
        '<a href="/en/press/news/170017.html">Next</a>',
        '<ul><li><b>1</b></li></ul>',
        '<ul><li><a href="?page=1">1</a></li><li><a href="?page=2">2</a></li><li class="active">'
        '<a href="?page=3">3</a></li></ul>',
    ],
)  # fmt: skip
def test_what_leads_elsewhere_is_no_next_page(pager: str) -> None:
    assert next_of(pager) == ""


def test_the_last_page_has_no_next_one() -> None:
    pager = '<ul><li><a href="?page=1">1</a></li><li><a href="?page=2">2</a></li><li class="active">3</li></ul>'
    assert next_of(pager, f"{ADDRESS}?page=3") == ""


@pytest.mark.parametrize(
    ("candidate", "address", "expected"),
    [
        ("https://a.example/news?page=2", "https://a.example/news", True),
        ("https://www.a.example/news?page=3&year=2024", "https://a.example/news?page=2&year=2024", True),
        ("https://a.example/news/page/2/", "https://a.example/news/", True),
        ("https://a.example/news/page/3/", "https://a.example/news/page/2/", True),
        ("https://a.example/news/index_1.html", "https://a.example/news/", True),
        ("https://a.example/news/index_2.html", "https://a.example/news/index_1.html", True),
        ("https://a.example/news.php?id=5&p=2", "https://a.example/news.php?id=5", True),
        ("https://a.example/news", "https://a.example/news", False),
        ("https://a.example/news?lang=ru", "https://a.example/news", False),
        ("https://a.example/events?page=2", "https://a.example/news", False),
    ],
)
def test_pages_of_one_list_differ_by_a_number(candidate: str, address: str, expected: bool) -> None:
    assert is_page_of(candidate, address) is expected


def test_a_pager_that_leaves_out_its_own_page_is_counted_on() -> None:
    def pager(without: int) -> str:
        return "".join(f'<a href="?page={number}">{number}</a>' for number in range(1, 5) if number != without)

    pages = [next_of(pager(number), f"{ADDRESS}?page={number}") for number in (1, 2, 3, 4)]
    assert pages == ["/en/press/news/?page=2", "/en/press/news/?page=3", "/en/press/news/?page=4", ""]
