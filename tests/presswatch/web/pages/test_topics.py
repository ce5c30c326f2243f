"""Topics are seen with what comes of them, written beside what they would find, paused, muted and removed."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from presswatch.actions import topics
from presswatch.web.desk import Desk
from storage.clock import now
from storage.database import Database
from storage.outbox import alerts
from storage.people import topics as stored_topics
from storage.types import SOLE_OWNER, Role, Source, Topic
from tests.presswatch.web.visiting import HOSTILE, Person, guest_of
from tests.storage.examples import draft, matched, store, subscribed, watched


@pytest.fixture
def source(database: Database) -> Source:
    return watched(database)


async def saved(database: Database, name: str = "Bridges", query: str = "bridge", owner: int = SOLE_OWNER) -> Topic:
    return await topics.add(database, owner, name, query)


async def test_a_topic_stands_with_its_query_and_who_is_told(owner: Person, database: Database) -> None:
    subscribed(database)
    await saved(database, "Tolls", "tolls")
    await owner.visit("/topics")
    rows = [" ".join(row.text_content().split()) for row in owner.tree.xpath("//tr[starts-with(@id, 't')]")]
    assert "Bridges bridge console" in rows[0]
    assert "tells nobody" in rows[1]
    assert "nobody" in rows[1]


async def test_its_alerts_a_week_go_on_when_its_query_changes(
    owner: Person, database: Database, source: Source
) -> None:
    told = subscribed(database)
    stored = store(database, draft(source, 1), draft(source, 2), now=now())
    matched(database, told, *stored, now=now())
    await topics.change(database, SOLE_OWNER, "Bridges", "bridge OR tolls")
    await owner.visit("/topics")
    [sparkline] = owner.tree.find_class("sparkline")
    assert sparkline.get("aria-label") == "2 stories in 30 days"


async def test_who_writes_a_topic_sees_what_it_would_have_found(
    owner: Person, database: Database, source: Source
) -> None:
    store(database, draft(source, 1, title="A bridge opens"), draft(source, 2), now=now())
    await owner.visit("/topics/new?name=Bridges&query=bridge")
    preview = owner.tree.get_element_by_id("trial")
    figures = [" ".join(each.text_content().split()) for each in preview.xpath(".//dl/div")]
    assert figures == ["statements 2", "alerts (stories) 2", "alerts a week 2.0"]
    assert [link.text_content() for link in preview.find_class("title")] == ["Statement 2", "A bridge opens"]
    assert "bridge" in [mark.text_content() for mark in preview.findall(".//mark")]
    assert await topics.listing(database, SOLE_OWNER) == ()


async def test_a_new_topic_is_saved_and_shown(owner: Person, database: Database) -> None:
    await owner.visit("/topics/new")
    await owner.send("/topics/new", name="Bridges", query="bridge\nOR  tolls")
    [listed] = await topics.listing(database, SOLE_OWNER)
    assert (listed.topic.name, listed.topic.query) == ("Bridges", "bridge OR tolls")
    assert owner.place == f"/topics/{listed.topic.id}"


async def test_a_query_that_cannot_be_read_comes_back_with_its_place(owner: Person, database: Database) -> None:
    await owner.visit("/topics/new")
    answer = await owner.send("/topics/new", name="Bridges", query="bridge AND (tolls OR")
    assert answer.status_code == 422
    field = owner.tree.get_element_by_id("query")
    assert field.text_content().strip() == "bridge AND (tolls OR"
    assert field.get("aria-invalid") == "true"
    assert owner.tree.get_element_by_id("name").get("value") == "Bridges"
    assert owner.tree.find_class("place")
    assert owner.tree.xpath("//*[@role='alert']//a[@href='#query']")
    assert await topics.listing(database, SOLE_OWNER) == ()


async def test_a_taken_name_is_told_at_its_field(owner: Person, database: Database) -> None:
    await saved(database)
    await owner.visit("/topics/new")
    answer = await owner.send("/topics/new", name="bridges", query="tolls")
    assert answer.status_code == 422
    assert "there is already a topic" in owner.tree.get_element_by_id("name-mistake").text_content()
    assert owner.tree.get_element_by_id("query").text_content().strip() == "tolls"


async def test_what_a_change_gains_and_loses_stands_with_the_reason(
    owner: Person, database: Database, source: Source
) -> None:
    body = "The masons met."
    store(
        database, draft(source, 1, title="Weekly bridge digest"), draft(source, 2, title="Ferry", body=body), now=now()
    )
    topic = await saved(database)
    await owner.visit(f"/topics/{topic.id}?query=bridge -title:digest OR ferry")
    said = " ".join(owner.tree.get_element_by_id("trial").text_content().split())
    assert "1 statement gained, 1 lost" in said
    assert "Ferry gained: ferry" in said
    assert "Weekly bridge digest lost: -title:digest excludes it" in said


async def test_trying_saves_nothing_and_is_an_address(owner: Person, database: Database) -> None:
    topic = await saved(database)
    await owner.visit(f"/topics/{topic.id}")
    [token] = set(owner.tree.xpath("//input[@name='csrf']/@value"))
    answer = await owner.ask(
        "POST", "/topics/try", data={"csrf": token, "number": topic.id, "name": "Bridges", "query": "ferry"}
    )
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/topics/{topic.id}?name=Bridges&query=ferry"
    await owner.visit(answer.headers["Location"])
    assert owner.tree.get_element_by_id("query").text_content().strip() == "ferry"
    assert (await topics.numbered(database, SOLE_OWNER, topic.id)).query == "bridge"


async def test_while_one_writes_only_the_right_side_comes(owner: Person, database: Database, source: Source) -> None:
    store(database, draft(source, 1), now=now())
    answer = await owner.visit("/topics/trial?query=bridge")
    assert "<html" not in answer.text
    assert "alerts a week" in answer.text
    broken = await owner.visit("/topics/trial?query=(bridge")
    assert broken.headers["HX-Reswap"] == "none"  # the figures stay
    assert "alerts a week" not in broken.text
    assert 'id="said"' in broken.text


async def test_of_two_who_change_a_topic_the_second_is_told(owner: Person, desk: Desk, database: Database) -> None:
    topic = await saved(database)
    other = Person(desk, owner.pages)
    await other.sign_in("owner")
    for person in (owner, other):
        await person.visit(f"/topics/{topic.id}")
    await owner.send(f"/topics/{topic.id}", query="bridge OR tolls")
    answer = await other.send(f"/topics/{topic.id}", query="bridge OR ferry")
    assert answer.status_code == 409
    assert "Somebody changed Bridges while you were writing. It asks now: bridge OR tolls" in other.text
    assert other.tree.get_element_by_id("query").text_content().strip() == "bridge OR ferry"
    [listed] = await topics.listing(database, SOLE_OWNER)
    assert listed.topic.query == "bridge OR tolls"
    await other.send(f"/topics/{listed.topic.id}")
    [listed] = await topics.listing(database, SOLE_OWNER)
    assert listed.topic.query == "bridge OR ferry"


async def test_an_address_of_before_a_change_leads_to_the_topic(owner: Person, database: Database) -> None:
    topic = await saved(database)
    changed = await topics.save(database, SOLE_OWNER, topic.id, "Crossings", "bridge OR ferry")
    await owner.visit(f"/topics/{topic.id}?query=tunnel")
    assert owner.place == f"/topics/{changed.id}?query=tunnel"


async def test_a_paused_topic_is_asked_and_tells_nobody_also_not_later(
    owner: Person, database: Database, source: Source
) -> None:
    told = subscribed(database)
    await owner.visit(f"/topics?pause={told.topic_id}")
    until = (now() + timedelta(days=3)).date().isoformat()
    await owner.send(f"/topics/{told.topic_id}/pause", until=until)
    assert "paused until" in owner.text
    stored = store(database, draft(source, 1), now=now())
    assert matched(database, told, *stored, now=now()) == 0
    await owner.send(f"/topics/{told.topic_id}/go-on")
    assert "paused" not in owner.text
    assert matched(database, told, *stored, now=now()) == 0
    later = store(database, draft(source, 2), now=now())
    assert matched(database, told, *later, now=now()) == 1
    assert len(database.read(alerts.listing, SOLE_OWNER)) == 1


@pytest.mark.parametrize("until", ["", "never", "2020-01-01", "9999-12-31", "2026-02-30"])
async def test_a_pause_ends_on_a_day_to_come(owner: Person, database: Database, until: str) -> None:
    topic = await saved(database)
    await owner.visit(f"/topics?pause={topic.id}")
    answer = await owner.send(f"/topics/{topic.id}/pause", until=until)
    assert answer.status_code == 422
    assert (await topics.numbered(database, SOLE_OWNER, topic.id)).paused_until is None


async def test_a_source_is_muted_in_one_topic(owner: Person, database: Database, source: Source) -> None:
    other = watched(database, "mfa-zz/news")
    store(database, draft(source, 1), draft(other, 2), now=now())
    topic = await saved(database, query="bridge OR ferry")
    await owner.visit(f"/topics/{topic.id}")
    [link] = [
        each for each in owner.tree.xpath("//a/@href") if "-source:mfa-zz/news" in str(parse_qs(urlsplit(each).query))
    ]
    await owner.visit(link)
    assert owner.tree.get_element_by_id("query").text_content().strip() == "(bridge OR ferry) -source:mfa-zz/news"
    assert "0 statements gained, 1 lost" in owner.text
    await owner.send(f"/topics/{topic.id}")
    [listed] = await topics.listing(database, SOLE_OWNER)
    assert listed.topic.query == "(bridge OR ferry) -source:mfa-zz/news"


async def test_removing_says_first_what_ends(owner: Person, database: Database) -> None:
    told = subscribed(database)
    await owner.visit(f"/topics/{told.topic_id}/remove")
    assert "1 subscription ends with it. console" in owner.text
    assert len(await topics.listing(database, SOLE_OWNER)) == 1
    await owner.send(f"/topics/{told.topic_id}/remove")
    assert owner.place == "/topics"
    assert await topics.listing(database, SOLE_OWNER) == ()


async def test_a_ready_made_name_is_followed_after_it_was_tried(owner: Person, database: Database) -> None:
    await owner.visit("/topics/names/CSTO")
    assert "ОДКБ" in owner.text
    [link] = owner.tree.xpath("//a[@class='button main']/@href")
    await owner.visit(link)
    await owner.send("/topics/new")
    [listed] = await topics.listing(database, SOLE_OWNER)
    assert (listed.topic.name, listed.topic.query) == ("CSTO", "alias:CSTO")
    assert (await owner.visit("/topics/names/nothing of the kind")).status_code == 404


async def test_somebody_else_s_topics_are_not_there(owner: Person, desk: Desk, database: Database) -> None:
    topic = await saved(database)
    guest = await guest_of(desk)
    await guest.visit("/topics")
    assert "Bridges" not in guest.text
    for path in (f"/topics/{topic.id}", f"/topics/{topic.id}/remove"):
        assert (await guest.visit(path)).status_code == 404
    await guest.visit("/topics/new")
    [token] = set(guest.tree.xpath("//input[@name='csrf']/@value"))
    for path in ("", "/pause", "/go-on", "/remove"):
        data = {"csrf": token, "name": "Mine", "query": "x", "until": (now() + timedelta(days=2)).date().isoformat()}
        assert (await guest.ask("POST", f"/topics/{topic.id}{path}", data=data)).status_code == 404
    assert database.read(stored_topics.every, SOLE_OWNER) == (topic,)


async def test_no_word_of_a_site_or_a_person_is_markup(owner: Person, database: Database, source: Source) -> None:
    store(database, draft(source, 1, title=f"bridge {HOSTILE}", body=f"bridge {HOSTILE}"), now=now())
    topic = await saved(database, HOSTILE, "bridge OR onerror")
    for path in ("/topics", f"/topics/{topic.id}", f"/topics/{topic.id}?name={HOSTILE}&query={HOSTILE}",
                 f"/topics/{topic.id}/remove", "/topics/trial?query=bridge"):  # fmt: skip
        await owner.visit(path)
        assert not owner.tree.xpath("//script[not(@src)] | //img | //@onerror")


WATCHLIST = '[[topic]]\nname = "Bridges"\nquery = "bridge"\n'
SWITCH = '[[source]]\nkey = "mfa-by/news-en"\nenabled = false\n'


async def brings(person: Person, content: str, name: str = "desk.toml") -> None:
    await person.visit("/topics")
    [token] = set(person.tree.xpath("//form[@action='/topics/watchlist']//input[@name='csrf']/@value"))
    await person.ask("POST", "/topics/watchlist", data={"csrf": token}, files={"file": (name, content.encode())})


async def test_a_watchlist_is_taken_out_and_brought_in_after_it_was_shown(owner: Person, database: Database) -> None:
    await saved(database, "Tolls", "tolls")
    answer = await owner.visit("/topics/watchlist.toml")
    assert 'name = "Tolls"' in answer.text
    assert "attachment" in answer.headers["Content-Disposition"]
    await brings(owner, WATCHLIST)
    assert "desk.toml would change this: 1 added, 0 changed, 0 removed" in owner.text
    assert len(await topics.listing(database, SOLE_OWNER)) == 1
    await owner.send("/topics/watchlist/bring")
    assert {each.topic.name for each in await topics.listing(database, SOLE_OWNER)} == {"Tolls", "Bridges"}
    await brings(owner, WATCHLIST)
    assert "changes nothing: all of it is there already" in owner.text


@pytest.mark.parametrize("content", ['[[topic]]\nname = "a"\nquery = "("\n', "nonsense", "", "[[topic]]\nname = 1\n"])
async def test_a_file_that_cannot_be_brought_in_says_each_mistake(owner: Person, content: str) -> None:
    await brings(owner, content)
    if content:
        assert owner.answer.status_code == 422
        assert owner.tree.xpath("//*[@role='alert']//li")


async def test_the_desk_s_sources_are_changed_by_editors_alone(desk: Desk, owner: Person, database: Database) -> None:
    watched(database)
    own = '[[source]]\nkey = "mfa-zz/own"\nname = "Own"\naddress = "https://mfa.example/own/"\n'
    reader = await guest_of(desk)
    await brings(reader, own)
    assert reader.answer.status_code == 422
    assert "sources are the desk's" in reader.text
    editor = await guest_of(desk, Role.EDITOR)
    await brings(editor, own)
    assert "1 added" in editor.text
