"""The languages of the interface: which one somebody gets, and their catalogues, which are read once, as they stand.

English is what stands in templates and in the rooms below. docs/pages.md says how a catalogue is kept.
"""

from __future__ import annotations

import gettext
import io
from collections.abc import Mapping
from functools import cache, partial
from importlib.resources import files
from types import MappingProxyType

from babel.dates import format_date
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from fastapi import Request

from presswatch.web.sentences import CONTEXT, Sentences
from presswatch.web.visitor import Visitor
from storage.types import Preferences

LANGUAGES: Mapping[str, str] = MappingProxyType({"en": "English", "ru": "Русский"})
"""By its code, what each calls itself."""
CHOICE = "interface"
"""What an address says where somebody who is not signed in chooses a language: `?interface=ru`."""
CATALOGUES = files("presswatch.web") / "translations"


def language_of(request: Request, visitor: Visitor | None, wishes: Preferences) -> str:
    """What somebody chose, in the settings or, not signed in, in the address; else what the browser asks for."""
    chosen = (wishes.language, "" if visitor else request.query_params.get(CHOICE, ""))
    found = next((code for code in reversed(chosen) if code in LANGUAGES), "")
    return found or _preferred(request.headers.get("Accept-Language", ""))


def _preferred(header: str) -> str:
    """The language of `Accept-Language` (RFC 9110, 12.5.4) that is wanted most of those that there are, or English."""
    wanted: dict[str, float] = {}
    for part in header.split(","):
        name, _, weight = part.partition(";q=")
        code = name.strip()[:2].lower()
        try:
            wanted[code] = max(wanted.get(code, 0.0), float(weight or 1))
        except ValueError:
            continue
    known = [code for code in wanted if code in LANGUAGES and wanted[code] > 0]
    return max(known, key=lambda code: wanted[code], default="en")


def addresses(request: Request) -> list[tuple[str, str, str]]:
    """Each language by its code, its name, and the address of the same page in it, for who is not signed in."""
    asked = request.url
    return [(code, name, f"?{asked.include_query_params(**{CHOICE: code}).query}") for code, name in LANGUAGES.items()]


def catalogue(language: str) -> Catalog:
    """The words of the interface in a language; none of English, which stands where they are used."""
    source = CATALOGUES / f"{language}.po"
    if not source.is_file():
        return Catalog(locale=language)
    with source.open("rb") as read:
        return read_po(read, locale=language)


@cache
def translations(language: str) -> gettext.GNUTranslations:
    """What templates say in a language."""
    compiled = io.BytesIO()
    write_mo(compiled, catalogue(language))
    return gettext.GNUTranslations(io.BytesIO(compiled.getvalue()))


@cache
def sentences(language: str) -> Sentences:
    """What the rooms below say in a language."""
    known = {str(each.id): str(each.string) for each in catalogue(language) if each.context == CONTEXT and each.string}
    return Sentences(known, partial(format_date, format="d MMM y", locale=language))
