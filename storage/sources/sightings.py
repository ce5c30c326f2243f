"""Questions about sightings: what a listing showed, and what of it is still to be fetched.

A sighting is written before its article is fetched, so a crawl that dies loses nothing: the row is the queue.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, or_, select, update

from storage.database import insert_new
from storage.identity import SUCCEEDED, base_of, canonical, part_of
from storage.sources import keys
from storage.tables import backfills, items, published_columns, published_of, sightings, versions
from storage.types import ArticleDraft, Entry, Reason, Sighting, Source, Stored


def record_entries(
    connection: Connection, source: Source, entries: Sequence[Entry], *, silent: bool, now: datetime
) -> int:
    """Write down what a listing shows; return how many articles that leaves to fetch.

    1. An entry not seen in this source before gets a sighting, the last of the listing first: a listing shows the
       newest on top, so ids ascend with time. One whose item is known from another section needs no fetching.
    2. An entry whose title changed has its item re-read at once: it is the cheapest sign of an edit.
    3. So has an item that left the listing while older ones stand in it: it may have been withdrawn.

    What a backfill found is known, and no news; that it comes or goes at the end of a listing says nothing.

    An entry whose address is none of the web is left out. What tells entries of one address apart: `keys`.
    """
    by_key, seen = _keyed(connection, source.id, entries)
    unknown = [key for key in reversed(by_key) if key not in seen]
    elsewhere = _item_ids_by_key(connection, unknown)
    insert_new(
        connection,
        sightings,
        [_new_row(source, key, by_key[key], elsewhere.get(key), silent, now) for key in unknown],
        unique=("source_id", "key"),
    )
    known = [(row, by_key[key]) for key, row in seen.items() if key in by_key]
    _rewrite(connection, source, known, now)
    back = [row for row, _ in known if not row.listed]
    _set_listed(connection, back, True)
    gone = [row for key, row in seen.items() if key not in by_key and row.listed]
    _set_listed(connection, gone, False)
    oldest = min((row.id for row, _ in known), default=None)
    vanished = [row for row in gone if oldest is not None and row.id > oldest and row.backfill_id is None]
    returned = [row for row in back if row.backfill_id is None]
    retitled = [row for row, entry in known if row.title != entry.title]
    others = _not_their_page(by_key, seen, unknown)
    doubtful = [row for row in (*retitled, *returned, *vanished) if row.key not in others]
    _revisit_early(connection, _with_pages(doubtful, source), now)
    _leave(connection, [seen[key] for key in others])
    return len(unknown) - len(elsewhere)


def _revisit_early(connection: Connection, item_ids: Sequence[int], now: datetime) -> None:
    """Have items read again at once. It takes nothing from their plan of revisits, though each one made is counted."""
    later = or_(items.c.next_revisit_at.is_(None), items.c.next_revisit_at > now)
    early = {"next_revisit_at": now, "revisits": items.c.revisits - 1}
    is_own = items.c.key.not_like(f"% {SUCCEEDED}%")  # else its address is another's by now
    connection.execute(update(items).where(items.c.id.in_(item_ids), later, is_own).values(early))


def record_older(
    connection: Connection, source: Source, backfill_id: int, entries: Sequence[Entry], now: datetime
) -> int:
    """Write down what a backfill found, the last of the page first; return how many entries the source did not know.

    They are silent, whatever becomes of them, and polls leave their articles to the backfill until a listing shows
    them. What is known is left as it is.
    """
    by_key, _ = _keyed(connection, source.id, entries)
    elsewhere = _item_ids_by_key(connection, by_key)
    rows = [
        _new_row(source, key, by_key[key], elsewhere.get(key), True, now)
        | {"listed": False, "backfill_id": backfill_id}
        for key in reversed(by_key)
    ]
    found = insert_new(connection, sightings, rows, unique=("source_id", "key"))
    of_backfill = backfills.c.id == backfill_id
    connection.execute(update(backfills).where(of_backfill).values(entries=backfills.c.entries + found))
    return found


def record_missed(
    connection: Connection, source: Source, entries: Sequence[Entry], *, silent: bool, now: datetime
) -> int:
    """Write down what an older page shows and no listing showed, the last of the page first; return how many entries.

    What is known is left as it is.
    """
    by_key, _ = _keyed(connection, source.id, entries)
    elsewhere = _item_ids_by_key(connection, by_key)
    rows = [
        _new_row(source, key, by_key[key], elsewhere.get(key), silent, now) | {"listed": False}
        for key in reversed(by_key)
    ]
    return insert_new(connection, sightings, rows, unique=("source_id", "key"))


def is_known(connection: Connection, source_id: int, entries: Sequence[Entry], *, before: datetime) -> bool:
    """Whether one of these entries was seen in the source before then."""
    known = (sightings.c.source_id == source_id) & sightings.c.key.in_(keys.candidates(entries))
    found = connection.execute(select(sightings.c.id).where(known, sightings.c.first_seen_at <= before))
    return found.first() is not None


def distinct(entries: Sequence[Entry]) -> int:
    """How many statements a listing shows: several entries may lead to one."""
    return len(keys.by_key(entries))


def days(connection: Connection, source_id: int, entries: Sequence[Entry]) -> dict[str, date | None]:
    """The day of each entry by its key, in their order: as the listing claims it, else as the article does."""
    by_key, _ = _keyed(connection, source_id, entries)
    article = (versions.c.item_id == sightings.c.item_id) & versions.c.current
    rows = connection.execute(
        select(sightings.c.key, versions.c.published_day)
        .join(versions, article)
        .where(sightings.c.source_id == source_id, sightings.c.key.in_(by_key))
    )
    claimed = {row.key: row.published_day for row in rows}
    return {key: entry.published.day or claimed.get(key) for key, entry in by_key.items()}


def _keyed(
    connection: Connection, source_id: int, entries: Sequence[Entry]
) -> tuple[dict[str, Entry], dict[str, Row[Any]]]:
    """What a listing shows, and what the source is known to have shown at the same addresses and last time, by keys."""
    seen = _seen(connection, source_id, keys.candidates(entries))
    known = [
        keys.Known(row.key, row.title, row.feed_id or "", keys.anchor_of(row.address), published_of(row), row.summary)
        for row in seen.values()
    ]
    return keys.by_key(entries, known), seen


def _rewrite(connection: Connection, source: Source, known: Iterable[tuple[Row[Any], Entry]], now: datetime) -> None:
    """Note what the listing says otherwise of what is known; where that is all there is, it is stored anew."""
    for row, entry in known:
        own_id = keys.named(entry.feed_id) or row.feed_id
        values: dict[str, Any] = {"title": entry.title, "feed_id": own_id}
        if keys.is_said_by_listing(row.key, browser=source.spec.browser):
            values["summary"] = entry.summary
        changed = {name: value for name, value in values.items() if row._mapping[name] != value}
        if "summary" in values and changed.keys() & {"title", "summary"}:
            changed["next_attempt_at"] = now
        if changed:
            connection.execute(update(sightings).where(sightings.c.id == row.id).values(changed))


def _not_their_page(by_key: Mapping[str, Entry], seen: Mapping[str, Any], unknown: Sequence[str]) -> set[str]:
    """Known statements whose page is another's by now, or that of many: what it says is no edit of theirs."""
    taken = {base_of(key) for key in unknown if part_of(key).startswith(("@", "~"))}
    shared = {base_of(key) for key in (*by_key, *seen) if part_of(key).startswith("=")}
    return {key for key in seen if base_of(key) in taken or (base_of(key) in shared and not part_of(key))}


def _with_pages(rows: Iterable[Row[Any]], source: Source) -> list[int]:
    """The items of sightings that have a page of their own."""
    browser = source.spec.browser
    return [
        row.item_id for row in rows if row.item_id is not None and not keys.is_said_by_listing(row.key, browser=browser)
    ]


def _leave(connection: Connection, rows: Iterable[Row[Any]]) -> None:
    left = [row.item_id for row in rows if row.item_id is not None]
    if left:
        connection.execute(update(items).where(items.c.id.in_(left)).values(next_revisit_at=None))


def _new_row(
    source: Source, key: str, entry: Entry, item_id: int | None, silent: bool, now: datetime
) -> dict[str, Any]:
    return {
        "source_id": source.id,
        "key": key,
        "address": _address(source, entry),
        "title": entry.title,
        "summary": entry.summary,
        "feed_id": keys.named(entry.feed_id) or None,
        **published_columns(entry.published),
        "first_seen_at": now,
        "listed": True,
        "item_id": item_id,
        "silent": silent,
        "attempts": 0,
        "next_attempt_at": None if item_id is not None else now,
        "reason": Reason.OK,
    }


def _address(source: Source, entry: Entry) -> str:
    """Where the statement stands, with the place on the page; of one without an address, where its section does."""
    if not entry.address:
        return canonical(source.spec.address)
    anchor = keys.anchor_of(entry.address)
    return canonical(entry.address) + (f"#{anchor}" if anchor else "")


def _set_listed(connection: Connection, rows: Sequence[Any], listed: bool) -> None:
    if rows:
        wanted = sightings.c.id.in_([row.id for row in rows])
        connection.execute(update(sightings).where(wanted).values(listed=listed))


def pending(connection: Connection, source_id: int, now: datetime, limit: int = 1000) -> tuple[Sighting, ...]:
    """The sightings of a source whose articles are to be fetched now, the oldest first."""
    theirs = sightings.c.backfill_id.is_(None) | sightings.c.listed
    wanted = select(sightings).where(sightings.c.source_id == source_id, theirs, sightings.c.next_attempt_at <= now)
    return _sightings(connection, wanted.order_by(sightings.c.id).limit(limit))


def pending_of(connection: Connection, backfill_id: int, now: datetime, limit: int = 100) -> tuple[Sighting, ...]:
    """The sightings of a backfill whose articles are to be fetched now, those that failed before at the end."""
    wanted = select(sightings).where(sightings.c.backfill_id == backfill_id, sightings.c.next_attempt_at <= now)
    return _sightings(connection, wanted.order_by(sightings.c.attempts, sightings.c.id).limit(limit))


def _sightings(connection: Connection, wanted: Select[Any]) -> tuple[Sighting, ...]:
    return tuple(
        Sighting(
            id=row.id,
            source_id=row.source_id,
            address=row.address,
            title=row.title,
            published=published_of(row),
            summary=row.summary,
            silent=row.silent,
            attempts=row.attempts,
            item_id=row.item_id,
            part=part_of(row.key),
        )
        for row in connection.execute(wanted)
    )


def postpone(connection: Connection, sighting_id: int, reason: Reason, next_attempt_at: datetime) -> None:
    """Note that an article could not be read and when to try again."""
    connection.execute(
        update(sightings)
        .where(sightings.c.id == sighting_id)
        .values(attempts=sightings.c.attempts + 1, reason=reason, next_attempt_at=next_attempt_at)
    )


def link(connection: Connection, drafts: Sequence[ArticleDraft], stored: Sequence[Stored]) -> None:
    """Say which items the drafts' sightings turned out to be; nothing is left to fetch for them."""
    rows = [
        {"sighting_id": draft.sighting_id, "to_item": result.item_id}
        for draft, result in zip(drafts, stored, strict=True)
        if draft.sighting_id is not None
    ]
    if rows:
        connection.execute(
            update(sightings)
            .where(sightings.c.id == bindparam("sighting_id"))
            .values(item_id=bindparam("to_item"), next_attempt_at=None, reason=Reason.OK),
            rows,
        )


def _seen(connection: Connection, source_id: int, wanted: Collection[str]) -> dict[str, Row[Any]]:
    """The sightings of a source with these keys, and those that stood in the listing when it was last read."""
    of_source = sightings.c.source_id == source_id
    rows = connection.execute(
        select(sightings).where(of_source, sightings.c.key.in_(wanted) | sightings.c.listed).order_by(sightings.c.id)
    )
    return {row.key: row for row in rows}


def _item_ids_by_key(connection: Connection, wanted: Iterable[str]) -> dict[str, int]:
    rows = connection.execute(select(items.c.key, items.c.id).where(items.c.key.in_(list(wanted))))
    return {row.key: row.id for row in rows}
