"""Of a page with many statements, each is what stands at its anchor."""

from __future__ import annotations

import pytest

from crawler.article import read_article
from storage.errors import UnreadableError
from storage.types import Page, Reason, SourceSpec

SPEC = SourceSpec("m/n", "n", "https://m.example/en/feed.xml", languages=("en",), zone="Europe/Minsk")
TEXTS = {
    number: f"The ministry of Zalesia says about lake number {number} what it thinks of the treaty and of its waters."
    for number in (1, 2, 3)
}

FORMS = {
    "sections": "<section id='st{n}'><h2>{title}</h2><p>{text}</p><p>And that it will stay so.</p></section>",
    "headings": "<h2 id='st{n}'>{title}</h2><p>{text}</p><p>And that it will stay so.</p>",
    "anchors in headings": "<h2><a name='st{n}'></a>{title}</h2><p>{text}</p><p>And that it will stay so.</p>",
    "anchors before": "<a name='st{n}'></a><h2>{title}</h2><p>{text}</p><p>And that it will stay so.</p>",
    "anchors in a paragraph": "<p><a name='st{n}'></a><b>{title}</b></p><p>{text}</p><p>And that it will stay so.</p>",
    "anchors in the text": "<p><a id='st{n}'>{title}</a> {text}</p><p>And that it will stay so.</p>",
    "list": "<li id='st{n}'><b>{title}</b><p>{text}</p><p>And that it will stay so.</p></li>",
}


def page_of(form: str, anchor: str) -> Page:
    parts = [FORMS[form].format(n=n, title=f"Statement no {n} on lakes", text=text) for n, text in TEXTS.items()]
    head = "<html><head><title>Statements of 2026</title></head><body><h1>2026</h1>"
    body = f"{head}<div>{''.join(parts)}</div></body></html>"
    return Page(f"https://m.example/en/2026.html#{anchor}", body.encode(), content_type="text/html")


@pytest.mark.parametrize("form", FORMS)
def test_a_statement_is_what_stands_at_its_anchor(form: str) -> None:
    for number, text in TEXTS.items():
        article = read_article(page_of(form, f"st{number}"), SPEC, f"Statement no {number} on lakes")
        assert article.title == f"Statement no {number} on lakes"
        assert text in article.body
        assert "And that it will stay so." in article.body
        assert not any(other in article.body for other in TEXTS.values() if other != text)
        assert article.address.endswith(f"#st{number}")


def test_an_anchor_that_is_gone_is_a_statement_that_is_gone() -> None:
    with pytest.raises(UnreadableError) as refused:
        read_article(page_of("sections", "st9"), SPEC, "Statement no 9 on lakes")
    assert refused.value.reason is Reason.SOFT_404
