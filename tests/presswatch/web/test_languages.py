"""The interface in English and in Russian: nothing is left untranslated, and each reader gets his own."""

from __future__ import annotations

import re
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from presswatch.web.desk import Desk
from presswatch.web.languages import LANGUAGES, catalogue, sentences, translations
from presswatch.web.sentences import CONTEXT, Sentences
from tests.presswatch.web.visiting import PASSPHRASE, Person
from tests.translations import CATALOGUES, forms_of

# -- the catalogue ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", CATALOGUES)
def test_a_translation_has_the_values_of_what_it_translates(code: str) -> None:
    for message in catalogue(code):
        wanted = _values_of(message.id[-1] if message.pluralizable else str(message.id), message.context)
        for form in forms_of(message) if message.id else ():
            assert _values_of(form, message.context) == wanted, message.id


def _values_of(text: str, context: str | None) -> set[str]:
    if context == CONTEXT:
        return {field for _, field, _, _ in Formatter().parse(text) if field is not None}
    return set(re.findall(r"%\(\w+\)\w", text))


def test_russian_has_three_plural_forms() -> None:
    said_of = [translations("ru").ngettext("%(count)s statement", "%(count)s statements", n) for n in (1, 2, 5, 11, 21)]
    assert [each.split()[1] for each in said_of] == [
        "публикация",
        "публикации",
        "публикаций",
        "публикаций",
        "публикация",
    ]
    counted = [each for each in catalogue("ru") if each.pluralizable]
    assert len(counted) > 40
    assert {len(forms_of(each)) for each in counted} == {3}


# -- sentences of the rooms below ------------------------------------------------------------------------------------


TWO = Sentences(
    {
        "there is no topic {0}": "нет темы {0}",
        "{0}see all of them": "{0:said}посмотреть все",
        "did you mean {0}? ": "может быть, {0}? ",
        "{0} answered 200 with {1}": "{0} ответил 200, но это {1:said}",
        "an error": "ошибка",
        "{0}, and not {1}": "не {1}, а {0}",
        "nothing since {0}": "ничего с {0:day}",
    },
    lambda day: f"{day:%d.%m.%Y}",
)


@pytest.mark.parametrize(
    ("english", "russian"),
    [
        ("there is no topic 'Bridges'", "нет темы 'Bridges'"),
        ("there is no topic 'Bridges': did you mean Bridge? see all of them",
         "нет темы 'Bridges': может быть, Bridge? посмотреть все"),
        ("see all of them", "посмотреть все"),
        ("https://x.example answered 200 with an error.", "https://x.example ответил 200, но это ошибка."),
        ("an error; there is no topic 'an error'", "ошибка; нет темы 'an error'"),
        ("this, and not that", "не that, а this"),
        ("nothing since 9 Nov 2026", "ничего с 09.11.2026"),
        ("nothing since 31 Feb 2026", "ничего с 31 Feb 2026"),
        ("nothing since whenever", "ничего с whenever"),
        ("whatever nobody translated", "whatever nobody translated"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_sentence_is_known_by_its_words_and_keeps_its_values(english: str, russian: str) -> None:
    assert TWO.said(english) == russian


def test_no_sentence_has_two_values_side_by_side() -> None:
    """Nobody could tell which is which: the first would be empty, and the second no sentence that is known."""
    assert [str(each.id) for each in catalogue("ru") if each.context == CONTEXT and "}{" in str(each.id)] == []


def test_days_in_what_a_source_says_are_the_readers() -> None:
    silent = "nothing new since 9 Nov 2026, and its longest gap before was 6 days"
    assert sentences("ru").said(silent) == "ничего нового с 9 нояб. 2026, а раньше самый долгий перерыв был 6 дн."


@given(st.text(), st.text())
def test_whatever_the_values_are_they_are_in_the_translation(one: str, other: str) -> None:
    if not {": ", "; "} & {one[at : at + 2] + other[at : at + 2] for at in range(len(one + other))}:
        told = TWO.said(f"there is no topic {one}")
        assert told.startswith("нет темы ")
        assert one.rstrip(".") in told


# -- whose language --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("ru", "ru"),
        ("ru-RU,ru;q=0.9,en;q=0.8", "ru"),
        ("en;q=0.1, RU;q=0.7", "ru"),
        ("be,ru;q=0", "en"),
        ("de, en;q=x, *", "en"),
    ],
)
async def test_who_is_not_signed_in_gets_what_the_browser_asks_for(
    stranger: Person, header: str, language: str
) -> None:
    await stranger.visit("/sign-in", **{"Accept-Language": header})
    assert stranger.tree.get("lang") == language
    assert stranger.tree.find(".//h1").text == {"en": "Sign in", "ru": "Войти"}[language]


async def test_the_page_where_one_signs_in_has_a_switch(stranger: Person) -> None:
    await stranger.visit("/sign-in?next=/topics")
    [other] = stranger.tree.xpath("//header//a[@hreflang]")
    assert (other.text, other.get("lang")) == (LANGUAGES["ru"], "ru")
    await stranger.visit(f"/sign-in{other.get('href')}")
    assert stranger.tree.get("lang") == "ru"
    assert stranger.tree.xpath("//input[@name='next']/@value") == ["/topics"]
    await stranger.send("/sign-in?interface=ru", name="nobody", passphrase=PASSPHRASE)
    assert "Имя или пароль неверны." in stranger.text


async def test_a_language_that_is_chosen_where_one_signs_in_stays(desk: Desk, owner: Person) -> None:
    elsewhere = Person(desk)
    await elsewhere.visit("/sign-in?interface=ru")
    await elsewhere.send("/sign-in?interface=ru", name="owner", passphrase=PASSPHRASE)
    assert elsewhere.tree.get("lang") == "ru"
    await owner.visit("/", **{"Accept-Language": "en"})
    assert owner.tree.get("lang") == "ru"
