"""The rows of sources and their values."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row

from storage.codec import as_json, from_json
from storage.types import Habits, Reason, Source, SourceSpec, Validators


def spec_columns(spec: SourceSpec) -> dict[str, Any]:
    return {
        "name": spec.name,
        "organisation": spec.organisation,
        "country": spec.country,
        "address": spec.address,
        "spec": as_json(spec),
    }


def new_row(spec: SourceSpec, origin: str, alert_first: bool, now: datetime) -> dict[str, Any]:
    return {
        "key": spec.key,
        **spec_columns(spec),
        "origin": origin,
        "enabled": spec.enabled,
        "alert_first": alert_first,
        "reason": Reason.OK,
        "detail": "",
        "failures": 0,
        "next_poll_at": now,
    }


def source_of(row: Row[Any]) -> Source:
    return Source(
        id=row.id,
        spec=from_json(SourceSpec, row.spec),
        origin=row.origin,
        enabled=row.enabled,
        alert_first=row.alert_first,
        reason=Reason(row.reason),
        detail=row.detail,
        reason_since=row.reason_since,
        failures=row.failures,
        told_reason=Reason(row.told_reason) if row.told_reason else None,
        validators=Validators(row.etag, row.last_modified, row.body_hash),
        full_fetch_at=row.full_fetch_at,
        baseline_at=row.baseline_at,
        habits=from_json(Habits, row.habits) if row.habits is not None else None,
        gap_page=row.gap_page or "",
        last_poll_at=row.last_poll_at,
        next_poll_at=row.next_poll_at,
    )
