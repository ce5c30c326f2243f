"""What each thing is in JSON, once for all faces: the command line, exported files, the pages and the API.

The names are those that programs rely on (docs/commands.md). What is not known is null; times stay times, and `plain`
writes them. JSON Feed has the names of its own standard: `presswatch.formats.feeds`. Pure.
"""

from presswatch.representations.accounts import audited, invitation, oneself, session, token, user
from presswatch.representations.evidence import chain_head, otherwise, record, verified
from presswatch.representations.items import diff, exported_item, hit, item, shown_item, version_of_item
from presswatch.representations.kept import collection, kept, own
from presswatch.representations.operator import finding, node, notice, problem
from presswatch.representations.pages import claim, entry, read_article, read_page
from presswatch.representations.people import (
    alert,
    alias,
    alias_name,
    channel,
    delivery,
    subscription,
    topic,
    watchlist_change,
)
from presswatch.representations.searches import (
    bar,
    commented,
    coverage,
    facets,
    histogram,
    preview,
    search_page,
    verdict,
)
from presswatch.representations.sources import backfill, checked, health, pack, proposal, source, switched
from presswatch.representations.values import JSON, plain

__all__ = [
    "JSON",
    "alert",
    "alias",
    "alias_name",
    "audited",
    "backfill",
    "bar",
    "chain_head",
    "channel",
    "checked",
    "claim",
    "collection",
    "commented",
    "coverage",
    "delivery",
    "diff",
    "entry",
    "exported_item",
    "facets",
    "finding",
    "health",
    "histogram",
    "hit",
    "invitation",
    "item",
    "kept",
    "node",
    "notice",
    "oneself",
    "otherwise",
    "own",
    "pack",
    "plain",
    "preview",
    "problem",
    "proposal",
    "read_article",
    "read_page",
    "record",
    "search_page",
    "session",
    "shown_item",
    "source",
    "subscription",
    "switched",
    "token",
    "topic",
    "user",
    "verdict",
    "verified",
    "version_of_item",
    "watchlist_change",
]
