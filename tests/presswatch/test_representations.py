"""One shape of a thing in every JSON: what is shown of a statement and what is exported of it say the same. Pure."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from presswatch import representations
from presswatch.formats.files import exported
from presswatch.formats.kinds import Format
from storage.search.search import SearchHit
from storage.types import Article, Entry, Hit, Item, Published, Version

SEEN = datetime(2024, 11, 28, 12, 0, 5, 250_000, tzinfo=UTC)
DOCUMENTED = re.search(
    r"the same fields everywhere: (.+?); `search`", Path("docs/commands.md").read_text("utf-8"), re.S
)


def item(**values: object) -> Item:
    version = Version(7, 345, 1, "A title", "What was said.", "", Published(), SEEN, "f")
    known = Item(345, 9, "https://mfa.example/1", 1, "mfa-xy/news", "News", "", "", False, SEEN, version, 1)
    return replace(known, **values)  # type: ignore[arg-type]


def test_what_is_not_known_is_null_in_every_json() -> None:
    shown = representations.hit(SearchHit(item(), ()))
    [line] = exported([SearchHit(item(), ())], Format.NDJSON)
    names = ("published_at", "published_text", "published_doubt", "language", "organisation", "country", "withdrawn_at")
    assert {name: shown[name] for name in names} == dict.fromkeys(names)
    assert {name: json.loads(line)[name] for name in names} == dict.fromkeys(names)
    entry = representations.entry(Entry("https://mfa.example/1", "A title"))
    article = representations.read_article(Article("https://mfa.example/1", "A title", "Said."))
    assert [entry["published_at"], article["published_at"], article["language"]] == [None] * 3


def test_a_statement_is_exported_as_it_is_shown() -> None:
    known = item(organisation="Ministry", country="XY", withdrawn_at=SEEN)
    found = SearchHit(known, (Hit("bridge", "bridge", "body", 0, 4),))
    shown = json.loads(json.dumps(representations.hit(found), default=representations.plain))
    [line] = exported([found], Format.NDJSON)
    assert {**json.loads(line), "hits": shown["hits"]} == {**shown, "body": "What was said."}
    assert shown["first_seen_at"] == SEEN.isoformat()
    assert shown["hits"][0]["clause"] == "bridge"


def test_a_sheet_has_empty_cells_for_what_is_not_known_and_whole_seconds() -> None:
    _, row = exported([SearchHit(item(), ())], Format.CSV)
    assert row.startswith("345,,2024-11-28T12:00:05+00:00,mfa-xy/news,,,,A title,")


def test_the_fields_of_a_statement_are_documented() -> None:
    assert DOCUMENTED is not None
    assert re.findall(r"`(\w+)`", DOCUMENTED[1]) == list(representations.item(item()))


def test_a_claimed_day_is_shown_with_its_precision() -> None:
    claimed = Published(day=SEEN.date(), text="28 November")
    shown = representations.item(item(version=replace(item().version, published=claimed)))
    assert (shown["published_at"], shown["published_precision"]) == ("2024-11-28", "day")
    assert representations.claim(claimed)["published_day"] == "2024-11-28"
