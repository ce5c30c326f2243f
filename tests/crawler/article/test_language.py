"""The language of a text that its source does not name. The words are our own."""

from __future__ import annotations

import pytest

from crawler.article.language import detect_language

TEXTS = {
    "no": "Regjeringen la i dag fram et forslag om endringer i havneloven, og statsråden vil møte kommunene på mandag.",
    "sw": "Waziri wa mambo ya nje amekutana na balozi wa nchi jirani kujadili ushirikiano wa bandari na biashara.",
    "zu": "UNgqongqoshe wezangaphandle uhlangane namanxusa amazwe angomakhelwane ukuze baxoxe ngamachweba.",
    "da": "Regeringen fremlagde i dag et forslag om ændringer i havneloven, og ministeren mødes med kommunerne mandag.",
    "nl": "De minister sprak vandaag met de havens over de nieuwe wet en over de kosten van het vervoer van graan.",
    "ro": "Ministrul a discutat astăzi cu porturile despre noua lege și despre costurile transportului de cereale.",
}


@pytest.mark.parametrize("languages", [(), ("en",), ("en", "fr")])
@pytest.mark.parametrize("declared", [*TEXTS, "nb", "nob", "swa", "zul"])
def test_a_page_that_declares_a_language_of_its_own_has_it(declared: str, languages: tuple[str, ...]) -> None:
    language = {"nb": "no", "nob": "no", "swa": "sw", "zul": "zu"}.get(declared, declared)
    assert detect_language(TEXTS[language], languages, declared) == language


def test_a_language_that_nobody_knows_here_is_what_the_page_declares() -> None:
    text = (
        "Mutungamiriri wenyika akasangana nevamiriri venyika dzakavakidzana nezuro kuti vakurukure nezvekutengeserana."
    )
    assert detect_language(text, ("en",), "nde") == "nde"


@pytest.mark.parametrize("declared", ["nde", "xx", "no", ""])
def test_an_english_text_is_english_whatever_its_page_declares(declared: str) -> None:
    text = (
        "The minister met the harbour boards today to discuss the new law and the costs of carrying grain on the river."
    )
    assert detect_language(text, ("en",), declared) == "en"
