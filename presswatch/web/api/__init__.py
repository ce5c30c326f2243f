"""The API: what the pages can do, for programs. Errors are problem+json (RFC 9457)."""

from presswatch.web.api import (
    alerts,
    aliases,
    backfills,
    channels,
    events,
    items,
    kept,
    openapi,
    packs,
    search,
    sessions,
    sources,
    subscriptions,
    today,
    tokens,
    topics,
    users,
    watchlists,
)
from presswatch.web.api.problems import ANSWERED, is_asked, not_understood, places_of, problem
from presswatch.web.api.programs import Programs

NOUNS = (
    items,
    today,
    kept,
    search,
    topics,
    subscriptions,
    channels,
    alerts,
    sources,
    packs,
    backfills,
    aliases,
    users,
    sessions,
    tokens,
    watchlists,
)
ROUTERS = (*(noun.router for noun in NOUNS), events.router, openapi.router)

__all__ = ["ANSWERED", "ROUTERS", "Programs", "is_asked", "not_understood", "places_of", "problem"]
