"""Arabic words in their forms, and what of their letters is typing only. Pure."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.query import arabic
from storage.query.words import words
from tests.storage.query.questions import matches


@pytest.mark.parametrize(
    ("query", "text"),
    [
        pytest.param("السعودية", "المملكة العربية السعوديه", id="heh for teh marbuta"),
        pytest.param("السعوديه", "المملكة العربية السعودية", id="teh marbuta for heh"),
        pytest.param("سورية", "وزارة الخارجية السوريه", id="without the article"),
        pytest.param("سوريا", "الجمهورية العربية السورية", id="another ending of a country"),
        pytest.param("الخارجية", "وزارة الخارجيه", id="a ministry"),
        pytest.param("حكومه", "حكومة لبنان", id="a government"),
        pytest.param("القاهرة", "في القاهره", id="a capital"),
        pytest.param("مذكرة", "مذكره تفاهم", id="a memorandum"),
        pytest.param("حكومة", "الحكومات العربية", id="a plural in -at"),
        pytest.param("عقوبات", "فرض عقوبة", id="a singular"),
        pytest.param("اتفاقية", "توقيع اتفاقيات", id="a plural of -iya"),
        pytest.param("مفاوضات", "بالمفاوضات", id="a preposition and the article"),
        pytest.param("عقوبات", "والعقوبات", id="a conjunction and the article"),
        pytest.param("عقوبات", "للعقوبات", id="the article after li-"),
        pytest.param("عقوبات", "وبالعقوبات", id="a conjunction, a preposition and the article"),
        pytest.param("سياسة", "سياساتها", id="a pronoun"),
        pytest.param("حكومة", "حكومتها", id="a pronoun on a feminine word"),
        pytest.param("وزير", "الوزراء", id="a broken plural"),
        pytest.param("وزير", "وزرائها", id="a broken plural with a pronoun"),
        pytest.param("وزراء", "اجتماع الوزير", id="the singular of a broken plural"),
        pytest.param("رئيس", "رؤساء الدول", id="presidents"),
        pytest.param("دولة", "الدول الأعضاء", id="states"),
        pytest.param("سفير", "السفراء", id="ambassadors"),
        pytest.param("قانون", "القوانين", id="laws"),
        pytest.param("حق", "حقوق الإنسان", id="rights"),
        pytest.param("حرب", "الحروب", id="wars"),
        pytest.param("لاجئ", "اللاجئين", id="refugees"),
        pytest.param("أزمة", "الأزمات", id="crises"),
        pytest.param("صاروخ", "صواريخ", id="missiles"),
        pytest.param("قرار", "القرارات", id="decisions"),
        pytest.param("قمة", "القمم العربية", id="a short word"),
        pytest.param("بلد", "بين البلدين", id="a dual"),
        pytest.param("روسيا", "وروسيا", id="a conjunction on a name"),
        pytest.param("إيران", "وإيران", id="a conjunction on a name that seems a dual"),
        pytest.param("مصر", "بمصر", id="a preposition on a short name"),
        pytest.param("روسيا", "الروسية", id="an adjective of a country"),
        pytest.param("دبلوماسي", "الدبلوماسيون", id="a plural in -un"),
        pytest.param("إسرائيل", "اسراييل", id="hamza forms"),
        pytest.param("أمريكا", "امريكا", id="an alif without its hamza"),
        pytest.param("على", "علي", id="a last ya without its dots"),
        pytest.param("پاکستان", "باكستان", id="Persian letters in an Arabic text"),
        pytest.param("ڤيينا", "فيينا", id="a letter for foreign names"),
        pytest.param("ﻣﺤﻤﺪ", "محمد", id="presentation forms"),
        pytest.param("هيئة", "ھيئۃ", id="Urdu letters"),
        pytest.param("مكتبة", "مڪتبة", id="a swash kaf"),
    ],
)
def test_a_word_is_found_in_a_form(query: str, text: str) -> None:
    assert matches(query, text, language="ar")


@pytest.mark.parametrize(
    ("query", "text"),
    [
        pytest.param("كتاب", "كاتب", id="another word of the root"),
        pytest.param("دولة", "دولار", id="a like beginning"),
        pytest.param("لبنان", "لبن", id="a name that seems a dual"),
        pytest.param("الصين", "مصنع", id="a short name"),
        pytest.param("باريس", "اريس", id="a letter that is no preposition"),
        pytest.param("والد", "الد", id="a letter that is no conjunction"),
        pytest.param("ولاية", "ولا", id="a stem that is another word"),
        pytest.param("وزير", "زير", id="a first letter that is no conjunction"),
        pytest.param("تعاون", "تعال", id="an ending that belongs to the word"),
    ],
)
def test_another_word_is_not_found(query: str, text: str) -> None:
    assert not matches(query, text, language="ar")


def test_a_persian_word_keeps_its_letters() -> None:
    assert not matches("پارس", "بارس", language="fa")


_letters = st.text(st.sampled_from("ابتوليهرنسمةأيئ"), min_size=1, max_size=9)


@given(_letters)
def test_a_word_always_has_a_stem(word: str) -> None:
    assert arabic.stem(words(word)[0])


@given(st.sampled_from([singular for line in arabic._BROKEN.split(";") for singular in line.split()]))
def test_the_words_of_the_table_are_found_with_the_article_too(word: str) -> None:
    assert matches(word, f"ال{word}", language="ar")
