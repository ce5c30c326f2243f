"""The list of sources: the catalogue's and a person's own ones, switched on and off."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Connection, select, update

from storage import tables
from storage.database import Database
from storage.errors import InvalidInputError, NotFoundError
from storage.sources import sightings, sources
from storage.types import ArticleSelectors, ListingSelectors, Reason, Shape
from tests.storage.examples import HOUR, NOW, draft, entry, spec, store, watched
from tests.storage.sources.claiming import claim


def test_a_source_is_kept_with_all_that_was_said_of_it(database: Database) -> None:
    whole = spec(
        organisation="Ministry of Bridges", country="XY", languages=("en", "ru"), zone="Europe/Minsk", day_first=False,
        shape=Shape.HTML, listing=ListingSelectors("tr", "a", "b", "i"), article=ArticleSelectors("h1", "i", "div"),
        interval=60, delay=5.0, verified=True, fact_year=2024, packs=("bridges", "rivers"),
        note="a note",
    )  # fmt: skip
    database.write(sources.add, whole, alert_first=True, now=NOW)
    source = database.read(sources.get, whole.key)
    assert (source.spec, source.origin, source.enabled, source.alert_first) == (whole, "user", True, True)
    assert (source.reason, source.failures, source.next_poll_at) == (Reason.OK, 0, NOW)


def test_an_unknown_source_is_told_with_the_nearest_one(database: Database) -> None:
    watched(database)
    with pytest.raises(NotFoundError, match="mfa-xy/nwes") as unknown:
        database.read(sources.get, "mfa-xy/nwes")
    assert "did you mean mfa-xy/news?" in unknown.value.mend


def test_a_section_is_not_watched_twice(database: Database) -> None:
    watched(database)
    for again in (spec(address="https://other.example/"), spec("other", address="http://MFA.example/mfa-xy/news")):
        with pytest.raises(InvalidInputError, match="mfa-xy/news"):
            database.write(sources.add, again, alert_first=False, now=NOW)


def test_removing_a_source_frees_its_name(database: Database) -> None:
    first = watched(database)
    database.write(sightings.record_entries, first, [entry(1)], silent=False, now=NOW)
    database.write(sources.remove, first.key, NOW)
    assert database.read(sources.every) == ()
    assert claim(database) == []
    assert database.read(sightings.pending, first.id, NOW) == ()
    second = watched(database)
    assert second.id != first.id
    assert claim(database) == [second.key]


def test_a_source_of_the_catalogue_is_switched_off_and_not_removed(database: Database) -> None:
    database.write(sources.sync_catalogue, [spec()], NOW)
    with pytest.raises(InvalidInputError) as refused:
        database.write(sources.remove, "mfa-xy/news", NOW)
    assert "sources disable mfa-xy/news" in refused.value.mend


def test_the_catalogue_rules_its_sources_but_a_person_switches_them(database: Database) -> None:
    database.write(sources.sync_catalogue, [spec(), spec("mfa-xy/old", enabled=False)], NOW)
    database.write(sources.set_enabled, "mfa-xy/news", False, NOW)
    database.write(sources.set_enabled, "mfa-xy/old", True, NOW)
    database.write(sources.sync_catalogue, [spec(interval=60), spec("mfa-xy/old", enabled=False, note="x")], NOW)
    assert database.read(sources.get, "mfa-xy/news").spec.interval == 60
    assert not database.read(sources.get, "mfa-xy/news").enabled
    assert database.read(sources.get, "mfa-xy/old").enabled


def test_the_catalogue_leaves_a_persons_own_source_alone(database: Database) -> None:
    mine = watched(database)
    database.write(sources.sync_catalogue, [spec(interval=60)], NOW)
    assert database.read(sources.get, mine.key) == mine


def test_a_catalogue_that_is_stored_already_is_not_written_again(database: Database) -> None:
    specs = [spec(f"mfa-xy/{number}", packs=("xy",)) for number in range(200)]
    assert database.read(sources.catalogue_differs, specs)
    database.write(sources.sync_catalogue, specs, NOW)
    assert not database.read(sources.catalogue_differs, specs)
    assert {source.key: source.spec for source in database.read(sources.every)} == {one.key: one for one in specs}
    specs[7] = replace(specs[7], note="its list has moved")
    assert database.read(sources.catalogue_differs, specs)
    database.write(sources.sync_catalogue, specs, NOW)
    assert not database.read(sources.catalogue_differs, specs)
    assert database.read(sources.get, "mfa-xy/7").spec.note == "its list has moved"


def test_a_person_s_own_source_of_a_catalogue_s_key_is_no_difference(database: Database) -> None:
    watched(database)
    assert not database.read(sources.catalogue_differs, [spec(interval=60)])


def test_a_source_stored_before_there_were_packs_gets_them(database: Database) -> None:
    database.write(sources.sync_catalogue, [spec()], NOW)
    with_packs = [spec(packs=("xy",))]

    def forget_packs(connection: Connection) -> None:
        stored = dict(connection.scalars(select(tables.sources.c.spec)).one())
        del stored["packs"]
        connection.execute(update(tables.sources).values(spec=stored))

    database.write(forget_packs)
    assert database.read(sources.get, "mfa-xy/news").spec.packs == ()
    database.write(sources.sync_catalogue, with_packs, NOW)
    assert database.read(sources.get, "mfa-xy/news").spec.packs == ("xy",)


def test_many_sources_are_switched_at_once_and_those_switched_on_are_due(database: Database) -> None:
    specs = [spec(f"mfa-xy/{number}", enabled=number == 0) for number in range(3)]
    database.write(sources.sync_catalogue, specs, NOW)
    keys = ["mfa-xy/0", "mfa-xy/1", "mfa-xy/unknown"]
    assert database.write(sources.set_many_enabled, keys, True, NOW + HOUR) == 1
    stored = {source.key: source for source in database.read(sources.every)}
    assert {key: source.enabled for key, source in stored.items()} == {
        "mfa-xy/0": True,
        "mfa-xy/1": True,
        "mfa-xy/2": False,
    }
    assert (stored["mfa-xy/0"].next_poll_at, stored["mfa-xy/1"].next_poll_at) == (NOW, NOW + HOUR)
    assert database.write(sources.set_many_enabled, keys, False, NOW) == 2


def test_a_section_that_is_known_and_off_is_told_with_how_to_enable_it(database: Database) -> None:
    database.write(sources.sync_catalogue, [spec(enabled=False)], NOW)
    with pytest.raises(InvalidInputError) as refused:
        database.write(sources.add, spec("other", address=spec().address), alert_first=False, now=NOW)
    assert "sources enable mfa-xy/news" in refused.value.mend


def test_items_are_counted_by_the_source_that_showed_them_first(database: Database) -> None:
    first, second = watched(database), watched(database, "mfa-xy/speeches")
    store(database, draft(first, 1), draft(first, 2), draft(second, 2), draft(second, 3))
    assert database.read(sources.counts) == {first.id: 2, second.id: 1}
