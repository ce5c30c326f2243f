"""Statements and their evidence are written together; what keeps the evidence from being written is told once.

A statement is stored even where its evidence cannot be: what was published counts more than the proof of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Connection

from storage.clock import now
from storage.database import Database
from storage.events import Event, FaultBegan, FaultEnded
from storage.items.evidence import recording
from storage.items.evidence.folder import EvidenceFolder
from storage.items.evidence.recording import MadeRecords
from storage.items.store import made_ahead, store
from storage.items.texts import AnalysedTexts
from storage.types import ArticleDraft, Reason, Stored

_WHERE = "evidence"
_MEND = "look at its folder, at its rights and the space there; statements are stored without evidence meanwhile"
_LIMIT_MEND = "let it take more with PRESSWATCH_EVIDENCE; statements are stored without evidence meanwhile"


class Archive:
    """Writes what a crawl finds. `report` is told when the evidence cannot be written, and when it can again."""

    def __init__(self, database: Database, folder: EvidenceFolder, report: Callable[[Event], None]) -> None:
        self.folder = folder
        self._database = database
        self._report = report
        self._fault = False

    async def store(self, drafts: Sequence[ArticleDraft]) -> list[Stored]:
        """Store drafts with the evidence that they bring; texts and records are made before the lock is held.

        Raises `StorageError`.
        """
        at = now()
        texts, records = await self._database.read_async(made_ahead, drafts, at, self.folder)
        stored, trouble = await self._database.write_async(self._write, drafts, texts, records, at)
        if records:
            if trouble is None:  # the rows count now
                trouble = await self._database.write_async(self._write_lines)
            self._tell(trouble)
        return stored

    def _write(
        self,
        connection: Connection,
        drafts: Sequence[ArticleDraft],
        texts: AnalysedTexts,
        records: MadeRecords,
        at: datetime,
    ) -> tuple[list[Stored], tuple[str, str] | None]:
        stored = store(connection, drafts, texts, now=at)
        exchanges = [draft.exchange for draft in drafts]
        if not any(exchanges):
            return stored, None
        try:
            if self.folder.size() >= self.folder.limit:
                return stored, (f"it takes {self.folder.limit // 1_000_000:,} MB, as much as it may", _LIMIT_MEND)
            recording.record(connection, self.folder, exchanges, stored, records)
        except (OSError, ValueError) as error:
            return stored, (f"it cannot be written: {error}", _MEND)
        return stored, None

    def _write_lines(self, connection: Connection) -> tuple[str, str] | None:
        try:
            recording.write_lines(connection, self.folder)
        except (OSError, ValueError) as error:
            return f"its chain cannot be written: {error}", _MEND
        return None

    def _tell(self, trouble: tuple[str, str] | None) -> None:
        if trouble is not None and not self._fault:
            self._report(FaultBegan(_WHERE, Reason.STORAGE, *trouble))
        if trouble is None and self._fault:
            self._report(FaultEnded(_WHERE, Reason.STORAGE))
        self._fault = trouble is not None
