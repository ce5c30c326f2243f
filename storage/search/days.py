"""Only the versions that are counted under some days.

What was said lately was stored lately: no version of these days has an id below that of the first one. So an index of
years names only the end of its postings.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from storage.search.selects import Met
from storage.tables import version_facts

_NONE = 1 << 62


@dataclass(frozen=True, slots=True)
class Days:
    """From a day to a day, both included, by `storage.items.facts.day_of`."""

    first: date
    last: date
    oldest: int
    """The smallest id of a version that is counted under one of them, or under a later one."""

    def among(self, met: Met) -> Met:
        """Those of the candidates that are counted under these days."""
        day = version_facts.c.day
        within = day.between(self.first.toordinal(), self.last.toordinal())
        return met.where(within, met.statements.version_id >= self.oldest)


def days(connection: Connection, first: date, last: date = date.max) -> Days:
    """These days, as the database has them now."""
    facts = version_facts.c
    ids = select(facts.id).where(facts.day >= first.toordinal()).order_by(facts.id).limit(1)
    return Days(first, last, connection.scalar(ids) or _NONE)
