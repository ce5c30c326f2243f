from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.article.cleaning import BODY_LIMIT, TITLE_LIMIT, clean
from crawler.items import ArticleItem
from crawler.pipelines import CleanPipeline
from storage.database import Database
from storage.items import items
from storage.types import Article, Published
from tests.storage.examples import draft, store, watched


def cleaned(body: str) -> str:
    return clean(Article("https://mfa.example/1", "Title", body)).body


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("A\x00B", "AB"),
        ("A\ud800B", "AB"),
        ("A\x1b[31mB\x07", "A[31mB"),
        ("A\x85B\x9fC", "ABC"),
        ("one\u00a0\u2009 two\tthree", "one two three"),
        ("line\r\nline\rline", "line\nline\nline"),
        ("one\n \n\n\t\n two", "one\n\ntwo"),
        ("\n\n  text \n", "text"),
        ("cafe\u0301", "caf\u00e9"),
        ("№ ①  ½ … “so”", "№ ① ½ … “so”"),
        ("Слова \u200bостаются", "Слова \u200bостаются"),
        ("", ""),
    ],
)
def test_what_databases_refuse_and_no_reader_sees_is_taken_out(raw: str, expected: str) -> None:
    assert cleaned(raw) == expected


any_text = st.text(st.characters(exclude_categories=()), max_size=60)


@given(any_text, any_text, any_text)
def test_whatever_a_page_holds_every_database_takes_it(title: str, body: str, claim: str) -> None:
    article = clean(Article("https://mfa.example/1", title, body, "en", Published(text=claim), cut=(claim,)))
    for text in (article.title, article.body, article.published.text, *article.cut):
        text.encode()
        assert not any(unicodedata.category(char) in ("Cc", "Cs") for char in text.replace("\n", ""))
    assert "\n" not in article.title
    assert "\n\n\n" not in article.body
    assert clean(article) == article


def test_a_title_and_a_body_have_a_limit() -> None:
    article = clean(Article("https://mfa.example/1", "t" * 5_000, "b" * 2_000_000, "", Published(text="d" * 500)))
    assert (len(article.title), len(article.body), len(article.published.text)) == (TITLE_LIMIT, BODY_LIMIT, 200)


def test_cleaning_changes_nothing_else() -> None:
    published = Published(date(2024, 11, 28), zone="Europe/Minsk", text="28 November 2024")
    article = Article(
        "https://mfa.example/1", "Title", "One.\n\nTwo.", "en", published, (("ru", "https://mfa.example/ru/1"),)
    )
    assert clean(article) == article


async def test_what_passes_the_pipeline_can_be_stored(database: Database) -> None:
    item = ArticleItem(draft(watched(database), title="A\x00 title\ud83d", body="A\x00 body"))
    [stored] = store(database, CleanPipeline().process_item(item).draft)
    version = database.read(items.get, stored.item_id).version
    assert (version.title, version.body) == ("A title", "A body")
