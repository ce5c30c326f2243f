"""English names of countries and languages. Data in `locale_names.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


def country_name(code: str) -> str:
    """The country of an ISO 3166-1 code, or the code; an organisation of many countries has none."""
    return _names()["countries"].get(code.upper(), code) if code else "International"


def language_name(code: str) -> str:
    """The language of an ISO 639-1 code, or the code."""
    return _names()["languages"].get(code.lower(), code)


@cache
def _names() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(files("notify.messages").joinpath("locale_names.toml").read_text(encoding="utf-8"))
