"""The pages, a module each: a route reads what was asked, calls an action, and gives a template what came of it."""

from presswatch.web.pages import (
    collections,
    feeds,
    files,
    help,
    kept,
    names,
    search,
    signing_in,
    statements,
    today,
    topic_editor,
    topics,
    trends,
    watchlist,
)

ROUTERS = (
    signing_in.router,
    statements.router,
    today.router,
    kept.router,
    collections.router,
    names.router,
    watchlist.router,
    topic_editor.router,
    topics.router,
    help.router,
    search.router,
    files.router,
    feeds.router,
    trends.router,
)
