"""The catalogue: every file of it, and what is said of a wrong one. Touches files."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from crawler.catalog import CatalogueError, catalogue, find, read_folder
from crawler.pages import select, tree
from storage.errors import NotFoundError
from storage.identity import identity_key
from storage.types import Shape, SourceSpec

GOOD = """
[organisation]
name = "Ministry"
country = "BY"
zone = "Europe/Minsk"
delay = 5

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


@pytest.mark.parametrize("spec", catalogue(), ids=lambda spec: spec.key)
def test_every_source_has_a_section_of_its_own_and_selectors_that_are_css(spec: SourceSpec) -> None:
    others = {identity_key(other.address) for other in catalogue() if other is not spec}
    assert identity_key(spec.address) not in others
    assert spec.organisation and spec.country and spec.languages
    assert spec.verified or spec.fact_year
    root = tree("<p>a</p>")
    own, article = spec.listing, spec.article
    for selector in (own.entry, own.link, own.title, own.date):
        select(root, selector)
    for selector in (article.title, article.date, article.content, article.stop, article.drop):
        select(root, selector)


def test_what_the_organisation_says_holds_for_its_sources_unless_they_say_otherwise(tmp_path: Path) -> None:
    (tmp_path / "ministry.toml").write_text(GOOD, "utf-8")
    news, feed = read_folder(tmp_path)
    assert (news.organisation, news.languages, news.delay) == ("Ministry", ("en", "ru"), 5)
    assert (news.article.title, news.article.date) == ("h1", "time")
    assert (feed.shape, feed.delay, feed.article.date) == (Shape.FEED, 1.5, "span.date")


@pytest.mark.parametrize(
    ("good", "wrong", "field"),
    [
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
    ],
)
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
    heavy = "lxml", "trafilatura", "dateparser", "feedparser", "scrapy", "sqlalchemy", "numpy"
    program = f"import sys, crawler.catalog as c; c.catalogue(); print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
