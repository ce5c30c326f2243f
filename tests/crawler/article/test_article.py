"""A response -> an article: whole statements, their language, and what is none. Touches nothing but values."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from crawler.article import UnreadableError, read_article
from storage.types import ArticleSelectors, Page, Published, Reason, SourceSpec
from tests.crawler import pages

BOTH = pytest.mark.parametrize("spec", [pages.listed(), pages.selected()], ids=["detected", "selected"])
DAY = Published(day=date(2024, 11, 28), zone="Europe/Minsk", text="28 November 2024")


@BOTH
def test_a_statement_is_read_exactly(spec: SourceSpec) -> None:
    article = read_article(pages.article(), spec)
    assert article.title == pages.TITLE
    assert article.body == "\n\n".join(pages.BODY)
    assert (article.published.day, article.published.at) == (date(2024, 11, 28), None)
    assert article.published.text == pages.DATE
    assert article.language == "en"
    assert article.address == f"{pages.HOST}/en/press/news/0a1b2c.html"


@pytest.mark.parametrize("spec", [pages.listed("ru"), pages.selected("ru")], ids=["detected", "selected"])
def test_a_russian_statement_is_read_from_windows_1251_declared_in_the_page(spec: SourceSpec) -> None:
    page = pages.article(pages.RUSSIAN_TITLE, pages.RUSSIAN_DATE, pages.RUSSIAN_BODY, language="ru")
    article = read_article(page, spec)
    assert article.title == pages.RUSSIAN_TITLE
    assert article.body == "\n\n".join(pages.RUSSIAN_BODY)
    assert str(article.published) == "2025-12-09"
    assert article.language == "ru"


@BOTH
@pytest.mark.parametrize("body", [pages.BODY, pages.BODY[:1], ("They met.",)], ids=["long", "short", "three words"])
@pytest.mark.parametrize("tags", [("header", "footer"), ("div", "div")], ids=["semantic", "plain"])
def test_menus_footers_and_tools_are_never_in_the_body(
    spec: SourceSpec, body: tuple[str, ...], tags: tuple[str, str]
) -> None:
    page = pages.article(body=body)
    markup = page.body.decode("windows-1251").replace("header>", f"{tags[0]}>").replace("footer>", f"{tags[1]}>")
    article = read_article(pages.page(markup, page.address), spec)
    for word in ("CSTO", "Official Internet Resources", "Chamber of Trade", "print", "share"):
        assert word not in article.body
    assert article.body == "\n\n".join(body)


def test_the_catalogue_s_selectors_drop_what_they_name() -> None:
    own = replace(pages.selected().article, drop="p.note")
    page = pages.article()
    markup = page.body.decode("windows-1251").replace("</p>", "</p><p class='note'>Subscribe to our channel</p>", 1)
    article = read_article(pages.page(markup, page.address), replace(pages.selected(), article=own))
    assert article.body == "\n\n".join(pages.BODY)


def test_lines_and_cells_do_not_run_together() -> None:
    markup = (
        "<html><head><title>Hours</title></head><body><div id='c'><h1>Hours</h1><b>Open</b> daily<br>Closed in May"
        "<table><tr><td>Monday</td><td>9-17</td></tr><tr><td>Friday</td><td>9-13</td></tr></table>end</div></body></html>"
    )
    spec = replace(pages.listed(), article=ArticleSelectors(content="#c"))
    assert read_article(pages.page(markup), spec).body.split("\n\n") == [
        "Open daily",
        "Closed in May",
        "Monday 9-17",
        "Friday 9-13",
        "end",
    ]


def test_selectors_that_find_nothing_leave_the_page_to_detection() -> None:
    spec = replace(pages.listed(), article=ArticleSelectors(content="#gone", date="#gone", title="#gone"))
    article = read_article(pages.article(), spec)
    assert (article.title, article.body) == (pages.TITLE, "\n\n".join(pages.BODY))


def test_a_statement_without_text_is_its_title() -> None:
    article = read_article(pages.article(body=()), pages.selected())
    assert (article.title, article.body) == (pages.TITLE, "")


# -- language --------------------------------------------------------------------------------------------------------


def test_the_language_is_that_of_the_text_and_not_of_the_frame() -> None:
    page = pages.article(pages.RUSSIAN_TITLE, pages.RUSSIAN_DATE, pages.RUSSIAN_BODY, language="en")
    assert read_article(page, pages.listed("en")).language == "ru"
    english = pages.article(language="ru")
    assert read_article(english, pages.listed("ru")).language == "en"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("be", "Міністр сустрэўся з кіраўніцтвам рачнога порта і агледзеў новыя прычалы."),
        ("uk", "Міністр зустрівся з керівництвом річкового порту та оглянув нові причали."),
        ("kk", "Министр өзен портының басшылығымен кездесіп, жаңа айлақтарды аралап көрді."),
        ("ky", "Министр дарыя портунун жетекчилиги менен жолугуп, жаңы причалдарды көрдү."),
        ("tg", "Вазир бо роҳбарияти бандари дарёӣ мулоқот намуда, бандаргоҳҳои навро аз назар гузаронд."),
        ("hy", "Նախարարը հանդիպեց գետային նավահանգստի ղեկավարության հետ։"),
        ("pl", "Minister spotkał się z kierownictwem portu rzecznego i obejrzał nowe nabrzeża."),
        ("de", "Der Minister traf die Leitung des Flusshafens und besichtigte die neuen Anlegestellen."),
    ],
)
def test_languages_are_told_apart_without_being_named(language: str, text: str) -> None:
    spec = replace(pages.listed(), languages=())
    assert read_article(pages.page(f"<h1>{text}</h1><p>{text}</p>"), spec).language == language


# -- what is no statement --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "content_type", "reason"),
    [
        (b"%PDF-1.7 ...", "application/pdf", Reason.UNREADABLE),
        (b"%PDF-1.7 ...", "text/html", Reason.UNREADABLE),
        (b"{}", "application/json", Reason.UNREADABLE),
        (b"", "text/html", Reason.UNREADABLE),
        (b"<html><body></body></html>", "text/html", Reason.UNREADABLE),
        (b"<title>Web Page Blocked</title><p>The page was blocked.</p>", "text/html", Reason.BLOCKED),
        (b"<form><input type=password></form>", "text/html", Reason.UNREADABLE),
    ],
)
def test_what_is_no_statement_is_refused_with_its_reason(body: bytes, content_type: str, reason: Reason) -> None:
    with pytest.raises(UnreadableError) as caught:
        read_article(Page(f"{pages.HOST}/n/1", body, 200, content_type), pages.listed(), pages.TITLE, DAY)
    assert caught.value.reason == reason


def test_a_statement_that_speaks_of_blocking_is_no_block_page() -> None:
    body = (*pages.BODY, "Access denied: that was the answer which the carriers got at the old crossing.", *pages.BODY)
    assert read_article(pages.article(body=body), pages.listed()).body
