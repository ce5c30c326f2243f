"""The fields by which a person says what to look at, and whose a section is before it is watched. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from crawler.discovery.discover import Proposal
from presswatch.actions.proposals import NewSource, check_country, check_languages
from presswatch.actions.sources import check_key
from storage.errors import InvalidInputError
from storage.people.rhythms import zone_named
from storage.types import SourceSpec

Typed = Mapping[str, str]

ASKED = ("address", "entry", "date", "browser")
"""What is looked at, and how."""
WHOSE = ("name", "key", "organisation", "country", "zone", "languages")
"""What may be changed before it is watched."""


def typed(form: Mapping[str, object], names: tuple[str, ...]) -> dict[str, str]:
    """What stands in these fields."""
    return {name: str(form.get(name, "")).strip() for name in names}


def wanted(said: Typed) -> NewSource:
    """What is to be looked at."""
    return NewSource(said["address"], entry=said["entry"], date=said["date"], browser=said["browser"] == "yes")


def asked_of(looked: NewSource) -> dict[str, str]:
    """What was looked at, as the fields say it."""
    browser = "yes" if looked.browser else ""
    return {"address": looked.address, "entry": looked.entry, "date": looked.date, "browser": browser}


def whose_of(spec: SourceSpec) -> dict[str, str]:
    """A section as the fields say it."""
    return {name: str(getattr(spec, name)) for name in WHOSE} | {"languages": ", ".join(spec.languages)}


def mistakes(said: Typed) -> dict[str, InvalidInputError]:
    """What is wrong with what was said of a section, by the field."""
    checks: Mapping[str, Callable[[str], object]] = {
        "name": _some,
        "key": _key,
        "country": check_country,
        "zone": zone_named,
        "languages": lambda words: check_languages(_languages(words)),
    }
    found = {}
    for name, check in checks.items():
        try:
            check(said[name])
        except InvalidInputError as error:
            found[name] = error
    return found


def described(proposal: Proposal, said: Typed) -> Proposal:
    """The proposal as a person described it, without mistakes."""
    spec = replace(
        proposal.spec,
        name=said["name"],
        key=said["key"],
        organisation=said["organisation"],
        country=said["country"],
        zone=zone_named(said["zone"]),
        languages=_languages(said["languages"]),
    )
    return replace(proposal, spec=spec)


def _languages(words: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words.replace(",", " ").split()))


def _some(name: str) -> None:
    if not name:
        raise InvalidInputError("a section needs a name", mend="give it one, such as Belarus MFA: news")


def _key(key: str) -> None:
    if not key:
        raise InvalidInputError("a section needs a key", mend="write it like mfa-xy/news")
    check_key(key)
