from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from storage.database import Database
from storage.items import items, revisits
from storage.opening import open_database
from storage.sources import sightings
from storage.types import Entry, Reason, Sighting, Source
from tests.patience import PATIENCE
from tests.storage.examples import HOUR, NOW, draft, entry, store, watched


@pytest.fixture
def source(database: Database) -> Source:
    return watched(database)


def seen(database: Database, source: Source, *entries: Entry, silent: bool = False) -> int:
    return database.write(sightings.record_entries, source, entries, silent=silent, now=NOW)


def pending(database: Database, source: Source) -> list[Sighting]:
    return list(database.read(sightings.pending, source.id, NOW))


def test_every_unknown_entry_is_to_be_fetched(database: Database, source: Source) -> None:
    assert seen(database, source, entry(1, "One"), entry(2, "Two")) == 2
    first, second = sorted(pending(database, source), key=lambda sighting: sighting.address)
    assert (first.address, first.title, first.item_id) == ("https://mfa.example/news/1", "One", None)
    assert second.title == "Two"


def test_the_oldest_entry_of_a_listing_is_fetched_first(database: Database, source: Source) -> None:
    """A listing shows the newest on top."""
    seen(database, source, entry(3), entry(2), entry(1))
    assert [sighting.title for sighting in pending(database, source)] == ["Statement 1", "Statement 2", "Statement 3"]


def test_an_entry_that_was_seen_before_is_not_fetched_again(database: Database, source: Source) -> None:
    seen(database, source, entry(1), entry(2))
    assert seen(database, source, entry(3), entry(1), entry(2)) == 1
    assert len(pending(database, source)) == 3


def test_spellings_of_one_address_are_one_entry(database: Database, source: Source) -> None:
    http = entry(address="http://MFA.example/news/1/?utm_source=feed#top")
    https = entry(address="https://mfa.example/news/1")
    assert seen(database, source, http, https) == 1
    assert seen(database, source, https) == 0
    assert [sighting.address for sighting in pending(database, source)] == ["http://mfa.example/news/1/"]


def test_an_entry_known_from_another_section_is_linked_and_not_fetched(database: Database, source: Source) -> None:
    other = watched(database, "mfa-xy/speeches")
    seen(database, source, entry(1))
    [sighting] = pending(database, source)
    [stored] = store(database, draft(source, 1, sighting_id=sighting.id))
    assert seen(database, other, entry(1)) == 0
    assert pending(database, other) == []
    assert database.read(items.sections, stored.item_id) == (source.key, other.key)


def test_two_sections_that_show_a_new_statement_at_once_have_one_item(database: Database, source: Source) -> None:
    other = watched(database, "mfa-xy/speeches")
    for section in (source, other):
        seen(database, section, entry(1))
    drafts = [draft(where, 1, sighting_id=pending(database, where)[0].id) for where in (source, other)]
    first, again = store(database, *drafts)
    assert first.item_id == again.item_id
    assert database.read(items.sections, first.item_id) == (source.key, other.key)
    assert pending(database, source) == pending(database, other) == []


def test_a_stored_statement_leaves_nothing_to_fetch(database: Database, source: Source) -> None:
    seen(database, source, entry(1), entry(2))
    store(database, draft(source, 1, sighting_id=pending(database, source)[0].id))
    assert len(pending(database, source)) == 1


def test_an_entry_whose_title_changed_has_its_item_read_again_at_once(database: Database, source: Source) -> None:
    seen(database, source, entry(1, "The tolls stay"))
    [stored] = store(database, draft(source, 1, sighting_id=pending(database, source)[0].id))
    assert database.read(revisits.due, NOW) == ()
    assert seen(database, source, entry(1, "The tolls rise")) == 0
    [revisit] = database.read(revisits.due, NOW)
    assert revisit.item.id == stored.item_id
    database.write(revisits.revisited, stored.item_id, next_revisit_at=None)
    seen(database, source, entry(1, "The tolls rise"))
    assert database.read(revisits.due, NOW) == ()


def test_an_early_look_takes_nothing_from_the_plan_of_revisits(database: Database, source: Source) -> None:
    """Corrections come within hours: a title that changes often must not use up the looks of the days to come."""
    seen(database, source, entry(1, "The tolls stay"))
    [stored] = store(database, draft(source, 1, sighting_id=pending(database, source)[0].id))
    for number in range(10):
        seen(database, source, entry(1, f"The tolls rise for the time number {number}"))
        seen(database, source, entry(1, f"The tolls rise for the time number {number}, again"))
        [revisit] = database.read(revisits.due, NOW)
        assert revisit.revisits + 1 == 0, "the next one is the plan's first, as it was before"
        database.write(revisits.revisited, stored.item_id, next_revisit_at=NOW + HOUR)
    [planned] = database.read(revisits.due, NOW + HOUR)
    assert planned.revisits == 0


def test_a_look_that_was_due_anyway_counts(database: Database, source: Source) -> None:
    seen(database, source, entry(1, "The tolls stay"))
    [stored] = store(database, draft(source, 1, sighting_id=pending(database, source)[0].id))
    database.write(revisits.revisited, stored.item_id, next_revisit_at=NOW)
    seen(database, source, entry(1, "The tolls rise"))
    [revisit] = database.read(revisits.due, NOW)
    assert revisit.revisits == 1


def doubtful(database: Database, source: Source) -> list[str]:
    """The addresses of the items that are to be read again at once; they count as read."""
    due = database.read(revisits.due, NOW)
    for revisit in due:
        database.write(revisits.revisited, revisit.item.id, next_revisit_at=None)
    return sorted(revisit.item.version.title for revisit in due)


def known(database: Database, source: Source, count: int) -> None:
    """So many statements, seen and stored."""
    seen(database, source, *(entry(number) for number in range(count, 0, -1)))
    store(database, *(draft(source, n, sighting_id=one.id) for n, one in enumerate(pending(database, source), start=1)))


def test_an_item_that_leaves_the_listing_while_older_ones_stay_is_read_again_at_once(
    database: Database, source: Source
) -> None:
    known(database, source, 3)
    seen(database, source, entry(3), entry(1))
    assert doubtful(database, source) == ["Statement 2"]
    seen(database, source, entry(3), entry(1))
    assert doubtful(database, source) == []


def test_an_item_that_is_pushed_out_by_newer_ones_is_not(database: Database, source: Source) -> None:
    known(database, source, 3)
    seen(database, source, entry(5), entry(4), entry(3))
    assert doubtful(database, source) == []


def test_an_item_that_comes_back_into_the_listing_is_read_again_at_once(database: Database, source: Source) -> None:
    known(database, source, 3)
    seen(database, source, entry(3), entry(1))
    assert doubtful(database, source) == ["Statement 2"]
    seen(database, source, entry(3), entry(2), entry(1))
    assert doubtful(database, source) == ["Statement 2"]


def test_an_empty_listing_raises_no_doubts(database: Database, source: Source) -> None:
    known(database, source, 3)
    assert seen(database, source) == 0
    assert doubtful(database, source) == []


def test_an_entry_whose_address_is_none_of_the_web_is_left_out(database: Database, source: Source) -> None:
    assert seen(database, source, entry(1), entry(address="mailto:desk@mfa.example"), entry(2)) == 2


def test_an_article_that_cannot_be_read_is_tried_again_later(database: Database, source: Source) -> None:
    seen(database, source, entry(1))
    [sighting] = pending(database, source)
    database.write(sightings.postpone, sighting.id, Reason.UNREADABLE, NOW + HOUR)
    assert pending(database, source) == []
    [again] = database.read(sightings.pending, source.id, NOW + HOUR)
    assert (again.id, again.attempts) == (sighting.id, 1)


def test_a_silent_poll_leaves_silent_sightings(database: Database, source: Source) -> None:
    seen(database, source, entry(1), silent=True)
    seen(database, source, entry(2), entry(1), silent=False)
    assert {sighting.title: sighting.silent for sighting in pending(database, source)} == {
        "Statement 1": True, "Statement 2": False,
    }  # fmt: skip


DYING = """
import os, signal, sys
from pathlib import Path
from storage.opening import open_database
from storage.sources import sightings, sources
from tests.storage.examples import NOW, draft, entry, store, watched

database = open_database(Path(sys.argv[1]))
source = watched(database)
database.write(sightings.record_entries, source, [entry(3), entry(2), entry(1)], silent=False, now=NOW)
first = database.read(sightings.pending, source.id, NOW)[0]
store(database, draft(source, 1, sighting_id=first.id))
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_killed_process_had_not_fetched_is_still_to_be_fetched(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    killed = subprocess.run([sys.executable, "-c", DYING, str(tmp_path)], env=environment, timeout=PATIENCE)
    assert killed.returncode == -signal.SIGKILL
    with open_database(tmp_path) as database:
        left = database.read(sightings.pending, 1, NOW)
        assert [sighting.title for sighting in left] == ["Statement 2", "Statement 3"]
        assert database.read(items.get, 1).version.title == "Statement 1"
