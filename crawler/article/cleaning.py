"""An article as every database takes it. Pure."""

from __future__ import annotations

import re
from dataclasses import replace

from crawler.page.characters import one_line, readable, storable
from storage.types import Article

TITLE_LIMIT = 1_000
"""Characters. Longer than any headline; a page without a title element would make its body one."""

BODY_LIMIT = 1_000_000
"""Characters. Longer than the longest briefing by an order of magnitude."""

_BLANKS = re.compile(r"[^\S\n]+")
_EMPTY_LINES = re.compile(r"\n\s*\n\s*")


def clean(article: Article) -> Article:
    """The article without NUL, control characters, lone surrogates and stray blanks; composed as NFC.

    PostgreSQL refuses NUL and surrogates, and one bad row poisons its whole batch.
    """
    return replace(
        article,
        address=storable(article.address),
        title=one_line(article.title, TITLE_LIMIT),
        body=_EMPTY_LINES.sub("\n\n", _BLANKS.sub(" ", readable(article.body))).strip()[:BODY_LIMIT],
        cut=tuple(one for paragraph in article.cut if (one := one_line(paragraph, BODY_LIMIT))),
        published=replace(article.published, text=one_line(article.published.text, 200)),
        editions=tuple((storable(language), storable(address)) for language, address in article.editions),
    )
