"""Whatever a site or a person writes is shown as text: two hundred payloads in every stored field, on every page.

The rows are made as they are made always; then every text in them is somebody else's, as in a database that was never
cleaned. A field that is new has to be named here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from lxml import etree, html
from sqlalchemy import JSON, Connection, Text, insert, select, update

from presswatch.web.desk import Desk
from presswatch.web.policy import routes_of
from storage.people import topics
from storage.tables import (
    collections,
    deliveries,
    delivery_alerts,
    identities,
    invitations,
    kept,
    metadata,
    notices,
    polls,
    sources,
)
from storage.types import SOLE_OWNER, Role
from tests.presswatch.web.payloads import PAYLOADS, holes_of
from tests.presswatch.web.visiting import application
from tests.presswatch.web.walking import Walker, walked, walker
from tests.storage.examples import BODY, NOW, draft, matched, store, subscribed, watched

pytestmark = pytest.mark.slow

ROWS = 10
PIECES = tuple(" ".join(PAYLOADS[row::ROWS]) for row in range(ROWS))
"""All payloads, some in each row."""

LATER = datetime(2100, 1, 1, tzinfo=UTC)
"""When an invitation ends that is still open."""

WRITTEN = {
    "sources": {"name", "organisation", "detail", "spec"},
    "polls": {"detail"},
    "versions": {"title", "body", "published_text", "cut"},
    "sightings": {"title", "summary", "published_text", "feed_id"},
    "notices": {"detail", "last_error"},
    "topics": {"name", "query"},
    "channels": {"name", "detail", "test_answer"},
    "alerts": {"last_error"},
    "deliveries": {"answer"},
    "users": {"name"},
    "tokens": {"name"},
    "audit": {"of", "detail"},
    "backfills": {"detail"},
    "matches": {"hits"},
    "collections": {"name"},
    "kept": {"note"},
    "identities": {"subject"},
    "invitations": {"mail"},
    "sessions": {"agent"},
}
"""What strangers and people write."""
OURS = {
    "sources": {"key", "country", "address", "origin", "reason", "told_reason", "etag", "last_modified", "body_hash",
                "gap_page", "lease_owner", "habits"},
    "polls": {"owner", "reason"},
    "items": {"key", "address", "etag", "last_modified"},
    "versions": {"language", "published_precision", "published_zone", "fingerprint"},
    "sightings": {"key", "address", "published_precision", "published_zone", "reason"},
    "notices": {"reason"},
    "channels": {"address", "fingerprint", "reason"},
    "alerts": {"state", "lease_owner", "event"},
    "changes": {"became", "sentences"},
    "item_states": {"state", "reason"},
    "match_claims": {"lease_owner"},
    "deliveries": {"token"},
    "users": {"key", "role", "password", "zone", "theme", "language", "today"},
    "tokens": {"digest", "scopes"},
    "audit": {"face", "deed"},
    "backfills": {"next_page", "reason", "lease_owner"},
    "invitations": {"digest", "role"},
    "sessions": {"digest", "address"},
    "subscriptions": {"rhythm", "zone", "quiet", "events"},
    "identities": {"issuer"},
    "editions": {"key", "language"},
    "version_facts": {"language"},
    "evidence": {"node", "file", "sha256", "kind", "text", "payload", "digest"},
    "nodes": {"name", "owner", "roles", "version", "ended"},
    "blocks": {"site", "hash"},
    "buckets": {"name"},
    "full_texts": {"name"},
    "compatibility": {"revision", "oldest"},
    "robots": {"site", "body"},
}  # fmt: skip
"""What we write ourselves: words for states, keys, canonical addresses, digests; and what no page can reach."""


@pytest.fixture
def pages(desk: Desk) -> FastAPI:
    return application(desk)


@pytest.fixture
async def asker(desk: Desk, pages: FastAPI) -> Walker:
    """The owner of a desk where little is stored: what is asked is told again whatever there is."""
    himself = await walker(desk, pages, "ann", Role.OWNER)
    matched(desk.database, subscribed(desk.database), *store(desk.database, draft(watched(desk.database))))
    desk.database.write(_add_row, 1)
    return himself


@pytest.fixture
async def reader(desk: Desk, pages: FastAPI) -> Walker:
    """The owner of a desk where every text is a stranger's."""
    himself = await walker(desk, pages, "ann", Role.OWNER)
    database = desk.database
    for number in range(1, ROWS):
        await walker(desk, pages, f"user {number}", Role.READER)
        database.write(topics.add, SOLE_OWNER, database.packs, f"Topic {number}", "bridge", NOW)
        watched(database, f"mfa-xy/{number}")
    source, told = watched(database), subscribed(database)
    stored = store(database, *(draft(source, number) for number in range(1, ROWS + 1)))
    for number, one in enumerate(stored, 1):
        store(database, draft(source, number, body=f"{BODY}\n\nEdited.", item_id=one.item_id))
    matched(database, told, *stored)
    database.write(_write_all)
    return himself


def _write_all(connection: Connection) -> None:
    """Put the payloads into every field that strangers write."""
    for row in range(1, ROWS + 1):
        _add_row(connection, row)
    connection.execute(update(sources).values(reason="empty", last_poll_at=NOW, reason_since=NOW))
    for name, fields in WRITTEN.items():
        table = metadata.tables[name]
        for number, stored in enumerate(connection.execute(select(table)).all()):
            values = {field: _hostile(stored._mapping[field], field, number) for field in fields}
            connection.execute(update(table).where(table.c.id == stored.id).values(**values))


def _add_row(connection: Connection, row: int) -> None:
    """An attempt, a poll, a collection, a kept statement and a notice."""
    attempt = {"channel_id": 1, "token": f"{row}", "started_at": NOW, "finished_at": NOW, "delivered": False}
    connection.execute(insert(deliveries).values(id=row, answer="", **attempt))
    connection.execute(insert(delivery_alerts).values(delivery_id=row, alert_id=row))
    poll = {"owner": "h/1/a", "started_at": NOW, "ended_at": NOW, "reason": "empty", "entries": 1, "new_items": 0}
    connection.execute(insert(polls).values(source_id=max(1, row % 3), detail="", **poll))
    whose = {"id": row, "owner_id": SOLE_OWNER}
    connection.execute(insert(collections).values(name=f"{row}", shared=True, created_at=NOW, **whose))
    connection.execute(insert(kept).values(item_id=row, note="", kept_at=NOW, **whose))
    notice = {"began": True, "reason": "empty", "created_at": NOW, "due_at": NOW, "attempts": 1, "detail": ""}
    connection.execute(insert(notices).values(source_id=1, last_error="", **notice))
    invited = {"digest": f"{row}", "role": Role.READER, "created_at": NOW, "expires_at": LATER}
    connection.execute(insert(invitations).values(mail="", **invited))
    connection.execute(insert(identities).values(user_id=SOLE_OWNER, issuer=f"{row}", subject="", linked_at=NOW))


def _hostile(before: Any, field: str, row: int) -> Any:
    """A payload that says in which field it stands, in the form of what was there."""
    words = PIECES[row % ROWS].replace("pwx", f"pwx{field.replace('_', '')}", 1)
    match field:
        case "spec":
            return {**before, "name": words, "organisation": words, "note": words}
        case "cut":
            return [words]
        case "hits":
            return [{**hit, "name": words, "clause": words} for hit in before]
        case "body":
            return "\n\n".join((BODY, *words.split(" <")))
        case "name":
            return f"{words} {row}"  # names are somebody's once
        case _:
            return words


def test_every_text_that_is_stored_is_somebodys() -> None:
    for table in metadata.sorted_tables:
        texts = {column.name for column in table.c if isinstance(column.type, Text | JSON)}
        assert texts == WRITTEN.get(table.name, set()) | OURS.get(table.name, set()), table.name


def test_there_are_two_hundred_and_holes_are_found() -> None:
    assert len(PAYLOADS) >= 200
    assert sum(bool(holes_of(f"<p>{payload}")) for payload in PAYLOADS) > 120  # where nothing is escaped
    assert sum(bool(holes_of(f'<p title="{payload}">x')) for payload in PAYLOADS) > 15
    assert holes_of("<script src=/static/presswatch.js></script><a href=/x>x</a><p>pwx") == []


async def test_what_is_stored_is_shown_as_text_on_every_page(pages: FastAPI, reader: Walker) -> None:
    shown: set[str] = set()
    for asked in walked(pages):
        if asked.method != "GET" or asked.is_api or asked.template.endswith("/events"):
            continue
        for number in range(1, ROWS + 1) if "{" in asked.template else [1]:
            places = {"number": str(number), "item": str(number), "key": f"mfa-xy/{number}"}
            shown |= _looked_at(await reader.walk(asked, None, **places), str(asked))
    for number in range(1, ROWS + 1):
        for query in ("compare=1..2", "compare=1..2&columns=2", "version=1", "why=Topic"):
            shown |= _looked_at(await reader.ask("GET", f"/statements/{number}?{query}"), query)
    assert {"pwxtitle", "pwxbody", "pwxname", "pwxquery", "pwxorganisation", "pwxcut", "pwxpublishedtext"} <= shown


async def test_what_is_asked_is_told_again_as_text(pages: FastAPI, asker: Walker) -> None:
    for route, names in _asked_by_query(pages):
        for words in islice(PIECES, 0, None, 2):
            told = await asker.ask("GET", route, params=dict.fromkeys(names, words))
            _looked_at(told, f"{route}?{names}")


async def test_what_is_typed_into_a_form_comes_back_as_text(pages: FastAPI, asker: Walker) -> None:
    forms: dict[str, set[str]] = {"/sign-in": {"name", "passphrase", "next"}}
    for asked in walked(pages):
        if asked.method == "GET" and not asked.is_api and not asked.template.endswith("/events"):
            answer = await asker.walk(asked)
            for form in html.fromstring(answer.text or "<p>").forms if _is_page(answer) else ():
                if form.method == "POST" and form.action and "sign-out" not in form.action:
                    forms.setdefault(form.action, set()).update(name for name in form.fields if name != "csrf")
    for action, names in forms.items():
        for words in islice(PIECES, 1, None, 2):
            sent = {"csrf": asker.csrf, **dict.fromkeys(names, words)}
            _looked_at(await asker.ask("POST", action, data=sent), action)


async def test_to_programs_it_is_json_and_nothing_else(pages: FastAPI, reader: Walker) -> None:
    told = ""
    for asked in walked(pages):
        if asked.is_api and asked.method == "GET" and not asked.template.endswith("/events"):
            answer = await reader.walk(asked)
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            if asked.template == "/metrics":
                assert answer.headers["Content-Type"].startswith("text/plain")
                continue
            assert answer.headers["Content-Type"] in ("application/json", "application/problem+json"), str(asked)
            json.loads(answer.text)
            told += answer.text
    assert {"pwxtitle", "pwxname", "pwxanswer", "pwxlasterror", "pwxof", "pwxdetail"} <= _words_of(told)


def _asked_by_query(pages: FastAPI) -> Iterator[tuple[str, list[str]]]:
    """Pages that are asked something, and the names by which."""
    for route in routes_of(pages):
        if isinstance(route.original_route, APIRoute) and "GET" in (route.methods or ()):
            names = [each.alias for each in route.dependant.query_params]
            asked = next(each for each in walked(pages) if each.template == route.path)
            if names and not asked.is_api and not asked.template.endswith("/events"):
                yield asked.path(), names


def _is_page(answer: Any) -> bool:
    return str(answer.headers.get("Content-Type", "")).startswith("text/html")


def _looked_at(answer: Any, where: str) -> set[str]:
    """Raise `AssertionError` where a text became more than that; return which fields stood there."""
    assert answer.status_code < 500, where
    kind = answer.headers.get("Content-Type", "")
    if _is_page(answer):
        assert holes_of(answer.text) == [], where
        tree = html.fromstring(answer.text or "<p>")
        return _words_of(tree.text_content() + " ".join(tree.xpath("//@value")))
    if "xml" in kind:
        etree.fromstring(answer.content)
    assert "svg" not in kind or holes_of(answer.text) == [], where
    return set()


def _words_of(text: str) -> set[str]:
    return {f"pwx{field.replace('_', '')}" for fields in WRITTEN.values() for field in fields
            if f"pwx{field.replace('_', '')}" in text}  # fmt: skip
