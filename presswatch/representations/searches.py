"""What is asked of the history, in JSON. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING

from presswatch.representations.items import hit
from presswatch.representations.values import JSON

if TYPE_CHECKING:  # heavy to import, and named in annotations alone
    from storage.search.coverage import Commented
    from storage.search.explain import Explanation
    from storage.search.facets import Facets
    from storage.search.intervals import Bar, Interval
    from storage.search.preview import Preview
    from storage.search.search import SearchPage


def search_page(page: SearchPage) -> JSON:
    """Some of what was found; `next` is the `start` of the following page."""
    return {
        "data": [hit(found) for found in page.found],
        "next": page.next or None,
        "total": page.total,
        "exact": page.exact,
        "ranked_among": page.ranked_among,
    }


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


def histogram(by: Interval, bars: Sequence[Bar]) -> JSON:
    """The bars of a query, each so long."""
    return {"by": by, "bars": [bar(each) for each in bars]}


def coverage(days: Sequence[date], rows: Sequence[Commented], left_out: Mapping[str, str]) -> JSON:
    """Who said how much on which topic, on each of these days, and the topics that cannot be asked, with why."""
    return {"days": list(days), "data": [commented(row) for row in rows], "left_out": left_out}


def commented(row: Commented) -> JSON:
    """How much a source said on a topic."""
    days = {str(day): number for day, number in row.days.items()}
    return {"source": row.source, "topic": row.topic, "total": row.total, "days": days, "unread": row.unread or None}
