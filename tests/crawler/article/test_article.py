"""A response -> title, dates, body, language. Touches nothing but values."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from crawler.article import UnreadableError, read_article
from storage.types import ArticleSelectors, Page, Published, Reason, SourceSpec
from tests.crawler import pages
from tests.crawler.hostile import HOSTILE_BODIES, Made
from tests.steps import growth

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


LONG = tuple(
    f"{sentence} It was the {number}. time that the river was spoken of."
    for number, sentence in enumerate(pages.BODY * 2)
)


def with_body(inner: str, title: str = pages.TITLE) -> Page:
    whole = pages.frame("en", title, f"<article><h1>{title}</h1>{inner}</article>")
    return pages.page(whole, f"{pages.HOST}/en/press/news/0a1b2c.html")


def paragraphs(texts: tuple[str, ...]) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


@pytest.mark.parametrize(
    "aside",
    [
        "<p>Contacts:</p><p>Press Officer Ann Example</p><p>(+375) 17 000 00 00</p>",
        "<h3>Read also</h3><p>The port was dredged last year</p>",
        "<p>Читайте также: Порт углубили в прошлом году</p>",
        "<h3>About Example Ports Ltd</h3><p>Example Ports runs the ports of the country. It has many cranes.</p>",
        "<p>We use cookies to make this site better. By continuing you accept them.</p>",
        "<p>Subscribe to our newsletter</p>",
        "<p>Advertisement</p>",
        "<h4>Related articles</h4><p>On the dredging of the port, and what it costs the country</p>",
        "<p>Tags:</p><p>river, port, CSTO</p>",
    ],
)
def test_what_stands_beside_a_statement_is_no_part_of_it(aside: str) -> None:
    assert read_article(with_body(paragraphs(LONG) + aside), pages.listed()).body == "\n\n".join(LONG)


def test_what_was_left_out_beside_a_statement_is_kept_with_it() -> None:
    cookies = "We use cookies to make this site better. By continuing you accept them."
    aside = f"<p>{cookies}</p><h4>Related articles</h4><p>On the dredging of the port, and what it costs</p>"
    article = read_article(with_body(paragraphs(LONG) + aside), pages.listed())
    assert article.body == "\n\n".join(LONG)
    assert article.cut == (cookies, "Related articles", "On the dredging of the port, and what it costs")


@pytest.mark.parametrize(
    "crumbs",
    [
        "<p>Back to the list</p>",
        "<p><b>Tags:</b> <i>river, CSTO</i></p><p>Views: 321</p>",
        "<p>12 River Street, Capital. Phone: +10 20 304050</p><p>© 2024 Ministry. All rights reserved.</p>",
        "<h3>Quote(s)</h3>",
        "<p>Updates to this page</p><p>29 November 2024 A translation was added.</p>",
        "<p>order-of-inspection.pdf 0.36 MB</p>",
        "<p>责任编辑：李江</p><p>扫一扫在手机打开当前页</p>",
        "<p>Статус материала</p><p>Опубликован в разделах: Новости</p>",
        "<p>28 November 2024</p>",
    ],
)
def test_what_clings_to_the_end_of_a_statement_is_no_part_of_it(crumbs: str) -> None:
    page = with_body(f"<i>28 November 2024</i>{paragraphs(LONG)}{crumbs}")
    assert read_article(page, pages.listed()).body == "\n\n".join(LONG)


def test_what_clings_to_ends_is_part_of_the_statement_within_it() -> None:
    texts = (*LONG[:2], "Views: two of the ministers have them.", "Save", "Treaty on ports.pdf", *LONG[2:])
    assert read_article(with_body(paragraphs(texts)), pages.listed()).body == "\n\n".join(texts)


def test_the_section_s_name_above_the_headline_is_no_part_of_the_text() -> None:
    page = with_body(f"<p>Press releases</p><p>{pages.TITLE}</p><p>28 November 2024</p>{paragraphs(LONG)}")
    assert read_article(page, pages.listed()).body == "\n\n".join(LONG)


def test_the_headings_of_chapters_are_part_of_the_text() -> None:
    inner = f"<p>28 November 2024</p><h3>The river</h3>{paragraphs(LONG[:2])}<h3>The banks</h3>{paragraphs(LONG[2:])}"
    markup = f"<html><title>{pages.TITLE}</title><body><div><h1>{pages.TITLE}</h1>{inner}</div></body></html>"
    body = read_article(pages.page(markup, f"{pages.HOST}/n/7"), pages.listed()).body
    assert body == "\n\n".join(("The river", *LONG[:2], "The banks", *LONG[2:]))


def test_a_sentence_with_a_telephone_number_is_part_of_the_text() -> None:
    texts = (*LONG, "Journalists register by phone +10 20 304061 before Friday.")
    page = with_body(f"{paragraphs(texts)}<p>© 2024 Ministry. All rights reserved.</p>")
    assert read_article(page, pages.listed()).body == "\n\n".join(texts)


def test_a_link_that_the_last_words_promise_is_part_of_the_text() -> None:
    link = "https://ports.example/survey"
    page = with_body(f"{paragraphs(LONG)}<p><b>More information:</b></p><p><a href='{link}'>{link}</a></p>")
    assert read_article(page, pages.listed()).body == "\n\n".join((*LONG, "More information:", link))


def test_a_page_that_is_laid_out_with_tables_is_read_like_any_other() -> None:
    menu = "".join(f"<a href='/{number}'>Cooperation within the CSTO {number}</a><br>" for number in range(5))
    markup = (
        f"<html><title>{pages.TITLE}</title><body><table><tr><td>{menu}</td><td><table><tr><td><b>{pages.TITLE}</b>"
        f"</td></tr><tr><td>28.11.2024</td></tr><tr><td>{'<br><br>'.join(LONG)}</td></tr></table></td></tr></table>"
    )
    assert read_article(pages.page(markup, f"{pages.HOST}/n/7"), pages.listed()).body == "\n\n".join(LONG)


def test_entries_and_cells_have_no_signs_of_our_own_and_joined_letters_stay() -> None:
    persian = "وزیر رودخانه\u200cها به پایتخت رفت و با سفیر گفت\u200cوگو کرد."
    inner = paragraphs((*LONG[:3], persian)) + (
        "<ul><li>to open the port</li><li>to survey both banks</li></ul><table><tr><th>Port</th><th>Ships</th></tr>"
        f"<tr><td>North</td><td>420</td></tr></table>{paragraphs(LONG[3:])}"
    )
    body = read_article(with_body(inner), pages.listed()).body.split("\n\n")
    assert body[3:8] == [persian, "to open the port", "to survey both banks", "Port Ships", "North 420"]


def test_a_chapter_that_is_called_like_an_aside_is_part_of_the_statement() -> None:
    texts = (*LONG[:2], "Contacts", *LONG[2:], "The ministers spoke about cookies, and subscribe to this view.")
    assert read_article(with_body(paragraphs(texts)), pages.listed()).body == "\n\n".join(texts)


def test_the_next_statement_on_the_page_is_not_glued_on() -> None:
    other = "".join(f"<p>{text.replace('river', 'mountain').replace('time', 'year')} CSTO.</p>" for text in LONG)
    markup = with_body(paragraphs(LONG)).body.decode("windows-1251")
    markup = markup.replace("</article>", f"</article><article><h1>Another statement</h1>{other}</article>")
    assert read_article(pages.page(markup), pages.listed()).body == "\n\n".join(LONG)


def test_a_text_that_is_there_twice_is_read_once() -> None:
    twice = f"<div class=screen>{paragraphs(LONG)}</div><div class=print>{paragraphs(LONG)}</div>"
    assert read_article(with_body(twice), pages.listed()).body == "\n\n".join(LONG)


def test_an_inserted_block_does_not_end_the_text() -> None:
    block = "<aside class='box'><h4>In short</h4><ul><li><a href='/a'>The port</a></li></ul></aside><figure></figure>"
    inner = paragraphs(LONG[:2]) + block + paragraphs(LONG[2:])
    body = read_article(with_body(inner), pages.listed()).body
    assert body == "\n\n".join(LONG)


def test_an_early_end_of_the_page_is_not_the_end() -> None:
    markup = with_body(paragraphs(LONG)).body.decode("windows-1251").replace("</header>", "</header></body></html>")
    assert read_article(pages.page(markup), pages.listed()).body == "\n\n".join(LONG)


def test_content_under_a_frame_s_name_is_content() -> None:
    markup = with_body("").body.decode("windows-1251")
    whole = markup.replace("<article>", "<div class='sidebar'>").replace("</article>", paragraphs(LONG) + "</div>")
    assert read_article(pages.page(whole.replace("h1", "h2")), pages.listed()).body == "\n\n".join(LONG)


@pytest.mark.parametrize("made", HOSTILE_BODIES.values(), ids=HOSTILE_BODIES)
def test_a_page_costs_no_more_than_it_has_elements(made: Made) -> None:
    assert growth(lambda count: read_article(with_body(made(count)), pages.listed()), 1_000, 4_000) < 1.2


@pytest.mark.slow
@pytest.mark.parametrize("made", HOSTILE_BODIES.values(), ids=HOSTILE_BODIES)
def test_a_page_of_sixty_thousand_elements_is_read(made: Made) -> None:
    """Were the work of a parser not linear, the time limit of the tests would show."""
    assert read_article(with_body(made(60_000)), pages.listed()).title == pages.TITLE


# -- title -----------------------------------------------------------------------------------------------------------


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


# -- date ------------------------------------------------------------------------------------------------------------


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


# -- addresses -------------------------------------------------------------------------------------------------------


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
