"""A statement in a list: what it says, where it met what was asked, what became of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from lxml import html

from presswatch.web.rendering import environment
from storage.database import Database
from storage.items import items
from storage.types import Hit, Item
from tests.storage.examples import BODY, HOUR, NOW, draft, store, watched

PAGE = "{% from 'parts/row.html' import row with context %}{{ row(item, **given) }}"


@pytest.fixture
def item(database: Database) -> Item:
    source = watched(database)
    [stored] = store(database, draft(source, 1, title="Bridges and tolls"))
    found = database.read(items.get, stored.item_id)
    return replace(found, country="BY", organisation="Foreign Ministry")


def shown(item: Item, language: str = "en", **given: Any) -> Any:
    """The row as a reader in Minsk sees it."""
    values = {"zone": "Europe/Minsk", "language": language, "now": NOW + HOUR}
    return html.fromstring(environment(language).from_string(PAGE).render(item=item, given=given, **values))


def text_of(row: Any) -> str:
    return " ".join(row.text_content().split())


def test_a_row_says_when_who_and_what(item: Item) -> None:
    row = shown(item)
    assert row.find(".//time").get("datetime") == NOW.isoformat()
    assert text_of(row.find(".//time")) == "15:00"
    assert text_of(row.find_class("who")[0]) == "Belarus Foreign Ministry"
    [title] = row.find_class("title")
    assert (title.get("href"), title.get("lang"), title.get("dir")) == (f"/statements/{item.id}", "en", "auto")
    assert not row.find_class("state")


def test_what_was_met_is_marked(item: Item) -> None:
    at = BODY.index("bridge")
    row = shown(item, hits=(Hit("bridge", "bridge", "body", at, at + 6),))
    assert [mark.text for mark in row.findall(".//mark")] == ["bridge"]
    assert "spoke about the bridge" in text_of(row.find_class("snippet")[0])


def test_an_edit_and_a_withdrawal_are_said_in_words(item: Item) -> None:
    edited = replace(item.version, number=2, seen_at=NOW + timedelta(minutes=2))
    row = shown(replace(item, version=edited, withdrawn_at=NOW + timedelta(minutes=9)))
    assert [text_of(state) for state in row.find_class("state")] == ["edited 15:02", "withdrawn 15:09"]


def test_other_editions_are_named_by_their_language(item: Item) -> None:
    other = replace(item, id=77, version=replace(item.version, language="ru"))
    row = shown(item, also=(other,))
    assert "English, also Russian" in text_of(row)
    assert row.xpath("//a[@href='/statements/77']")
    assert "английский" in text_of(shown(item, "ru"))


HOSTILE = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "' onmouseover='alert(1)", "{{ 7 * 7 }}"]


@pytest.mark.parametrize("payload", HOSTILE)
def test_no_word_of_a_site_is_markup(item: Item, payload: str) -> None:
    version = replace(item.version, title=payload, body=payload, language=payload)
    hit = Hit("x", payload, "body", 0, len(payload))
    row = shown(
        replace(item, country=payload, organisation=payload, version=version), hits=(hit,), topics=(payload, payload)
    )
    assert not row.xpath("//script | //img | //@onerror | //@onmouseover")
    assert text_of(row.find_class("title")[0]) == payload
    assert text_of(row.find(".//mark")) == payload
