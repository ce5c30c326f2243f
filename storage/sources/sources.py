"""Questions about sources: which are there, which are due, and what their polls showed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, bindparam, func, insert, select, update

from storage.codec import from_json
from storage.errors import InvalidInputError, NotFoundError, did_you_mean
from storage.sources.rows import new_row, source_of, spec_columns
from storage.sources.watched import Watched, section_of, watched
from storage.tables import items, sightings, sources
from storage.types import (
    FORGOTTEN,
    Reason,
    Source,
    SourceSpec,
)

# -- the list of sources ---------------------------------------------------------------------------------------------


def catalogue_differs(connection: Connection, specs: Sequence[SourceSpec]) -> bool:
    """Whether `sync_catalogue` would write: every command asks, and nearly always nothing has changed."""
    return any(_drift(connection, specs))


def sync_catalogue(connection: Connection, specs: Sequence[SourceSpec], now: datetime) -> None:
    """Bring the catalogue's sources into the table. Whether one is enabled stays as a person last set it."""
    unknown, changed = _drift(connection, specs)
    if unknown:
        connection.execute(insert(sources), [new_row(spec, "catalogue", False, now) for spec in unknown])
    if changed:
        connection.execute(
            update(sources).where(sources.c.id == bindparam("source_id")),
            [{"source_id": source_id, **spec_columns(spec)} for source_id, spec in changed],
        )


def _drift(
    connection: Connection, specs: Sequence[SourceSpec]
) -> tuple[list[SourceSpec], list[tuple[int, SourceSpec]]]:
    """What the table has not got of the catalogue, and what it has in an older form, by the row's id."""
    columns = select(sources.c.id, sources.c.key, sources.c.origin, sources.c.spec)
    known = {row.key: row for row in connection.execute(columns.where(sources.c.removed_at.is_(None)))}
    unknown = [spec for spec in specs if spec.key not in known]
    ruled = ((known[spec.key], spec) for spec in specs if spec.key in known)
    return unknown, [
        (row.id, spec) for row, spec in ruled if row.origin == "catalogue" and from_json(SourceSpec, row.spec) != spec
    ]


def refuse_watched(connection: Connection, spec: SourceSpec) -> None:
    """Raise `InvalidInputError` where a source of that name or of that section is there already."""
    watched(connection).refuse(spec)


def add(
    connection: Connection, spec: SourceSpec, *, alert_first: bool, now: datetime, among: Watched | None = None
) -> Source:
    """Add a person's own source. Raises `InvalidInputError` where its name or its section is already watched.

    Whoever adds many has looked once at what is watched: `among`, which learns of this one.
    """
    others = among or watched(connection)
    others.refuse(spec)
    connection.execute(insert(sources).values(**new_row(spec, "user", alert_first, now)))
    others.add(spec)
    return get(connection, spec.key)


def change(
    connection: Connection, spec: SourceSpec, *, alert_first: bool, now: datetime, among: Watched | None = None
) -> Source:
    """Describe a person's own source anew, and poll it as `spec.enabled` says; its listing is fetched whole next time.

    At another address it is another source of that name, whose first poll is silent. Raises `NotFoundError`, and
    `InvalidInputError` as `add` and `remove` do.
    """
    source = get(connection, spec.key)
    if section_of(source.spec.address) != section_of(spec.address):
        remove(connection, spec.key, now, among=among)
        return add(connection, spec, alert_first=alert_first, now=now, among=among)
    whole = {**asdict(FORGOTTEN), "next_poll_at": now}
    values = {**spec_columns(spec), "enabled": spec.enabled, "alert_first": alert_first, **whole}
    connection.execute(update(sources).where(sources.c.id == source.id).values(values))
    if among is not None:
        among.add(spec)
    return get(connection, spec.key)


def get(connection: Connection, key: str) -> Source:
    """The source of that key. Raises `NotFoundError` with the nearest known keys."""
    row = connection.execute(select(sources).where(sources.c.key == key, sources.c.removed_at.is_(None))).first()
    if row is None:
        hint = did_you_mean(key, (source.key for source in every(connection)))
        raise NotFoundError(f"there is no source {key!r}", mend=f"{hint}see all of them with: presswatch sources list")
    return source_of(row)


def every(connection: Connection) -> tuple[Source, ...]:
    """All sources that are not removed, by key."""
    rows = connection.execute(select(sources).where(sources.c.removed_at.is_(None)).order_by(sources.c.key))
    return tuple(map(source_of, rows))


def names(connection: Connection) -> dict[str, str]:
    """What each source is called, by its key; removed ones too, for their statements stay."""
    return {row.key: row.name for row in connection.execute(select(sources.c.key, sources.c.name))}


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


def remove(connection: Connection, key: str, now: datetime, *, among: Watched | None = None) -> None:
    """Stop watching a person's own source and free its name; what it published stays in the history.

    Raises `NotFoundError`, and `InvalidInputError` for a source of the catalogue.
    """
    source = get(connection, key)
    if source.origin == "catalogue":
        raise InvalidInputError(
            f"{key} belongs to the catalogue", mend=f"switch it off with: presswatch sources disable {key}"
        )
    connection.execute(update(sources).where(sources.c.id == source.id).values(removed_at=now, enabled=False))
    connection.execute(update(sightings).where(sightings.c.source_id == source.id).values(next_attempt_at=None))
    if among is not None:
        among.remove(key)


# -- polls -----------------------------------------------------------------------------------------------------------


def counts(connection: Connection) -> dict[int, int]:
    """How many items each source was the first to show, by source id."""
    rows = connection.execute(select(items.c.source_id, func.count()).group_by(items.c.source_id))
    return {row[0]: row[1] for row in rows}


def count(connection: Connection, source_id: int) -> int:
    """How many items a source was the first to show."""
    return connection.scalar(select(func.count()).select_from(items).where(items.c.source_id == source_id)) or 0


# -- rows and values -------------------------------------------------------------------------------------------------


def enabled(connection: Connection) -> int:
    """How many sources are polled."""
    polled = sources.c.enabled & sources.c.removed_at.is_(None)
    return connection.scalar(select(func.count()).select_from(sources).where(polled)) or 0


def in_trouble(connection: Connection) -> tuple[Source, ...]:
    """The sources that are polled and not well, the longest so first."""
    rows = connection.execute(select(sources).where(_unwell()).order_by(sources.c.reason_since, sources.c.id))
    return tuple(map(source_of, rows))


def troubles(connection: Connection) -> int:
    """How many sources are polled and not well."""
    return connection.scalar(select(func.count()).select_from(sources).where(_unwell())) or 0


def _unwell() -> ColumnElement[bool]:
    well = [reason for reason in Reason if reason.healthy]
    return sources.c.enabled & sources.c.removed_at.is_(None) & sources.c.reason.not_in(well)
