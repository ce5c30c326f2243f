"""The catalogue: every file of it, and what is said of a wrong one. Touches files."""

from __future__ import annotations

import importlib.resources
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from babel.localedata import locale_identifiers

from crawler.catalog import FOLDER, CatalogueError, catalogue, find, find_pack, packs, read_folder, schema
from crawler.page.document import select, tree
from storage.errors import NotFoundError
from storage.identity import canonical, identity_key
from storage.types import Shape, SourceSpec

GOOD = """
[organisation]
name = "Ministry"
country = "BY"
zone = "Europe/Minsk"
delay = 5
packs = ["north", "rivers"]

[organisation.article]
title = "h1"
date = "span.date"

[[source]]
key = "ministry/news"
name = "News"
address = "https://ministry.example/news/"
languages = ["en", "ru"]
[source.article]
date = "time"

[[source]]
key = "ministry/feed"
name = "Feed"
address = "https://ministry.example/feed/"
shape = "feed"
delay = 1.5
packs = ["rivers", "feeds"]
"""


def test_the_first_system_is_in_the_catalogue() -> None:
    english, russian = find("mfa-by/news-en"), find("mfa-by/news-ru")
    assert english.address == "https://mfa.gov.by/en/press/news_mfa/"
    assert russian.address == "https://mfa.gov.by/press/news_mfa/"
    assert (english.organisation, english.country, english.zone, english.languages, english.delay) == (
        "Ministry of Foreign Affairs of Belarus",
        "BY",
        "Europe/Minsk",
        ("en",),
        5,
    )


def zones_of_countries() -> dict[str, set[str]]:
    """Country code -> its time zones, as the time zone database has them."""
    table = importlib.resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8")
    zones: dict[str, set[str]] = {}
    for line in table.splitlines():
        if not line.startswith("#"):
            country, _, zone, *_ = line.split("\t")
            zones.setdefault(country, set()).add(zone)
    return zones


ZONES = zones_of_countries()
LANGUAGES = {locale.partition("_")[0] for locale in locale_identifiers()}
KEYS = {identity_key(spec.address): spec.key for spec in catalogue()}

every_source = pytest.mark.parametrize("spec", catalogue(), ids=lambda spec: spec.key)


@every_source
def test_an_entry_is_whole(spec: SourceSpec) -> None:
    assert KEYS[identity_key(spec.address)] == spec.key, "its address stands twice"
    assert spec.address == canonical(spec.address)
    assert spec.address.startswith("https://") or "http only" in spec.note.lower()
    assert spec.organisation and spec.name and spec.languages
    assert set(spec.languages) <= LANGUAGES
    assert 2017 <= spec.fact_year <= 2026
    if spec.country in ZONES:
        assert spec.zone in ZONES[spec.country]
    else:
        assert spec.country == "EU" or (not spec.country and "international" in spec.packs)


@every_source
def test_an_entry_s_selectors_are_css(spec: SourceSpec) -> None:
    root = tree("<p>a</p>")
    own, article = spec.listing, spec.article
    for selector in (own.entry, own.link, own.title, own.date):
        select(root, selector)
    for selector in (article.title, article.date, article.content, article.stop, article.drop):
        select(root, selector)


@every_source
def test_an_entry_that_is_a_site_s_home_page_says_so(spec: SourceSpec) -> None:
    home = re.fullmatch(r"https?://[^/]+/", spec.address)
    assert not home or "listing path" in spec.note.lower()


def test_the_catalogue_has_the_bodies_that_a_desk_asks_for_first() -> None:
    assert len(catalogue()) >= 120
    assert len({spec.organisation for spec in catalogue()}) >= 60
    countries = {spec.country for spec in catalogue()}
    assert countries >= {"AM", "BY", "KZ", "KG", "RU", "TJ", "UA", "EE", "LV", "LT", "PL", "DE", "FR", "GB", "US"}
    assert countries >= {"EU", "CN", "JP", "TR", "AZ", "GE", "UZ"}
    organisations = {spec.key.partition("/")[0] for spec in catalogue() if not spec.country}
    assert organisations >= {"csto", "cis", "eaeu", "sco", "nato", "osce", "un"}
    for country in ("am", "by", "kz", "kg", "ru", "tj"):
        bodies = {spec.key.partition("/")[0] for spec in catalogue() if spec.country == country.upper()}
        assert bodies >= {f"mfa-{country}", f"mod-{country}", f"president-{country}"}


def test_a_first_start_asks_one_ministry_alone() -> None:
    assert {spec.key for spec in catalogue() if spec.enabled} == {"mfa-by/news-en", "mfa-by/news-ru"}


def test_nobody_is_said_to_have_seen_a_section_live() -> None:
    assert not [spec.key for spec in catalogue() if spec.verified]


def test_a_pack_has_the_sources_that_name_it() -> None:
    assert {"csto", "cis", "eaeu", "sco", "eu", "un", "nato"} <= set(packs())
    assert {spec.country for spec in find_pack("csto")} == {"", "AM", "BY", "KZ", "KG", "RU", "TJ"}
    assert {spec.country for spec in find_pack("baltic")} == {"EE", "LV", "LT"}
    with pytest.raises(NotFoundError) as unknown:
        find_pack("atlantis")
    assert "csto" in unknown.value.mend


def test_a_source_whose_host_is_not_established_is_in_no_pack() -> None:
    unsure = [spec for spec in catalogue() if "neither the host" in spec.note.lower()]
    assert len(unsure) >= 1
    assert [spec.key for spec in unsure if spec.packs] == []


def test_what_the_organisation_says_holds_for_its_sources_unless_they_say_otherwise(tmp_path: Path) -> None:
    (tmp_path / "ministry.toml").write_text(GOOD, "utf-8")
    news, feed = read_folder(tmp_path)
    assert (news.organisation, news.languages, news.delay) == ("Ministry", ("en", "ru"), 5)
    assert (news.article.title, news.article.date) == ("h1", "time")
    assert (feed.shape, feed.delay, feed.article.date) == (Shape.FEED, 1.5, "span.date")
    assert (news.packs, feed.packs) == (("north", "rivers"), ("north", "rivers", "feeds"))


WRONG = [
    ('key = "ministry/news"', 'key = "News of the ministry"', "key"),
    ('key = "ministry/news"', "", "key"),
    ('address = "https://ministry.example/news/"', 'address = "ftp://ministry.example/"', "address"),
    ('zone = "Europe/Minsk"', 'zone = "Europe/Atlantis"', "zone"),
    ('zone = "Europe/Minsk"', 'zone = "../../etc"', "zone"),
    ('country = "BY"', 'country = "Belarus"', "country"),
    ('languages = ["en", "ru"]', 'languages = "en"', "languages"),
    ('shape = "feed"', 'shape = "rss"', "shape"),
    ("delay = 1.5", 'delay = "slow"', "delay"),
    ("delay = 1.5", "delai = 1.5", "delai"),
    ("delay = 1.5", "enabled = 1", "enabled"),
    ("delay = 1.5", "interval = 1", "interval"),
    ('date = "time"', "date = 5", "date"),
    ('date = "time"', 'day = "time"', "day"),
    ("[source.article]", "[source.articles]", "articles"),
    ('key = "ministry/feed"', 'key = "ministry/news"', "key"),
    ("delay = 1.5", "delay = 3601", "delay"),
    ("delay = 1.5", "fact_year = 1999", "fact_year"),
    ("delay = 1.5", 'day_first = "yes"', "day_first"),
    ("delay = 1.5", 'note = " "', "note"),
    ('packs = ["rivers", "feeds"]', 'packs = ["Rivers"]', "packs"),
    ('packs = ["rivers", "feeds"]', "packs = []", "packs"),
    ('packs = ["north", "rivers"]', "packs = 5", "packs"),
]
"""A line of `GOOD`, what stands there instead, and the field that is wrong then."""

BEYOND_A_SCHEMA = {'zone = "Europe/Atlantis"', 'key = "ministry/news"'}
"""What only the loader sees: a zone that does not exist, a key that stands twice."""

wrong_files = pytest.mark.parametrize(("good", "wrong", "field"), WRONG)


@wrong_files
def test_a_wrong_file_is_refused_with_its_name_and_the_field(tmp_path: Path, good: str, wrong: str, field: str) -> None:
    assert good in GOOD
    (tmp_path / "ministry.toml").write_text(GOOD.replace(good, wrong), "utf-8")
    with pytest.raises(CatalogueError) as caught:
        read_folder(tmp_path)
    assert str(caught.value).startswith("ministry.toml: ")
    assert f" {field}: " in str(caught.value)


@pytest.mark.parametrize("content", ["[organisation", "[[source]", "", "[organisation]\nname = 'x'", "[other]\n"])
def test_a_file_that_is_none_of_the_catalogue_is_refused_with_its_name(tmp_path: Path, content: str) -> None:
    (tmp_path / "other.toml").write_text(content, "utf-8")
    with pytest.raises(CatalogueError, match=r"^other\.toml: "):
        read_folder(tmp_path)


def test_an_unknown_key_brings_the_nearest_one() -> None:
    with pytest.raises(NotFoundError) as caught:
        find("mfa-by/news-eng")
    assert "mfa-by/news-en" in caught.value.mend


def test_reading_the_catalogue_needs_no_library() -> None:
    heavy = "lxml", "trafilatura", "jdatetime", "feedparser", "scrapy", "sqlalchemy", "numpy"
    program = f"import sys, crawler.catalog as c; c.catalogue(); print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# -- the schema ------------------------------------------------------------------------------------------------------


Rule = dict[str, Any]
_KINDS: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
}
_LIMITS: dict[str, tuple[Callable[[Any, Any], bool], str]] = {
    "enum": (lambda value, wanted: value in wanted, "not one of {}"),
    "pattern": (lambda value, wanted: re.search(wanted, value) is not None, "not {}"),
    "minimum": (lambda value, wanted: value >= wanted, "less than {}"),
    "maximum": (lambda value, wanted: value <= wanted, "more than {}"),
    "minItems": (lambda value, wanted: len(value) >= wanted, "too short"),
    "minProperties": (lambda value, wanted: len(value) >= wanted, "too short"),
}
_TOLD = {"$schema", "$defs", "title", "description", "examples", "type"}


def complaints(value: Any, rule: Rule, place: str = "file", named: Rule | None = None) -> list[str]:
    """What a JSON Schema says against a value, by the keywords that ours uses; another keyword is a `KeyError`.

    `named` are the rules that `$ref` names.
    """
    named = rule.get("$defs", {}) if named is None else named
    if "type" in rule and not _is_a(value, rule["type"]):
        return [f"{place}: not a {rule['type']}"]
    found: list[str] = []
    for keyword in (keyword for keyword in rule if keyword not in _TOLD):
        if keyword in _LIMITS:
            is_within, words = _LIMITS[keyword]
            found += [f"{place}: {words.format(rule[keyword])}"] * (not is_within(value, rule[keyword]))
        elif keyword == "required":
            found += [f"{place}: {name} is missing" for name in rule[keyword] if name not in value]
        elif (keyword, rule[keyword]) == ("additionalProperties", False):
            found += [f"{place}: {name} is unknown" for name in value.keys() - rule["properties"].keys()]
        else:
            for part, its_rule, its_place in _parts(value, keyword, rule[keyword], place, named):
                found += complaints(part, its_rule, its_place, named)
    return found


def _is_a(value: Any, kind: str) -> bool:
    return isinstance(value, _KINDS[kind]) and (kind == "boolean" or not isinstance(value, bool))


def _parts(value: Any, keyword: str, wanted: Any, place: str, named: Rule) -> list[tuple[Any, Rule, str]]:
    """What a keyword speaks of: values, the rule of each, and where each stands."""
    match keyword:
        case "$ref":
            return [(value, named[wanted.removeprefix("#/$defs/")], place)]
        case "items":
            return [(item, wanted, f"{place}[{number}]") for number, item in enumerate(value)]
        case "properties":
            return [(value[name], wanted[name], f"{place}.{name}") for name in value.keys() & wanted.keys()]
        case "additionalProperties":
            return [(item, wanted, f"{place}.{name}") for name, item in value.items()]
    raise KeyError(keyword)


def test_the_schema_s_file_is_what_the_loader_s_fields_give() -> None:
    assert schema.FILE.read_text(encoding="utf-8") == schema.written(), "run: python -m crawler.catalog.schema"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_a_file_of_the_catalogue_keeps_to_the_schema_and_names_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith("#:schema ./schema.json\n")
    assert complaints(tomllib.loads(text), json.loads(schema.FILE.read_text(encoding="utf-8"))) == []


@wrong_files
def test_the_schema_refuses_what_the_loader_refuses(good: str, wrong: str, field: str) -> None:
    rules = schema.schema()
    assert complaints(tomllib.loads(GOOD), rules) == []
    said = complaints(tomllib.loads(GOOD.replace(good, wrong)), rules)
    assert [line for line in said if field in line] or wrong in BEYOND_A_SCHEMA


def test_a_section_that_is_read_without_tls_says_why() -> None:
    plain = [spec for spec in catalogue() if spec.address.startswith("http:")]
    assert plain
    assert [spec.key for spec in plain if not (spec.transport.plain_http and spec.transport.why)] == []
    assert [spec.key for spec in catalogue() if spec.transport.plain_http and spec not in plain] == []
