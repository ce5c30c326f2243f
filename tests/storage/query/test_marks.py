"""Names typed without their marks find those with them, and the other way round. Pure."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.query.languages import LANGUAGES
from storage.query.marks import unmarked
from tests.storage.query.questions import matches

NAMES = [
    pytest.param("Vedrić", "Vedric", id="Croatian"),
    pytest.param("Đukanović", "Dukanovic", id="a letter with a stroke"),
    pytest.param("Önalğan", "Onalgan", id="Turkish"),
    pytest.param("Dışişleri", "Disisleri", id="a dotless i"),
    pytest.param("São Paulo", "Sao Paulo", id="Portuguese"),
    pytest.param("Łódź", "Lodz", id="Polish"),
    pytest.param("Wałęsa", "Walesa", id="a Polish name"),
    pytest.param("Bogotá", "Bogota", id="Spanish"),
    pytest.param("Núñez", "Nunez", id="a tilde"),
    pytest.param("Việt Nam", "Viet Nam", id="Vietnamese, two marks on a letter"),
    pytest.param("Đà Nẵng", "Da Nang", id="a Vietnamese city"),
    pytest.param("Türkmenistan", "Turkmenistan", id="Turkmen"),
    pytest.param("Zürich", "Zurich", id="German"),
    pytest.param("Orbán", "Orban", id="Hungarian"),
    pytest.param("Győr", "Gyor", id="a long Hungarian vowel"),
    pytest.param("Băsescu", "Basescu", id="Romanian"),
    pytest.param("Iași", "Iasi", id="a comma below"),
    pytest.param("Galaţi", "Galati", id="a cedilla for the comma"),
    pytest.param("Čaputová", "Caputova", id="Slovak"),
    pytest.param("Vilnius ir Šiauliai", "Vilnius ir Siauliai", id="Lithuanian"),
    pytest.param("Kariņš", "Karins", id="Latvian"),
    pytest.param("Støre", "Store", id="Norwegian"),
    pytest.param("Malmö", "Malmo", id="Swedish"),
    pytest.param("Ålesund", "Alesund", id="a ring"),
    pytest.param("Reykjavík", "Reykjavik", id="Icelandic"),
    pytest.param("Þórdís", "Thordis", id="a thorn"),
    pytest.param("Côte d'Ivoire", "Cote d'Ivoire", id="French"),
    pytest.param("Chișinău", "Chisinau", id="Moldovan"),
    pytest.param("Məmmədov", "Memmedov", id="Azerbaijani"),
    pytest.param("Rēzekne", "Rezekne", id="a macron"),
    pytest.param("Αθήνα", "Αθηνα", id="Greek"),
    pytest.param("Ελλάδα", "ΕΛΛΑΔΑ", id="Greek in capitals"),
    pytest.param("Фёдоров", "Федоров", id="Russian"),
    pytest.param("Рыжанкоў", "Рыжанкоу", id="Belarusian"),
    pytest.param("फ़्रांस", "फ्रांस", id="a dot below a Hindi letter"),
    pytest.param("Niamey et N’Djaména", "Niamey et N'Djamena", id="behind an apostrophe"),
]


@pytest.mark.parametrize("language", ["", "en", "de", "fr", "es", "pl", "tr", "ro", "vi"])
@pytest.mark.parametrize(("marked", "bare"), NAMES)
def test_a_name_is_found_with_its_marks_and_without_them(marked: str, bare: str, language: str) -> None:
    text = "Talks with {} were held."
    for query in (marked, bare):
        for written in (marked, bare):
            assert matches(f'"{query}"', text.format(written), language=language)


@pytest.mark.parametrize(
    ("word", "text", "language"),
    [
        pytest.param("rozwiazan", "nowych rozwiązań", "pl", id="a Polish case"),
        pytest.param("Krakow", "w Krakowie", "pl", id="a Polish case of a name"),
        pytest.param("ministru", "jednání ministrů", "cs", id="a Czech plural"),
        pytest.param("declaracion", "las declaraciones", "es", id="a Spanish plural"),
        pytest.param("declaracao", "as declarações", "pt", id="a Portuguese plural"),
        pytest.param("securite", "le conseil de sécurité", "fr", id="a French noun"),
        pytest.param("universita", "le università", "it", id="an Italian noun"),
        pytest.param("bakanligi", "Dışişleri Bakanlığı", "tr", id="a Turkish ending"),
        pytest.param("Romania", "în România", "ro", id="a Romanian name"),
        pytest.param("Vedri*", "Minister Vedrić", "en", id="a beginning without"),
        pytest.param("Önal*", "Onalgan geldi", "tr", id="a beginning with"),
        pytest.param("Zuerich", "in Zürich", "en", id="two letters for one"),
        pytest.param("Zürich", "in Zuerich", "en", id="one letter for two"),
        pytest.param("Schroeder", "kanzler Schröder", "pl", id="two letters for one in a Polish text"),
        pytest.param("Đoković", "Djokovic", "en", id="two letters for a stroked d"),
        pytest.param("Djukanovic", "Đukanović", "en", id="a stroked d for two letters"),
        pytest.param("Guinee", "la Guinée-Bissau", "fr", id="a French country"),
        pytest.param("Aalborg", "i Ålborg", "da", id="two letters for a ring"),
        pytest.param("Kierkegård", "Kierkegaard", "en", id="a ring for two letters"),
        pytest.param("Støre", "statsminister Stoere", "no", id="two letters for a stroke"),
        pytest.param('"Conseil de securite"', "le Conseil de sécurité", "fr", id="a phrase, one word with a mark"),
    ],
)
def test_words_are_found_in_their_forms(word: str, text: str, language: str) -> None:
    assert matches(word, text, language=language)


@pytest.mark.parametrize(
    ("query", "text", "language"),
    [
        pytest.param("война", "у воина", "ru", id="a Cyrillic letter of its own"),
        pytest.param("Їх", "іх", "uk", id="a Ukrainian one"),
        pytest.param("ґрати", "грати", "uk", id="another Ukrainian one"),
        pytest.param("=Vedrić", "Minister Vedric", "en", id="an exact form with the mark"),
        pytest.param("=Vedric", "Minister Vedrić", "en", id="an exact form without it"),
        pytest.param("=Støre", "The Store", "en", id="an exact form that is another word without it"),
        pytest.param("Łódź", "Łomża", "pl", id="another name"),
        pytest.param("Michael", "Pan Michał", "pl", id="a usual pair of vowels"),
        pytest.param("Saarinen", "Sarinen", "fi", id="a doubled vowel within a word"),
        pytest.param("trustee", "a trust", "en", id="a French ending that is an English one"),
        pytest.param("refugee", "a refug", "en", id="no mark that another language would have there"),
        pytest.param("Wagnerites", "an opera by Wagner", "en", id="nor by its ending"),
        pytest.param("กา", "ก่า", "th", id="a Thai tone"),
    ],
)
def test_what_is_another_word_is_not_found(query: str, text: str, language: str) -> None:
    assert not matches(query, text, language=language)


_latin = st.text(st.sampled_from("aeiouynóéłśğıçøåüñãđț"), min_size=1, max_size=8)


@given(st.one_of(_latin, st.text(st.sampled_from("абвйўуёе"), min_size=1)), st.sampled_from([*LANGUAGES, ""]))
def test_a_query_with_marks_finds_what_is_written_without_them(word: str, language: str) -> None:
    assert matches(f'"{word}"', unmarked(word), language=language)


KNOWN_BY_MARKS = {"ca", "cs", "es", "fr", "hu", "it", "lt", "pl", "pt", "ro", "tr"}


@given(_latin, st.sampled_from(sorted({*LANGUAGES, ""} - KNOWN_BY_MARKS)))
def test_a_query_without_marks_finds_what_is_written_with_them(word: str, language: str) -> None:
    assert matches(f'"{unmarked(word)}"', word, language=language)


@given(st.text())
def test_what_has_no_marks_stays_as_it_is(text: str) -> None:
    assert unmarked(unmarked(text)) == unmarked(text)
