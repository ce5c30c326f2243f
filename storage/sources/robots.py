"""Questions about robots.txt: what a site answered when it was last asked, for every crawl that comes after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from storage.tables import robots


@dataclass(frozen=True, slots=True)
class RobotsFile:
    """A site's robots.txt as it was answered: `status` of HTTP, and the rules for us where that is 200."""

    site: str
    """Scheme, host and port."""
    fetched_at: datetime
    expires_at: datetime
    status: int
    body: str = ""


def find(connection: Connection, site: str) -> RobotsFile | None:
    """What the site answered, expired or not."""
    row = connection.execute(select(robots).where(robots.c.site == site)).first()
    return RobotsFile(**row._mapping) if row is not None else None


def save(connection: Connection, file: RobotsFile) -> None:
    """Keep what the site answered in the place of what it answered before."""
    connection.execute(delete(robots).where(robots.c.site == file.site))
    connection.execute(
        insert(robots).values(
            site=file.site,
            fetched_at=file.fetched_at,
            expires_at=file.expires_at,
            status=file.status,
            body=file.body,
        )
    )


def forget(connection: Connection, before: datetime) -> int:
    """Delete what sites answered before then; return how many."""
    return connection.execute(delete(robots).where(robots.c.fetched_at < before)).rowcount
