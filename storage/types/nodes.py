"""Nodes: the processes that work on one database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class NodeRole(StrEnum):
    """What a node does for all of them."""

    CRAWL = "crawl"
    """It polls sources and reads statements again."""
    MATCH = "match"
    """It asks the topics about what is new."""
    DELIVER = "deliver"
    """It sends alerts and notices."""
    WEB = "web"
    """It serves the pages and the API."""


EVERY_ROLE = frozenset(NodeRole)


@dataclass(frozen=True, slots=True)
class NodeRecord:
    """What is known of a node."""

    number: int
    """Its fencing number: whoever joins has a higher one than all before."""
    name: str
    roles: tuple[NodeRole, ...]
    version: str
    """Of presswatch."""
    started_at: datetime
    beat_at: datetime
    """When it was last heard of, by the database's clock."""
    ended_at: datetime | None
    ended: str
    """Why it ended; empty while it stands."""
    load: int
    """Fetches and deliveries that wait or are under way."""
    sources: int
    """Sources that it holds now."""
    alerts: int
    """Alerts that it holds now."""
