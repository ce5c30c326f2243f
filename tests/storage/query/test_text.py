"""The text analysis: which words are the same, and what becomes of characters. Pure."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from storage.query.languages import LANGUAGES, script, stem, writing
from storage.query.text import analyse, atoms
from storage.query.words import exact_forms, fold, is_ideographic, words
from tests.storage.query.questions import matches


@pytest.mark.parametrize(
    ("word", "text", "language"),
    [
        pytest.param("санкции", "пакет санкций", "ru", id="a Russian case"),
        pytest.param("САНКЦИЙ", "новые санкции", "ru", id="capitals"),
        pytest.param("sanction", "new sanctions", "en", id="an English plural"),
        pytest.param("ministry", "the ministry's note", "en", id="an English genitive"),
        pytest.param("ministry", "the ministry’s note", "en", id="a curly apostrophe"),
        pytest.param("նիստ", "նիստին", "hy", id="an Armenian case"),
        pytest.param("дагавор", "новы дагавор", "be", id="a Belarusian word as it is"),
        pytest.param("sanction", "слово sanctions в тексте", "ru", id="an English word in a Russian text"),
        pytest.param("санкции", "the word санкций here", "en", id="a Russian word in an English text"),
        pytest.param("санкции", "пакет санкций", "", id="a text of unknown language"),
        pytest.param("sanction", "new sanctions", "de", id="a language that is not enabled"),
        pytest.param("елка", "ёлка", "ru", id="е for ё"),
        pytest.param("ёлка", "елка", "ru", id="ё for е"),
        pytest.param("Алена", "прыехала Алёна", "be", id="е for ё without a stemmer"),
        pytest.param("ёлка", "е\u0308лка", "ru", id="ё of two characters"),
        pytest.param("Макей", "Маке\u0301й", "ru", id="a stress mark"),
        pytest.param("санкции", "санк\u00adции", "ru", id="a soft hyphen"),
        pytest.param("treaty", "\u202atre\u200baty\u202c", "en", id="zero-width and bidi characters"),
        pytest.param("treaty", "ｔｒｅａｔｙ", "en", id="full-width letters"),
        pytest.param("об'єднання", "обʼєднання", "", id="a modifier apostrophe"),
        pytest.param("Istanbul", "İstanbul", "en", id="a Turkish capital"),
        pytest.param("strasse", "Straße", "", id="sharp s"),
        pytest.param("2024", "№ 2024/15", "", id="a number"),
        pytest.param("हिन्दी", "यह हिन्दी है", "", id="letters with marks"),
        pytest.param("CSTO", "заседание СSTО", "ru", id="Cyrillic letters that look Latin"),
        pytest.param("СНГ", "саммит CНГ", "ru", id="a Latin letter that looks Cyrillic"),
        pytest.param("Макей", "министр В.Макей", "ru", id="an initial before a surname"),
        pytest.param("Ryzhenkov", "by M.Ryzhenkov", "en", id="a Latin initial before a surname"),
        pytest.param("Nagorno Karabakh", "in Nagorno-Karabakh", "en", id="a hyphen"),
        pytest.param("O'Neil", "said O`Neil", "en", id="a grave accent for an apostrophe"),
        pytest.param("Union", "la politique de l’Union", "fr", id="a French article"),
        pytest.param("Ucraina", "il sostegno all'Ucraina", "it", id="an Italian article"),
        pytest.param("NATO", "NATO'nun genel sekreteri", "tr", id="a Turkish ending"),
        pytest.param("dışişleri", "DIŞİŞLERİ BAKANI", "tr", id="Turkish capitals"),
        pytest.param("UNICEF", "UNICEF temsilcisi", "tr", id="an I in a Turkish text"),
        pytest.param("Sanktion", "neue Sanktionen", "de", id="a German plural"),
        pytest.param("accord", "les accords", "fr", id="a French plural"),
        pytest.param("sankcje", "pakiet sankcji", "pl", id="a Polish case"),
        pytest.param("sanctions", "the word sanctions", "pl", id="an English word in a Polish text"),
        pytest.param("عقوبة", "العقوبة", "ar", id="an Arabic article"),
        pytest.param("ایران", "إيران", "ar", id="Persian and Arabic letters"),
        pytest.param("تحریم", "تحريم‌ها", "fa", id="a Persian plural with Arabic letters"),
        pytest.param("محمد", "مُحَمَّد", "ar", id="Arabic vowel signs"),
        pytest.param("محمد", "محـــمد", "ar", id="an Arabic letter that is drawn out"),
        pytest.param("2024", "٢٠٢٤", "ar", id="Arabic digits"),
        pytest.param("联合国", "中国在联合国安理会的立场", "zh", id="Chinese without blanks"),
        pytest.param("国", "联合国", "zh", id="one Chinese character"),
        pytest.param("안보", "유엔 안보리", "ko", id="a part of a Korean word"),
        pytest.param("G7峰会", "在G7峰会上", "zh", id="Latin within Chinese"),
        pytest.param("санкције", "нове sankcije", "sr", id="both scripts of Serbian"),
    ],
)
def test_a_word_matches(word: str, text: str, language: str) -> None:
    assert matches(word, text, language=language)


@pytest.mark.parametrize(
    ("word", "text", "language"),
    [
        pytest.param("санкция", "санкт-петербург", "ru", id="a like beginning"),
        pytest.param("treaty", "treat", "en", id="another word"),
        pytest.param("CSTO", "CSTOs1", "en", id="a part of a word"),
        pytest.param("договора", "договоры", "be", id="a language without stems keeps the form"),
        pytest.param("army", "control of arms", "en", id="a stem of another kind of language"),
        pytest.param("Sicherheit", "er hat sich geirrt", "de", id="a stem too short to be believed"),
        pytest.param("联合国", "联合 国", "zh", id="Chinese words that a blank parts"),
        pytest.param("Рыженков", "IТ-отдел", "ru", id="mixed scripts that mean another word"),
    ],
)
def test_a_word_does_not_match(word: str, text: str, language: str) -> None:
    assert not matches(word, text, language=language)


def test_a_hyphen_parts_words_that_stand_side_by_side() -> None:
    assert words("CSTO-led co\u2010operation, В.Макей") == ["csto", "led", "co", "operation", "в", "макей"]


def test_an_underscore_parts_words() -> None:
    assert words("__a_b__") == ["a", "b"]


def test_no_control_character_becomes_a_term() -> None:
    text = analyse("a\x00b", "c\x1bd\x00\ud800e", "en")
    assert (text.title.terms, text.body.terms) == (("a", "b"), ("c", "d", "e"))


def test_there_are_no_stop_words() -> None:
    assert analyse("", "the и a", "").body.terms == ("the", "и", "a")


def test_an_endless_word_is_compared_by_its_beginning() -> None:
    assert [len(term) for term in analyse("", "я" * 100_000, "kk").body.terms] == [100]


_texts = st.text(st.one_of(st.characters(), st.sampled_from("aяё'’ʼ_-. \u00ad\u200b\u0301½ŉİ")))
_languages = st.sampled_from([*LANGUAGES, "", "de"])


@given(_texts, _languages)
@example("o'neil’s ½ _a_ ﷺ ㎏ ŉ", "en")
def test_an_index_that_splits_at_ascii_sees_the_same_terms(text: str, language: str) -> None:
    field = analyse("", text, language).body
    assert tuple(re.findall(r"[0-9a-z\u0080-\U0010ffff]+", field.indexed)) == field.terms


@given(_texts, _languages)
def test_every_term_has_its_place_in_the_original(text: str, language: str) -> None:
    field = analyse("", text, language).body
    assert len(field.spans) == len(field.terms)
    for term, (start, end) in zip(field.terms, field.spans, strict=True):
        assert term in analyse("", text[start:end], language).body.terms


@given(_texts)
def test_folding_what_is_folded_changes_nothing(text: str) -> None:
    folded = [word for word in words(text) if not is_ideographic(word)]
    assert words(" ".join(folded)) == folded


@given(st.one_of(_texts, st.text(st.sampled_from("aZ9éß_'")), st.text(st.sampled_from("абйЯёі'"))))
@example("Й" * 101)
def test_an_invisible_character_changes_no_word(text: str) -> None:
    assert fold(f"\u00ad{text}") == fold(text)
    assert exact_forms(f"\u00ad{text}") == exact_forms(text)


@given(_texts, _languages)
def test_a_text_contains_itself(text: str, language: str) -> None:
    terms = analyse("", text, language).body.terms
    assert not terms or any(True for atom in atoms(text) for _ in analyse("", text, language).body.occurrences(atom))


@given(st.sampled_from(["treaties", "договорами", "նիստին", "ҷамъ", "汉字", "2nd"]), _languages)
def test_a_stem_of_a_text_is_a_stem_of_some_enabled_language(word: str, language: str) -> None:
    assert stem(language, word) in {stem(enabled, word) for enabled in LANGUAGES}
    assert stem(language, word) in {stem(enabled, word) for enabled in writing(frozenset([script(word)]))}


_words = st.one_of(
    st.sampled_from(["Ministries", "IRAN", "İran", "isı", "Sicherheit", "o'neil", "2nd", "договорами", "НАТО'нун"]),
    st.sampled_from(["ҷамъ", "նիստին", "συμφωνία", "דיפלאָמאַטן", "العقوبات", "تحریم\u200cها", "ऊर्जाओं", "ஒப்பந்தங்கள்"]),
    st.text(st.sampled_from("aeilnsıIİ'ияоваьتيیکना"), min_size=1, max_size=8),
)


@given(st.lists(_words, max_size=3).map(" ".join))
def test_a_query_is_compared_by_what_its_words_are_in_texts_of_any_language(text: str) -> None:
    terms = {analyse("", text, language).body.terms for language in (*LANGUAGES, "")}
    assert set(atoms(text)) == terms - {()}
