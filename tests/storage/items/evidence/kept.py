"""Statements that are stored with their evidence, and the evidence verified."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from storage.database import Database
from storage.events import Event
from storage.items.archive import Archive
from storage.items.evidence.folder import EvidenceFolder
from storage.items.evidence.verifying import Verified, verify
from storage.types import ArticleDraft, Exchange, Source
from tests.storage.examples import BODY, NOW, draft

SMALL = 3000
"""Bytes after which a file is full: some records."""


def folder_of(database: Database, *, rotated: int = SMALL) -> EvidenceFolder:
    return EvidenceFolder(database.path.parent / "evidence", rotated=rotated)


def archive(database: Database, told: list[Event] | None = None, *, rotated: int = SMALL) -> Archive:
    """What writes it as a process does that has just begun."""
    return Archive(database, folder_of(database, rotated=rotated), (told if told is not None else []).append)


def page(number: int, html: str = "", *, rendered: bool = False) -> Exchange:
    """How the page of a statement was fetched."""
    return Exchange(
        f"https://mfa.example/news/{number}",
        NOW + timedelta(minutes=number),
        (("User-Agent", "presswatch"),),
        200,
        "HTTP/1.1",
        (("Content-Type", "text/html; charset=utf-8"),),
        (html or f"<h1>Statement {number}</h1>").encode(),
        rendered=rendered,
    )


def fetched(source: Source, number: int, html: str = "", *, rendered: bool = False, body: str = BODY) -> ArticleDraft:
    """A statement as it was read from its page."""
    return replace(draft(source, number, body=body), exchange=page(number, html, rendered=rendered))


async def fill(database: Database, source: Source) -> None:
    """Evidence of every kind, in some files."""
    writer = archive(database)
    for number in range(1, 8):
        await writer.store([fetched(source, number)])
    await writer.store([fetched(source, 8, "<h1>Statement 1</h1>"), fetched(source, 9, rendered=True)])
    await writer.store([fetched(source, 1, "<h1>Edited</h1>", body="It was edited.")])


def verified(database: Database, folder: Path | None = None) -> Verified:
    found = EvidenceFolder(folder, rotated=SMALL) if folder else folder_of(database)
    return database.read(verify, found, shared=False, progress=lambda done, total: None)
