"""What a message tells: what, who, when, where and why."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from urllib.parse import quote, unquote

import pytest
from markdown_it import MarkdownIt

from notify.messages.compose import compose
from storage.types import Alert, Published, Rhythm, RhythmKind
from tests.notify.examples import BODY, TITLE, alert, hit
from tests.notify.messages.hostile import Tags


def test_a_message_tells_what_who_when_where_and_why() -> None:
    message = compose([alert()])
    assert message.text.splitlines() == [
        "Statement on the *CSTO* council in Riverton",
        "Ministry of Foreign Affairs of Riverland, 28 Nov 2024 (seen 28 Nov 2024, 12:00 UTC)",
        "> They welcomed the work of the *CSTO*, and praised the CSTO again.",
        "https://mfa.example/en/news/345/",
        "Stored copy: presswatch show 345",
        "Why: CSTO: alias CSTO in the title and the body, in English",
        "",
        "Why am I getting this? This channel is subscribed to the topics named here.",
        "End CSTO: presswatch unsubscribe CSTO --to 'channel 1'",
        "Change: presswatch subscribe CSTO --to 'channel 1' --rhythm 'daily 08:00'",
        "ref 12-345",
    ]
    assert message.subject == f"Ministry of Foreign Affairs of Riverland on CSTO: {TITLE}"
    assert message.key == "12-345"


def test_the_html_marks_the_words_and_links_the_statement() -> None:
    page = compose([alert()]).html
    assert "Statement on the <mark>CSTO</mark> council in Riverton" in page
    assert '<a href="https://mfa.example/en/news/345/">' in page
    assert "ref 12-345" in page


def test_the_markdown_marks_the_words_and_links_the_statement() -> None:
    text = compose([alert()]).markdown
    assert "> They welcomed the work of the **CSTO**, and praised the CSTO again." in text
    assert "**[Statement on the CSTO council in Riverton](https://mfa.example/en/news/345/)**" in text
    assert "ref 12-345" in text


def test_several_statements_are_numbered_and_the_subject_counts_them() -> None:
    message = compose([alert(1), alert(2, item=9, title="Another statement", hits=(hit(BODY, "ОДКБ"),))])
    assert message.subject == "Ministry of Foreign Affairs of Riverland on CSTO: 2 statements"
    lines = message.text.splitlines()
    assert lines[0] == "2 statements of Ministry of Foreign Affairs of Riverland on CSTO"
    assert "1. Statement on the *CSTO* council in Riverton" in lines
    assert "2. Another statement" in lines
    assert lines[-1] == "ref 12-345, 12-9"
    assert message.key == "12-345, 12-9"


def test_a_statement_that_met_two_topics_stands_once_with_both_reasons() -> None:
    word = hit(TITLE, "Riverton", "title", alias="", clause="Riverton")
    message = compose([alert(1), alert(2, topic="Riverton", subscription=13, hits=(word,))])
    assert message.text.count("https://mfa.example/en/news/345/") == 1
    why = 'Why: CSTO: alias CSTO in the title and the body, in English; Riverton: "Riverton" in the title, in English'
    assert why in message.text
    assert "Statement on the *CSTO* council in *Riverton*" in message.text
    assert message.text.endswith("ref 12-345, 13-345")


@pytest.mark.parametrize(
    ("published", "shown"),
    [
        pytest.param(Published(day=date(2024, 11, 28)), "28 Nov 2024", id="a day"),
        pytest.param(
            Published(date(2024, 11, 28), datetime(2024, 11, 28, 11, 5, tzinfo=UTC), "Europe/Minsk"),
            "28 Nov 2024, 11:05 UTC",
            id="a minute in the reader's zone",
        ),
        pytest.param(Published(text="on Thursday"), "on Thursday", id="as printed"),
        pytest.param(Published(), "date not given", id="none"),
    ],
)
def test_the_date_is_told_as_claimed(published: Published, shown: str) -> None:
    assert (
        f"Ministry of Foreign Affairs of Riverland, {shown} (seen 28 Nov 2024, 12:00 UTC)\n"
        in compose([alert(published=published)]).text
    )


def test_a_source_without_organisation_is_told_by_its_name() -> None:
    assert "\nNews, 28 Nov 2024 (seen 28 Nov 2024, 12:00 UTC)\n" in compose([alert(organisation="")]).text


def test_nothing_to_tell_is_no_message() -> None:
    with pytest.raises(ValueError, match="needs an alert"):
        compose([])


# -- what a message says of times, edits and commands ------------------------------------------------------------------


def read_in(zone: str, one: Alert) -> Alert:
    return replace(one, rhythm=Rhythm(zone=zone))


def test_times_are_those_of_the_reader_s_zone() -> None:
    claimed = Published(date(2024, 11, 28), datetime(2024, 11, 28, 22, 30, tzinfo=UTC), "Europe/Minsk")
    text = compose([read_in("Asia/Tokyo", alert(published=claimed))]).text
    assert "29 Nov 2024, 07:30 Asia/Tokyo (seen 28 Nov 2024, 21:00 Asia/Tokyo)" in text


def test_a_day_without_a_time_is_the_ministry_s_in_every_zone() -> None:
    text = compose([read_in("Pacific/Kiritimati", alert())]).text
    assert "28 Nov 2024 (seen 29 Nov 2024, 02:00 Pacific/Kiritimati)" in text


def edited(number: int) -> Alert:
    one = alert()
    seen = datetime(2024, 11, 29, 1, 18, tzinfo=UTC)
    return replace(one, version=replace(one.version, number=number, seen_at=seen))


def test_an_edit_says_so() -> None:
    message = compose([edited(2)])
    said = "seen 28 Nov 2024, 12:00 UTC; edited, version 2, seen 29 Nov 2024, 01:18 UTC"
    for form in (message.text, message.html, message.page, message.markdown.replace("\\", "")):
        assert said in form
    assert message.subject.endswith("(edited, version 2)")
    assert "edited" not in compose([alert()]).text + compose([alert()]).subject


@pytest.mark.parametrize(
    ("zone", "seen"),
    [
        ("UTC", "29 Nov 2024, 01:18 UTC"),
        ("Europe/Minsk", "29 Nov 2024, 04:18 Europe/Minsk"),
        ("Asia/Tokyo", "29 Nov 2024, 10:18 Asia/Tokyo"),
        ("America/New_York", "28 Nov 2024, 20:18 America/New_York"),
        ("Asia/Kathmandu", "29 Nov 2024, 07:03 Asia/Kathmandu"),
        ("Pacific/Kiritimati", "29 Nov 2024, 15:18 Pacific/Kiritimati"),
    ],
)
def test_an_edit_was_seen_at_the_reader_s_time(zone: str, seen: str) -> None:
    assert f"edited, version 2, seen {seen})" in compose([read_in(zone, edited(2))]).text


def test_a_long_title_leaves_room_for_the_edit() -> None:
    one = edited(12)
    message = compose([replace(one, version=replace(one.version, title="long " * 100))])
    assert message.subject.endswith("… (edited, version 12)")
    assert len(message.subject) <= 180


@pytest.mark.parametrize(
    ("rhythm", "other"),
    [
        (Rhythm(), "'daily 08:00'"),
        (Rhythm(RhythmKind.GROUPED, minutes=15), "'daily 08:00'"),
        (Rhythm(RhythmKind.DAILY), "immediately"),
        (Rhythm(RhythmKind.WEEKLY), "immediately"),
    ],
)
def test_the_command_that_changes_changes_something(rhythm: Rhythm, other: str) -> None:
    message = compose([replace(alert(), rhythm=rhythm)])
    assert f"Change: presswatch subscribe CSTO --to 'channel 1' --rhythm {other}\n" in message.text


def test_commands_are_as_they_are_typed() -> None:
    text = compose([alert(topic="O'Neil & co")], command="./run --data '/a b/demo'").text
    end = """./run --data '/a b/demo' unsubscribe 'O'"'"'Neil & co' --to 'channel 1'"""
    assert f"End O'Neil & co: {end}\n" in text
    assert "Stored copy: ./run --data '/a b/demo' show 345\n" in text


# -- the headline ------------------------------------------------------------------------------------------------------


def test_below_its_heading_a_chat_has_the_headline_once() -> None:
    message = compose([alert(body="The CSTO met.", hits=(hit("The CSTO met.", "CSTO"),))])
    assert message.content.heading == "Ministry of Foreign Affairs of Riverland on CSTO"
    for form in (message.chat_text, message.html, message.markdown):
        assert (message.content.heading + form).count(TITLE) == 1


def test_below_its_heading_a_chat_is_not_told_again_how_many_there_are() -> None:
    message = compose([alert(1), alert(2, item=9, title="Another")])
    assert message.content.heading == "2 statements of Ministry of Foreign Affairs of Riverland on CSTO"
    for form in (message.chat_text, message.html, message.markdown):
        assert "2 statements" not in form
    assert message.text.startswith("2 statements")


@pytest.mark.parametrize("address", [
    "https://mfa.example/a_(b)", "https://mfa.example/a b", "https://mfa.example/[x]?q=<y>&z=*1*",
    "https://mfa.example/_under_score_", 'https://mfa.example/"q"', "https://mfa.example/back\\slash",
    "https://mfa.example/о-мосте", "https://mfa.example/a|b",
])  # fmt: skip
def test_the_headline_leads_to_the_statement_in_markdown(address: str) -> None:
    one = alert(title="On [the] bridge (new)")
    message = compose([replace(one, item=replace(one.item, address=address))])
    shown = Tags(MarkdownIt("commonmark").render(message.markdown))
    assert "strong" in shown.tags and "a" in shown.tags
    assert "On [the] bridge (new)" in shown.text
    [link] = re.findall(r'href="([^"]+)"', MarkdownIt("commonmark").render(message.markdown))
    assert unquote(html.unescape(link)) == address


def test_the_headline_leads_to_the_statement_in_chats_and_mails() -> None:
    message = compose([alert(title="On the bridge", hits=())])
    for page in (message.html, message.page):
        assert re.search(r'<h\d[^>]*>\s*<a href="https://mfa.example/en/news/345/"[^>]*>On the bridge</a></h\d>', page)


# -- with pages --------------------------------------------------------------------------------------------------------


class Pages:
    """Links as the pages make them."""

    def statement(self, item_id: int) -> str:
        return f"https://desk.example/statements/{item_id}"

    def why(self, item_id: int, topic: str) -> str:
        return f"{self.statement(item_id)}?why={quote(topic)}#why"

    def subscriptions(self, owner: int, numbers: Sequence[int]) -> str:
        return f"https://desk.example/links/{owner}.{'.'.join(map(str, numbers))}"

    def one_click(self, owner: int, numbers: Sequence[int]) -> str:
        return f"{self.subscriptions(owner, numbers)}/end"


def test_where_there_are_pages_a_message_leads_to_them_in_all_its_forms() -> None:
    message = compose([alert(topic="A & B")], links=Pages())
    assert message.text.splitlines()[4:] == [
        "Stored copy: https://desk.example/statements/345",
        "Why: A & B: alias CSTO in the title and the body, in English",
        "See why: https://desk.example/statements/345?why=A%20%26%20B#why",
        "",
        "Why am I getting this? This channel is subscribed to the topics named here.",
        "Unsubscribe from A & B, or change it: https://desk.example/links/1.12",
        "ref 12-345",
    ]
    wanted = {
        "Stored copy": "https://desk.example/statements/345",
        "Why": "https://desk.example/statements/345?why=A%20%26%20B#why",
        "Unsubscribe from A & B, or change it": "https://desk.example/links/1.12",
    }
    for form in (message.html, message.page, MarkdownIt().render(message.markdown)):
        links = {
            html.unescape(text): html.unescape(to) for to, text in re.findall(r'<a href="([^"]*)"[^>]*>([^<]*)', form)
        }
        assert wanted.items() <= links.items()
        assert "presswatch show" not in form


def test_a_message_of_several_subscriptions_has_a_link_for_each_and_one_click_for_all() -> None:
    content = compose([alert(1), alert(2, topic="Riverton", subscription=13)], links=Pages()).content
    assert [way.place for way in content.ways] == ["https://desk.example/links/1.12", "https://desk.example/links/1.13"]
    assert content.one_click == "https://desk.example/links/1.12.13/end"
