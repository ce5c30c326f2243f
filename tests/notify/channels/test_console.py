"""The console as a channel."""

from __future__ import annotations

import io
import unicodedata

import pytest

from notify.channels.console import ConsoleSender
from notify.channels.kinds import sender_for
from notify.messages.compose import compose
from storage.errors import DeliveryError
from tests.notify.channels.sending import MESSAGE, RUSSIAN
from tests.notify.examples import alert
from tests.notify.messages.hostile import HOSTILE


def test_the_console_prints_a_block_for_each_message() -> None:
    stream = io.StringIO()
    sender = sender_for("console", stream)
    assert isinstance(sender, ConsoleSender)
    sender.send(MESSAGE, "console")
    sender.send(compose([alert(1), alert(2, item=9)]), "console")
    assert stream.getvalue().count("=== ALERT ===") == 2
    assert MESSAGE.text in stream.getvalue()
    assert stream.getvalue().count("\n2 statements of ") == 1


def test_a_console_without_cyrillic_still_prints() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    ConsoleSender(stream).send(RUSSIAN, "console")
    assert b"ref 12-345" in raw.getvalue()


def test_no_words_of_strangers_are_obeyed_by_the_console() -> None:
    stream = io.StringIO()
    words = f"{HOSTILE}\x9b2J\x1b]0;owned\x07"
    ConsoleSender(stream).send(
        compose([alert(title=words, body=words, organisation=words, topic=words, hits=())]), "console"
    )
    printed = stream.getvalue()
    assert "owned" in printed
    assert {char for char in printed if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")} == {"\n"}
    assert "\u202e" not in printed


def test_a_closed_console_is_a_failed_delivery() -> None:
    stream = io.StringIO()
    stream.close()
    with pytest.raises(DeliveryError) as raised:
        ConsoleSender(stream).send(MESSAGE, "console")
    assert not raised.value.permanent
