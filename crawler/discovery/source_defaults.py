"""Whose a section is, and where: country, zone, organisation, languages, from what is known. Pure.

What the catalogue knows of the host goes first, then the address and what the page says of itself.
"""

from __future__ import annotations

import importlib.resources
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from urllib.parse import urlsplit

from crawler.reading.site_metadata import SiteMetadata
from storage.types import SourceSpec

_DOMAINS = {
    "uk": "GB",
    "gov": "US",
    "mil": "US",
    "eu": "EU",
    "su": "RU",
    "рф": "RU",
    "xn--p1ai": "RU",
    "xn--90ais": "BY",
}
_NO_COUNTRIES = frozenset({"tv", "io", "me", "co", "ai", "cc", "ws", "fm", "to", "ly"})
"""Country codes that are sold to anybody."""
_MONTH_FIRST = frozenset({"US", "AS", "FM", "GU", "MH", "MP", "PR", "PW", "VI"})
"""Where 3/4/2026 is in March (Unicode CLDR, the order of `yMd`); elsewhere it is in April."""
_ONE_COUNTRY = {
    "be": "BY", "kk": "KZ", "ky": "KG", "tg": "TJ", "hy": "AM", "uz": "UZ", "az": "AZ", "ka": "GE", "uk": "UA",
    "et": "EE", "lv": "LV", "lt": "LT", "pl": "PL", "ja": "JP", "ko": "KR", "he": "IL", "fi": "FI", "mn": "MN",
    "is": "IS", "hu": "HU", "bg": "BG", "sl": "SI", "th": "TH", "vi": "VN", "cs": "CZ", "sk": "SK",
}  # fmt: skip
"""Languages that one country's ministries write in."""


def neighbours(address: str, catalogue: Sequence[SourceSpec]) -> tuple[SourceSpec, ...]:
    """What the catalogue has of the same host, or of the domain above it."""
    host = _host(address)
    alike = [spec for spec in catalogue if _host(spec.address) == host]
    return tuple(alike or [spec for spec in catalogue if host.endswith(f".{_host(spec.address)}")])


def placed(
    spec: SourceSpec, about: SiteMetadata, known: Sequence[SourceSpec], catalogue: Sequence[SourceSpec]
) -> SourceSpec:
    """The source with what is empty in it proposed. `known` are its neighbours; a zone that is given stays."""
    first = known[0] if known else None
    languages = spec.languages or _languages(spec.address, about, known)
    country = spec.country or (first.country if first else "") or country_of(spec.address, languages)
    organisations = {one.organisation for one in known}
    spec = replace(
        spec,
        name=spec.name or about.title,
        organisation=spec.organisation or (organisations.pop() if len(organisations) == 1 else about.site),
        country=country,
        languages=languages,
        zone=spec.zone or (first.zone if first else "") or zone_of(country, catalogue),
    )
    if first is None:
        return replace(spec, day_first=spec.day_first and country not in _MONTH_FIRST)
    return replace(spec, day_first=first.day_first, delay=max(first.delay, spec.delay), transport=first.transport)


def _languages(address: str, about: SiteMetadata, known: Sequence[SourceSpec]) -> tuple[str, ...]:
    """The language that the address says, where its neighbours have it, else what the page says, else theirs."""
    of_host = tuple(dict.fromkeys(language for one in known for language in one.languages))
    said = [part for part in re.split(r"[/.=&?]", address.lower()) if part in of_host or part in ("en", "ru")]
    if said:
        return (said[-1],)
    if about.language:
        return (about.language,)
    return of_host if len(of_host) == 1 else ()


def country_of(address: str, languages: Sequence[str]) -> str:
    """The country of a domain, else the one whose ministries write so; empty for what is nobody's."""
    domain = _host(address).rpartition(".")[2]
    if domain in _DOMAINS:
        return _DOMAINS[domain]
    if len(domain) == 2 and domain.isalpha() and domain not in _NO_COUNTRIES and domain.upper() in _zones():
        return domain.upper()
    return _ONE_COUNTRY.get(languages[0], "") if len(languages) == 1 else ""


def zone_of(country: str, catalogue: Sequence[SourceSpec]) -> str:
    """The zone that the catalogue has for the country most, else the most populous one, else UTC."""
    of_country = Counter(spec.zone for spec in catalogue if country and spec.country == country)
    return of_country.most_common(1)[0][0] if of_country else _zones().get(country, "UTC")


@cache
def _zones() -> dict[str, str]:
    """Country -> its first zone in the time zone database, which puts the most populous ones first."""
    table = importlib.resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text("utf-8")
    rows = [line.split("\t") for line in table.splitlines() if line and not line.startswith("#")]
    return {row[0]: row[2] for row in reversed(rows)}


def key_for(address: str, known: Sequence[SourceSpec] = ()) -> str:
    """A key from an address: `https://www.mfa.gov.xy/en/press/news/` gives `mfa-gov-xy/en-press-news`.

    The organisation's part is that of its neighbours in the catalogue.
    """
    parts = urlsplit(address)
    host = re.sub(r"[^a-z0-9]+", "-", _host(address)).strip("-")
    whose = known[0].key.partition("/")[0] if known else f"{host}-{parts.port}" if parts.port else host
    path = re.sub(r"[^a-z0-9]+", "-", f"{parts.path} {parts.query}".lower()).strip("-")
    return f"{whose}/{path or 'news'}"[:120].rstrip("-")


def _host(address: str) -> str:
    return (urlsplit(address).hostname or "").removeprefix("www.")
