"""Sources are claimed in the tests as a process would."""

from __future__ import annotations

from datetime import datetime

from storage.database import Database
from storage.sources.polls import claim_due
from tests.storage.examples import NOW


def claim(database: Database, owner: str = "host/1/a", now: datetime = NOW, limit: int = 10) -> list[str]:
    """Claim what is due and return the keys."""
    return [poll.source.key for poll in database.claim(claim_due, owner, now, limit=limit)]
