"""Dataclasses in JSON columns: whole, and those of other versions too. Touches a file."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.codec import as_json, from_json
from storage.types import (
    ArticleSelectors,
    Habits,
    Hit,
    ListingSelectors,
    SearchForm,
    Shape,
    SourceSpec,
    TransportExceptions,
)
from tests.storage.values import any_of

STORED: dict[str, Any] = json.loads(Path(__file__).with_name("columns_of_0008.json").read_text("utf-8"))
"""What the columns of schema 0008 held before this codec wrote them: each field said, none as usual."""

WAS = {
    "spec": SourceSpec(
        key="mfa-xy/news-en",
        name="Новости",
        address="https://mfa.example.org/en/news/",
        organisation="Ministry",
        country="XY",
        languages=("en", "ru"),
        zone="Europe/Minsk",
        day_first=False,
        shape=Shape.HTML,
        listing=ListingSelectors("li", "a.title", "h2", "time", "a.next"),
        article=ArticleSelectors("h1", "time", "article", "footer", "aside"),
        interval=120,
        slowest=7200,
        delay=5.5,
        browser=True,
        transport=TransportExceptions("ca.pem", True, True, "it has no other"),
        search=SearchForm(
            address="https://mfa.example.org/find",
            fields=(("from", "{from}"), ("to", "{to}")),
            date_format="%Y-%m-%d",
            token="#token",
            good="found",
            most=10,
        ),
        enabled=False,
        verified=True,
        fact_year=2026,
        packs=("csto", "foreign"),
        note="as it was",
    ),
    "habits": Habits(
        since=datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC),
        days=(1.5,) * 7,
        hours=(0.25,) * 24,
        finds=3.0,
        bursts=1.0,
        last_new_at=datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC),
        gaps=(1800, 3600),
        longest_gap=86_400,
        entries=(20, 19),
        overlap_wait=600,
        dated=0.95,
        places=("mfa.example.org/en/news",),
        at_home=1.0,
        reader="html-list",
    ),
    "hit": Hit("alias:CSTO", "ОДКБ", "body", 3, 7, "CSTO"),
}

each_column = pytest.mark.parametrize("column", sorted(WAS))
values = st.one_of(any_of(SourceSpec), any_of(Habits), any_of(Hit))


@given(values)
def test_every_field_is_kept_whole(value: Any) -> None:
    assert from_json(type(value), json.loads(json.dumps(as_json(value)))) == value


@given(values)
def test_what_is_as_usual_need_not_be_said(value: Any) -> None:
    brief = as_json(value, without_defaults=True)
    assert from_json(type(value), brief) == value
    assert brief.items() <= as_json(value).items() or any(isinstance(each, dict) for each in brief.values())


@each_column
def test_what_an_older_version_wrote_is_read(column: str) -> None:
    assert from_json(type(WAS[column]), STORED[column]) == WAS[column]


@each_column
def test_a_field_of_another_version_is_left_out(column: str) -> None:
    assert from_json(type(WAS[column]), {**STORED[column], "field of tomorrow": [1]}) == WAS[column]


def test_tables_of_other_versions_are_read_too() -> None:
    stored = {**STORED["spec"], "listing": {"entry": "li", "selector of tomorrow": "b"}, "transport": {}}
    del stored["search"]
    spec = from_json(SourceSpec, stored)
    assert (spec.listing, spec.transport, spec.search) == (ListingSelectors("li"), TransportExceptions(), SearchForm())
