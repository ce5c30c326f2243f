"""What the database knows, as a watchlist."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import Connection

from presswatch.watchlist.model import WantedSource, WantedSubscription, WantedSwitch, WantedTopic, Watchlist
from storage.people import subscriptions, topics
from storage.sources import sources
from storage.types import Source, SourceSpec


def known(connection: Connection, owner: int) -> Watchlist:
    """All sources, and the owner's topics and subscriptions by name: the order says nothing of when they were made."""
    asked = [WantedTopic(each.name, each.query) for each in topics.every(connection, owner)]
    told = [
        WantedSubscription(each.topic_name, each.channel_name, each.rhythm, each.canary, each.events)
        for each in subscriptions.every(connection, owner)
    ]
    return Watchlist(
        topics=tuple(sorted(asked, key=lambda each: each.identity)),
        subscriptions=tuple(sorted(told, key=lambda each: each.identity)),
        sources=tuple(map(_source, sources.every(connection))),
    )


def worth_writing(known: Watchlist, catalogue: Collection[SourceSpec]) -> Watchlist:
    """Less what a new database has by itself: sources of the catalogue that are polled or not as the catalogue says.

    Those that are polled are written all the same, so that the file tells what is watched. Pure.
    """
    polled_by_itself = {spec.key for spec in catalogue if spec.enabled}
    return replace(
        known,
        sources=tuple(
            each
            for each in known.sources or ()
            if isinstance(each, WantedSource) or each.enabled or each.key in polled_by_itself
        ),
    )


def _source(source: Source) -> WantedSource | WantedSwitch:
    if source.origin == "catalogue":
        return WantedSwitch(source.key, source.enabled)
    return WantedSource(replace(source.spec, enabled=source.enabled), source.alert_first)
