"""JSON web hooks as they arrive, held to the schema that is published."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from notify.channels.kinds import sender_for
from notify.channels.webhook import Payload, schema
from notify.messages.compose import compose
from notify.messages.message import Message
from notify.messages.notices import compose_test
from storage.codec import as_json, from_json
from storage.types import Mention
from tests.fakes.sinks import HTTPSink
from tests.notify.examples import BODY, TITLE, alert

PUBLISHED = Path(__file__).parents[3] / "docs" / "webhook.schema.json"


def arrived(sink: HTTPSink, message: Message, parameters: str = "") -> dict[str, Any]:
    address = sink.address + parameters
    sender_for(address, sys.stdout).send(message, address)
    return sink.wait_for(1)[-1]


def check(body: dict[str, Any]) -> None:
    """It has each field of the schema in its type, and no other one."""
    assert as_json(from_json(Payload, body)) == body


def test_the_published_schema_is_that_of_what_is_sent() -> None:
    assert json.loads(PUBLISHED.read_text("utf-8")) == schema()


def test_a_statement_arrives_with_its_fields(sink: HTTPSink) -> None:
    body = arrived(sink, compose([alert()]))
    check(body)
    [statement] = body["statements"]
    assert (body["kind"], body["key"]) == ("alert", "12-345")
    assert (statement["id"], statement["story"], statement["title"]) == (345, 345, TITLE)
    assert statement["address"] == "https://mfa.example/en/news/345/"
    assert statement["organisation"] == "Ministry of Foreign Affairs of Riverland"
    assert (statement["published_at"], statement["published_precision"]) == ("2024-11-28", "day")
    assert statement["published_text"] == "28 November 2024"
    assert datetime.fromisoformat(statement["first_seen_at"]) == datetime(2024, 11, 28, 12, tzinfo=UTC)
    assert (statement["version"], statement["versions"], statement["country"]) == (1, 1, None)
    assert statement["quotes"] == ["They welcomed the work of the CSTO, and praised the CSTO again."]
    [topic] = statement["topics"]
    assert (topic["name"], topic["query"], topic["key"]) == ("CSTO", "alias:CSTO", "12-345")
    assert topic["why"] == "alias CSTO in the title and the body, in English"
    for hit in topic["hits"]:
        text = TITLE if hit["field"] == "title" else BODY
        assert text[hit["start"] : hit["end"]] == "CSTO"


def test_several_statements_and_topics_are_told_apart(sink: HTTPSink) -> None:
    also = Mention(1, 3, "О мосте", "ru", "Министерство", "https://mfa.example/ru/1", "Statement")
    alerts = [alert(1), alert(2, topic="Gas", subscription=13, hits=()), alert(3, item=9, hits=())]
    body = arrived(sink, compose(alerts, mentions=[also]))
    check(body)
    assert [one["id"] for one in body["statements"]] == [345, 9]
    assert [topic["name"] for topic in body["statements"][0]["topics"]] == ["CSTO", "Gas"]
    assert body["statements"][1]["also"] == ["Also in Russian: О мосте, https://mfa.example/ru/1"]
    assert body["key"] == "12-345, 13-345, 12-9"


def test_an_edit_has_the_number_of_its_version(sink: HTTPSink) -> None:
    one = alert()
    one = replace(one, version=replace(one.version, number=2), item=replace(one.item, versions=3))
    body = arrived(sink, compose([one]))
    check(body)
    assert (body["statements"][0]["version"], body["statements"][0]["versions"]) == (2, 3)


def test_words_of_a_site_are_values_and_no_fields(sink: HTTPSink) -> None:
    body = arrived(sink, compose([alert(title='"}], "kind": "test\r\n\u2028', hits=())]))
    check(body)
    assert body["kind"] == "alert"
    assert body["statements"][0]["title"] == '"}], "kind": "test'


def test_a_test_of_the_channel_has_no_statement(sink: HTTPSink) -> None:
    body = arrived(sink, compose_test("desk"))
    check(body)
    assert (body["kind"], body["statements"]) == ("test", [])
    assert body["notices"][0]["headline"] == "This is a test of the channel desk"


def test_an_address_names_leaves_out_and_adds_fields(sink: HTTPSink) -> None:
    body = arrived(sink, compose([alert()]), "?:statements=items&:message=&:title=headline&:desk=7")
    assert not {"statements", "message", "title"} & set(body)
    assert body["items"][0]["id"] == 345
    assert (body["desk"], body["headline"]) == ("7", compose([alert()]).subject)


def test_markdown_that_an_address_asks_for_has_links_that_work(sink: HTTPSink) -> None:
    text = arrived(sink, compose([alert()]), "?format=markdown")["message"]
    assert "[Statement on the CSTO council in Riverton](https://mfa.example/en/news/345/)" in text
    assert text == compose([alert()]).markdown


def test_html_that_an_address_asks_for_is_html(sink: HTTPSink) -> None:
    text = arrived(sink, compose([alert()]), "?format=html")["message"]
    assert '<a href="https://mfa.example/en/news/345/">' in text
