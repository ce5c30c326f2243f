"""English names of countries and languages, as Unicode's CLDR has them."""

from __future__ import annotations

from functools import cache

_NO_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})
"""Codes of two letters that CLDR names besides."""


def load() -> None:
    """Load the names now: else the first message waits for them."""
    country_name("BY")
    language_name("en")


@cache
def country_name(code: str) -> str:
    """The country of an ISO 3166-1 code, or the code; where none is known it has no name."""
    from babel import Locale  # not before a message is written: the command line starts without it

    known = code.isalpha() and code.upper() not in _NO_COUNTRIES
    return str(Locale("en").territories.get(code.upper(), code)) if known else code


@cache
def language_name(code: str) -> str:
    """The language of an ISO 639-1 code, or the code."""
    from babel import Locale

    return str(Locale("en").languages.get(code.lower(), code))
