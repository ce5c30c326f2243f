"""What a person can do with pages: see what the readers make of them. Nothing is stored."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from crawler.catalog import catalogue
from crawler.discovery.source_defaults import neighbours, placed
from crawler.fetching import failures
from crawler.reading.process import ReadingProcess
from crawler.reading.saved import Kind, Read, address_told
from crawler.run import Crawl
from storage.connection_guard import AddressPolicy
from storage.errors import UnreadableError
from storage.people.rhythms import zone_named
from storage.types import Page, Reason, SourceSpec


@dataclass(frozen=True, slots=True)
class Hints:
    """What a person says of pages to be read. What is empty is found out."""

    kind: Kind | None = None
    languages: tuple[str, ...] = ()
    zone: str = ""
    day_first: bool | None = None
    content_type: str = ""


async def read_files(
    reading: ReadingProcess,
    files: Sequence[tuple[Path, str]],
    hints: Hints,
    done: Callable[[str], None] = lambda name: None,
) -> list[tuple[str, Read]]:
    """What the readers make of saved pages, each with the address it came from; `done` is told of each.

    An address that is empty is looked for in the page. Where there is none, or the file cannot be read, the answer
    says so and the others go on. Returns the addresses and what was read, in the order of the files.
    """
    answers = []
    for file, address in files:
        answers.append(await _read_file(file, address, hints, reading))
        done(str(file))
    return answers


async def read_addresses(
    crawl: Crawl,
    addresses: Sequence[str],
    hints: Hints,
    policy: AddressPolicy,
    done: Callable[[str], None] = lambda name: None,
) -> list[tuple[str, Read]]:
    """What the readers make of pages, fetched under the rules of every crawl. Raises `AddressRefusedError`."""
    for address in addresses:
        policy.check_address(address)
    return await asyncio.gather(*(_read_address(crawl, address, hints, done) for address in addresses))


async def _read_address(crawl: Crawl, address: str, hints: Hints, done: Callable[[str], None]) -> tuple[str, Read]:
    kind = hints.kind or Kind.LISTING
    try:
        page = await crawl.fetch(address)
    except UnreadableError as error:
        return address, Read(kind, error.reason, str(error))
    finally:
        done(address)
    reason = failures.of_status(page.status)
    if reason is not Reason.OK:
        return address, Read(kind, reason, f"{page.address} answered {page.status}")
    return page.address, await _read_page(page, hints, crawl.reading)


async def _read_file(file: Path, address: str, hints: Hints, reading: ReadingProcess) -> tuple[str, Read]:
    kind = hints.kind or Kind.LISTING
    try:
        body = await asyncio.to_thread(file.read_bytes)
    except OSError as error:
        return address, Read(kind, Reason.UNREADABLE, f"{file} cannot be read: {error.strerror}")
    address = address or address_told(body)
    if not address:
        return "", Read(kind, Reason.UNREADABLE, f"{file} does not say where it came from; say it with --url")
    return address, await _read_page(Page(address, body, 200, hints.content_type), hints, reading)


async def _read_page(page: Page, hints: Hints, reading: ReadingProcess) -> Read:
    try:
        return await reading.page(page, await _spec_for(page, hints, reading), hints.kind)
    except UnreadableError as error:
        return Read(hints.kind or Kind.LISTING, error.reason, f"{page.address}: {error}")


async def _spec_for(page: Page, hints: Hints, reading: ReadingProcess) -> SourceSpec:
    """The catalogue's entry of a section, or one with what its host, its address and the page tell; hints go first."""
    spec = next((known for known in catalogue() if known.address == page.address), None)
    if spec is None:
        known = neighbours(page.address, catalogue())
        about = await reading.site_metadata(page)
        spec = placed(SourceSpec("", "", page.address, languages=hints.languages, zone=""), about, known, catalogue())
    return replace(
        spec,
        languages=hints.languages or spec.languages,
        zone=zone_named(hints.zone) if hints.zone else spec.zone,
        day_first=spec.day_first if hints.day_first is None else hints.day_first,
    )
