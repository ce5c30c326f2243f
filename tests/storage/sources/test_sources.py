from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, select, update

from storage import tables
from storage.database import Database
from storage.errors import InvalidInputError, NotFoundError
from storage.leases import SOURCE_LEASE
from storage.opening import open_database
from storage.sources import sightings, sources
from storage.sources.polls import claim_due, end_polls, forget_polls, open_owners, release_interrupted, renew
from storage.tables import polls
from storage.types import FORGOTTEN, ArticleSelectors, ListingSelectors, Reason, Shape, Validators
from tests.storage.examples import HOUR, MINUTE, NOW, draft, entry, poll_result, polling, spec, store, watched


def claim(database: Database, owner: str = "host/1/a", now: datetime = NOW, limit: int = 10) -> list[str]:
    """Claim what is due and return the keys."""
    return [poll.source.key for poll in database.write(claim_due, owner, now, limit=limit)]


# -- the list -----------------------------------------------------------------------------------------------------


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


# -- claims -------------------------------------------------------------------------------------------------------


def test_a_claimed_source_is_nobody_elses(database: Database) -> None:
    watched(database)
    assert claim(database, "host/1/a") == ["mfa-xy/news"]
    assert claim(database, "host/2/b") == []
    assert database.write(claim_due, "host/2/b", NOW, limit=1, keys=["mfa-xy/news"]) == ()


def test_processes_that_claim_at_once_share_the_sources_out(database: Database, tmp_path: Path) -> None:
    keys = [watched(database, f"mfa-xy/{number}").key for number in range(40)]

    def work(owner: str) -> list[str]:
        mine: list[str] = []
        with open_database(tmp_path) as own:
            while claimed := claim(own, owner, limit=3):
                mine += claimed
        return mine

    with ThreadPoolExecutor(8) as pool:
        shares = list(pool.map(work, [f"host/{number}/x" for number in range(8)]))
    assert sorted(key for share in shares for key in share) == sorted(keys)


def test_the_longest_waiting_source_is_claimed_first(database: Database) -> None:
    for key, minutes in (("a", 3), ("b", 1), ("c", 2)):
        source = watched(database, key)
        poll = polling(database, source)
        database.write(end_polls, [replace(poll_result(poll), next_poll_at=NOW + minutes * MINUTE)])
    assert [claim(database, now=NOW + HOUR, limit=1) for _ in range(4)] == [["b"], ["c"], ["a"], []]


def test_only_enabled_sources_that_are_due_are_claimed(database: Database) -> None:
    watched(database, "due")
    watched(database, "off")
    database.write(sources.set_enabled, "off", False, NOW)
    assert claim(database, now=NOW - MINUTE) == []
    assert claim(database) == ["due"]
    [poll] = database.write(claim_due, "host/1/a", NOW, limit=1, keys=["off"])
    assert poll.source.key == "off"


def test_a_source_that_is_switched_on_again_is_due_at_once(database: Database) -> None:
    database.write(end_polls, [poll_result(polling(database, watched(database)))])
    for enabled in (False, True):
        database.write(sources.set_enabled, "mfa-xy/news", enabled, NOW)
    assert claim(database) == ["mfa-xy/news"]


def test_a_claim_that_is_not_renewed_ends_by_itself(database: Database) -> None:
    watched(database)
    claim(database, "host/1/a")
    assert claim(database, "host/2/b", NOW + SOURCE_LEASE) == []
    assert claim(database, "host/2/b", NOW + SOURCE_LEASE + MINUTE) == ["mfa-xy/news"]


def test_a_claim_that_is_renewed_holds(database: Database) -> None:
    held, let_go = watched(database, "held"), watched(database, "let-go")
    claim(database, "host/1/a")
    database.write(renew, "host/1/a", [held.id], NOW + SOURCE_LEASE)
    database.write(renew, "host/2/b", [let_go.id], NOW + SOURCE_LEASE)
    assert claim(database, "host/2/b", NOW + SOURCE_LEASE + MINUTE) == ["let-go"]


def test_the_polls_of_a_dead_process_are_taken_up_at_once(database: Database) -> None:
    watched(database, "a")
    watched(database, "b")
    mine = claim(database, "host/1/dead", limit=1)
    others = claim(database, "host/2/alive", limit=1)
    assert set(database.read(open_owners)) == {"host/1/dead", "host/2/alive"}
    assert database.write(release_interrupted, ["host/1/dead"], NOW) == 1
    assert database.read(open_owners) == ("host/2/alive",)
    assert claim(database, "host/3/new") == mine != others
    assert database.write(release_interrupted, [], NOW) == 0


def test_a_poll_knows_whether_articles_of_earlier_polls_wait(database: Database) -> None:
    source = watched(database)
    assert not polling(database, source).pending
    database.write(sightings.record_entries, source, [entry(1)], silent=False, now=NOW)
    database.write(release_interrupted, ["host/1/a"], NOW)
    assert polling(database, source).pending


# -- what polls leave ---------------------------------------------------------------------------------------------


def test_a_poll_that_ends_leaves_its_validators_and_frees_the_source(database: Database) -> None:
    poll = polling(database, watched(database))
    shown = Validators('"a"', "yesterday", "00ff")
    database.write(end_polls, [poll_result(poll, validators=shown, baseline_at=NOW, entries=3)])
    source = database.read(sources.get, "mfa-xy/news")
    assert source.validators == shown
    assert (source.baseline_at, source.last_poll_at, source.next_poll_at) == (NOW, NOW, NOW + 5 * MINUTE)
    assert database.read(open_owners) == ()
    assert claim(database) == []
    assert claim(database, now=NOW + 5 * MINUTE) == ["mfa-xy/news"]


def test_many_polls_end_together(database: Database) -> None:
    polls = [polling(database, watched(database, f"mfa-xy/{number}")) for number in range(3)]
    database.write(end_polls, [poll_result(poll, validators=Validators(poll.source.key)) for poll in polls])
    assert {source.key: source.validators.etag for source in database.read(sources.every)} == {
        f"mfa-xy/{number}": f"mfa-xy/{number}" for number in range(3)
    }
    database.write(end_polls, [])


def test_the_baseline_is_set_once(database: Database) -> None:
    source = watched(database)
    for at in (NOW, NOW + HOUR):
        poll = polling(database, source, now=at)
        database.write(end_polls, [poll_result(poll, at=at, baseline_at=at)])
    assert database.read(sources.get, source.key).baseline_at == NOW


def test_faults_in_a_row_are_counted_and_the_first_one_dated(database: Database) -> None:
    source = watched(database)
    for hours, reason in enumerate((Reason.BLOCKED, Reason.BLOCKED, Reason.TIMEOUT), start=1):
        at = NOW + hours * HOUR
        poll = polling(database, source, now=at)
        database.write(end_polls, [poll_result(poll, reason, at=at, detail="what happened")])
        source = database.read(sources.get, source.key)
        assert (source.reason, source.failures, source.detail) == (reason, hours, "what happened")
        assert source.reason_since == NOW + (1 if reason is Reason.BLOCKED else 3) * HOUR
    at = NOW + 4 * HOUR
    database.write(end_polls, [poll_result(polling(database, source, now=at), Reason.UNCHANGED, at=at)])
    source = database.read(sources.get, source.key)
    assert (source.reason, source.failures, source.reason_since) == (Reason.OK, 0, at)


def test_old_polls_that_found_nothing_are_forgotten(database: Database) -> None:
    source = watched(database)
    for hours in range(4):
        poll = polling(database, source, now=NOW + hours * HOUR)
        if hours == 1:
            store(database, draft(source, poll=poll))
        database.write(end_polls, [poll_result(poll, at=NOW + hours * HOUR)])
    polling(database, source, now=NOW + 4 * HOUR)
    assert database.write(forget_polls, NOW + 3 * HOUR) == 2
    left = database.read(lambda connection: connection.execute(select(polls.c.id)).scalars().all())
    assert list(left) == [2, 4, 5], "the one that found something, the young one, and the one under way"


def test_a_source_described_anew_is_fetched_whole(database: Database) -> None:
    before = watched(database)
    database.write(end_polls, [poll_result(polling(database, before), validators=Validators('"1"'), baseline_at=NOW)])
    after = database.write(
        sources.change, replace(before.spec, name="The news", enabled=False), alert_first=False, now=NOW + HOUR
    )
    assert (after.id, after.spec.name, after.enabled) == (before.id, "The news", False)
    assert (after.validators, after.baseline_at) == (FORGOTTEN, NOW)


def test_a_source_at_another_address_begins_with_a_silent_poll(database: Database) -> None:
    before = watched(database)
    database.write(end_polls, [poll_result(polling(database, before), baseline_at=NOW)])
    spec = replace(before.spec, address="https://mfa.example/elsewhere/")
    after = database.write(sources.change, spec, alert_first=False, now=NOW)
    assert after.id != before.id
    assert (after.spec, after.baseline_at) == (spec, None)
    assert [source.id for source in database.read(sources.every)] == [after.id]
