"""Names of countries and languages."""

from __future__ import annotations

import subprocess
import sys

import pytest
from babel import Locale

from notify.messages.locale_names import _NO_COUNTRIES, country_name, language_name


def test_the_names_are_those_of_cldr() -> None:
    english = Locale("en")
    countries = {str(code): name for code, name in english.territories.items() if len(str(code)) == 2}
    for code in _NO_COUNTRIES:
        del countries[code]
    assert len(countries) > 250
    for code, name in countries.items():
        assert name == country_name(code) == country_name(code.lower())
    for code, name in ((str(code), name) for code, name in english.languages.items() if len(str(code)) == 2):
        assert name == language_name(code) == language_name(code.upper())
    assert (country_name("by"), country_name("ZZ"), country_name("")) == ("Belarus", "ZZ", "")
    assert (language_name("kk"), language_name("xx")) == ("Kazakh", "xx")
    assert country_name("BA") == "Bosnia & Herzegovina"


@pytest.mark.parametrize("code", ["EU", "UN", "001", "150"])
def test_what_is_no_country_has_no_name_of_one(code: str) -> None:
    assert country_name(code) == code


def test_the_names_are_loaded_when_the_first_is_asked_for() -> None:
    script = "import sys, notify.messages.compose; sys.exit('babel' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script]).returncode == 0
