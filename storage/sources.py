"""Questions about sources: which are there, which are due, and what their polls showed."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, delete, func, insert, literal, or_, select, update

from storage import habits, notices
from storage.errors import InvalidInputError, NotFoundError
from storage.identity import identity_key
from storage.tables import items, polls, sightings, sources, versions
from storage.types import (
    ArticleSelectors,
    Habits,
    ListingSelectors,
    Reason,
    SearchForm,
    Shape,
    Source,
    SourceSpec,
    TransportExceptions,
)

LEASE = timedelta(minutes=2)
"""How long a claim on a source or an alert holds without being renewed."""

_KNOWN_AND_OFF = ("known", "watch it with: sources enable")


@dataclass(frozen=True, slots=True)
class Poll:
    """A claimed source and the row of the poll that is now under way."""

    id: int
    source: Source
    started_at: datetime
    pending: bool = False
    """Whether articles of earlier polls are still to be fetched."""


@dataclass(frozen=True, slots=True)
class PollResult:
    """What a poll leaves in the rows of its source when it ends."""

    poll: Poll
    ended_at: datetime
    reason: Reason
    next_poll_at: datetime
    detail: str = ""
    entries: int = 0
    new_items: int = 0
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    full_fetch_at: datetime | None = None
    baseline_at: datetime | None = None
    habits: Habits | None = None
    """What is known of the source's habits from now on; None: the poll taught nothing."""


# -- the list of sources ---------------------------------------------------------------------------------------------


def catalogue_differs(connection: Connection, specs: Sequence[SourceSpec]) -> bool:
    """Whether `sync_catalogue` would write: every command asks, and nearly always nothing has changed."""
    return any(_drift(connection, specs))


def sync_catalogue(connection: Connection, specs: Sequence[SourceSpec], now: datetime) -> None:
    """Bring the catalogue's sources into the table. Whether one is enabled stays as a person last set it."""
    unknown, changed = _drift(connection, specs)
    if unknown:
        connection.execute(insert(sources), [_new_row(spec, "catalogue", False, now) for spec in unknown])
    if changed:
        connection.execute(
            update(sources).where(sources.c.id == bindparam("source_id")),
            [{"source_id": source_id, **_spec_columns(spec)} for source_id, spec in changed],
        )


def _drift(
    connection: Connection, specs: Sequence[SourceSpec]
) -> tuple[list[SourceSpec], list[tuple[int, SourceSpec]]]:
    """What the table has not got of the catalogue, and what it has in an older form, by the row's id."""
    columns = select(sources.c.id, sources.c.key, sources.c.origin, sources.c.spec)
    known = {row.key: row for row in connection.execute(columns.where(sources.c.removed_at.is_(None)))}
    unknown = [spec for spec in specs if spec.key not in known]
    ruled = ((known[spec.key], spec) for spec in specs if spec.key in known)
    return unknown, [(row.id, spec) for row, spec in ruled if row.origin == "catalogue" and _spec(row.spec) != spec]


def refuse_watched(connection: Connection, spec: SourceSpec) -> None:
    """Raise `InvalidInputError` where a source of that name or of that section is there already."""
    refuse_among(spec, [replace(source.spec, enabled=source.enabled) for source in every(connection)])


def refuse_among(spec: SourceSpec, others: Iterable[SourceSpec]) -> None:
    """Raise `InvalidInputError` where one of the others has the name or the section. Pure."""
    section = _section(spec.address)
    for other in others:
        if other.key == spec.key:
            raise InvalidInputError(f"there is already a source {spec.key}", mend="give another name with --key")
        if _section(other.address) == section:
            state, verb = ("watched", "see it with: sources check") if other.enabled else _KNOWN_AND_OFF
            raise InvalidInputError(f"{spec.address} is already {state} as {other.key}", mend=f"{verb} {other.key}")


def _section(address: str) -> str:
    try:
        return identity_key(address)
    except ValueError as error:
        raise InvalidInputError(f"{address} is not an address: {error}", mend="check it for typing errors") from error


def add(connection: Connection, spec: SourceSpec, *, alert_first: bool, now: datetime) -> Source:
    """Add a person's own source. Raises `InvalidInputError` where its name or its section is already watched."""
    refuse_watched(connection, spec)
    connection.execute(insert(sources).values(**_new_row(spec, "user", alert_first, now)))
    return get(connection, spec.key)


def change(connection: Connection, spec: SourceSpec, *, alert_first: bool, now: datetime) -> Source:
    """Describe a person's own source anew, and poll it as `spec.enabled` says; its listing is fetched whole next time.

    At another address it is another source of that name, whose first poll is silent. Raises `NotFoundError`, and
    `InvalidInputError` as `add` and `remove` do.
    """
    source = get(connection, spec.key)
    if _section(source.spec.address) != _section(spec.address):
        remove(connection, spec.key, now)
        return add(connection, spec, alert_first=alert_first, now=now)
    whole = {"etag": None, "last_modified": None, "body_hash": None, "next_poll_at": now}
    values = {**_spec_columns(spec), "enabled": spec.enabled, "alert_first": alert_first, **whole}
    connection.execute(update(sources).where(sources.c.id == source.id).values(values))
    return get(connection, spec.key)


def get(connection: Connection, key: str) -> Source:
    """The source of that key. Raises `NotFoundError` with the nearest known keys."""
    row = connection.execute(select(sources).where(sources.c.key == key, sources.c.removed_at.is_(None))).first()
    if row is None:
        near = difflib.get_close_matches(key, [source.key for source in every(connection)], n=1, cutoff=0.4)
        hint = f"did you mean {near[0]}? " if near else ""
        raise NotFoundError(f"there is no source {key!r}", mend=f"{hint}see all of them with: sources list")
    return _source(row)


def every(connection: Connection) -> tuple[Source, ...]:
    """All sources that are not removed, by key."""
    rows = connection.execute(select(sources).where(sources.c.removed_at.is_(None)).order_by(sources.c.key))
    return tuple(map(_source, rows))


def set_enabled(connection: Connection, key: str, enabled: bool, now: datetime) -> Source:
    """Poll the source from now on, or no longer. Raises `NotFoundError`."""
    source = get(connection, key)
    due = {"next_poll_at": now} if enabled and not source.enabled else {}
    connection.execute(update(sources).where(sources.c.id == source.id).values(enabled=enabled, **due))
    return get(connection, key)


def set_many_enabled(connection: Connection, keys: Sequence[str], enabled: bool, now: datetime) -> int:
    """As `set_enabled`, for many; keys that are not there are left out. Returns how many were switched."""
    due = {"next_poll_at": now} if enabled else {}
    wanted = and_(sources.c.key.in_(keys), sources.c.removed_at.is_(None), sources.c.enabled.is_(not enabled))
    return connection.execute(update(sources).where(wanted).values(enabled=enabled, **due)).rowcount


def remove(connection: Connection, key: str, now: datetime) -> None:
    """Stop watching a person's own source and free its name; what it published stays in the history.

    Raises `NotFoundError`, and `InvalidInputError` for a source of the catalogue.
    """
    source = get(connection, key)
    if source.origin == "catalogue":
        raise InvalidInputError(f"{key} belongs to the catalogue", mend=f"switch it off with: sources disable {key}")
    connection.execute(update(sources).where(sources.c.id == source.id).values(removed_at=now, enabled=False))
    connection.execute(update(sightings).where(sightings.c.source_id == source.id).values(next_attempt_at=None))


# -- polls -----------------------------------------------------------------------------------------------------------


def claim_due(
    connection: Connection, owner: str, now: datetime, *, limit: int, keys: Sequence[str] | None = None
) -> tuple[Poll, ...]:
    """Claim sources whose poll is due, the longest waiting first, and open a poll for each.

    With `keys`, claim just these whether due or not. A source that another process is polling is left out.
    """
    free = or_(sources.c.lease_until.is_(None), sources.c.lease_until < now)
    wanted = and_(sources.c.removed_at.is_(None), free)
    if keys is None:
        wanted = and_(wanted, sources.c.enabled, sources.c.next_poll_at <= now)
    else:
        wanted = and_(wanted, sources.c.key.in_(keys))
    chosen = select(sources.c.id).where(wanted).order_by(sources.c.next_poll_at).limit(limit)
    claimed = connection.execute(
        update(sources)
        .where(sources.c.id.in_(chosen), free)
        .values(lease_owner=owner, lease_until=now + LEASE)
        .returning(*sources.c)
    ).all()
    if not claimed:
        return ()
    ids = [row.id for row in claimed]
    opened = _open_polls(connection, ids, owner, now)
    theirs = sightings.c.backfill_id.is_(None) | sightings.c.listed
    waiting = select(sightings.c.source_id).where(sightings.c.next_attempt_at <= now, theirs)
    pending = set(connection.scalars(waiting.where(sightings.c.source_id.in_(ids)).distinct()))
    return tuple(Poll(opened[row.id], _source(row), now, row.id in pending) for row in claimed)


def _open_polls(connection: Connection, source_ids: Sequence[int], owner: str, now: datetime) -> dict[int, int]:
    """Write a poll under way for each source, and return their ids by that of the source."""
    begun = {"owner": owner, "started_at": now, "reason": Reason.OK, "detail": "", "entries": 0, "new_items": 0}
    of_each = select(sources.c.id, *(literal(value, polls.c[name].type) for name, value in begun.items()))
    rows = insert(polls).from_select(["source_id", *begun], of_each.where(sources.c.id.in_(source_ids)))
    return {row.source_id: row.id for row in connection.execute(rows.returning(polls.c.source_id, polls.c.id))}


def end_polls(connection: Connection, results: Sequence[PollResult]) -> None:
    """Write what polls showed: the run, the health and validators of the source, its next time; end the claim."""
    if not results:
        return
    connection.execute(
        update(polls).where(polls.c.id == bindparam("poll_id")),
        [
            {
                "poll_id": result.poll.id,
                "ended_at": result.ended_at,
                "reason": result.reason,
                "detail": result.detail,
                "entries": result.entries,
                "new_items": result.new_items,
            }
            for result in results
        ],
    )
    connection.execute(
        update(sources).where(sources.c.id == bindparam("source_id")), [_after_poll(result) for result in results]
    )
    learned = [
        {"source_id": result.poll.source.id, "habits": habits.as_json(result.habits)}
        for result in results
        if result.habits is not None
    ]
    if learned:
        connection.execute(update(sources).where(sources.c.id == bindparam("source_id")), learned)
    notices.record(
        connection,
        [notices.Ended(each.poll.source, each.reason, each.detail, each.ended_at) for each in results],
    )


def healthy_reason(reason: Reason) -> Reason:
    """The reason that a source's health shows after a poll: `unchanged` is as good as `ok`."""
    return Reason.OK if reason.healthy else reason


def release_interrupted(connection: Connection, dead_owners: Iterable[str], now: datetime) -> int:
    """End the polls of processes that are gone and free their sources at once; return how many there were.

    What those polls had found is in the sightings, so nothing is lost.
    """
    owners = list(dead_owners)
    if not owners:
        return 0
    ended = connection.execute(
        update(polls)
        .where(polls.c.owner.in_(owners), polls.c.ended_at.is_(None))
        .values(ended_at=now, reason=Reason.INTERRUPTED, detail="the process that polled ended")
    )
    connection.execute(
        update(sources)
        .where(sources.c.lease_owner.in_(owners))
        .values(lease_owner=None, lease_until=None, next_poll_at=now)
    )
    return ended.rowcount


def open_owners(connection: Connection) -> tuple[str, ...]:
    """The processes that have a poll under way or hold a source."""
    running = select(polls.c.owner).where(polls.c.ended_at.is_(None))
    holding = select(sources.c.lease_owner).where(sources.c.lease_owner.is_not(None))
    return tuple(connection.scalars(running.union(holding)))


def renew(connection: Connection, owner: str, source_ids: Sequence[int], now: datetime) -> None:
    """Hold on to the claims on these sources, whose polls are under way."""
    held = (sources.c.lease_owner == owner) & sources.c.id.in_(source_ids)
    connection.execute(update(sources).where(held).values(lease_until=now + LEASE))


def forget_polls(connection: Connection, before: datetime) -> int:
    """Delete the records of polls that ended before then and found nothing; return how many."""
    found_something = select(versions.c.poll_id).where(versions.c.poll_id == polls.c.id).exists()
    return connection.execute(delete(polls).where(polls.c.ended_at < before, ~found_something)).rowcount


def counts(connection: Connection) -> dict[int, int]:
    """How many items each source was the first to show, by source id."""
    rows = connection.execute(select(items.c.source_id, func.count()).group_by(items.c.source_id))
    return {row[0]: row[1] for row in rows}


# -- rows and values -------------------------------------------------------------------------------------------------


def _after_poll(result: PollResult) -> dict[str, Any]:
    source = result.poll.source
    reason = healthy_reason(result.reason)
    return {
        "source_id": source.id,
        "reason": reason,
        "detail": result.detail,
        "reason_since": source.reason_since if reason == source.reason and source.reason_since else result.ended_at,
        "failures": 0 if result.reason.readable else source.failures + 1,
        "etag": result.etag,
        "last_modified": result.last_modified,
        "body_hash": result.body_hash,
        "full_fetch_at": result.full_fetch_at or source.full_fetch_at,
        "baseline_at": source.baseline_at or result.baseline_at,
        "last_poll_at": result.ended_at,
        "next_poll_at": result.next_poll_at,
        "lease_owner": None,
        "lease_until": None,
    }


def _as_json(spec: SourceSpec) -> dict[str, Any]:
    lists = {"languages": list(spec.languages), "packs": list(spec.packs)}
    return {**asdict(spec), **lists, "shape": str(spec.shape)}


def _spec_columns(spec: SourceSpec) -> dict[str, Any]:
    return {
        "name": spec.name,
        "organisation": spec.organisation,
        "country": spec.country,
        "address": spec.address,
        "spec": _as_json(spec),
    }


def _new_row(spec: SourceSpec, origin: str, alert_first: bool, now: datetime) -> dict[str, Any]:
    return {
        "key": spec.key,
        **_spec_columns(spec),
        "origin": origin,
        "enabled": spec.enabled,
        "alert_first": alert_first,
        "reason": Reason.OK,
        "detail": "",
        "failures": 0,
        "next_poll_at": now,
    }


def _spec(stored: dict[str, Any]) -> SourceSpec:
    return SourceSpec(
        **{
            **stored,
            "languages": tuple(stored["languages"]),
            "packs": tuple(stored.get("packs", ())),
            "shape": Shape(stored["shape"]),
            "listing": ListingSelectors(**stored["listing"]),
            "article": ArticleSelectors(**stored["article"]),
            "transport": TransportExceptions(**stored.get("transport", {})),
            "search": _search_form(stored.get("search", {})),
        }
    )


def _search_form(stored: dict[str, Any]) -> SearchForm:
    return SearchForm(**{**stored, "fields": tuple((name, value) for name, value in stored.get("fields", ()))})


def _source(row: Row[Any]) -> Source:
    return Source(
        id=row.id,
        spec=_spec(row.spec),
        origin=row.origin,
        enabled=row.enabled,
        alert_first=row.alert_first,
        reason=Reason(row.reason),
        detail=row.detail,
        reason_since=row.reason_since,
        failures=row.failures,
        told_reason=Reason(row.told_reason) if row.told_reason else None,
        etag=row.etag,
        last_modified=row.last_modified,
        body_hash=row.body_hash,
        full_fetch_at=row.full_fetch_at,
        baseline_at=row.baseline_at,
        habits=habits.from_json(row.habits),
        gap_page=row.gap_page or "",
        last_poll_at=row.last_poll_at,
        next_poll_at=row.next_poll_at,
    )
