"""Which statements are read again, and what a revisit leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from storage.database import Database
from storage.items import revisits
from storage.sources import sources
from storage.types import Source, Validators
from tests.storage.examples import HOUR, NOW, draft, store, watched


def due(database: Database, now: datetime, limit: int = 64) -> list[revisits.Revisit]:
    return list(database.read(revisits.due, now, limit))


def test_of_each_source_the_longest_waiting_item_is_read_again(database: Database, source: Source) -> None:
    other = watched(database, "mfa-xy/speeches")
    for where, number, hours in ((source, 1, 3), (source, 2, 1), (source, 3, 2), (other, 4, 9)):
        store(database, replace(draft(where, number), next_revisit_at=NOW + hours * HOUR))
    store(database, draft(source, 5))

    def ids(now: datetime) -> list[int]:
        return sorted(revisit.item.id for revisit in due(database, now))

    assert ids(NOW) == []
    assert ids(NOW + 3 * HOUR) == [2]
    assert ids(NOW + 9 * HOUR) == [2, 4]
    assert [revisit.item.id for revisit in due(database, NOW + 9 * HOUR, limit=1)] == [2], "the longest waiting first"
    database.write(sources.set_enabled, source.key, False, NOW)
    assert ids(NOW + 9 * HOUR) == [4]
    database.write(sources.set_enabled, other.key, False, NOW)
    assert ids(NOW + 9 * HOUR) == []


def test_a_revisit_leaves_its_count_its_validators_and_its_next_time(database: Database, source: Source) -> None:
    [stored] = store(database, replace(draft(source), next_revisit_at=NOW))
    shown = Validators('"a"', "yesterday")
    database.write(revisits.revisited, stored.item_id, next_revisit_at=NOW + HOUR, validators=shown)
    assert due(database, now=NOW) == []
    [revisit] = due(database, now=NOW + HOUR)
    assert (revisit.revisits, revisit.validators) == (1, shown)


def test_a_revisit_that_said_nothing_counts_and_keeps_the_validators(database: Database, source: Source) -> None:
    [stored] = store(database, replace(draft(source), next_revisit_at=NOW))
    database.write(revisits.revisited, stored.item_id, next_revisit_at=NOW, validators=Validators('"a"'))
    database.write(revisits.postpone, stored.item_id, NOW + HOUR)
    assert due(database, now=NOW) == []
    [revisit] = due(database, now=NOW + HOUR)
    assert (revisit.revisits, revisit.validators) == (2, Validators('"a"'))
    database.write(revisits.postpone, stored.item_id, None)
    assert due(database, now=NOW + 1000 * HOUR) == []
