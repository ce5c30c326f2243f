"""Texts of articles, analysed before the transaction that stores them: stemming takes longer than writing. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from storage.query.text import AnalysedText, analyse
from storage.types import Article

AnalysedTexts = Mapping[tuple[str, str, str], AnalysedText]
"""By title, body and language."""


def analysed_texts(articles: Iterable[Article]) -> AnalysedTexts:
    """The texts of these articles, for `storage.items.store.store`."""
    return {_key(one): analyse(one.title, one.body, one.language) for one in articles}


def text_of(article: Article, known: AnalysedTexts) -> AnalysedText:
    """The article's text from those that are known, or analysed now."""
    return known.get(_key(article)) or analyse(article.title, article.body, article.language)


def _key(article: Article) -> tuple[str, str, str]:
    return article.title, article.body, article.language
