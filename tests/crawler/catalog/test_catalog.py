"""The catalogue: every file of it, and what is said of a wrong one. Touches files."""

from __future__ import annotations

import importlib.resources
import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.localedata import locale_identifiers

from crawler.catalog import CatalogueError, catalogue, find, find_pack, packs, read_folder
from crawler.page.document import select, tree
from storage.errors import NotFoundError
from storage.identity import canonical, identity_key
from storage.types import Shape, SourceSpec
from tests.crawler.catalog.files import GOOD, wrong_files


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


def whole(spec: SourceSpec) -> bool:
    """Whether an entry stands once, in its usual spelling, with all that a desk wants to know of it."""
    if spec.country in ZONES:
        is_placed = spec.zone in ZONES[spec.country]
    else:
        is_placed = spec.country == "EU" or (not spec.country and "international" in spec.packs)
    return (
        KEYS[identity_key(spec.address)] == spec.key
        and spec.address == canonical(spec.address)
        and (spec.address.startswith("https://") or "http only" in spec.note.lower())
        and bool(spec.organisation and spec.name and spec.languages)
        and set(spec.languages) <= LANGUAGES
        and 2014 <= spec.fact_year <= 2026
        and is_placed
    )


def test_each_entry_is_whole() -> None:
    assert [spec.key for spec in catalogue() if not whole(spec)] == []


def test_each_entry_s_selectors_are_css() -> None:
    root = tree("<p>a</p>")
    for spec in catalogue():
        own, article = spec.listing, spec.article
        for selector in (own.entry, own.link, own.title, own.date):
            select(root, selector)
        for selector in (article.title, article.date, article.content, article.stop, article.drop):
            select(root, selector)


def test_an_entry_that_is_a_site_s_home_page_says_so() -> None:
    homes = [spec for spec in catalogue() if re.fullmatch(r"https?://[^/]+/", spec.address)]
    assert [spec.key for spec in homes if "listing path" not in spec.note.lower()] == []
    assert len(homes) <= 30


def test_what_is_said_to_refuse_programs_is_in_no_pack_by_itself() -> None:
    refusing = [spec for spec in catalogue() if spec.evidence and re.search("403|challenge|refuses", spec.note)]
    assert refusing
    added = [spec for spec in refusing if set(spec.packs) & {"europe", "asia", "africa", "americas", "oceania"}]
    assert [spec.key for spec in added] == []


def test_the_catalogue_has_the_bodies_that_a_desk_asks_for_first() -> None:
    assert len(catalogue()) >= 500
    assert len({spec.organisation for spec in catalogue()}) >= 300
    assert len({spec.country or spec.organisation for spec in catalogue()}) >= 90
    assert len([spec for spec in catalogue() if spec.evidence]) >= 480
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


def test_a_section_that_is_read_without_tls_says_why() -> None:
    plain = [spec for spec in catalogue() if spec.address.startswith("http:")]
    assert plain
    assert [spec.key for spec in plain if not (spec.transport.plain_http and spec.transport.why)] == []
    assert [spec.key for spec in catalogue() if spec.transport.plain_http and spec not in plain] == []
