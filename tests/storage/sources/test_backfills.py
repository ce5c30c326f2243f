"""Backfills in the rows: one of a source at a time, taken up again, and never news."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import Connection, select

from storage import leases, tables
from storage.database import Database
from storage.errors import InvalidInputError
from storage.items import store
from storage.sources import backfills, polls, sightings
from storage.sources.backfills import Backfill
from storage.types import Entry, Published, Source
from tests.storage.examples import NOW, draft, entry, watched

SINCE = date(2024, 1, 1)
LATER = NOW + timedelta(minutes=1)


def claim(
    database: Database, source: Source, since: date | None = SINCE, owner: str = "one", *, dead: str = ""
) -> Backfill:
    return database.write(backfills.claim, source, since, owner, LATER, lambda name: name == dead)


def alerting(connection: Connection, source: Source) -> list[str]:
    """The titles of what would alert if it were stored now."""
    rows = connection.execute(select(tables.sightings).where(tables.sightings.c.source_id == source.id))
    return [row.title for row in rows if not row.silent]


def test_a_source_has_one_backfill_at_a_time(database: Database) -> None:
    source = watched(database)
    begun = claim(database, source)
    with pytest.raises(InvalidInputError, match="another process is reading the past of mfa-xy/news"):
        claim(database, source, owner="two")
    assert claim(database, source, owner="two", dead="one").id == begun.id, "a dead process holds nothing"


def test_a_backfill_goes_on_where_it_was(database: Database) -> None:
    source = watched(database)
    begun = claim(database, source)
    database.write(backfills.turn_page, begun.id, "https://mfa.example/?page=2", date(2024, 9, 1))
    database.write(backfills.pause, begun.id, "stopped", "it was stopped")
    again = claim(database, source, None, "two")
    assert (again.id, again.next_page, again.pages, again.since) == (begun.id, "https://mfa.example/?page=2", 1, SINCE)
    assert again.reached == date(2024, 9, 1)
    deeper = claim(database, source, date(2020, 1, 1), "two")
    assert (deeper.id, deeper.next_page) == (begun.id, ""), "its pages left out what is older"


def test_without_a_day_there_must_be_one_to_take_up(database: Database) -> None:
    source = watched(database)
    with pytest.raises(InvalidInputError, match="how far back"):
        claim(database, source, None)
    database.write(backfills.end, claim(database, source).id, "end", "", NOW)
    with pytest.raises(InvalidInputError, match="how far back"):
        claim(database, source, None)


def test_what_a_backfill_found_is_no_news_when_a_poll_meets_it(database: Database) -> None:
    source = watched(database, alert_first=True)
    row = claim(database, source)
    assert database.write(sightings.record_older, source, row.id, [entry(1), entry(2)], NOW) == 2
    assert database.read(sightings.pending, source.id, NOW) == (), "polls leave its articles alone"
    assert len(database.read(sightings.pending_of, row.id, NOW)) == 2
    unknown = database.write(sightings.record_entries, source, [entry(3), entry(1)], silent=False, now=LATER)
    assert unknown == 1
    assert database.read(alerting, source) == ["Statement 3"]
    waiting = {each.title for each in database.read(sightings.pending, source.id, LATER)}
    assert waiting == {"Statement 3", "Statement 1"}, "what a listing shows is read, whoever found it"


def test_what_polls_know_stays_theirs(database: Database) -> None:
    source = watched(database, alert_first=True)
    database.write(sightings.record_entries, source, [entry(1)], silent=False, now=NOW)
    assert database.write(sightings.record_older, source, claim(database, source).id, [entry(1)], LATER) == 0
    assert database.read(alerting, source) == ["Statement 1"]


def test_an_entry_without_a_date_has_that_of_its_article(database: Database) -> None:
    source = watched(database)
    row = claim(database, source)
    undated, dated = entry(1), Entry("https://mfa.example/news/2", "Dated", Published(date(2024, 2, 2)))
    database.write(sightings.record_older, source, row.id, [undated, dated], NOW)
    (first, *_) = [each for each in database.read(sightings.pending_of, row.id, NOW) if each.title == "Statement 1"]
    article = draft(source, 1, published=Published(date(2024, 3, 3)))
    database.write(store.store, [article], now=NOW)
    database.write(
        lambda connection: connection.execute(
            tables.sightings.update().where(tables.sightings.c.id == first.id).values(item_id=1)
        )
    )
    assert list(database.read(sightings.days, source.id, [undated, dated]).values()) == [
        date(2024, 3, 3),
        date(2024, 2, 2),
    ]


def test_a_poll_under_way_is_seen_by_its_host(database: Database) -> None:
    watched(database)
    assert not database.read(backfills.is_polled, "mfa.example", NOW)
    database.write(polls.claim_due, "poller", NOW, limit=1)
    assert database.read(backfills.is_polled, "mfa.example", NOW)
    assert not database.read(backfills.is_polled, "other.example", NOW)
    assert not database.read(backfills.is_polled, "mfa.example", NOW + leases.SOURCE_LEASE), "a lease ends by itself"
