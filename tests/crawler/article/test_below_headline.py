"""A readout or a condolence of a sentence or two is read as it was written, whatever program wrote the page."""

from __future__ import annotations

from dataclasses import replace
from itertools import cycle

import pytest

from crawler.article import read_article
from storage.types import Page, SourceSpec
from tests.crawler.article.forms import FORMS, FRAMES, framed, written
from tests.crawler.article.markup import paragraphs

pytestmark = pytest.mark.slow

SPEC = SourceSpec("test/news", "News", "https://ministry.example/en/news/", languages=("en",), zone="Europe/Minsk")
TITLE = "On the flood in the northern valley"
DAY = "November 28, 2026"

SORROW = "The Ministry is deeply saddened by the loss of life in the flood in the northern valley."
WISHES = (
    "We send our condolences to the families of those who died, and wish all who were hurt a full recovery; our help "
    "is on its way."
)
TEXTS = {
    "three words": ("They met again.",),
    "a sentence": ("The second guidance for exporters is published today.",),
    "two sentences": ("The guidance for exporters is published today.", "It applies from the first of December."),
    "a line": (
        "The Minister spoke by telephone today with the head of the river commission, and they agreed to meet in the "
        "capital before the end of May.",
    ),
    "two paragraphs": (SORROW, WISHES),
    "three paragraphs": ("The law on ports was signed.", "It was passed last week.", "It enters into force in spring."),
    "more": (
        SORROW,
        WISHES,
        "The embassy answers the questions of relatives, by day and by night.",
        "Its door is open.",
    ),
}
THAI = "กระทรวงขอแสดงความเสียใจอย่างสุดซึ้งต่อครอบครัวของผู้เสียชีวิตจากเหตุอุทกภัยทางภาคเหนือ"
"""A sentence. It has no full stop."""
IN_LANGUAGES = {
    "ru": ("О наводнении", "28 ноября 2026 г.", ("Министр выразил соболезнования.", "Помощь уже отправлена.")),
    "de": ("Beileid zur Flut", "28. November 2026", ("Das Ministerium trauert.", "Allen Verletzten gute Genesung!")),
    "ar": ("تعزية في ضحايا الفيضان", "28 نوفمبر 2026", ("تعرب الوزارة عن تعازيها.", "متى تصل المساعدة؟")),
    "fa": ("پیام تسلیت وزیر", "28 نوامبر 2026", ("وزارت با خانواده\u200cهای جان\u200cباختگان همدردی کرد.",)),
    "hi": ("बाढ़ पर शोक संदेश", "28 नवंबर 2026", ("मंत्रालय संवेदना व्यक्त करता है।", "सहायता भेजी गई है।")),
    "hy": ("Ցավակցություն", "28 նոյեմբերի, 2026", ("Նախարարությունը ցավակցում է։", "Օգնությունն ուղարկված է։")),
    "zh": ("外交部就洪灾表示慰问", "2026年11月28日", ("外交部深表慰问。", "我们祝愿伤者早日康复。")),
    "th": ("แถลงการณ์แสดงความเสียใจ", "28 พฤศจิกายน 2569", (THAI,)),
}  # fmt: skip


def body_in(frame: str, inner: str) -> str:
    page = framed(frame, TITLE, f"<article><h1>{TITLE}</h1><time>{DAY}</time>{inner}</article>")
    return read_article(page, SPEC, TITLE).body


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("form", FORMS)
def test_a_short_statement_is_read_as_written(form: str, frame: str) -> None:
    read = {name: read_article(written(form, frame, TITLE, DAY, texts), SPEC) for name, texts in TEXTS.items()}
    assert {name: article.body for name, article in read.items()} == {
        name: "\n\n".join(texts) for name, texts in TEXTS.items()
    }
    assert {str(article.published.day) for article in read.values()} == {"2026-11-28"}
    assert {article.title for article in read.values()} == {TITLE}


@pytest.mark.parametrize(
    "foot", ["<footer>{}</footer>", "<div class='footer'>{}</div>", "<div role='contentinfo'>{}</div>"]
)
def test_a_foot_that_says_more_than_the_statement_is_no_part_of_it(foot: str) -> None:
    sites = "".join(
        f"<li><a href='//w{n}.example/'>Office of {n} questions</a> www.w{n}.example</li>" for n in range(9)
    )
    said = f"<h3>Official sites</h3><ul>{sites}</ul><p>The ministry answers all letters in thirty days.</p>"
    page = (
        f"<html><body><section><h1>{TITLE}</h1><span class='date'>{DAY}</span><p>They spoke again.</p></section>"
        f"{foot.format(said)}</body></html>"
    )
    assert read_article(Page("https://m.example/1", page.encode(), 200, "text/html"), SPEC).body == "They spoke again."


@pytest.mark.parametrize("language", IN_LANGUAGES)
def test_a_short_statement_is_read_in_any_script(language: str) -> None:
    title, day, texts = IN_LANGUAGES[language]
    spec = replace(SPEC, languages=(language,))
    for form, frame in zip(FORMS, cycle(FRAMES), strict=False):
        body = read_article(written(form, frame, title, day, texts), spec, title).body
        assert body == "\n\n".join(texts), (form, frame)


@pytest.mark.parametrize(("form", "frame"), list(zip(FORMS, cycle(FRAMES), strict=False)))
def test_a_long_statement_is_read_as_before(form: str, frame: str) -> None:
    texts = [f"{sentence} It was said for the {number}. time." for number, sentence in enumerate((SORROW, WISHES) * 5)]
    assert read_article(written(form, frame, TITLE, DAY, texts), SPEC).body == "\n\n".join(texts)


@pytest.mark.parametrize(
    ("inner", "texts"),
    [
        (f"<p>{SORROW}</p><div><a href='#'>Share</a></div><p>{WISHES}</p>", (SORROW, WISHES)),
        (f"<div class='lead'>{SORROW}</div><div class='text'><p>{WISHES}</p></div>", (SORROW, WISHES)),
        (f"<p>{SORROW}</p><blockquote><p>{WISHES}</p></blockquote>", (SORROW, WISHES)),
        (f"<p>{SORROW}<br><br>{WISHES}</p>", (SORROW, WISHES)),
        (f"<p>{SORROW}</p><h2>Help</h2><p>{WISHES}</p>", (SORROW, "Help", WISHES)),
        (
            f"<p>Dear Madam President,</p><p>{SORROW}</p><p>Ann Example</p>",
            ("Dear Madam President,", SORROW, "Ann Example"),
        ),
        (f"<p>{SORROW}</p><ul><li>two boats</li><li>bread</li></ul>", (SORROW, "two boats", "bread")),
        (
            f"<p>The ministers agreed:</p><ul><li>to open the port</li><li>to survey it</li></ul><p>{WISHES}</p>",
            ("The ministers agreed:", "to open the port", "to survey it", WISHES),
        ),
        (
            "<div><p>Two were appointed today.</p><div><div>Ann Example, envoy</div><div>Bob Sample, consul</div></div>"
            "</div>",
            ("Two were appointed today.", "Ann Example, envoy", "Bob Sample, consul"),
        ),
        (
            f"<p>{SORROW}</p><p><a href='/law'>The law on the help of neighbours in floods</a></p><p>{WISHES}</p>",
            (SORROW, "The law on the help of neighbours in floods", WISHES),
        ),
        (
            f"<p>{SORROW}</p><p>How to help:</p><p><a href='/help'>https://ministry.example/help</a></p>",
            (SORROW, "How to help:", "https://ministry.example/help"),
        ),
        ("<p><a href='/law'>The law on ports</a> was signed.</p>", ("The law on ports was signed.",)),
    ],
)
def test_nothing_of_a_short_statement_is_lost(inner: str, texts: tuple[str, ...]) -> None:
    for frame in FRAMES:
        assert body_in(frame, inner) == "\n\n".join(texts), frame


@pytest.mark.parametrize(
    ("above", "below"),
    [
        (
            "<ul><li><a href='#'>Facebook</a></li><li><a href='#'>Telegram</a></li><li><a href='#'>Print</a></li></ul>",
            "",
        ),
        ("<div><a href='/news'>News</a> | Press Office</div>", "<div>Tags: <a href='/t'>ports</a></div>"),
        ("<figure><img src='p.jpg'><figcaption>The Minister at the river.</figcaption></figure>", ""),
        ("<span>Views: 321</span>", "<span>321 views</span>"),
        ("", "<div><h3>See also</h3><a href='/1'>Talks on grain</a></div>"),
        ("", "<p><a href='/1'>The Minister visits the harbour of the north</a></p>"),
        ("", "<p>We use cookies to make this site better. By continuing you accept them.</p>"),
        ("", "<h4>Contacts</h4><p>12 River Street, Capital</p><p>+10 20 304050</p>"),
    ],
)
def test_what_stands_around_a_short_statement_is_no_part_of_it(above: str, below: str) -> None:
    for frame in FRAMES:
        assert body_in(frame, f"{above}<p>{SORROW}</p><p>{WISHES}</p>{below}") == f"{SORROW}\n\n{WISHES}", frame


@pytest.mark.parametrize("count", [1, 12])
def test_a_text_that_goes_on_below_a_box_is_whole(count: int) -> None:
    texts = [f"{WISHES} It was said for the {number}. time." for number in range(count)]
    box = "<div><h4>Read also</h4><a href='/1'>The Minister visits the harbour of the north</a></div>"
    for frame in FRAMES:
        body = body_in(frame, f"<div><p>{SORROW}</p></div>{box}<div>{paragraphs(tuple(texts))}</div>")
        assert [one for one in texts if one not in body] == [], frame


def test_a_headline_that_is_printed_nowhere_leaves_the_text_in_paragraphs() -> None:
    page = framed("told", TITLE, f"<article><time>{DAY}</time><p>{SORROW}</p><p>{WISHES}</p></article>")
    assert read_article(page, SPEC, TITLE).body == f"{SORROW}\n\n{WISHES}"
