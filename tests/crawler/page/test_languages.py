"""Names of languages on links."""

from __future__ import annotations

import pytest
from babel import Locale

from crawler.page.languages import language_called


@pytest.mark.parametrize(
    "code",
    ["en", "ru", "be", "uk", "ky", "tg", "hy", "ka", "pl", "de", "fr", "es", "pt", "it", "tr", "sv", "zh", "ja", "ko",
     "ar", "fa"],
)  # fmt: skip
def test_a_language_is_known_by_its_code_and_by_the_name_that_it_gives_itself(code: str) -> None:
    own = Locale(code).languages[code]
    assert {language_called(words) for words in (code, code.upper(), own, own.upper(), f" [{own}] ")} == {code}


@pytest.mark.parametrize("words", ["O‘zbekcha", "O'zbekcha", "oʻzbekcha", "Ўзбекча", "UZB"])
def test_an_apostrophe_is_one_whatever_it_is_typed_as(words: str) -> None:
    assert language_called(words) == "uz"


@pytest.mark.parametrize("words", ["", "English version", "News", "Рус-Агро", "russians"])
def test_other_words_name_no_language(words: str) -> None:
    assert language_called(words) == ""
