"""A source for the catalogue: its entry, its saved page with other words, and a test whose expected values are left to
fill in. As city-scrapers' `genspider` does it: three files, so that nobody adds a source that nothing watches over."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from crawler.discovery.fixture_text import reworded
from storage.errors import InvalidInputError
from storage.types import Page, SourceSpec

CATALOGUE, TESTS = Path("crawler/catalog"), Path("tests/crawler/sources")
FILL_IN = "fill in"

_TEST = '''"""{name}: its saved page, with words of our own on the real structure. Pure.

Look at the page in a browser, fill in what a reader has to find there, and delete this sentence.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from crawler.catalog import find
from crawler.listing import read_listing
from storage.types import Page

ENTRIES: Any = "{fill_in}"  # how many the page shows; {count} were found
FIRST: Any = ("{fill_in}", "{fill_in}", "{fill_in}")  # the title, the date and the address of the first one


def test_{function}_is_read_from_its_page() -> None:
    saved = Path(__file__).with_name("{page}")
    listing = read_listing(Page({address}, saved.read_bytes()), find("{key}"))
    assert len(listing.entries) == ENTRIES, [entry.title for entry in listing.entries]
    first = listing.entries[0]
    assert (first.title, str(first.published), first.address) == FIRST
'''


@dataclass(frozen=True, slots=True)
class Made:
    """The files that a new source consists of, and what was written into the catalogue."""

    catalogue: Path
    page: Path
    test: Path
    entry: str


def make(spec: SourceSpec, page: Page, entries: int, into: Path, year: int) -> Made:
    """Write a source's three files below a folder. Raises `InvalidInputError` where one is there already."""
    name = re.sub(r"[^a-z0-9]+", "_", spec.key.lower())
    ending = (
        "json" if page.body.lstrip()[:1] in (b"{", b"[") else "xml" if page.body.lstrip()[:5] == b"<?xml" else "html"
    )
    catalogue = into / CATALOGUE / f"{spec.key.partition('/')[0]}.toml"
    saved, test = into / TESTS / f"{name}.{ending}", into / TESTS / f"test_{name}.py"
    if taken := next((path for path in (saved, test) if path.exists()), None):
        raise InvalidInputError(f"{taken} is there already", mend="give another key with --key, or delete it")
    known = catalogue.read_text("utf-8") if catalogue.exists() else "#:schema ./schema.json\n"
    if f'key = "{spec.key}"' in known:
        raise InvalidInputError(f"{catalogue} has a source {spec.key} already", mend="give another key with --key")
    entry = entry_of(spec, year)
    for folder in (catalogue.parent, saved.parent):
        folder.mkdir(parents=True, exist_ok=True)
    whole = "" if "[organisation]" in known else "\n[organisation]\nenabled = false\n"
    catalogue.write_text(f"{known.rstrip()}\n{whole}\n{entry}", "utf-8")
    saved.write_bytes(reworded(page))
    values = {
        "name": spec.name.replace('"', "'").replace("\\", ""),
        "fill_in": FILL_IN,
        "count": entries,
        "function": name,
        "page": saved.name,
        "address": json.dumps(page.address),
        "key": spec.key,
    }
    test.write_text(_TEST.format(**values), "utf-8")
    return Made(catalogue, saved, test, entry)


def entry_of(spec: SourceSpec, year: int) -> str:
    """A source as the catalogue writes it; what is as usual is left out."""
    rows = {
        "key": spec.key,
        "name": spec.name,
        "organisation": spec.organisation,
        "country": spec.country,
        "address": spec.address,
        "languages": list(spec.languages),
        "zone": spec.zone,
        "shape": "" if spec.shape == "auto" else str(spec.shape),
        "fact_year": year,
    }
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in rows.items() if value]
    chosen = {name: value for name, value in (("entry", spec.listing.entry), ("date", spec.listing.date)) if value}
    table = ["[source.listing]", *(f"{name} = {json.dumps(value)}" for name, value in chosen.items())] if chosen else []
    return "\n".join(["[[source]]", *lines, *table]) + "\n"
