"""Which of a page's dates is the day of publication. Touches nothing but values."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from crawler.article import read_article
from storage.types import Page, Published
from tests.crawler import pages
from tests.crawler.article.markup import paragraphs

DAY = Published(day=date(2024, 11, 28), zone="Europe/Minsk", text="28 November 2024")


def test_the_listing_s_day_outranks_the_page_s() -> None:
    article = read_article(pages.article(date="27 November 2024"), pages.listed(), "", DAY)
    assert str(article.published) == "2024-11-28"


def test_a_time_on_the_page_completes_the_listing_s_day() -> None:
    article = read_article(pages.article(date="28 November 2024, 14:05"), pages.listed(), "", DAY)
    assert article.published.at == datetime(2024, 11, 28, 11, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "head",
    [
        '<meta property="article:published_time" content="2024-11-26T10:15:00+03:00">',
        '<script type="application/ld+json">{"@type": "Article", "datePublished": "2024-11-26T10:15+03:00"}</script>',
        '<script type="application/ld+json">{"@graph": [{"@type": ["WebPage"], "datePublished": "2024-11-26T07:15Z"}]}'
        "</script>",
    ],
)
def test_structured_data_outranks_the_visible_date(head: str) -> None:
    article = read_article(pages.article(head=head), pages.listed())
    assert str(article.published) == "2024-11-26T10:15+03:00"


def test_midnight_in_structured_data_claims_a_day_and_no_time() -> None:
    head = '<meta property="article:published_time" content="2024-11-26T00:00:00Z">'
    assert str(read_article(pages.article(head=head), pages.listed()).published) == "2024-11-26"


def test_broken_structured_data_is_passed_over() -> None:
    head = '<script type="application/ld+json">{"@type": "Article", "datePublished": </script>'
    assert str(read_article(pages.article(head=head), pages.listed()).published) == "2024-11-28"


def test_the_day_of_an_event_or_of_a_copyright_is_never_the_day_of_publication() -> None:
    page = pages.article(date="")
    markup = page.body.decode("windows-1251").replace("</footer>", "<p>© 2024 Ministry</p></footer>")
    assert read_article(pages.page(markup, page.address), pages.listed()).published.day is None


def of_text(before: str, after: str, head: str = "", address: str = "") -> Page:
    """A statement with something before and after its headline, and no date but theirs."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in pages.BODY)
    return pages.page(
        f"<html><head><title>{pages.TITLE}</title>{head}</head><body><div><div>{before}<h1>{pages.TITLE}</h1></div>"
        f"{text}{after}</div></body></html>",
        address or f"{pages.HOST}/en/news/7",
    )


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (of_text("<span>28 November 2024</span>", ""), "2024-11-28"),
        (of_text("", "<p>Published on <time>28 November 2024</time> in news</p>"), "2024-11-28"),
        (of_text("", "", "<meta name='DC.date.issued' content='2024-11-28'>"), "2024-11-28"),
        (of_text("<i>28 November 2024</i>", "", "<meta name='dcterms.created' content='2024-11-21'>"), "2024-11-28"),
        (of_text("", "", "<meta name='dcterms.created' content='2024-11-21'>"), "2024-11-21"),
        (of_text("", "", "", f"{pages.HOST}/en/202411/t20241128_117.html"), "2024-11-28"),
        (of_text("", "", "", f"{pages.HOST}/en/2024/11/28/talks"), "2024-11-28"),
        (of_text("<i>26 November 2024</i>", "", "", f"{pages.HOST}/en/2024/11/28/talks"), "2024-11-26"),
        (of_text("", "", "<meta name='firstpublishedtime' content='2024-11-28-23:59:59'>"), "2024-11-28"),
        (of_text("", "", "<meta name='PubDate' content='2024-11-28 23:59:59'>"), "2024-11-28"),
        (of_text("", "<table><tr><th>작성일</th><td>2024.11.28</td><th>조회<td>15</table>"), "2024-11-28"),
        (of_text("<p>Treaty of 5 May 2020 remains in force.</p>", "<i>Date: 28 November 2024</i>"), "2024-11-28"),
        (of_text("", "<ul><li><a href='/8'><b class='date'>29.11.2024</b> Another statement</a></li></ul>"), ""),
        (of_text("", "<p>The treaty was signed on 28 November 2024 in the capital, as was said before.</p>"), ""),
        (of_text("", "", "<meta property='article:modified_time' content='2024-11-28'>"), ""),
        (of_text("", "<ul><li><a href='/8'>Another statement on the port</a> 29 November 2024</li></ul>"), ""),
    ],
    ids=[
        "above the title", "below the text with its label", "Dublin Core", "visible before created", "created alone",
        "in the file's name", "in the path", "visible before the path", "the last second of a day", "that second again",
        "in a row of labels", "after a sentence with a date", "another statement, in its link", "an event", "modified",
        "another statement",
    ],
)  # fmt: skip
def test_the_day_of_publication_and_no_other_is_read(page: Page, expected: str) -> None:
    assert str(read_article(page, pages.listed()).published) == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("28 November 2024: Minister opens a round of talks", "2024-11-28"),
        ("Briefing by the spokesperson, Capital, 28 November 2024", "2024-11-28"),
        ("Minister opens a round of talks (28.11.2024)", "2024-11-28"),
        ("No: 187, 28 November 2024, Press Release Regarding the Talks on Transit", "2024-11-28"),
        ("Minister to open talks on 28 November 2024", ""),
        ("On the anniversary of 9 May 1995", ""),
    ],
)
def test_a_day_at_an_end_of_the_title_is_the_statement_s_and_one_among_its_words_is_not(
    title: str, expected: str
) -> None:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in pages.BODY)
    page = pages.page(f"<html><title>{title}</title><body><h1>{title}</h1>{text}</body></html>", f"{pages.HOST}/n/7")
    assert str(read_article(page, pages.listed()).published) == expected


def test_a_date_stands_at_a_title_that_is_no_heading() -> None:
    markup = f"<div class='title'>{pages.TITLE}</div><div>28 November 2024</div>{paragraphs(pages.BODY)}"
    head = f"<title>News</title><meta property='og:title' content='{pages.TITLE}'>"
    page = pages.page(f"<html><head>{head}</head><body><div>{markup}</div></body></html>", f"{pages.HOST}/n/7")
    assert str(read_article(page, pages.listed()).published) == "2024-11-28"


def test_a_dateline_at_the_beginning_of_the_text_is_the_day() -> None:
    page = of_text(f"<p>ASTANA, November 30, 2018 - {pages.BODY[0]}</p>", "")
    assert str(read_article(page, pages.listed()).published) == "2018-11-30"


@pytest.mark.parametrize(("other", "expected"), [("3/20/2026", "2026-03-04"), ("20/3/2026", "2026-04-03")])
def test_another_date_on_the_page_tells_the_order_of_day_and_month(other: str, expected: str) -> None:
    page = of_text("<span>3/4/2026</span>", f"<ul><li><a href='/8'>Another statement on the port</a> {other}</li></ul>")
    assert str(read_article(page, pages.listed()).published) == expected


def test_structured_data_of_the_site_s_home_page_gives_way_to_the_visible_date() -> None:
    claim = '{"@type": "WebPage", "name": "Home", "datePublished": "2017-01-01"}'
    head = f'<script type="application/ld+json">{claim}</script>'
    assert str(read_article(pages.article(head=head), pages.listed()).published) == "2024-11-28"


def test_a_date_that_shows_when_one_points_at_it_is_read() -> None:
    page = of_text("", "<i title='28 November 2024 14:05'>three days ago</i>")
    assert str(read_article(page, pages.listed()).published) == "2024-11-28T14:05+03:00"


def test_structured_data_of_another_statement_on_the_page_is_passed_over() -> None:
    others = '{"@type": "NewsArticle", "headline": "Another statement on the port", "datePublished": "2024-11-29"}'
    own = f'{{"@type": "NewsArticle", "headline": "{pages.TITLE}", "datePublished": "2024-11-26"}}'
    head = f'<script type="application/ld+json">[{others}, {own}]</script>'
    assert str(read_article(of_text("", "", head), pages.listed()).published) == "2024-11-26"
