"""The pages, a module each: a route reads what was asked, calls an action, and gives a template what came of it."""

from presswatch.web.pages import names, signing_in, statements, today, topic_editor, topics, watchlist

ROUTERS = (
    signing_in.router,
    statements.router,
    today.router,
    names.router,
    watchlist.router,
    topic_editor.router,
    topics.router,
)
