"""What is exported and brought in elsewhere is the same."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from crawler.catalog import catalogue
from presswatch.loop import run
from presswatch.watchlist.exporting import exported
from presswatch.watchlist.file_format import Form
from presswatch.watchlist.from_database import known, worth_writing
from presswatch.watchlist.importing import import_watchlist
from presswatch.watchlist.model import WantedSource, WantedSwitch, WantedTopic, Watchlist
from presswatch.watchlist.toml_reader import read
from presswatch.watchlist.toml_writer import HEAD, written
from storage.database import Database
from storage.opening import open_database
from storage.people import topics
from storage.types import SOLE_OWNER, ListingSelectors, SourceSpec
from tests.crawler.catalog.rows import rows, source_of
from tests.presswatch.watchlist import examples
from tests.presswatch.watchlist.examples import desk, watchlists
from tests.storage.examples import NOW

CATALOGUE_KEYS = frozenset(spec.key for spec in catalogue())


@pytest.fixture(scope="module")
def new_desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("desk")
    with open_database(folder) as database:
        desk(database)
    return folder


@contextmanager
def another(new_desk: Path) -> Iterator[Database]:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(new_desk, folder, dirs_exist_ok=True)
        with open_database(Path(folder)) as database:
            yield database


@given(watchlists())
def test_what_is_written_is_read_as_it_was(wanted: Watchlist) -> None:
    reading = read(written(wanted).encode(), CATALOGUE_KEYS)
    assert reading.mistakes == ()
    assert reading.watchlist == wanted


@pytest.mark.slow
@settings(max_examples=20)
@given(watchlists())
def test_a_desk_moves_with_all_it_watches(new_desk: Path, wanted: Watchlist) -> None:
    with another(new_desk) as here, another(new_desk) as there:
        run(import_watchlist(here, SOLE_OWNER, written(wanted).encode(), Form.TOML, examples.settings()))
        file = run(exported(here, SOLE_OWNER, Form.TOML)).text.encode()
        run(import_watchlist(there, SOLE_OWNER, file, Form.TOML, examples.settings()))
        assert there.read(known, SOLE_OWNER) == here.read(known, SOLE_OWNER)
        assert run(exported(there, SOLE_OWNER, Form.TOML)).text.encode() == file
        assert run(import_watchlist(there, SOLE_OWNER, file, Form.TOML, examples.settings(), prune=True)) == ()
        named = {each.identity for each in wanted.sources or ()}
        kept = [each for each in here.read(known, SOLE_OWNER).sources or () if each.identity in named]
        assert replace(here.read(known, SOLE_OWNER), sources=tuple(kept)) == wanted


@given(rows())
def test_every_field_of_a_source_goes_through_a_file(row: dict[str, Any]) -> None:
    wanted = Watchlist(sources=(WantedSource(source_of(row | {"key": "own/news"})),))
    reading = read(written(wanted).encode(), CATALOGUE_KEYS)
    assert (reading.mistakes, reading.watchlist) == ((), wanted)


def test_the_order_in_which_things_were_made_does_not_show(new_desk: Path) -> None:
    with another(new_desk) as here, another(new_desk) as there:
        for name in ("Bridges", "тоннели", "Alps"):
            here.write(topics.add, SOLE_OWNER, here.packs, name, "bridge", NOW)
        for name in ("Alps", "тоннели", "Bridges"):
            there.write(topics.add, SOLE_OWNER, there.packs, name, "bridge", NOW)
        assert run(exported(here, SOLE_OWNER, Form.TOML)) == run(exported(there, SOLE_OWNER, Form.TOML))


def test_a_catalogue_s_source_is_written_where_it_is_polled_or_was_switched_off() -> None:
    polled, other = (next(spec for spec in catalogue() if spec.enabled is enabled) for enabled in (True, False))
    switches = [WantedSwitch(key, on) for key in (polled.key, other.key) for on in (True, False)]
    kept = worth_writing(Watchlist(sources=tuple(switches)), catalogue()).sources
    assert kept == (WantedSwitch(polled.key, True), WantedSwitch(polled.key, False), WantedSwitch(other.key, True))


def test_a_file_is_laid_out_for_people_and_for_comparisons() -> None:
    spec = SourceSpec("own/news", "News", "https://a.example/", listing=ListingSelectors(entry="li"), interval=600)
    wanted = Watchlist((WantedTopic("Alps", '"the alps" OR alpine'), WantedTopic("x", "y")), (), (WantedSource(spec),))
    assert (
        written(wanted)
        == f"""# {HEAD}

subscription = []

[[topic]]
name = "Alps"
query = '"the alps" OR alpine'

[[topic]]
name = "x"
query = "y"

[[source]]
key = "own/news"
name = "News"
address = "https://a.example/"
interval = 600
enabled = true

[source.listing]
entry = "li"
"""
    )
