"""Who is told, when and where; a test really sends, each delivery stands with its answer, and no address comes out."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

import httpx
import pytest

from presswatch.actions import alerts, channels, subscriptions
from presswatch.web.desk import Desk
from storage.clock import now
from storage.connection_guard import AddressPolicy
from storage.database import Database
from storage.outbox import deliveries, due
from storage.outbox.deliveries import NotDelivered
from storage.people.rhythms import WantedRhythm, parse
from storage.tables import alerts as alerts_table
from storage.types import SOLE_OWNER, AlertState, Role, Source, Subscription
from tests.fakes.sinks import HTTPSink
from tests.presswatch.web.visiting import HOSTILE, Person, guest_of
from tests.storage.examples import HOUR, NOW, channel_named, draft, matched, store, subscribed, watched

LOOPBACK = AddressPolicy.parse("127.0.0.0/8")
SECRET = "s3cr3t-t0ken-of-the-desk"


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database, "http://127.0.0.1:8420", LOOPBACK)


@pytest.fixture
def source(database: Database) -> Source:
    return watched(database)


async def told(database: Database) -> list[str]:
    return [str(each.subscription.rhythm) for each in await subscriptions.listing(database, SOLE_OWNER)]


async def posts(person: Person, path: str, **fields: str) -> httpx.Response:
    """Send a form of the present page's session to a path that no form of this page leads to."""
    [token] = set(person.tree.xpath("//input[@name='csrf']/@value"))
    return await person.ask("POST", path, data={"csrf": token, **fields})


def row(person: Person, id: str) -> str:
    return " ".join(person.tree.get_element_by_id(id).text_content().split())


def in_state(database: Database, state: AlertState, **values: object) -> None:
    """All alerts are in this state now."""
    columns = {"state": state, "last_error": "answered 500", **values}
    database.write(lambda connection: connection.execute(alerts_table.update().values(**columns)))


async def test_who_is_told_of_what_and_when_stands_in_a_row(owner: Person, database: Database) -> None:
    made = subscribed(database, rhythm=parse("daily 18:00", zone="Europe/Minsk", cap=3))
    await owner.visit("/subscriptions")
    assert row(owner, f"s{made.id}").startswith("Bridges console daily 18:00, at most 3 an hour never 0")


async def test_a_change_opens_under_its_row_and_says_what_it_does(owner: Person, database: Database) -> None:
    made = subscribed(database, rhythm=parse("daily 18:00", zone="Europe/Minsk"))
    await owner.visit(f"/subscriptions?change={made.id}")
    said = row(owner, "meaning")
    assert said.startswith("One message a day at 18:00 in Minsk, also when the clocks change.")
    assert "What is found now leaves at" in said
    checked = owner.tree.xpath("//input[@name='kind'][@checked]/@value")
    assert checked == ["daily"]
    await owner.send(f"/subscriptions/{made.id}", kind="grouped", minutes="20", quiet="22:00-07:00", cap="5")
    assert await told(database) == [
        "grouped 20m, quiet 22:00-07:00 Europe/Minsk, at most 5 messages an hour",
    ]
    assert owner.answer.status_code == 200


WRONG: list[tuple[Mapping[str, str], str]] = [
    ({"quiet": "25:00-07:00"}, "quiet"),
    ({"quiet": "at night"}, "quiet"),
    ({"kind": "daily", "at": "18"}, "at"),
    ({"kind": "weekly", "at": "99:99"}, "at"),
    ({"kind": "grouped", "minutes": "0"}, "minutes"),
    ({"kind": "grouped", "minutes": "soon"}, "minutes"),
    ({"cap": "many"}, "cap"),
    ({"cap": "100000"}, "cap"),
    ({"kind": "daily", "at": "23:00", "quiet": "22:00-07:00"}, "quiet"),
]


@pytest.mark.parametrize(("typed", "field"), WRONG)
async def test_a_mistake_stands_at_its_field_and_what_was_typed_stays(
    owner: Person, database: Database, typed: Mapping[str, str], field: str
) -> None:
    made = subscribed(database)
    await owner.visit(f"/subscriptions?change={made.id}")
    answer = await owner.send(f"/subscriptions/{made.id}", **typed)
    assert answer.status_code == 422
    wrong = owner.tree.get_element_by_id(field)
    assert wrong.get("aria-invalid") == "true"
    assert wrong.get("value") == typed[field]
    assert owner.tree.get_element_by_id(wrong.get("aria-describedby")).text_content()
    assert owner.tree.xpath(f"//*[@role='alert']//a[@href='#{field}']")
    assert await told(database) == ["immediately"]


@pytest.mark.parametrize("field", ["kind", "zone", "weekday"])
async def test_what_no_field_offers_is_refused(owner: Person, database: Database, field: str) -> None:
    made = subscribed(database)
    await owner.visit("/subscriptions")
    fields = {"kind": "weekly", field: HOSTILE}
    answer = await posts(owner, f"/subscriptions/{made.id}", **fields)
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text
    assert await told(database) == ["immediately"]


async def test_what_a_rhythm_means_is_said_while_it_is_chosen(owner: Person) -> None:
    await owner.visit("/subscriptions/meaning?kind=weekly&at=09:00&weekday=2&zone=Europe/Minsk&cap=1")
    assert owner.answer.text.strip().startswith("One message a week, Wednesday at 09:00 in Minsk")
    assert "1 message an hour at most" in owner.answer.text
    await owner.visit("/subscriptions/meaning?kind=daily&at=noon")
    assert "is no time of day" in owner.answer.text


async def test_a_channel_is_told_of_a_topic(owner: Person, desk: Desk, database: Database) -> None:
    subscribed(database)
    channel_named(database, "desk mail", "json://127.0.0.1:9/desk")
    await owner.visit("/subscriptions?new=1&topic=Bridges")
    await owner.send("/subscriptions", topic="Bridges", channel="desk mail", kind="daily", at="07:30")
    assert len(await told(database)) == 2
    assert "desk mail daily 07:30" in owner.text
    answer = await posts(owner, "/subscriptions", topic="Bridges", channel="nowhere")
    assert answer.status_code == 422
    assert "there is no channel" in answer.text


async def test_who_unsubscribes_is_told_no_longer(owner: Person, database: Database) -> None:
    made = subscribed(database)
    await owner.visit(f"/subscriptions?change={made.id}")
    await owner.send(f"/subscriptions/{made.id}/end")
    assert await told(database) == []
    assert "Nobody is told of anything yet" in owner.text


async def test_a_channel_is_made_and_its_address_never_comes_back(
    owner: Person, desk: Desk, database: Database
) -> None:
    await owner.visit("/subscriptions?channel=new")
    await owner.send("/channels", name="desk", address=f"json://user:{SECRET}@127.0.0.1:9/hook")
    assert "desk json://" in row(owner, "channels")
    assert SECRET not in owner.answer.text
    await owner.visit("/subscriptions?channel=new")
    for name, address, field in (
        ("desk", f"json://user:{SECRET}@127.0.0.1:9/other", "channel-name"),
        ("other", f"json://user:{SECRET}@192.168.0.1/hook", "channel-address"),
        ("other", f"{SECRET}", "channel-address"),
        (" ", f"json://user:{SECRET}@127.0.0.1:9/other", "channel-name"),
    ):
        answer = await owner.send("/channels", name=name, address=address)
        assert answer.status_code == 422, address
        assert owner.tree.get_element_by_id(field).get("aria-invalid") == "true"
        assert not owner.tree.get_element_by_id("channel-address").get("value")
        assert SECRET not in answer.text
    assert len(await channels.in_use(database, SOLE_OWNER)) == 1


async def test_a_test_really_sends_and_the_answer_stands_in_the_row(
    owner: Person, database: Database, sink: HTTPSink
) -> None:
    made = channel_named(database, "desk", sink.address)
    await owner.visit("/subscriptions")
    await owner.send(f"/channels/{made.id}/test")
    assert "Test sent" in row(owner, f"c{made.id}")
    assert "200" in row(owner, f"c{made.id}")
    sink.answer_with(401, body=b"no such <token>")
    await owner.send(f"/channels/{made.id}/test")
    assert "answered 401 Unauthorized" in row(owner, f"c{made.id}")
    assert "desk refuses our messages" in owner.text
    assert len(sink.wait_for(2)) == 2


async def test_a_new_address_takes_what_waits(owner: Person, database: Database, sink: HTTPSink) -> None:
    made = channel_named(database, "desk", "json://127.0.0.1:9/old")
    await owner.visit(f"/subscriptions?address={made.id}")
    await owner.send(f"/channels/{made.id}/address", address=sink.address)
    await owner.send(f"/channels/{made.id}/test")
    assert len(sink.wait_for(1)) == 1
    await owner.visit(f"/subscriptions?address={made.id}")
    answer = await owner.send(f"/channels/{made.id}/address", address="json://192.168.0.1/x")
    assert answer.status_code == 422


async def test_removing_a_channel_says_first_what_ends(owner: Person, database: Database, source: Source) -> None:
    made = subscribed(database)
    matched(database, made, *store(database, draft(source, 1)))
    await owner.visit(f"/channels/{made.channel_id}/remove")
    assert "1 subscription ends with it. 1 alert that waits is not sent." in owner.text
    await owner.send(f"/channels/{made.channel_id}/remove")
    assert await channels.in_use(database, SOLE_OWNER) == ()


async def test_every_delivery_stands_with_its_state(owner: Person, database: Database, source: Source) -> None:
    made = subscribed(database)
    matched(database, made, *store(database, draft(source, 1), draft(source, 2)))
    await owner.visit("/subscriptions")
    assert "Waiting 2 Failed 0 Dead 0 Sent 0" in row(owner, "log")
    in_state(database, AlertState.DEAD)
    await owner.visit("/subscriptions?state=dead")
    [file] = owner.tree.xpath("//*[@id='log']//a[text()='CSV']/@href")
    rows = list(csv.DictReader(io.StringIO((await owner.ask("GET", file)).text.removeprefix("\ufeff"))))
    assert [(each["alert"], each["state"], each["channel"]) for each in rows] == [
        ("2", "dead", "console"), ("1", "dead", "console"),
    ]  # fmt: skip
    assert len((await owner.ask("GET", "/subscriptions/deliveries.csv?state=sent")).text.splitlines()) == 1
    await owner.visit("/subscriptions?state=dead")
    assert "given up" in row(owner, "a1")
    await owner.visit("/subscriptions?state=sent")
    assert "Nothing of this kind" in row(owner, "log")


async def test_a_long_log_goes_on_behind_a_link(owner: Person, database: Database, source: Source) -> None:
    made = subscribed(database)
    matched(database, made, *store(database, *(draft(source, number) for number in range(1, 41))))
    await owner.visit("/subscriptions")
    first = owner.tree.xpath("//tr[starts-with(@id, 'a')]/@id")
    [onward] = owner.tree.xpath("//p[@class='more']/a/@href")
    await owner.visit(onward)
    rest = owner.tree.xpath("//tr[starts-with(@id, 'a')]/@id")
    assert len(first) == 25
    assert sorted(first + rest) == sorted(f"a{number}" for number in range(1, 41))


@pytest.mark.parametrize("state", list(AlertState))
async def test_any_alert_is_sent_again_when_asked(
    owner: Person, database: Database, source: Source, state: AlertState
) -> None:
    made = subscribed(database)
    matched(database, made, *store(database, draft(source, 1)))
    in_state(database, state, attempts=4, sent_at=NOW if state is AlertState.SENT else None, due_at=NOW + 900 * HOUR)
    await owner.visit("/subscriptions")
    await owner.send("/alerts/1/again")
    assert owner.answer.status_code == 200
    [listed] = await alerts.listing(database, SOLE_OWNER)
    assert (listed.alert.state, listed.alert.attempts, listed.alert.sent_at) == (AlertState.PENDING, 0, None)
    assert database.read(due.waiting_channels, listed.alert.due_at, without_console=False)


async def test_what_is_being_sent_is_not_sent_twice(owner: Person, database: Database, source: Source) -> None:
    made = subscribed(database)
    matched(database, made, *store(database, draft(source, 1)))
    in_state(database, AlertState.PENDING, lease_owner="host/1/a", lease_until=NOW + 999_999 * HOUR)
    await owner.visit("/subscriptions")
    await owner.send("/alerts/1/again")
    assert owner.answer.status_code == 404


async def test_each_attempt_stands_under_its_alert(owner: Person, database: Database, source: Source) -> None:
    made = subscribed(database)
    matched(database, made, *store(database, draft(source, 1)))
    claimed = database.write(deliveries.claim, {"host/1/a-1": [1]}, NOW, lease=HOUR)
    [(number, carried)] = claimed.values()
    failed = NotDelivered(number, carried, f"answered 500 {HOSTILE}", NOW, NOW + HOUR)
    database.write(deliveries.not_delivered, [failed])
    await owner.visit("/subscriptions?alert=1")
    assert "Each attempt" in row(owner, "log")
    assert "answered 500 <script>" in row(owner, "log")
    assert not owner.tree.xpath("//script[not(@src)] | //img")


async def test_the_operator_s_channel_is_an_owner_s_to_choose(owner: Person, desk: Desk, database: Database) -> None:
    channel_named(database, "desk", "json://127.0.0.1:9/desk")
    await owner.visit("/subscriptions?operator=1")
    await owner.send("/channels/operator", channel="desk")
    assert "Notices of what fails go to desk" in row(owner, "itself")
    guest = await guest_of(desk)
    await guest.visit("/subscriptions?operator=1")
    assert "Notices of what fails" not in guest.text
    assert (await posts(guest, "/channels/operator", channel="")).status_code == 403


async def test_the_whole_chain_is_proved_to_a_channel(owner: Person, database: Database) -> None:
    channel_named(database, "desk", "json://127.0.0.1:9/desk")
    await owner.visit("/subscriptions?proof=1")
    answer = await owner.send("/channels/proof", channel="desk", minutes="0")
    assert answer.status_code == 422
    await owner.send("/channels/proof", channel="desk", minutes="30")
    assert "goes to desk every 30 minutes" in row(owner, "itself")
    await owner.visit("/topics")
    assert "presswatchcanary" not in owner.text


async def test_somebody_else_s_are_not_there(owner: Person, desk: Desk, database: Database, source: Source) -> None:
    made: Subscription = subscribed(database)
    matched(database, made, *store(database, draft(source, 1, title="A bridge opens")))
    guest = await guest_of(desk, Role.EDITOR)
    await guest.visit("/subscriptions?alert=1")
    assert "Bridges" not in guest.text
    assert "A bridge opens" not in guest.text
    for path in (f"change={made.id}", f"address={made.channel_id}"):
        assert (await guest.visit(f"/subscriptions?{path}")).status_code == 404
    assert (await guest.visit(f"/channels/{made.channel_id}/remove")).status_code == 404
    await guest.visit("/subscriptions")
    before = await alerts.listing(database, SOLE_OWNER), await subscriptions.listing(database, SOLE_OWNER)
    channel = f"/channels/{made.channel_id}"
    theirs = [f"/subscriptions/{made.id}", f"/subscriptions/{made.id}/end", "/alerts/1/again"]
    for path in (*theirs, f"{channel}/test", f"{channel}/remove", f"{channel}/address"):
        assert (await posts(guest, path, address="json://127.0.0.1:9/x")).status_code == 404, path
    after = await alerts.listing(database, SOLE_OWNER), await subscriptions.listing(database, SOLE_OWNER)
    assert after == before


async def test_no_word_of_a_person_or_a_site_is_markup(owner: Person, database: Database, source: Source) -> None:
    made = subscribed(database, topic=HOSTILE, channel="json://127.0.0.1:9/x", name=HOSTILE)
    matched(database, made, *store(database, draft(source, 1, title=HOSTILE)))
    in_state(database, AlertState.FAILED, last_error=HOSTILE)
    for path in ("", f"?change={made.id}", f"?address={made.channel_id}", "?new=1&topic=" + HOSTILE, "?proof=1",
                 "?channel=new", "?alert=1"):  # fmt: skip
        await owner.visit(f"/subscriptions{path}")
        assert owner.answer.status_code == 200, path
        assert not owner.tree.xpath("//script[not(@src)] | //img | //@onerror"), path


def test_the_next_message_of_a_digest_leaves_at_its_hour() -> None:
    meant = subscriptions.meaning(WantedRhythm("daily 18:00", "Europe/Minsk"), NOW)
    assert meant.next_at == NOW + 3 * HOUR


async def test_a_subscription_is_paused_until_a_day_and_goes_on(
    owner: Person, database: Database, source: Source
) -> None:
    told = subscribed(database)
    await owner.visit(f"/subscriptions?change={told.id}")
    await owner.send(f"/subscriptions/{told.id}/pause", until="2020-01-01")
    assert owner.answer.status_code == 422
    assert "a pause ends within a year" in owner.text_of("mistake")
    await owner.send(f"/subscriptions/{told.id}/pause", until=(now() + 48 * HOUR).date().isoformat())
    assert "paused until" in row(owner, f"s{told.id}")
    assert matched(database, told, *store(database, draft(source, 1), now=now())) == 0
    await owner.visit(f"/subscriptions?change={told.id}")
    await owner.send(f"/subscriptions/{told.id}/go-on")
    assert "paused" not in row(owner, f"s{told.id}")
    assert matched(database, told, *store(database, draft(source, 2), now=now())) == 1
