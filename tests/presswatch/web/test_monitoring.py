"""Programs that watch presswatch: does it live, does it do what it is for, how well, and who may know."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import pytest
from prometheus_client.parser import text_string_to_metric_families

from presswatch.metrics import Metrics, lags
from presswatch.web.desk import Desk
from scheduler.pulse import PATIENCE, Pulse
from storage.events import AlertsFailed, MistakeMade, PollEnded, StatementStored, StatementWithdrawn
from storage.types import Decision, Published, Reason, Role, Scope, Stored
from tests.presswatch.web.api.asking import Program, token_of, user
from tests.presswatch.web.visiting import Person
from tests.project import ROOT
from tests.storage.examples import NOW, draft, matched, store, subscribed, watched


async def test_anybody_may_ask_whether_it_lives_and_learns_no_more(desk: Desk, stranger: Person) -> None:
    watched(desk.database, "mfa-xy/hush")
    for path, says in (("/healthz", "lives\n"), ("/readyz", "ready\n")):
        answer = await stranger.ask("GET", path)
        assert (answer.status_code, answer.text) == (200, says)


async def test_it_is_not_ready_while_the_timetable_is_late_or_the_database_gone(desk: Desk) -> None:
    at = [0.0]
    pulse = Pulse(lambda: at[0])
    pulse.expect([("poll due sources", 1.0)])
    asker = Person(replace(desk, pulse=pulse))
    assert (await asker.ask("GET", "/readyz")).status_code == 200
    at[0] += PATIENCE + 2
    desk.database.path.unlink()
    answer = await asker.ask("GET", "/readyz")
    assert answer.status_code == 503
    assert answer.text == "the database was deleted or replaced\nlate: poll due sources\n"
    assert (await asker.ask("GET", "/healthz")).status_code == 200


@pytest.mark.parametrize(
    ("role", "scopes", "status"),
    [
        (Role.OWNER, {Scope.METRICS}, 200),
        (Role.OWNER, {Scope.READ, Scope.WRITE, Scope.FEEDS}, 403),
        (Role.EDITOR, {Scope.METRICS}, 403),
        (Role.READER, {Scope.METRICS}, 403),
    ],
)
async def test_a_program_needs_an_owners_token_for_it(desk: Desk, role: Role, scopes: set[Scope], status: int) -> None:
    await user(desk.database, "ann", Role.OWNER)
    whose = await user(desk.database, "bob", role)
    program = Program(desk, await token_of(desk.database, whose, scopes))
    assert (await program._client.get("/metrics")).status_code == status
    assert (Scope.READ in scopes) == ((await program._client.get("/api/v1/items")).status_code == 200)


async def test_who_asks_from_this_machine_is_nobody_either(stranger: Person, owner: Person) -> None:
    for headers in ({}, {"X-Forwarded-For": "127.0.0.1"}, {"Authorization": "Bearer presswatch_guess"}):
        answer = await stranger.ask("GET", "/metrics", headers=headers)
        assert (answer.status_code, "presswatch_" in answer.text) == (401, False)
    assert (await owner.ask("GET", "/metrics")).status_code == 200


async def test_what_happened_and_what_is_stored_is_told(desk: Desk) -> None:
    pulse = Pulse(lambda: 0.0)
    pulse.expect([("prune", 1.0)])
    desk = replace(desk, clock=lambda: NOW, pulse=pulse)
    stored = store(desk.database, draft(watched(desk.database)))
    matched(desk.database, subscribed(desk.database), *stored)
    again = Stored(Decision.CHANGED, 1, 2, 2, "On a bridge", "https://mfa.example/1")
    for event in (
        PollEnded("mfa-xy/news", Reason.GONE, "", 1.0),
        PollEnded("mfa-xy/news", Reason.GONE, "", 1.0),
        StatementStored("mfa-xy/news", stored[0], Published(), False),
        StatementStored("mfa-xy/news", again, Published(), False),
        StatementWithdrawn("mfa-xy/news", 1, "On a bridge", "https://mfa.example/1"),
        AlertsFailed("desk", 3, "refused", None),
        MistakeMade("polling", "LookupError: hush"),
    ):
        desk.metrics(event)
    desk.metrics.late(0.02)
    told = await _told(desk)
    assert told["presswatch_polls_total", "gone"] == 2
    assert told["presswatch_polls_total", "ok"] == 0
    assert (told["presswatch_stored_total", "statement"], told["presswatch_stored_total", "edit"]) == (1, 1)
    assert told["presswatch_withdrawals_total", "withdrawn"] == 1
    assert told["presswatch_alert_failures_total", "dead"] == 3
    assert told["presswatch_mistakes_total", ""] == 1
    assert (told["presswatch_statements", ""], told["presswatch_alerts", "pending"]) == (1, 1)
    assert told["presswatch_sources", "unread"] == 1
    assert math.isnan(told["presswatch_last_poll_age_seconds", ""])
    assert told["presswatch_database_bytes", ""] > 10_000
    assert (told["presswatch_loop_lag_seconds_bucket", "0.01"], told["presswatch_loop_lag_seconds_count", ""]) == (0, 1)
    assert told["presswatch_job_age_seconds", "prune"] == 0
    assert (await _told(desk))["presswatch_statements", ""] == 1, "rows are counted once"


async def _told(desk: Desk) -> dict[tuple[str, str], float]:
    """Each sample by its name and its label."""
    person = await user(desk.database, f"ann{desk.metrics.totals.versions}", Role.OWNER)
    answer = await Program(desk, await token_of(desk.database, person, [Scope.METRICS]))._client.get("/metrics")
    families = text_string_to_metric_families(answer.text)
    return {(each.name, next(iter(each.labels.values()), "")): each.value for one in families for each in one.samples}


def test_every_metric_stands_in_the_page_on_servers_and_no_other() -> None:
    written = Metrics().written()[0].decode()
    page = (ROOT / "docs" / "server.md").read_text("utf-8")
    described = re.findall(r"^\| `(presswatch_\w+)", page, re.MULTILINE)
    there = {name for name in re.findall(r"^# TYPE (\w+)", written, re.MULTILINE) if not name.endswith("_created")}
    assert sorted(described) == sorted(there)


async def test_a_loop_that_is_held_up_is_seen_to_be_late() -> None:
    looks = lags(0.0, iter((10.0, 10.25, 11.0, 11.0)).__next__)
    assert [await anext(looks), await anext(looks)] == [0.25, 0.0]
    await looks.aclose()
