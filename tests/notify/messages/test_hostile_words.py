"""No words of strangers change a message."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.messages.compose import compose
from storage.types import Hit, Published
from tests.notify.examples import alert
from tests.notify.messages.hostile import HOSTILE, Tags


def test_hostile_words_change_neither_subject_nor_layout() -> None:
    harmless = compose([alert(title="Talks", hits=())])
    message = compose([alert(title=HOSTILE, hits=(), topic="A\nB")])
    assert "\n" not in message.subject
    assert "\r" not in message.subject
    assert len(message.text.splitlines()) == len(harmless.text.splitlines())
    assert Tags(message.html).tags == Tags(harmless.html).tags
    assert 'alert("1")' in Tags(message.html).text
    assert "\\<script\\>" in message.markdown
    for text in (message.subject, message.text, message.html, message.markdown):
        assert not {"\u202e", "\x1b", "\u2028", "\r"} & set(text)


def test_an_address_that_is_not_of_the_web_is_no_link() -> None:
    odd = alert()
    odd = replace(odd, item=replace(odd.item, address='javascript:alert("1")'))
    assert "href" not in compose([odd]).html
    assert "](" not in compose([odd]).markdown


def test_an_address_that_is_not_of_the_web_is_shown_as_it_is() -> None:
    odd = alert()
    odd = replace(odd, item=replace(odd.item, address="ftp://mfa.example/en/345"))
    message = compose([odd])
    for form in (message.text, message.markdown.replace("\\", ""), message.html, message.page):
        assert form.count("ftp://mfa.example/en/345") == 1


@pytest.mark.parametrize("sign", "()<>[]\\\"'`*| ")
def test_no_sign_in_an_address_ends_its_link(sign: str) -> None:
    odd = alert()
    odd = replace(odd, item=replace(odd.item, address=f"https://mfa.example/a{sign}b"))
    assert f"](https://mfa.example/a%{ord(sign):02X}b)" in compose([odd]).markdown


MARKUP = (
    "[here](https://evil.example)",
    "**bold**",
    "`code`",
    "<b>b</b>",
    "https://evil.example/*_x_*",
    "![x](y)",
    "~~no~~",
)


@pytest.mark.parametrize("words", MARKUP)
@pytest.mark.parametrize("field", ["title", "body", "organisation", "printed", "topic"])
def test_markdown_of_a_stranger_is_shown_and_not_obeyed(words: str, field: str) -> None:
    said: dict[str, Any] = {
        "title": "A title",
        "body": "A body.",
        "organisation": "A ministry",
        "printed": "",
        "topic": "CSTO",
    }
    said[field] = f"The {words} end"
    printed, text = said.pop("printed"), said["body"] if field == "body" else said["title"]
    met = Hit("clause", "The", "body" if field == "body" else "title", 0, min(3, len(text)))
    markdown = compose([alert(**said, hits=(met,), published=Published(text=printed))]).markdown
    assert "](https://evil" not in markdown
    assert words not in markdown, "each sign is escaped"
    assert words in markdown.replace("\\", "")


TEXTS = st.text(st.characters(codec="utf-8"), max_size=80)


@given(
    title=TEXTS, body=TEXTS, topic=TEXTS, organisation=TEXTS, printed=TEXTS,
    places=st.lists(st.tuples(st.sampled_from(["title", "body"]), st.integers(0, 90), st.integers(0, 90)), max_size=6),
)  # fmt: skip
def test_no_words_of_strangers_break_a_message(
    title: str, body: str, topic: str, organisation: str, printed: str, places: list[tuple[str, int, int]]
) -> None:
    hits = tuple(Hit("clause", "name", field, start, end) for field, start, end in places)
    alerts = [
        alert(
            number, item=number, title=title, body=body, hits=hits, topic=topic, organisation=organisation,
            published=Published(text=printed),
        )
        for number in (1, 2)
    ]  # fmt: skip
    message = compose(alerts)
    assert len(message.subject.splitlines()) == 1
    assert message.text.splitlines()[-1] == "ref 12-1, 12-2"
    assert message.text.count("\nWhy: ") == 2
    assert set(Tags(message.html).tags) <= {"p", "h3", "h4", "mark", "blockquote", "a", "hr", "small", "br", "code"}
    assert Tags(message.page).tags.count("h1") == 2
    assert not {"script", "img", "iframe", "form"} & set(Tags(message.page).tags)
    shown = message.subject + message.text + message.html + message.markdown + message.page
    visible = shown.translate({ord(one): None for one in "\n\u200c\u200d\u2068\u2069"})
    assert shown.count("\u2068") == shown.count("\u2069")
    assert not {"Cc", "Cf", "Cs"} & set(map(unicodedata.category, visible))
