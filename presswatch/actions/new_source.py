"""A source for the catalogue: its entry, its saved page with other words, and a test whose expected values are left to
fill in. As city-scrapers' `genspider` does it: three files, so that nobody adds a source that nothing watches over."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import tomlkit

from crawler.catalog import catalogue, table_of
from crawler.catalog.fields import KEY
from crawler.discovery import discover
from crawler.discovery.fixture_text import reworded
from crawler.discovery.source_defaults import neighbours, placed
from crawler.listing import read_listing
from crawler.reading.saved import address_told
from crawler.reading.site_metadata import site_metadata
from crawler.run import Crawl
from presswatch.actions.proposals import NewSource, wanted_spec
from presswatch.formats.toml import tables
from storage.clock import now
from storage.connection_guard import AddressPolicy
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


async def from_address(
    crawl: Crawl,
    address: str,
    key: str,
    into: Path,
    policy: AddressPolicy,
    told: Callable[[str], None] = lambda address: None,
) -> Made:
    """Make the three files of a section that is fetched now, below the folder `into`; `told` hears what is looked at.

    Raises `InvalidInputError`, `AddressRefusedError`, `UnreadableError`.
    """
    check_catalogue_key(key)
    wanted = wanted_spec(NewSource(address, key), policy, "")
    proposal = await discover.propose(wanted, crawl.fetch, crawl.reading, catalogue=catalogue(), told=told)
    page = await crawl.fetch(proposal.spec.address)
    return await asyncio.to_thread(make, proposal.spec, page, len(proposal.listing.entries), into, now().year)


async def from_file(file: Path, key: str, into: Path, url: str = "") -> Made:
    """Make the three files of a section whose page was saved from `url`. Raises `InvalidInputError`."""
    check_catalogue_key(key)
    return await asyncio.to_thread(_from_file, file, key, into, url)


def _from_file(file: Path, key: str, into: Path, url: str) -> Made:
    try:
        body = file.read_bytes()
    except OSError as error:
        raise InvalidInputError(
            f"{file} cannot be read: {error.strerror}", mend="give a saved page, or its address"
        ) from error
    address = url or address_told(body)
    if not address:
        raise InvalidInputError(f"{file} does not say where it came from", mend="say it with --url")
    page, known = Page(address, body), neighbours(address, catalogue())
    spec = placed(SourceSpec(key, "", address, zone=""), site_metadata(page), known, catalogue())
    return make(spec, page, len(read_listing(page, spec).entries), into, now().year)


def check_catalogue_key(key: str) -> None:
    """Raise `InvalidInputError` where a source of the catalogue cannot be called that."""
    if not re.fullmatch(KEY, key):
        mend = "name it organisation/section, such as mfa-xy/news"
        raise InvalidInputError(f"the key: {key!r} is not written like mfa-by/news-en", mend=mend)


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
    """A source as the catalogue writes it; what is as usual or not known is left out, and whether it is polled.

    That its file says for all of its sources.
    """
    said = table_of(replace(spec, fact_year=year)).items()
    row = {name: value for name, value in said if value != "" and name != "enabled"}
    return tomlkit.dumps({"source": tables([row])})
