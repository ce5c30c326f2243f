"""Messages that are too long for a service, and scripts that run the other way."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.channels.apprise_services import service
from notify.channels.kinds import kind_of
from notify.channels.payloads import payloads
from notify.channels.splitting import parts_of
from notify.messages.compose import compose
from notify.messages.snippets import isolated, quotes
from tests.notify.examples import alert


@given(st.text(st.sampled_from("ab.! \n\\。"), max_size=200), st.integers(2, 60))
def test_nothing_is_left_out_and_nothing_is_too_long(text: str, limit: int) -> None:
    parts = parts_of(text, limit)
    assert all(len(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_a_text_is_cut_between_statements_then_lines_then_sentences_then_words() -> None:
    assert parts_of("one\ntwo\n\nthree\nfour", 12) == ["one\ntwo", "three\nfour"]
    assert parts_of("one\ntwo\n\nthree\nfour", 6) == ["one", "two", "three", "four"]
    assert parts_of("They met. He left. A dinner followed.", 20) == ["They met. He left.", "A dinner followed."]
    assert parts_of("部长会晤。晚宴举行。", 6) == ["部长会晤。", "晚宴举行。"]
    assert parts_of("a long sentence without an end", 14) == ["a long", "sentence", "without an end"]


LIMITED = [
    "tgram://123456789:abcdefghijklmnopqrstuvwxyz123456789/12315544", "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js",
    "rocket://user:aB1c/dE2f@example.org/#news?mode=webhook", "mmost://example.org/3ccdd113474722377935511fc85d3dd4",
    "pover://abcdefghijklmnopqrstuvwxyz1234@abcdefghijklmnopqrstuvwxyz1234", "ntfy://example.org/news",
    "matrix://user:pw@example.org/#news", "irc://watch@example.org/%23news", "gchat://workspace/key/token",
    "twilio://AC735c307c62944b5a5f9c2b0a7b1d4c8e:e4c3b2a1e4c3b2a1e4c3b2a1e4c3b2a1@15551112222/15553334444",
]  # fmt: skip


@pytest.mark.parametrize("address", LIMITED, ids=lambda address: address.partition(":")[0])
def test_every_part_fits_the_service_and_every_statement_is_in_one_of_them(address: str) -> None:
    instance = service(address)
    assert instance is not None
    message = compose([alert(number, item=number) for number in range(1, 21)])
    sent = list(payloads(instance, message, kind_of(address).form))
    for part in sent:
        assert len(part.title) <= max(instance.title_maxlen, 0)
        assert len(part.body) + len(part.title) * instance.overflow_amalgamate_title <= instance.body_maxlen
    words = "".join("".join(part.body for part in sent).split())
    assert all(f"mfa.example/en/news/{number}/" in words for number in range(1, 21))
    assert sum(bool(part.title) for part in sent) <= 1


# -- other scripts -------------------------------------------------------------------------------------------------


def test_words_from_right_to_left_are_isolated_and_others_are_left_alone() -> None:
    assert isolated("بیانیه CSTO") == "\u2068بیانیه CSTO\u2069"
    assert isolated("Заявление") == "Заявление"
    title = "بیانیه درباره نشست"
    message = compose([alert(title=title, hits=(), organisation="وزارت امور خارجه")])
    assert f"\u2068{title}\u2069" in message.text
    assert "\u2068وزارت امور خارجه\u2069, 28 Nov 2024" in message.text
    assert re.search(rf'<h1 dir="auto"[^>]*><a [^>]*>{title}</a></h1>', message.page)
    assert f"\u2068{title}\u2069" in message.subject


@pytest.mark.parametrize(
    ("body", "met", "quoted"),
    [
        ("部长会晤。他们欢迎CSTO的工作。晚宴举行。", "CSTO", "他们欢迎CSTO的工作。"),
        ("大臣が会った。「CSTOを歓迎する。」と述べた。", "CSTO", "「CSTOを歓迎する。」"),
        ("غادر. رحب الوزراء بعمل CSTO؟ ثم انتهى.", "CSTO", "رحب الوزراء بعمل CSTO؟"),
    ],
)
def test_a_sentence_ends_where_its_script_ends_it(body: str, met: str, quoted: str) -> None:
    [quote] = quotes(body, ((body.index(met), body.index(met) + len(met)),))
    assert "".join(piece.text for piece in quote) == quoted
