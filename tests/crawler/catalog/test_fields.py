"""What a source's table may say, and what is said of a wrong one. Touches files."""

from __future__ import annotations

import dataclasses
import tempfile
from pathlib import Path
from typing import Any

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from crawler.catalog import CatalogueError, fields, read_file, table_of
from crawler.catalog.mistakes import read
from storage.codec import as_json, from_json
from storage.types import SourceSpec
from tests.crawler.catalog.rows import rows

ROW = {"key": "ministry/news", "name": "News", "address": "https://ministry.example/news/"}


def in_the_catalogue(*sources: dict[str, Any], **organisation: Any) -> tuple[SourceSpec, ...]:
    """What the loader makes of a file with these tables."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "ministry.toml")
        file.write_text(tomlkit.dumps({"organisation": organisation, "source": list(sources)}), "utf-8")
        return read_file(file)


def keeps(kept: Any, said: Any) -> bool:
    """Whether a value has all that was said; a table may be kept as pairs."""
    if isinstance(said, dict):
        return all(keeps(dict(kept)[name], each) for name, each in said.items())
    return bool(kept == said)


@given(rows())
def test_every_field_of_a_source_goes_through_the_catalogue_and_the_column(row: dict[str, Any]) -> None:
    assert row.keys() == {field.name for field in dataclasses.fields(SourceSpec)}
    [spec] = in_the_catalogue(row)
    assert keeps(as_json(spec), row | {"packs": list(dict.fromkeys(row["packs"]))})
    assert in_the_catalogue(table_of(spec)) == (spec,)
    assert from_json(SourceSpec, as_json(spec)) == spec


@given(rows())
def test_every_field_but_a_source_s_own_holds_for_a_whole_organisation(row: dict[str, Any]) -> None:
    own = {name: row.pop(name) for name in fields.OWN}
    organisation = row.pop("organisation")
    whole = row | own | {"organisation": organisation}
    assert in_the_catalogue(own, **row, name=organisation) == in_the_catalogue(whole)


MISTAKES = [
    ({"delai": 1.5}, "delai: there is no such field", "did you mean delay?"),
    ({"xyz": 1}, "xyz: there is no such field", "the fields are address, article, browser, "),
    ({"name": ...}, "name: it is missing", 'write name = "..."'),
    ({"key": "News"}, "key: 'News' is not written like mfa-by/news-en", 'write key = "mfa-by/news-en"'),
    (
        {"address": "ftp://a.example/"},
        "address: 'ftp://a.example/' is not an http or https address",
        "write address = ",
    ),
    ({"address": "https://:80/"}, "address: 'https://:80/' has no host", "write it as docs/adding-a-source.md says"),
    ({"note": " "}, "note: ' ' is not a text", 'write note = "..."'),
    ({"country": "Belarus"}, "country: 'Belarus' is not written like BY", 'write country = "BY"'),
    ({"languages": "en"}, "languages: 'en' is not a list like ['en']", 'write languages = ["en"]'),
    ({"languages": ["en", "Russian"]}, "languages: 'Russian' is not written like en", 'write languages = ["en"]'),
    ({"packs": []}, "packs: [] is not a list like ['csto']", 'write packs = ["csto"]'),
    ({"zone": "Europe/Atlantis"}, "zone: 'Europe/Atlantis' is no time zone by its IANA name", "write it as docs/"),
    ({"zone": "../../etc"}, "zone: '../../etc' is not written like Europe/Minsk", 'write zone = "Europe/Minsk"'),
    ({"shape": "rss"}, "shape: 'rss' is not one of auto, feed, json, sitemap, html", 'write shape = "auto"'),
    ({"interval": 5}, "interval: 5 is not a whole number from 30 to 86400", "write interval = 30"),
    ({"interval": True}, "interval: True is not a whole number from 30 to 86400", "write interval = 30"),
    ({"delay": "slow"}, "delay: 'slow' is not a number of seconds from 0 to 3600", "write delay = 0"),
    ({"enabled": 1}, "enabled: 1 is not true or false", "write enabled = true"),
    ({"listing": "li"}, "listing: 'li' is not a table", "write listing = { ... }"),
    ({"listing": {"enrty": "li"}}, "listing: enrty: there is no such selector", "did you mean entry?"),
    ({"article": {"date": 5}}, "article: date: 5 is not a text", 'write date = "..."'),
    ({"transport": {"plain_http": True}}, "transport: why: it is missing", 'write why = "..."'),
    (
        {"transport": {"legacy_tsl": 1, "why": "old"}},
        "transport: legacy_tsl: there is no such exception",
        "did you mean legacy_tls?",
    ),
    ({"search": {}}, "search: fields: it is missing", "write fields = { ... }"),
    ({"search": {"fields": {}}}, "search: fields: {} is not a table of what the form's fields send", "write fields = "),
    ({"search": {"fields": {"a": "{from}"}}}, "search: no field of the search form sends {to}", "write it as docs/"),
    (
        {"search": {"fields": {"a": "{day}"}}},
        "search: fields: a: {day} is not known; known are {from}, {page}, {token}, {to}",
        "write it as docs/",
    ),
    ({"search": {"fields": {"a": 5}}}, "search: fields: a: 5 is not a text", 'write a = "..."'),
]
"""What a row says (`...`: it does not), what is said of it, and the mend's beginning."""


@pytest.mark.parametrize(("said", "what", "mend"), MISTAKES, ids=[what for _, what, _ in MISTAKES])
def test_a_mistake_is_told_with_its_field_and_the_nearest_mend(said: dict[str, Any], what: str, mend: str) -> None:
    row = {name: value for name, value in {**ROW, **said}.items() if value is not ...}
    with pytest.raises(CatalogueError) as caught:
        in_the_catalogue(row)
    place, _, told = str(caught.value).partition("source 1")
    assert (place, told.removeprefix(f" ({row['key']})")) == ("ministry.toml: ", f": {what}")
    assert caught.value.mend.startswith(mend)


def test_all_mistakes_of_a_row_are_told_the_unknown_first_and_then_as_they_stand() -> None:
    said, mistakes = read(
        fields.source(), {"interval": 5, "adress": "a", "delay": "slow", "name": "News", "enabled": 1}
    )
    assert said == {}
    assert [mistake.field for mistake in mistakes] == ["adress", "key", "address", "interval", "delay", "enabled"]


def test_what_each_source_has_to_say_itself_belongs_into_no_organisation() -> None:
    for name in ("key", "address"):
        with pytest.raises(CatalogueError, match=rf"organisation: {name}: belongs into each \[\[source\]\]$"):
            in_the_catalogue(ROW, **{name: ROW[name]})


def test_a_list_of_sources_that_are_none_is_refused() -> None:
    with pytest.raises(CatalogueError, match=r"^ministry\.toml: source 1: it is not a table$"):
        in_the_catalogue(5)  # type: ignore[arg-type]


anything = st.recursive(
    st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.datetimes(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
names = st.sampled_from([*fields.fields_of(SourceSpec), "nmae", ""])
tables = st.sampled_from(["listing", "article", "transport", "search"])
inner_names = st.sampled_from(["entry", "date", "why", "legacy_tls", "fields", "most", "etnry"])


@given(st.dictionaries(names, anything) | st.dictionaries(tables, st.dictionaries(inner_names, anything), min_size=1))
def test_whatever_is_written_is_understood_or_refused_in_our_own_words(row: dict[str, Any]) -> None:
    said, mistakes = read(fields.source(), row)
    assert bool(said) is not bool(mistakes)
    for mistake in mistakes:
        assert mistake.mend
        assert mistake.field.partition(":")[0] in {*row, *fields.OWN}
        assert "nput should" not in mistake.what and "pydantic" not in mistake.what
