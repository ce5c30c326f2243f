"""Abbreviations with dots and without them are one word. Pure."""

from __future__ import annotations

import pytest

from storage.query.text import analyse
from tests.storage.query.questions import ask, matches


@pytest.mark.parametrize(
    ("query", "text", "language"),
    [
        pytest.param("US sanctions", "New U.S. sanctions were announced", "en", id="dots in the text"),
        pytest.param('"U.S. sanctions"', "New US sanctions were announced", "en", id="dots in the query"),
        pytest.param("U.S. sanctions", "New US sanctions were announced", "en", id="two words of a query"),
        pytest.param("UN", "The U.N. envoy spoke", "en", id="the United Nations"),
        pytest.param("U.N.", "The UN envoy spoke", "en", id="the United Nations, the other way"),
        pytest.param("U.N", "The U.N. envoy spoke", "en", id="a query without its last dot"),
        pytest.param("u.s.", "the U.S. envoy", "en", id="a query in small letters"),
        pytest.param("США", "в С.Ш.А. сообщили", "ru", id="Russian"),
        pytest.param("С.Ш.А.", "в США сообщили", "ru", id="Russian, the other way"),
        pytest.param("СССР", "во времена С.С.С.Р", "ru", id="no last dot in the text"),
        pytest.param("USA", "Made in the U.S.A.", "en", id="at the end of a sentence"),
        pytest.param("US", "a U.S.-led mission", "en", id="before a hyphen"),
        pytest.param("US", "a U.S-led mission", "en", id="before a hyphen without its dot"),
        pytest.param("US", "the U.S.'s envoy", "en", id="a genitive"),
        pytest.param("US", "In the U.S., he said", "en", id="before a comma"),
        pytest.param("US", "across the U.S...", "en", id="before an ellipsis"),
        pytest.param("ΗΠΑ", "στις Η.Π.Α. σήμερα", "el", id="Greek"),
        pytest.param("ABD", "A.B.D. Dışişleri", "tr", id="Turkish"),
        pytest.param("EEUU", "sanciones de EE.UU. a bancos", "es", id="a Spanish plural"),
        pytest.param("EEUU", "sanciones de EE. UU. a bancos", "es", id="a Spanish plural with a blank"),
        pytest.param("EE.UU.", "sanciones de EEUU", "es", id="a Spanish plural, the other way"),
        pytest.param('"EE UU"', "sanciones de EE.UU.", "es", id="a Spanish plural, a blank in the query"),
        pytest.param("U.S.", "the U. S. Army", "en", id="blanks in the text"),
        pytest.param("=US", "the U.S. Army", "en", id="an exact form"),
        pytest.param("U.S. NEAR/3 sanctions", "US imposed new sanctions", "en", id="near another word"),
        pytest.param("title:U.N.", "", "en", id="in the title"),
        pytest.param("Путин", "заявил В.В. Путин", "ru", id="a surname behind initials"),
        pytest.param('"В.В. Путин"', "заявил В.В. Путин", "ru", id="initials"),
        pytest.param('"В.В. Путин"', "заявил В.В.Путин", "ru", id="initials without a blank"),
        pytest.param('"В.В.Путин"', "заявил В.В. Путин", "ru", id="initials without a blank in the query"),
        pytest.param('"В. В. Путин"', "заявил В.В. Путин", "ru", id="initials with blanks in the query"),
        pytest.param("alias:UN", "The U.N. envoy spoke", "en", id="an alias"),
    ],
)
def test_an_abbreviation_is_found(query: str, text: str, language: str) -> None:
    assert matches(query, text, title="The UN met", language=language)


@pytest.mark.parametrize(
    ("query", "text", "language"),
    [
        pytest.param("U.S.", "they told us so", "en", id="a pronoun"),
        pytest.param("U.S.", "U and then S", "en", id="letters apart"),
        pytest.param("PM", "at 3 p.m. local time", "en", id="an hour"),
        pytest.param("ie", "the treaty, i.e. the pact", "en", id="small letters"),
        pytest.param("BT", "That is plan B. Then they left", "en", id="the end of a sentence"),
        pytest.param("CA", "vitamin C.A new study", "en", id="the end of a sentence without a blank"),
        pytest.param("ВМ", "сообщил В.Макей", "ru", id="an initial"),
        pytest.param("ВВП", "заявил В.В.Путин", "ru", id="initials before a surname"),
        pytest.param("MRMS", "MR. MS. Smith", "en", id="two titles"),
        pytest.param("=U.S.", "they told us so", "en", id="an exact form"),
    ],
)
def test_what_is_no_abbreviation_is_not_found(query: str, text: str, language: str) -> None:
    assert not matches(query, text, language=language)


def test_an_abbreviation_is_marked_with_its_dots() -> None:
    body = "The U.S. envoy"
    [hit] = ask("US", body, language="en").hits
    assert body[hit.start : hit.end] == "U.S."


def test_two_abbreviated_titles_stay_two_words() -> None:
    assert analyse("", "MR. MS. Smith", "en").body.terms == ("mr", "ms", "smith")
