"""HTML for chats and mails against saved pages in `golden/`, and what no template may do."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.messages import rendering
from notify.messages.compose import compose
from notify.messages.message import Message
from storage.types import Mention
from tests.notify.examples import alert, hit
from tests.notify.messages.hostile import HOSTILE, Tags

GOLDEN = Path(__file__).parent / "golden"
TEMPLATE_WORDS = "{{ 7 * 7 }} {% for x in y %} {# hidden #} ${7*7} #{7*7} {{ item.__class__ }}"


def single() -> Message:
    """One item, which stands in Russian too."""
    also = Mention(1, 1, "О мосте", "ru", "Министерство", "https://mfa.example/ru/1?a=1&b=2", "Statement")
    return compose([alert()], mentions=[also])


def digest() -> Message:
    """Three items on two topics, and a note."""
    gas = alert(3, item=9, topic="Gas & oil", subscription=13, title="غاز", body="x", hits=())
    return compose([alert(1), alert(2, item=8), gas], digest=True, notes=["3 more <wait>"])


def hostile() -> Message:
    """An item whose every word is another's attempt."""
    met = hit(HOSTILE, "more", "title")
    return compose([alert(title=HOSTILE, topic="<b>&", organisation='"><img src=x>', hits=(met,))])


@pytest.mark.parametrize("written", [single, digest, hostile], ids=lambda written: written.__name__)
@pytest.mark.parametrize("form", ["chat", "mail"])
def test_a_message_is_written_as_it_was(written: Callable[[], Message], form: str) -> None:
    message = written()
    shown = message.html if form == "chat" else message.page
    saved = GOLDEN / f"{written.__name__}.{form}.html"
    assert shown == saved.read_text(encoding="utf-8")


@given(words=st.text(st.sampled_from("{}%#-<>&'\" ab\n"), max_size=40).map(lambda text: f"{text}{TEMPLATE_WORDS}"))
def test_a_stranger_s_words_are_never_a_template(words: str) -> None:
    strange = alert(title=words, body=words, topic=words, organisation=words, hits=())
    message = compose([strange], notes=[words])
    for page in (message.html, message.page):
        shown = " ".join(Tags(page).text.split())
        assert shown.count(TEMPLATE_WORDS) >= 4
        assert "49" not in shown


def test_each_element_of_a_mail_has_its_style_from_the_sheet() -> None:
    page = single().page
    assert '<mark style="background: #fff0a8;' in page
    assert re.findall(r'<(?:p|h1|h2|div|blockquote|a|mark)(?![^>]*style="[^"]+")[^>]*>', page) == []
    assert "style=" not in single().html


def test_a_name_that_a_template_does_not_know_is_a_mistake_and_no_gap() -> None:
    from jinja2 import UndefinedError

    with pytest.raises(UndefinedError):
        rendering.plain_template("chat.html").render(content=None)
