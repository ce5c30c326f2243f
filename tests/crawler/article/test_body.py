"""What is part of a statement's text, and what stands beside it. Touches nothing but values."""

from __future__ import annotations

import pytest

from crawler.article import read_article
from storage.types import Page
from tests.crawler import pages
from tests.crawler.article.markup import paragraphs
from tests.crawler.hostile import HOSTILE_BODIES, Made
from tests.steps import growth

LONG = tuple(
    f"{sentence} It was the {number}. time that the river was spoken of."
    for number, sentence in enumerate(pages.BODY * 2)
)


def with_body(inner: str, title: str = pages.TITLE) -> Page:
    whole = pages.frame("en", title, f"<article><h1>{title}</h1>{inner}</article>")
    return pages.page(whole, f"{pages.HOST}/en/press/news/0a1b2c.html")


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


CHAPTER = tuple(f"{sentence} It was said {number} times before." for number, sentence in enumerate(pages.BODY * 12))
LEAD = (
    "The Minister opened talks on the transit of goods by river, which neither side had been ready for in spring. "
    "Engineers are to survey both banks, and the two ministries are going to publish what they find there before May."
)


@pytest.mark.parametrize(
    ("description", "text"),
    [(LEAD, (LEAD, *CHAPTER)), ("What a ministry of rivers does.", CHAPTER)],
    ids=["agrees", "speaks of something else"],
)
def test_a_lead_that_stands_apart_is_part_of_the_text_where_the_page_s_description_agrees(
    description: str, text: tuple[str, ...]
) -> None:
    markup = (
        f"<html><head><title>{pages.TITLE}</title><meta name='description' content='{description}'></head><body>"
        f"<article><div class='article-content'><h2>{pages.TITLE}</h2><strong><p>{LEAD}</p></strong></div>"
        f"<div><div class='article-content'>{paragraphs(CHAPTER)}</div></div></article></body></html>"
    )
    assert read_article(pages.page(markup, f"{pages.HOST}/n/7"), pages.listed()).body == "\n\n".join(text)


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
