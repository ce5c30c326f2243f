"""Whatever the pages change, programs can change: each form has an operation of the API, or says why it has none."""

from __future__ import annotations

from presswatch.web.api.openapi import description
from presswatch.web.desk import Desk
from tests.presswatch.web.visiting import application
from tests.presswatch.web.walking import walked

DONE_BY = {
    "/alerts/{number}/again": "post /alerts/{number}/again",
    "/channels": "post /channels",
    "/channels/operator": "put /operator",
    "/channels/proof": "put /channels/{name}/canary",
    "/channels/{number}/address": "patch /channels/{name}",
    "/channels/{number}/remove": "delete /channels/{name}",
    "/channels/{number}/test": "post /channels/{name}/test",
    "/collections": "post /collections",
    "/collections/{number}/remove": "delete /collections/{number}",
    "/collections/{number}/share": "patch /collections/{number}",
    "/read": "post /read",
    "/search/feed.{as_}": "post /tokens",
    "/settings": "patch /me",
    "/settings/sessions/others": "delete /sessions",
    "/settings/sessions/{number}/end": "delete /sessions/{number}",
    "/settings/tokens": "post /tokens",
    "/settings/tokens/revoke": "delete /tokens/{name}",
    "/settings/users/invitations/{number}/withdraw": "delete /invitations/{number}",
    "/settings/users/invite": "post /invitations",
    "/settings/users/{number}/link": "post /users/{name}/link",
    "/settings/users/{number}/remove": "delete /users/{name}",
    "/settings/users/{number}/role": "patch /users/{name}",
    "/sources": "patch /sources/{key}",
    "/sources/backfills": "post /backfills",
    "/sources/backfills/stop": "post /backfills/{key}/stop",
    "/sources/looks": "post /sources/preview",
    "/sources/looks/{number}": "post /sources",
    "/sources/packs": "put /packs/{name}",
    "/sources/polls": "post /sources/{key}/polls",
    "/sources/remove": "delete /sources/{key}",
    "/statements/{item}/keep": "put /kept/{number}",
    "/statements/{item}/let-go": "delete /kept/{number}",
    "/subscriptions": "post /subscriptions",
    "/subscriptions/{number}": "patch /subscriptions/{number}",
    "/subscriptions/{number}/end": "delete /subscriptions/{number}",
    "/subscriptions/{number}/go-on": "put /subscriptions/{number}/pause",
    "/subscriptions/{number}/pause": "put /subscriptions/{number}/pause",
    "/topics/feeds": "post /tokens",
    "/topics/new": "post /topics",
    "/topics/try": "get /preview",
    "/topics/watchlist": "post /watchlist",
    "/topics/watchlist/bring": "post /watchlist",
    "/topics/{number}": "patch /topics/{name}",
    "/topics/{number}/go-on": "put /topics/{name}/pause",
    "/topics/{number}/pause": "put /topics/{name}/pause",
    "/topics/{number}/remove": "delete /topics/{name}",
}
"""By the page to which a form goes."""
A_PERSONS = {
    "/begin/{link}": "the link is a person's, who chooses a passphrase",
    "/channels/push": "a browser makes itself a channel; a program has channels with addresses",
    "/channels/push/key": "as above",
    "/settings/directory": "a directory signs persons in",
    "/settings/passphrase": "the passphrase is asked for, and a token is none",
    "/sign-in": "a program bears a token",
    "/sign-out": "a program revokes its token",
}


def test_each_form_has_an_operation_or_is_a_persons(desk: Desk) -> None:
    asked = [each for each in walked(application(desk)) if not each.is_api]
    forms = {each.template for each in asked if each.method == "POST" and not each.template.startswith("/links/")}
    assert sorted([*DONE_BY, *A_PERSONS]) == sorted(forms)


def test_each_of_these_operations_is_there() -> None:
    there = {
        f"{method} {path.removeprefix('/api/v1')}"
        for path, methods in description()["paths"].items()
        for method in methods
    }
    assert set(DONE_BY.values()) <= there
