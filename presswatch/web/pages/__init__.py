"""The pages, a module each: a route reads what was asked, calls an action, and gives a template what came of it."""

from presswatch.web.pages import signing_in, statements, today

ROUTERS = (signing_in.router, statements.router, today.router)
