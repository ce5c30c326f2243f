"""Whether presswatch does what it is for, and how well: for programs that watch it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from scheduler.pulse import Pulse
from storage.clock import now
from storage.database import Database
from storage.errors import DatabaseGoneError, StorageError
from storage.operator import vitals
from storage.operator.vitals import Totals, Vitals

PATIENCE = 5.0
"""Seconds that the database has to answer."""


async def look(database: Database, before: Totals, clock: Callable[[], datetime] = now) -> Vitals:
    """How presswatch does now. `before` is what the last look counted: it is not counted again."""
    return await database.read_async(vitals.look, before, clock())


async def not_ready(database: Database, pulse: Pulse | None, patience: float = PATIENCE) -> tuple[str, ...]:
    """Why presswatch does not do what it is for, in words that tell nothing of what is watched; nothing if it does.

    Without a `pulse` nothing is driven here.
    """
    reasons = []
    try:
        await asyncio.wait_for(database.read_async(vitals.answers), patience)
        database.check_files()
    except DatabaseGoneError:
        reasons.append("the database was deleted or replaced")
    except (StorageError, TimeoutError):
        reasons.append("the database does not answer")
    return (*reasons, *(f"late: {job}" for job in (pulse.late() if pulse else ())))
