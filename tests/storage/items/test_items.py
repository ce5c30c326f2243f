"""A statement as it is stored, changes, and is read; and the page that claims to be another."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from storage.database import Database
from storage.errors import NotFoundError
from storage.items import items, revisits
from storage.search.search import search
from storage.sources import sightings, sources
from storage.types import Decision, Item, Precision, Published, Source
from tests.storage.examples import BODY, HOUR, NOW, draft, entry, polling, spec, store, watched
from tests.storage.items.counting import count


def found(database: Database, query: str) -> list[int]:
    return [one.item.id for one in database.read(search, database.packs, query).found]


# -- new, changed, same -------------------------------------------------------------------------------------------


def test_a_new_statement_is_stored_as_its_first_version(database: Database, source: Source) -> None:
    published = Published(date(2024, 11, 28), datetime(2024, 11, 28, 11, 5, tzinfo=UTC), "Europe/Minsk", "28.11, 14:05")
    [stored] = store(database, draft(source, title="On the bridge", language="en", published=published))
    item = database.read(items.get, stored.item_id)
    assert (stored.decision, stored.number) == (Decision.NEW, 1)
    assert (item.version.title, item.version.body, item.version.language) == ("On the bridge", BODY, "en")
    assert (item.source_key, item.first_seen_at, item.versions, item.story_id) == (source.key, NOW, 1, item.id)
    assert item.version.published == published
    assert str(item.version.published) == "2024-11-28T14:05+03:00"


@pytest.mark.parametrize("published", [Published(), Published(date(2024, 11, 28), zone="Asia/Almaty", text="28.11.24")])
def test_a_claimed_date_is_kept_as_exactly_as_it_was_claimed(
    database: Database, source: Source, published: Published
) -> None:
    [stored] = store(database, draft(source, published=published))
    kept = database.read(items.get, stored.item_id).version.published
    assert kept == published
    assert kept.precision is (Precision.DAY if published.day else Precision.NONE)


def test_an_edit_makes_a_second_version_and_the_old_text_stays_readable(database: Database, source: Source) -> None:
    [first] = store(database, draft(source, body="The tolls stay at five crowns."))
    [second] = store(database, draft(source, body="The tolls rise to seven crowns."), now=NOW + HOUR)
    assert (second.decision, second.item_id, second.number) == (Decision.CHANGED, first.item_id, 2)
    old, new = database.read(items.history, first.item_id)
    assert (old.number, old.body, old.seen_at) == (1, "The tolls stay at five crowns.", NOW)
    assert (new.number, new.body, new.seen_at) == (2, "The tolls rise to seven crowns.", NOW + HOUR)
    assert database.read(items.get, first.item_id).version == new
    assert database.read(items.get, first.item_id).versions == 2


def test_the_search_finds_what_an_item_says_now_and_not_what_it_said(database: Database, source: Source) -> None:
    [stored] = store(database, draft(source, title="Tolls", body="The tolls stay at five crowns."))
    assert found(database, "five") == [stored.item_id]
    store(database, draft(source, title="Tolls", body="The tolls rise to seven crowns."))
    assert found(database, "five") == []
    assert found(database, "seven") == [stored.item_id]
    assert found(database, "tolls") == [stored.item_id]


def test_a_statement_that_says_the_same_changes_nothing(database: Database, source: Source) -> None:
    [first] = store(database, draft(source))
    before = database.read(items.get, first.item_id)
    [again] = store(database, draft(source, body=f" {BODY}\n"), now=NOW + HOUR)
    assert (again.decision, again.item_id, again.version_id) == (Decision.SAME, first.item_id, first.version_id)
    assert database.read(items.get, first.item_id) == before
    assert (count(database, "items"), count(database, "versions")) == (1, 1)


def test_an_edit_that_is_taken_back_is_a_third_version(database: Database, source: Source) -> None:
    for body in ("one", "two", "one"):
        [stored] = store(database, draft(source, body=body))
    assert stored.number == 3
    assert [version.body for version in database.read(items.history, stored.item_id)] == ["one", "two", "one"]


def test_two_statements_with_one_title_are_two_items(database: Database, source: Source) -> None:
    stored = store(
        database,
        draft(source, 1, title="The weekly briefing", body="About the bridge."),
        draft(source, 2, title="The weekly briefing", body="About the tolls."),
    )
    assert len({one.item_id for one in stored}) == 2


def test_two_statements_with_one_text_are_two_items(database: Database, source: Source) -> None:
    stored = store(database, draft(source, 1, title="Greetings"), draft(source, 2, title="Greetings"))
    assert len({one.item_id for one in stored}) == 2


def test_spellings_of_one_address_are_one_item(database: Database, source: Source) -> None:
    [first] = store(database, draft(source, address="https://mfa.example/news/7?a=1&b=2"))
    [again] = store(
        database, draft(source, title="Statement 1", address="http://MFA.example/news/7/?b=2&a=1&utm_source=x")
    )
    assert (again.decision, again.item_id) == (Decision.SAME, first.item_id)
    for address in ("http://mfa.example/news/7?b=2&a=1", "https://mfa.example/news/7/?a=1&b=2#top"):
        item = database.read(items.find, address)
        assert item is not None
        assert item.id == first.item_id
    assert database.read(items.find, "https://mfa.example/news/7") is None


def test_a_statement_is_found_by_its_address_with_its_anchor_or_its_route(database: Database, source: Source) -> None:
    base, feed = "https://mfa.example/2026", "https://mfa.example/f"
    parts = {f"{base}#st1": "#st1", f"{base}#st2": "#st2", base: "", f"{base}#!/news/7": "", feed: "=a"}
    stored = {
        address: store(database, replace(draft(source, number, address=address), part=part))[0].item_id
        for number, (address, part) in enumerate(parts.items())
    }
    [other] = store(database, replace(draft(source, 9, address=feed), part="=b"))
    found = {address: database.read(items.find, address) for address in parts}
    assert {address: item.id if item else 0 for address, item in found.items()} == stored | {
        feed: other.item_id  # of several that share it, the newest
    }
    for spelt, address in {
        "http://MFA.example/2026/#st2": f"{base}#st2",
        f"{base}#st3": base,
        f"{base}#content": base,
        f"{base}?utm_source=x": base,
        f"{base}#!/news/7/": f"{base}#!/news/7",
    }.items():
        item = database.read(items.find, spelt)
        assert item is not None and item.id == stored[address], spelt
    for unknown in ("https://mfa.example/20", "https://mfa.example/2026/1", "https://mfa.example/"):
        assert database.read(items.find, unknown) is None, unknown
    with pytest.raises(ValueError, match="not an absolute"):
        database.read(items.find, "mfa.example/2026")


# -- pages that claim another address -----------------------------------------------------------------------------


def test_a_page_is_known_by_the_address_it_claims(database: Database, source: Source) -> None:
    [first] = store(database, draft(source, 7))
    [again] = store(database, draft(source, 7, fetched="https://mfa.example/print?id=7"))
    assert (again.decision, again.item_id) == (Decision.SAME, first.item_id)


def test_a_page_that_claims_anothers_address_and_says_something_else_stays_an_item_of_its_own(
    database: Database, source: Source
) -> None:
    """There are sites whose every page claims the address of the front page."""
    pages = [
        draft(source, address="https://mfa.example/", fetched=f"https://mfa.example/news/{number}", body=f"{number}")
        for number in range(1, 4)
    ]
    together = store(database, *pages)
    assert len({one.item_id for one in together}) == 3
    assert [one.address for one in together] == [
        "https://mfa.example/", "https://mfa.example/news/2", "https://mfa.example/news/3",
    ]  # fmt: skip
    again = store(database, *pages)
    assert [(one.decision, one.item_id) for one in again] == [(Decision.SAME, one.item_id) for one in together]
    assert count(database, "versions") == 3


def test_a_revisit_finds_its_item_by_number_whatever_the_page_claims(database: Database, source: Source) -> None:
    [first] = store(database, draft(source, 7))
    moved = draft(source, 7, address="https://mfa.example/moved", body="Edited.", item_id=first.item_id)
    [again] = store(database, moved)
    assert (again.decision, again.item_id, again.number) == (Decision.CHANGED, first.item_id, 2)


# -- reading -----------------------------------------------------------------------------------------------------


def test_an_unknown_item_is_told(database: Database) -> None:
    with pytest.raises(NotFoundError, match="41"):
        database.read(items.get, 41)


def test_many_items_come_in_the_order_they_were_asked_for(database: Database, source: Source) -> None:
    first, second, third = (one.item_id for one in store(database, *(draft(source, number) for number in range(3))))
    wanted = [third, 99, first, second]
    assert [item.id for item in database.read(items.get_many, wanted)] == [third, first, second]


def test_an_item_knows_the_sections_it_was_seen_in(database: Database, source: Source) -> None:
    other = watched(database, "mfa-xy/speeches")
    database.write(sightings.record_entries, source, [entry(1)], silent=False, now=NOW)
    [pending] = database.read(sightings.pending, source.id, NOW)
    [stored] = store(database, draft(source, 1, sighting_id=pending.id))
    database.write(sightings.record_entries, other, [entry(1)], silent=False, now=NOW)
    assert database.read(items.sections, stored.item_id) == ("mfa-xy/news", "mfa-xy/speeches")


def test_a_withdrawn_statement_stays_readable(database: Database, source: Source) -> None:
    [stored] = store(database, draft(source))

    def after(withdrawn_at: datetime | None) -> Item:
        database.write(revisits.revisited, stored.item_id, next_revisit_at=None, withdrawn_at=withdrawn_at)
        return database.read(items.get, stored.item_id)

    assert after(NOW).withdrawn_at == NOW
    assert after(NOW).version.body == BODY
    assert after(None).withdrawn_at is None


def test_a_version_knows_the_poll_that_found_it(database: Database, source: Source) -> None:
    poll = polling(database, source)
    store(database, draft(source, poll=poll))
    assert database.read(lambda c: c.execute(text("SELECT poll_id FROM versions")).scalars().all()) == [poll.id]


def test_a_time_without_a_zone_is_refused(database: Database, source: Source) -> None:
    with pytest.raises(Exception, match="without a zone"):
        store(database, draft(source), now=NOW.replace(tzinfo=None))
    assert count(database, "items") == 0


def test_a_removed_source_keeps_its_items(database: Database, source: Source) -> None:
    [stored] = store(database, draft(source))
    database.write(sources.remove, spec().key, NOW)
    assert database.read(items.get, stored.item_id).source_key == spec().key
    assert found(database, "bridge") == [stored.item_id]
