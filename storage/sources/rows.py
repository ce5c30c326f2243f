"""The rows of sources and their values."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from storage.sources import habits
from storage.types import (
    ArticleSelectors,
    ListingSelectors,
    Reason,
    SearchForm,
    Shape,
    Source,
    SourceSpec,
    TransportExceptions,
    Validators,
)


def _as_json(spec: SourceSpec) -> dict[str, Any]:
    lists = {"languages": list(spec.languages), "packs": list(spec.packs)}
    return {**asdict(spec), **lists, "shape": str(spec.shape)}


def spec_columns(spec: SourceSpec) -> dict[str, Any]:
    return {
        "name": spec.name,
        "organisation": spec.organisation,
        "country": spec.country,
        "address": spec.address,
        "spec": _as_json(spec),
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


def spec_of(stored: dict[str, Any]) -> SourceSpec:
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


def source_of(row: Row[Any]) -> Source:
    return Source(
        id=row.id,
        spec=spec_of(row.spec),
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
        habits=habits.from_json(row.habits),
        gap_page=row.gap_page or "",
        last_poll_at=row.last_poll_at,
        next_poll_at=row.next_poll_at,
    )
