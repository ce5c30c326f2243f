"""A saved page with other words reads as the page did; and the files of a new source. Touches files."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from crawler.catalog import read_file
from crawler.discovery.fixture_text import reworded
from crawler.listing import read_listing
from presswatch.actions.new_source import FILL_IN, entry_of, make
from storage.errors import InvalidInputError
from storage.types import Page, SourceSpec
from tests.crawler import pages
from tests.crawler.catalog.rows import rows, source_of

SECTION = "https://mfa.example/en/press/news/"
ROWS = "".join(
    f'<div class="tabs__item"><span class="date">{day} October 2026</span>'
    f'<a href="/en/press/news/ministers-discuss-river-crossing-{day}.html">Ministers discuss the crossing no. {day}</a>'
    "</div>"
    for day in range(12, 2, -1)
)
LIST = (
    '<html><head><title>News</title><script>var secret = "words";</script></head><body><!-- words --><h1>News</h1>'
    f"{ROWS}"
    '<ul class="pagination"><li><a href="?page=2">Next</a></li></ul></body></html>'
)
SPEC = SourceSpec("mfa-xy/news-en", "News", SECTION, languages=("en",), zone="Europe/Minsk", country="XY")
PAGE = Page(SECTION, LIST.encode())


def test_the_same_rows_dates_and_next_page_are_read_from_other_words() -> None:
    before, after = (read_listing(page, SPEC) for page in (PAGE, Page(SECTION, reworded(PAGE))))
    assert len(after.entries) == 10 and after.reader == before.reader
    assert [entry.published.day for entry in after.entries] == [entry.published.day for entry in before.entries]
    assert after.next_page == before.next_page != ""
    for one, other in zip(before.entries, after.entries, strict=True):
        assert len(one.title) == len(other.title) and len(one.address) == len(other.address)
        assert {"ministers", "discuss", "crossing"}.isdisjoint(f"{other.title} {other.address}".lower().split())


def test_no_word_of_the_page_is_left_nor_what_nobody_sees_and_it_is_always_the_same() -> None:
    text = reworded(PAGE).decode()
    assert reworded(PAGE) == text.encode()
    for word in ("Ministers", "crossing", "secret", "words"):
        assert word not in text
    assert "12 October 2026" in text and 'class="tabs__item"' in text


def test_a_page_keeps_its_encoding_and_its_script() -> None:
    page = pages.page(pages.frame("ru", pages.RUSSIAN_TITLE, f"<h1>{pages.RUSSIAN_TITLE}</h1>"))
    text = reworded(page).decode("windows-1251")
    assert pages.RUSSIAN_TITLE not in text
    assert any("а" <= char <= "я" for char in text)


def test_json_and_feeds_keep_their_fields() -> None:
    answer = b'[{"title": "The ministers met", "url": "/en/the-ministers-met-again", "date": "2026-10-02"}]'
    text = reworded(Page(SECTION, answer)).decode()
    assert '"date": "2026-10-02"' in text and "ministers" not in text and '"title": "' in text


def test_a_new_source_is_an_entry_a_page_and_a_test_that_fails_until_it_is_filled_in(tmp_path: Path) -> None:
    made = make(SPEC, PAGE, 10, tmp_path, 2026)
    (spec,) = read_file(made.catalogue)
    assert (spec.key, spec.address, spec.languages, spec.zone, spec.enabled, spec.verified) == (
        SPEC.key, SECTION, ("en",), "Europe/Minsk", False, False,
    )  # fmt: skip
    assert tomllib.loads(made.catalogue.read_text("utf-8"))["source"][0]["fact_year"] == 2026
    test = made.test.read_text("utf-8").replace(
        "from crawler.catalog import find", FIND.format(folder=made.catalogue.parent)
    )
    assert FILL_IN in test
    made.test.write_text(test, "utf-8")
    failed = subprocess.run([sys.executable, "-c", RUN, made.test], capture_output=True, text=True, check=False)
    assert "AssertionError" in failed.stderr
    first = read_listing(Page(SECTION, made.page.read_bytes()), SPEC).entries[0]
    expected = repr((first.title, "2026-10-12", first.address))
    filled = test.replace(f'ENTRIES: Any = "{FILL_IN}"', "ENTRIES: Any = 10")
    filled = filled.replace(f'("{FILL_IN}", "{FILL_IN}", "{FILL_IN}")', expected)
    made.test.write_text(filled, "utf-8")
    assert subprocess.run([sys.executable, "-c", RUN, made.test], check=False).returncode == 0


@given(rows())
def test_the_entry_of_a_new_source_says_all_that_is_known_of_it(row: dict[str, Any]) -> None:
    spec = source_of(row)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "ministry.toml")
        file.write_text(f"[organisation]\n{entry_of(spec, 2026)}", "utf-8")
        assert read_file(file) == (replace(spec, fact_year=2026, enabled=True),)


FIND = """from crawler.catalog import read_folder


def find(key):
    return next(spec for spec in read_folder(Path("{folder}")) if spec.key == key)

"""
RUN = """
import runpy, sys
names = runpy.run_path(sys.argv[1])
[value() for name, value in names.items() if name.startswith("test_")]
"""


def test_what_is_there_already_is_not_written_over(tmp_path: Path) -> None:
    make(SPEC, PAGE, 10, tmp_path, 2026)
    with pytest.raises(InvalidInputError, match="already"):
        make(SPEC, PAGE, 10, tmp_path, 2026)
