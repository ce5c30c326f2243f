"""Topics, channels, subscriptions and what was sent, for programs: one's own, and nobody else's."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from standardwebhooks import Webhook

from presswatch.web.desk import Desk
from storage.clock import now
from storage.connection_guard import AddressPolicy
from storage.database import Database
from tests.fakes.sinks import HTTPSink
from tests.presswatch.web.api.asking import Program
from tests.storage.examples import draft, matched, store, subscribed, watched


@pytest.fixture
def desk(database: Database, sink: HTTPSink) -> Desk:
    """One that may send to loopback."""
    return Desk(database, "http://127.0.0.1:8420", AddressPolicy.parse("127.0.0.0/8"))


async def test_a_topic_is_saved_read_changed_and_removed(program: Program) -> None:
    made = await program.ask("POST", "/topics", {"name": "Roads/North", "query": "road and north"})
    assert (made.status_code, made.json()["remarks"]) == (201, ["and is a word here; AND joins"])
    at = made.headers["Location"].removeprefix("/api/v1")
    assert at == "/topics/Roads%2FNorth"
    assert (await program.get(at))["query"] == "road and north"
    changed = await program.ask("PATCH", at, {"query": "road AND north"})
    assert changed.json()["query"] == "road AND north"
    assert (await program.ask("DELETE", at)).status_code == 204
    assert (await program.refused("GET", at))[0] == 404
    assert await program.get("/topics") == {"data": [], "next": None}


async def test_a_topic_is_renamed_and_paused_and_goes_on(program: Program, desk: Desk) -> None:
    told = subscribed(desk.database)
    renamed = await program.ask("PATCH", "/topics/Bridges", {"name": "Crossings"})
    assert (renamed.json()["name"], renamed.json()["query"], renamed.json()["channels"]) == (
        "Crossings",
        "bridge",
        ["console"],
    )
    until = (now() + timedelta(days=3)).isoformat()
    paused = await program.ask("PUT", "/topics/Crossings/pause", {"until": until})
    assert datetime.fromisoformat(paused.json()["paused_until"]) == datetime.fromisoformat(until)
    assert (await program.refused("PUT", "/topics/Crossings/pause", {"until": "2020-01-01T00:00:00Z"}))[0] == 422
    assert (await program.refused("PUT", "/topics/Crossings/pause", {"until": "2999-01-01T00:00:00"}))[0] == 422
    gone_on = await program.ask("PUT", "/topics/Crossings/pause", {"until": None})
    assert datetime.fromisoformat(gone_on.json()["paused_until"]) <= now()
    assert (await program.get(f"/subscriptions/{told.id}"))["topic"] == "Crossings"


async def test_a_subscription_is_paused_by_itself_and_goes_on(program: Program, desk: Desk) -> None:
    at = f"/subscriptions/{subscribed(desk.database).id}"
    until = (now() + timedelta(days=3)).isoformat()
    paused = await program.ask("PUT", f"{at}/pause", {"until": until})
    assert datetime.fromisoformat(paused.json()["paused_until"]) == datetime.fromisoformat(until)
    assert (await program.get("/topics/Bridges"))["paused_until"] is None
    assert (await program.refused("PUT", f"{at}/pause", {"until": "2020-01-01T00:00:00Z"}))[0] == 422
    gone_on = await program.ask("PUT", f"{at}/pause", {"until": None})
    assert datetime.fromisoformat(gone_on.json()["paused_until"]) <= now()


async def test_a_topic_that_cannot_be_is_refused_with_the_words_of_the_command_line(program: Program) -> None:
    await program.post("/topics", name="Roads", query="road")
    assert await program.refused("POST", "/topics", {"name": "roads", "query": "x"}) == (
        422,
        "there is already a topic 'roads'",
    )
    assert (await program.refused("POST", "/topics", {"name": " ", "query": "road"}))[0] == 422
    assert (await program.refused("POST", "/topics", {"name": "x", "query": "NOT road"}))[0] == 422
    status, told = await program.refused("POST", "/topics", {"name": "x", "query": "road", "qeury": ""})
    assert (status, told) == (422, "body.qeury: Extra inputs are not permitted")
    answer = await program.ask("GET", "/topics/Road")
    assert answer.json()["mend"].startswith("did you mean Roads?")


async def test_a_query_is_tried_before_it_is_a_topic(program: Program, desk: Desk) -> None:
    source = watched(desk.database)
    store(desk.database, draft(source, 1), draft(source, 2, title="No news", body="Nothing at all happened. " * 9))
    await program.post("/topics", name="All", query="nothing OR bridge")
    tried = await program.get("/preview", query="bridge", against="All")
    assert tried["found"] == 0  # the statements are of 2024
    assert tried["warning"]
    assert tried["change"] == {"gained": [], "lost": []}


async def test_a_subscription_makes_what_it_needs_and_can_be_changed(program: Program, sink: HTTPSink) -> None:
    address = f"json://127.0.0.1:{sink.port}/?secret=hush"
    made = await program.ask("POST", "/subscriptions", {"topic": "CSTO", "channel": address, "rhythm": "daily 08:00"})
    told = made.json()
    assert (told["topic"], told["channel"], told["rhythm"]) == ("CSTO", "json", "daily 08:00")
    at = made.headers["Location"].removeprefix("/api/v1")
    changed = await program.ask("PATCH", at, {"quiet": "22:00-07:00", "zone": "Europe/Minsk"})
    assert (changed.json()["rhythm"], changed.json()["quiet"]) == ("daily 08:00", "22:00-07:00")
    assert (await program.refused("PATCH", at, {"rhythm": "sometimes"}))[0] == 422
    assert (await program.ask("DELETE", at)).status_code == 204
    assert (await program.refused("DELETE", at))[0] == 404


async def test_a_channel_is_tested_for_real_and_never_tells_its_secrets(program: Program, sink: HTTPSink) -> None:
    address = f"json://me:hush@127.0.0.1:{sink.port}/"
    made = await program.ask("POST", "/channels", {"name": "hook", "address": address})
    assert made.status_code == 201
    tested = await program.post("/channels/hook/test")
    assert tested["channel"] == "hook"
    assert len(sink.wait_for(1)) == 1
    for path in ("/channels", "/channels/hook"):
        assert "hush" not in (await program.ask("GET", path)).text
    await program._client.delete("/api/v1/channels/hook")
    assert (await program.refused("POST", "/channels/hook/test"))[0] == 404


async def test_a_signed_hook_has_a_secret_that_is_shown_once(program: Program, sink: HTTPSink) -> None:
    made = await program.post("/channels", name="hook", address=f"json://127.0.0.1:{sink.port}/", signed=True)
    await program.post("/channels/hook/test")
    [(headers, body)] = sink.raw
    Webhook(made["secret"]).verify(body, headers)
    for path in ("/channels", "/channels/hook"):
        assert made["secret"][6:16] not in (await program.ask("GET", path)).text
    unsigned = await program.post("/channels", name="plain", address=f"json://127.0.0.1:{sink.port}/plain")
    assert unsigned["secret"] is None
    mail = {"name": "mail", "address": "mailtos://a:b@mail.example", "signed": True}
    assert (await program.refused("POST", "/channels", mail))[0] == 422


async def test_what_the_other_side_refuses_is_told_as_it_said(program: Program, sink: HTTPSink) -> None:
    await program.post("/channels", name="hook", address=f"json://127.0.0.1:{sink.port}/")
    sink.answer_with(503)
    answer = await program.ask("POST", "/channels/hook/test")
    assert answer.status_code == 502
    assert "503" in answer.json()["detail"]
    assert answer.json()["mend"]


async def test_private_addresses_are_no_channels(program: Program) -> None:
    status, told = await program.refused("POST", "/channels", {"name": "x", "address": "json://10.0.0.1/"})
    assert status == 422
    assert "10.0.0.1" in told


async def test_the_operator_is_told_through_one_of_ones_channels(program: Program) -> None:
    await program.post("/channels", name="screen", address="console")
    assert await program.get("/operator") == {"channel": None}
    assert (await program.ask("PUT", "/operator", {"channel": "screen"})).json() == {"channel": "screen"}
    assert (await program.refused("PUT", "/operator", {"channel": "no"}))[0] == 404
    assert (await program.ask("PUT", "/operator", {"channel": None})).json() == {"channel": None}


async def test_alerts_are_listed_by_pages_and_sent_again(program: Program, desk: Desk) -> None:
    told, source = subscribed(desk.database), watched(desk.database)
    matched(desk.database, told, *store(desk.database, *(draft(source, number) for number in range(1, 6))))
    first = await program.get("/alerts", limit=3)
    rest = await program.get("/alerts", limit=3, start=first["next"])
    assert [each["id"] for each in (*first["data"], *rest["data"])] == [5, 4, 3, 2, 1]
    assert rest["next"] is None
    assert await program.get("/alerts", state="dead") == {"data": [], "next": None}
    assert (await program.refused("POST", "/alerts/retry", {"alerts": [1]}))[0] == 404
    assert await program.post("/alerts/retry") == {"alerts": 0}
    assert (await program.get("/health"))["alerts"] == {"pending": 5}


async def test_a_channel_gets_another_address_and_proves_the_chain(program: Program, sink: HTTPSink) -> None:
    await program.post("/channels", name="hook", address="json://127.0.0.1:9/old")
    moved = await program.ask("PATCH", "/channels/hook", {"address": f"json://me:hush@127.0.0.1:{sink.port}/new"})
    assert "hush" not in moved.text
    await program.post("/channels/hook/test")
    assert len(sink.wait_for(1)) == 1
    assert (await program.refused("PATCH", "/channels/hook", {"address": "json://10.0.0.1/"}))[0] == 422
    proved = (await program.ask("PUT", "/channels/hook/canary", {"minutes": 30})).json()
    assert (proved["channel"], proved["canary"]) == ("hook", 30)
    assert (await program.refused("PUT", "/channels/hook/canary", {"minutes": 0}))[0] == 422
    assert (await program.refused("PUT", "/channels/none/canary", {"minutes": 30}))[0] == 404
    assert (await program.ask("DELETE", f"/subscriptions/{proved['id']}")).status_code == 204


async def test_an_alert_tells_its_attempts_and_is_sent_again(program: Program, other: Program, desk: Desk) -> None:
    told, source = subscribed(desk.database), watched(desk.database)
    matched(desk.database, told, *store(desk.database, draft(source)))
    assert await program.get("/alerts/1/deliveries") == {"data": [], "next": None}
    assert await program.post("/alerts/1/again") == {"alerts": 1}
    assert (await other.get("/alerts/1/deliveries"))["data"] == []
    assert (await other.refused("POST", "/alerts/1/again"))[0] == 404


async def test_nobody_sees_or_changes_what_is_anothers(program: Program, other: Program, desk: Desk) -> None:
    told, source = subscribed(desk.database), watched(desk.database)
    matched(desk.database, told, *store(desk.database, draft(source)))
    for path in ("/topics", "/channels", "/subscriptions", "/alerts", "/deliveries", "/notices"):
        assert (await other.get(path))["data"] == [], path
    for method, path, sent in (
        ("GET", "/topics/Bridges", None),
        ("PATCH", "/topics/Bridges", {"query": "x"}),
        ("DELETE", "/topics/Bridges", None),
        ("GET", "/channels/console", None),
        ("DELETE", "/channels/console", None),
        ("POST", "/channels/console/test", None),
        ("GET", f"/subscriptions/{told.id}", None),
        ("PATCH", f"/subscriptions/{told.id}", {"rhythm": "daily 08:00"}),
        ("PUT", f"/subscriptions/{told.id}/pause", {"until": None}),
        ("DELETE", f"/subscriptions/{told.id}", None),
        ("POST", "/alerts/retry", {"alerts": [1]}),
        ("GET", "/search?topic=Bridges", None),
        ("GET", "/items/1/why?topic=Bridges", None),
        ("GET", "/preview?query=bridge&against=Bridges", None),
    ):
        assert (await other.refused(method, path, sent))[0] == 404, path
    assert (await program.get("/topics/Bridges"))["query"] == "bridge"
    assert (await program.get(f"/subscriptions/{told.id}"))["rhythm"] == "immediately"


async def test_the_watchlist_is_taken_out_changed_and_brought_in(desk: Desk, program: Program, other: Program) -> None:
    await program.post("/topics", name="Roads", query="road")
    file = await program.get("/watchlist")
    assert 'name = "Roads"' in file["content"]
    assert "<opml" in (await program.get("/watchlist", form="opml"))["content"]
    changed = {"content": file["content"].replace('query = "road"', 'query = "road OR rail"'), "form": "toml"}
    told = (await program.post("/watchlist", **changed, dry_run=True))["data"]
    assert [(each["verb"], each["kind"], each["name"]) for each in told] == [("changed", "topic", "Roads")]
    assert (told[0]["before"]["query"], told[0]["after"]["query"]) == ("road", "road OR rail")
    assert (await program.get("/topics/Roads"))["query"] == "road"
    assert (await program.post("/watchlist", **changed))["data"] == told
    assert (await program.get("/topics/Roads"))["query"] == "road OR rail"
    assert (await program.post("/watchlist", **changed))["data"] == []
    assert (await other.get("/watchlist"))["content"].count("[[topic]]") == 0
    wrong = await program.ask("POST", "/watchlist", {"content": '[[topic]]\nname = "x"\nquery = "("\n'})
    assert (wrong.status_code, len(wrong.json()["mistakes"])) == (422, 1)
    source = '[[source]]\nkey = "mfa-zz/own"\nname = "Own"\naddress = "https://mfa.example/own/"\n'
    assert "sources are the desk's" in (await other.refused("POST", "/watchlist", {"content": source}))[1]
