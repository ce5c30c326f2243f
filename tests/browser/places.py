"""Where one can be at a desk that `tests.fakes.newsroom` has filled: every page, and what opens by its address."""

from __future__ import annotations

from collections.abc import Mapping

PAGES: Mapping[str, str] = {
    "today": "/",
    "search": "/search?q=alias:CSTO",
    "search-all": "/search/all/source?q=alias:CSTO",
    "feed": "/search/feed.atom?q=alias:CSTO",
    "statement": "/statements/{edited}",
    "statement-rtl": "/statements/{arabic}?why=CSTO",
    "keep": "/statements/{withdrawn}/keep",
    "kept": "/kept",
    "collection": "/collections/1",
    "collection-remove": "/collections/1/remove",
    "topics": "/topics?pause=2",
    "topic-new": "/topics/new",
    "topic": "/topics/1?query=alias:CSTO+-title:briefing",
    "topic-feeds": "/topics/feeds",
    "topic-remove": "/topics/1/remove",
    "names": "/topics/names",
    "name": "/topics/names/CSTO",
    "subscriptions": "/subscriptions?change=2",
    "channel-remove": "/channels/1/remove",
    "sources": "/sources",
    "source": "/sources/mfa-os/news",
    "source-remove": "/sources/remove?key=mfa-os/news",
    "packs": "/sources/packs",
    "trends": "/trends",
    "settings": "/settings",
    "user-remove": "/settings/users/2/remove",
    "users-log": "/settings/users/log",
    "help-query": "/help/query",
    "help-keys": "/help/keys",
    "nothing": "/nothing-here",
}
"""Each page."""

OPENED: Mapping[str, str] = {
    "today-by-country": "/?by=country",
    "today-by-time": "/?by=time",
    "search-begin": "/search",
    "search-mistake": "/search?q=alias:CSTO+AND+(",
    "statement-changed": "/statements/{edited}?compare=1..2",
    "statement-columns": "/statements/{edited}?compare=1..2&columns=2",
    "statement-withdrawn": "/statements/{withdrawn}",
    "subscribe": "/subscriptions?new=1",
    "channel-new": "/subscriptions?channel=new",
    "channel-address": "/subscriptions?address=1&alert=1",
    "channel-operator": "/subscriptions?operator=1",
    "channel-proof": "/subscriptions?proof=1",
    "trends-table": "/trends?view=table",
    "sources-known": "/sources?view=known&by=country",
    "sources-gone": "/sources?look=7",
    "signed-link": "/links/{signed}/end",
    "token-new": "/settings?open=token",
    "invite": "/settings?open=invite",
}
"""What opens in these pages."""

PLACES = {**PAGES, **OPENED}

OUTSIDE: Mapping[str, str] = {
    "sign-in": "/sign-in?next=/topics",
    "begin": "/begin/{link}",
    "signed-link": "/links/{signed}",
}
"""What is shown to who is not signed in."""

NO_PAGES = (
    "/today/new", "/today/rows", "/search/check", "/topics/trial", "/subscriptions/meaning",
    "/links/{link}/meaning",  # parts of pages
    "/statements/{item}/evidence.zip",
    "/topics/watchlist.toml", "/sources.opml", "/sources.csv", "/subscriptions/deliveries.csv",
    "/trends/over-time.csv", "/trends/grid.csv",
    "/collections/{number}/export.{kind}", "/collections/{number}/feed.{kind}",
    "/search/export.{kind}", "/feeds/{as_}", "/feeds/topics.opml",  # files
    "/events", "/healthz", "/readyz", "/metrics",
    "/sign-in/directory", "/sign-in/directory/back", "/sign-in/form/{link}",
)  # fmt: skip
"""What a browser does not show as a page of its own."""
