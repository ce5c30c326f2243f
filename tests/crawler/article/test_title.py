"""Which of a page's words are the title. Touches nothing but values."""

from __future__ import annotations

import pytest

from crawler.article import read_article
from storage.types import Page
from tests.crawler import pages


def with_head(title: str, headings: str, head: str = "") -> Page:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in pages.BODY)
    return pages.page(
        f"<html lang='en'><head><title>{title}</title>{head}</head><body><main>{headings}{text}</main></body></html>",
        f"{pages.HOST}/en/press/news/0a1b2c.html",
    )


def test_the_h1_that_stands_in_the_page_s_title_wins_over_navigation() -> None:
    page = with_head(f"{pages.TITLE} | Ministry", f"<h1>Navigation</h1><h1>{pages.TITLE}</h1><h1>Contact</h1>")
    assert read_article(page, pages.listed()).title == pages.TITLE


def test_a_hidden_h1_with_the_site_s_name_is_not_the_title() -> None:
    head = f'<meta property="og:title" content="{pages.TITLE}"><meta property="og:site_name" content="Ministry">'
    page = with_head(f"{pages.TITLE} | Ministry", "<h1>Ministry</h1>", head)
    assert read_article(page, pages.listed()).title == pages.TITLE


def test_without_an_h1_the_headline_is_used_without_the_site_s_name() -> None:
    head = f'<meta property="og:title" content="{pages.TITLE} | Ministry">'
    head += '<meta property="og:site_name" content="Ministry">'
    assert read_article(with_head("x", "", head), pages.listed()).title == pages.TITLE


def test_without_a_headline_the_listing_s_title_is_used() -> None:
    assert read_article(with_head("Ministry", ""), pages.listed(), pages.TITLE).title == pages.TITLE


def test_a_title_cut_short_in_the_listing_is_completed_from_the_page() -> None:
    page = with_head("Ministry", f"<h1>{pages.TITLE}</h1><h1>More</h1>")
    assert read_article(page, pages.listed(), pages.TITLE[:20] + "...").title == pages.TITLE


def test_soft_hyphens_and_line_breaks_are_no_part_of_a_title() -> None:
    page = with_head("Binnenschifffahrt", "<h1>Binnen&shy;schiff&shy;fahrt\n  beginnt</h1>")
    assert read_article(page, pages.listed()).title == "Binnenschifffahrt beginnt"


@pytest.mark.parametrize(
    ("title", "headings", "expected"),
    [
        (f"{pages.TITLE} - MTR", "<h1>MTR</h1>", pages.TITLE),
        (f"{pages.TITLE} | News | MTR", f"<h1>{pages.TITLE} | MTR</h1>", pages.TITLE),
        (f"{pages.TITLE}_Bulletin_MTR", "", pages.TITLE),
        (
            f"{pages.TITLE} - Ministry of Transport",
            f"<h1>Ministry of Transport</h1><h2>{pages.TITLE}</h2>",
            pages.TITLE,
        ),
        (f"{pages.TITLE} - MTR", f"<h1>{pages.TITLE}: <span>Date: 26.01.2022</span></h1>", pages.TITLE),
        (f"{pages.TITLE} - MTR", f"<h1><span>Transit</span> <b>{pages.TITLE}</b></h1>", pages.TITLE),
    ],
    ids=["name in h1", "name in both", "underscores", "name above an h2", "date inside", "kicker inside"],
)
def test_the_site_s_name_and_what_else_stands_at_a_headline_is_left_off(
    title: str, headings: str, expected: str
) -> None:
    head = '<meta property="og:site_name" content="Ministry of Transport - MTR">'
    assert read_article(with_head(title, headings, head), pages.listed()).title == expected


@pytest.mark.parametrize(
    ("title", "markup", "head"),
    [
        ("Ministry of Transport", "<span class='newsTitle'><b>{}</b></span>", ""),
        ("News details", "<table><tr><th>제목</th><td>{}</td></tr></table>", ""),
        ("Details : Ministry", "<h3 itemprop='headline'>{}</h3>", ""),
        ("Details", "", "<meta name='ArticleTitle' content='{}'>"),
        ("{}｜Ministry", "<h1>Bulletin</h1><h2>{}</h2>", ""),
        ("News - Ministry", "<h1>News</h1><h2>{}</h2>", ""),
        ("Press releases | Ministry", "<h1>Press releases</h1><h3 class='press-title'>{}</h3>", ""),
    ],
    ids=["named", "labelled", "marked", "China's standard", "a wide bar", "below the section's name", "named below it"],
)
def test_a_headline_without_an_h1_is_found_by_what_it_is_called(title: str, markup: str, head: str) -> None:
    page = with_head(*(one.format(pages.TITLE) for one in (title, markup, head)))
    assert read_article(page, pages.listed()).title == pages.TITLE


def test_the_printed_headline_outranks_the_one_for_search_engines() -> None:
    head = '<meta property="og:title" content="Transit talks: minister opens new round, what it means">'
    page = with_head("Transit talks: minister opens new round | Ministry", f"<h1>{pages.TITLE}</h1>", head)
    assert read_article(page, pages.listed()).title == pages.TITLE


def test_the_name_in_the_host_is_no_title() -> None:
    page = with_head(f"Ministry | {pages.TITLE}", "<h1>ministry</h1>")
    assert read_article(page, pages.listed()).title == pages.TITLE


NOTICES = [
    "You are leaving the Harbour Service website", "We use cookies", "Tell us what you think", "Sign up for letters",
    "Вы покидаете сайт", "Diese Seite verwendet Cookies", "Share this page", "Was this page useful?",
]  # fmt: skip


@pytest.mark.parametrize("notice", NOTICES)
@pytest.mark.parametrize("said", ["Harbour Service - Lens Building Opens (Harbour Service)", "Lens Building Opens"])
def test_a_notice_is_no_title_and_a_part_of_the_page_s_title_is(notice: str, said: str) -> None:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in pages.BODY)
    page = (
        f"<html><head><title>{said}</title></head><body><div class='head'>Lens Building opens; ceremony on Friday</div>"
        f"{text}<h2>{notice}</h2><p>Press to go on.</p></body></html>"
    )
    assert read_article(pages.page(page, f"{pages.HOST}/en/1"), pages.listed()).title == "Lens Building Opens"
