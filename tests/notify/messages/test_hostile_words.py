"""No words of strangers change a message."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

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
