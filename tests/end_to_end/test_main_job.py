"""The main job as a user runs it: real processes, a real site over HTTP, real receivers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from presswatch.demo.site import ReplicaSite
from storage.clock import now
from storage.items import items
from storage.outbox import alerts
from storage.sources import sources
from storage.types import SOLE_OWNER, Shape
from storage.types.moments import day_in_words
from tests.crawler.website import Website
from tests.fakes.program import Program
from tests.fakes.sinks import HTTPSink, MailSink

TRADE = ["The ministers spoke about trade.", "Both sides agreed to meet again in the autumn."]
CSTO = ["The Council of the Collective Security Treaty Organization met.", "The CSTO members spoke of Afghanistan."]
ODKB = ["Состоялось заседание Совета Организации Договора о коллективной безопасности.", "Обсуждены санкции."]


@pytest.fixture
def site() -> Iterator[ReplicaSite]:
    with ReplicaSite() as running:
        running.publish("A reception", ["Guests came."])
        running.publish("Приём", ["Пришли гости."], "ru")
        yield running


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(tmp_path / "data")


def test_a_statement_goes_from_the_site_to_the_channel_and_into_the_history(
    program: Program, site: ReplicaSite, sink: HTTPSink
) -> None:
    old = site.publish("An old session of the CSTO", CSTO)
    program.watch(site)
    assert program("subscribe", "CSTO", "--to", sink.address).out == "json is told of CSTO immediately\n"

    first = program("poll")
    assert first.code == 0, first
    assert "stored without alert" in first.out
    assert sink.received == [], "the first poll of a source is silent"

    english = site.publish("A session of the CSTO", CSTO)
    russian = site.publish("О заседании ОДКБ", ODKB, "ru")
    site.publish("A visit", TRADE)
    second = program("poll", "replica/news-en", "replica/news-ru")
    assert second.code == 0, second
    (message,) = sink.wait_for(1)
    assert "2 statements" in message["title"]
    for told in (english.title.replace("CSTO", "*CSTO*"), english.address, russian.address, "ref 1-"):
        assert told in message["message"]
    assert "A visit" not in message["message"]
    assert "*Collective Security Treaty Organization*" in message["message"], "the matching sentence, marked"

    assert program("poll").code == 0
    assert len(sink.received) == 1, "nothing is announced twice"

    assert [found["title"] for found in program("search", "ОДКБ", "--json").json] == [russian.title]
    both = program("search", '"Collective Security Treaty Organization" AND Afghanistan', "--json").json
    assert [found["title"] for found in both] == [english.title, old.title]
    assert [found["title"] for found in program("search", "санкция", "--json").json] == [russian.title]
    shown = program("show", str(both[0]["id"]), "--json").json
    assert shown["body"].split("\n\n") == CSTO
    assert (shown["language"], shown["published_at"]) == ("en", english.date.isoformat() if english.date else "")
    assert [alert["state"] for alert in program("alerts", "list", "--json").json] == ["sent", "sent"]


def test_adding_a_section_shows_what_is_read_and_lets_the_first_poll_alert_when_asked(
    program: Program, site: ReplicaSite, sink: HTTPSink
) -> None:
    statement = site.publish("A session of the CSTO", CSTO)
    site.publish("A visit", TRADE)
    site.publish("Another visit", ["They met.", *TRADE])
    added = program("sources", "add", site.section(), "--key", "mine/news", "--alert-first", "--yes")
    assert added.code == 0, added
    assert statement.title in added.out
    assert "a run of links with dates" in added.out
    program("subscribe", "CSTO", "--to", sink.address)
    assert program("poll", "mine/news").code == 0
    (message,) = sink.wait_for(1)
    assert statement.address in message["message"]
    assert program("sources", "add", site.section(), "--yes").code == 2, "one section is watched once"
    listed = {row["key"]: row for row in program("sources", "list", "--json").json}
    assert (listed["mine/news"]["items"], listed["mine/news"]["health"]) == (4, "ok")


def test_a_question_left_unanswered_saves_nothing(program: Program, site: ReplicaSite) -> None:
    site.publish("A visit", TRADE)
    site.publish("Another visit", TRADE)
    unanswered = program("sources", "add", site.section(), "--key", "mine/news")
    assert unanswered.code == 1
    assert unanswered.err.endswith("error: nobody is here to answer; nothing is saved\n  mend: say --yes\n")
    assert "mine/news" not in {row["key"] for row in program("sources", "list", "--json").json}


def test_whose_a_source_is_is_asked_where_its_site_does_not_say(program: Program) -> None:
    rows = "".join(f"<li><a href='/n/{n}'>Talks number {n} on rivers</a> 1{n}.11.2026</li>" for n in range(8))
    with Website() as site:
        site.answer("/news", f"<html><body><ul>{rows}</ul></body></html>", Content_Type="text/html")
        added = program("sources", "add", site.address("/news"), "--key", "mine/news", typed="y\nMinistry of Rivers\n")
    assert added.code == 0, added
    assert "Whose is it? [" in added.out
    [saved] = [row for row in program("sources", "list", "--json").json if row["key"] == "mine/news"]
    assert saved["organisation"] == "Ministry of Rivers"


def test_an_alert_arrives_as_a_mail(program: Program, site: ReplicaSite) -> None:
    program.watch(site, alert_first=True)
    statement = site.publish("О заседании ОДКБ", ODKB, "ru")
    with MailSink() as mails:
        assert program("channels", "add", "desk", mails.address).code == 0
        assert "desk" in program("channels", "test", "desk").out
        mails.refuse_with("451 not now")
        refused = program("channels", "test", "desk")
        assert refused.code != 0
        assert "answered 451" in refused.err
        assert "mend: look whether the service is up, then test again" in refused.err
        mails.refuse_with("")
        assert program("subscribe", "CSTO", "--to", "desk").code == 0
        program("poll")
        test, mail = mails.wait_for(2)
    assert "test" in test["subject"]
    assert "CSTO" in mail["subject"]
    text = mail.get_body(("plain",))
    assert text is not None
    assert statement.address in text.get_content()


def test_edits_and_withdrawals_are_kept_and_seen(program: Program, site: ReplicaSite) -> None:
    site.publish("A visit", TRADE)
    watched = site.publish("A session of the CSTO", CSTO)
    assert watched.date is not None
    program.watch(site)
    with program.started() as running:
        running.wait_for(f"new, {day_in_words(watched.date)}, stored without alert: {watched.title}")
        site.edit(watched, body=[*CSTO, "The statement was clarified."])
        running.wait_for("edited, version 2")
        site.withdraw(watched)
        running.wait_for("withdrawn")
        assert running.stop() == 0
    with program.database() as database:
        item = database.read(items.find, watched.address)
        assert item is not None
        first, second = database.read(items.history, item.id)
        assert first.body.split("\n\n") == CSTO, "what was said before stays"
        assert second.body.endswith("The statement was clarified.")
        assert item.withdrawn_at is not None
    assert "clarified" not in program("show", str(item.id), "--version", "1").out


@pytest.mark.parametrize(
    ("trouble", "reason"),
    [
        (lambda site: site.block(403), "blocked"),
        (lambda site: site.answer_with(500), "server-error"),
        (lambda site: site.answer_with(429, {"Retry-After": "1"}), "throttled"),
        (lambda site: site.break_listing("redesign"), "empty"),
        (lambda site: site.break_listing("login"), "login"),
        (lambda site: site.go_down(), "unreachable"),
    ],
    ids=["forbidden", "server error", "throttled", "redesign", "login page", "down"],
)
def test_trouble_is_told_once_with_its_reason_and_the_mend_and_nothing_is_lost(
    program: Program, site: ReplicaSite, sink: HTTPSink, trouble: object, reason: str
) -> None:
    assert callable(trouble)
    site.publish("A visit", TRADE)
    program.watch(site)
    program("subscribe", "CSTO", "--to", sink.address)
    with program.started() as running:
        running.wait_for("poll      replica/news-en: ok")
        trouble(site)
        told = running.wait_for("fault     replica/news-en")
        assert re.search(rf"fault     replica/news-en: {reason}: .+ - .+", told), told
        statement = site.publish("A session of the CSTO", CSTO)
        site.come_up()
        site.mend()
        running.wait_for("recovered replica/news-en")
        running.wait_for(statement.title)
        sink.wait_for(1)
        assert running.stop() == 0
    assert sum("fault     replica/news-en" in line for line in running.lines) == 1


def test_a_feed_that_turns_into_a_page_is_told(program: Program, site: ReplicaSite) -> None:
    site.publish("A visit", TRADE)
    assert program("sources", "add", site.feed(), "--key", "mine/feed", "--yes").code == 0
    with program.database() as database:
        assert database.read(sources.get, "mine/feed").spec.shape is Shape.FEED
    assert program("poll", "mine/feed").code == 0
    site.break_feed()
    broken = program("poll", "mine/feed")
    assert (broken.code, "not-a-feed" in broken.out) == (1, True), broken


def test_an_article_that_cannot_be_had_is_tried_again_and_at_last_its_title_is_announced(
    program: Program, site: ReplicaSite, sink: HTTPSink
) -> None:
    site.publish("A visit", TRADE)
    program.watch(site)
    program("subscribe", "CSTO", "--to", sink.address)
    program("poll")
    statement = site.publish("A session of the CSTO", CSTO)
    site.answer_with(503, path=statement.path)
    with program.started() as running:
        running.wait_for("fault     replica/news-en http")
        (message,) = sink.wait_for(1)
        assert statement.title.replace("CSTO", "*CSTO*") in message["message"], "the listing's title alone is news"
        site.mend()
        running.wait_for("edited, version 2")
        running.stop()
    assert len(sink.received) == 1


def test_a_listing_without_validators_is_not_read_again_while_its_body_is_the_same(program: Program) -> None:
    with ReplicaSite(validators=False) as site:
        site.publish("A reception", ["Guests came."])
        program.watch(site)
        assert "replica/news-en: ok, 1 entries" in program("poll", "replica/news-en").out
        assert "replica/news-en: unchanged" in program("poll", "replica/news-en").out
        site.publish("A visit", TRADE)
        assert "replica/news-en: ok, 2 entries, 1 new" in program("poll", "replica/news-en").out


def test_a_host_that_asks_for_time_is_not_asked_for_articles_either(program: Program, site: ReplicaSite) -> None:
    program.watch(site)
    program("poll", "replica/news-en")
    statement = site.publish("A session of the CSTO", CSTO)
    site.answer_with(503, path=statement.path)
    program("poll", "replica/news-en")
    site.mend()
    site.answer_with(429)
    site.forget_requests()
    assert "throttled" in program("poll", "replica/news-en").out
    assert statement.path not in [request.path for request in site.requests]
    site.mend()
    assert statement.title in program("poll", "replica/news-en").out, "and it is not forgotten"


def test_a_hanging_site_and_a_hanging_channel_delay_neither_the_others_nor_the_end(
    program: Program, site: ReplicaSite, sink: HTTPSink
) -> None:
    with ReplicaSite() as hanging, HTTPSink() as silent:
        hanging.publish("A visit", TRADE)
        hanging.slow(3600)
        site.publish("A visit", TRADE)
        (english, _) = program.watch(site)
        with program.database() as database:
            # By another name, as another ministry's site has: one host is asked one thing at a time.
            elsewhere = hanging.section().replace("127.0.0.1", "localhost")
            slow = replace(english, key="slow/news", address=elsewhere)
            database.write(sources.add, slow, alert_first=False, now=now())
        silent.hang()
        program("subscribe", "CSTO", "--to", silent.address)
        program("subscribe", "CSTO", "--to", sink.address)
        with program.started() as running:
            running.wait_for("poll      replica/news-en: ok")
            site.publish("A session of the CSTO", CSTO)
            sink.wait_for(1)
            silent.wait_for(1)
            assert hanging.requests, "it is being asked, and does not answer"
            assert running.stop() == 0
    with program.database() as database:
        states = {alert.channel.name: alert.state for alert in database.read(alerts.listing, SOLE_OWNER)}
        assert database.read(sources.get, "slow/news").last_poll_at is None, "it waits for neither: not for the site"
    assert states == {"json": "pending", "json-2": "sent"}, "and what is not proved sent is not sent"


def test_polls_are_polite(program: Program, site: ReplicaSite) -> None:
    program.watch(site)
    program("poll", "replica/news-en")
    agents = {request.headers["user-agent"] for request in site.requests}
    assert all(re.fullmatch(r"presswatch/[\d.]+ \(\+.+[@:].+\)", agent) for agent in agents), agents
    asked = [request.path for request in site.requests]
    assert asked[:2] == ["/robots.txt", "/en/press/news_mfa/"]
    assert len(asked) == 3, "and the one article"

    site.forget_requests()
    unchanged = program("poll", "replica/news-en")
    assert "unchanged" in unchanged.out
    (listing,) = site.requests
    assert listing.headers["if-none-match"], "the listing is asked for only if it changed"

    site.forget_requests()
    second = site.publish("Another visit", TRADE)
    program("poll", "replica/news-en")
    assert [request.path for request in site.requests][1:] == [second.path], "only what is new is fetched"
    assert site.peak_concurrency == 1


def test_the_demo_alerts_on_the_console_and_on_its_pages_and_shows_what_to_type_next(program: Program) -> None:
    program.environment["PRESSWATCH_LISTEN"] = "127.0.0.1:0"
    with program.started("demo") as running:
        login = running.wait_for("watch it in a browser too: ").split()
        with httpx.Client(base_url=login[-5], follow_redirects=True) as reader:
            reader.get("/sign-in")
            assert reader.post("/sign-in", data={"name": login[-3], "passphrase": login[-1]}).status_code == 200
            running.wait_for("look around in the browser")
            today = reader.get("/").text
        assert running.stop() == 0
        said = "\n".join([*running.lines, *running.rest()])
    for expected in ("=== ALERT ===", "alert     CSTO -> console", "edited, version 2", "withdrawn #", "What to type"):
        assert expected in said
    assert "fault" not in said
    assert "1 was edited and 1 was withdrawn" in today
    found = program("search", "alias:CSTO", "--json", "--data", str(program.folder / "demo")).json
    assert {statement["language"] for statement in found} == {"en", "ru"}
