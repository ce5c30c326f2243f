"""What is asked of the history, in JSON. Pure."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from presswatch.representations.items import hit
from presswatch.representations.values import JSON

if TYPE_CHECKING:  # heavy to import, and named in annotations alone
    from storage.search.coverage import Commented
    from storage.search.explain import Explanation
    from storage.search.facets import Facets
    from storage.search.intervals import Bar
    from storage.search.preview import Preview


def verdict(item_id: int, query: str, outcome: str, explanation: Explanation) -> JSON:
    """Why a statement meets a query, or why not."""
    return {"item": item_id, "query": query, "outcome": outcome, **asdict(explanation)}


def preview(tested: Preview) -> JSON:
    """What a query would have found."""
    return asdict(tested) | {"samples": [hit(found) for found in tested.samples]}


def facets(counted: Facets) -> JSON:
    """How the found statements are spread."""
    return asdict(counted)


def bar(counted: Bar) -> JSON:
    """A bar of a chart."""
    return {"first": str(counted.first), "count": counted.count}


def commented(row: Commented) -> JSON:
    """How much a source said on a topic."""
    days = {str(day): number for day, number in row.days.items()}
    return {"source": row.source, "topic": row.topic, "total": row.total, "days": days, "unread": row.unread or None}
