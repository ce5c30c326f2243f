"""The text analysis: which words are the same, and what becomes of characters. Pure."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from storage.query.atoms import atoms
from storage.query.endings import remarked
from storage.query.languages import LANGUAGES, script, stem, writing
from storage.query.marks import unmarked
from storage.query.readings import readings
from storage.query.text import analyse
from storage.query.unspaced import is_unspaced
from storage.query.words import exact_forms, fold, words
from tests.storage.query.questions import ask, matches


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
        pytest.param("อาเซียน", "การประชุมอาเซียนครั้งที่ห้า", "th", id="a Thai word within a sentence"),
        pytest.param("น้ำ", "รัฐบาลแก้ปัญหาน้ำท่วม", "th", id="a Thai letter of two characters"),
        pytest.param('"รัฐมนตรี"', "รัฐมนตรีต่างประเทศ", "", id="Thai in quotes, of unknown language"),
        pytest.param("ອາຊຽນ", "ກອງປະຊຸມອາຊຽນຄັ້ງທີ", "lo", id="Lao"),
        pytest.param("អាស៊ាន", "កិច្ចប្រជុំអាស៊ានលើកទី", "km", id="Khmer"),
        pytest.param("မြန်မာ", "ပြည်ထောင်စုသမ္မတမြန်မာနိုင်ငံတော်", "my", id="Burmese"),
        pytest.param("ASEAN", "ประชุมASEANครั้งที่5", "th", id="Latin within Thai"),
        pytest.param("อาเซียน*", "การประชุมอาเซียนครั้งที่ห้า", "th", id="the beginning of a Thai word"),
        pytest.param("C-300", "комплекс С-300 поставлен", "ru", id="a designation in the other alphabet"),
        pytest.param("С-400", "an S-400 or C-400 system", "en", id="a Cyrillic one in an English text"),
        pytest.param("Т72", "модернизированный T72M1 и T72", "ru", id="one without a hyphen"),
        pytest.param("9М729", "the 9M729 missile", "en", id="a letter between numbers"),
        pytest.param("K-19", "подводная лодка К-19", "ru", id="a submarine"),
        pytest.param("А-50", "samolot A-50", "pl", id="one in a Polish text"),
        pytest.param("M4", "трасса М4", "ru", id="a road"),
        pytest.param("Ka-52", "вертолёт Ка-52", "ru", id="two letters that look alike"),
        pytest.param("ТУ-154", "самолёт TY-154", "ru", id="two in capitals"),
        pytest.param("MиГ-29", "истребитель МиГ-29", "ru", id="a Latin letter among Cyrillic ones"),
        pytest.param("X съезд", "Х съезд партии", "ru", id="a Roman number"),
        pytest.param("l'Ukraine", "Le ministre est en Ukraine", "fr", id="a French article in the query"),
        pytest.param("dell'Ucraina", "Il ministro in Ucraina", "it", id="an Italian article in the query"),
        pytest.param("L’OTAN", "au siège de l'OTAN", "fr", id="an article in capitals"),
        pytest.param("d'Arménie", "en Arménie", "fr", id="a French preposition"),
        pytest.param("l'Aràbia", "a Aràbia", "ca", id="a Catalan article"),
        pytest.param('"ministre de l\'Intérieur"', "le ministre de l’Intérieur", "fr", id="an article in a phrase"),
        pytest.param("degl'Italiani", "gli Italiani", "it", id="a joined Italian article"),
        pytest.param("qu'Israël", "avec Israël", "fr", id="a French conjunction"),
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
        pytest.param("อาเซียน", "การประชุมสุดยอด", "th", id="another Thai word"),
        pytest.param("เขา", "เข้าประชุม", "th", id="a Thai word with another sign"),
        pytest.param("ประชุม", "ประ ชุม", "th", id="Thai that a blank parts"),
        pytest.param("กัน", "กินข้าว", "th", id="a Thai word with another vowel"),
        pytest.param("Б-52", "бомбардировщик B-52", "ru", id="a letter of one alphabet only"),
        pytest.param("С-300", "комплекс С-400", "ru", id="another number"),
        pytest.param("СНГ", "the Latin CHP", "en", id="a word of one alphabet only"),
        pytest.param("мор", "a mop", "en", id="a longer word that looks alike without a number"),
        pytest.param("aujourd'hui", "hui", "fr", id="what only looks like an article"),
        pytest.param("l'Union", "La réunion", "fr", id="another word behind the article"),
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
    folded = [word for word in words(text) if not is_unspaced(word)]
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
    assert set(atoms(text)) >= terms - {()}


@given(_words)
def test_a_word_is_compared_by_nothing_but_what_it_is_in_some_language_with_marks_or_without(word: str) -> None:
    assume(len({unicodedata.name(letter).split()[0] for letter in word if letter.isalpha()}) < 2)
    read = readings(word)
    bare = {unmarked(each) for reading in read for each in words(reading)}
    spelled = {*read, *bare, *(marked for each in bare for _, marked in remarked(each))}
    terms = {analyse("", each, language).body.terms for each in spelled for language in (*LANGUAGES, "")}
    assert set(atoms(word)) <= terms


@pytest.mark.parametrize(
    ("word", "text"),
    [
        pytest.param("联合国", "他在联合国大会上发言", id="Chinese"),
        pytest.param("อาเซียน", "การประชุมอาเซียนครั้งที่ห้า", id="Thai"),
        pytest.param("น้ำท่วม", "รัฐบาลแก้ปัญหาน้ำท่วมใหญ่", id="a Thai letter of two characters"),
        pytest.param("មន្ត្រី", "កិច្ចប្រជុំមន្ត្រីជាន់ខ្ពស់", id="Khmer"),
        pytest.param("Vedric", "Minister Vedrić arrived", id="a mark"),
        pytest.param("l'Ukraine", "en Ukraine hier", id="an article that is not there"),
    ],
)
def test_a_hit_is_the_word_and_nothing_beside_it(word: str, text: str) -> None:
    [hit] = ask(word, text).hits
    assert unmarked(text[hit.start : hit.end].lower()) == unmarked(word.lower().removeprefix("l'"))
