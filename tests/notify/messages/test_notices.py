"""A message to the operator spells out so many notices, counts the rest, and is known again by all of them."""

from __future__ import annotations

import re

import pytest

from notify.messages.compose import compose as compose_alerts
from notify.messages.notices import SHOWN, compose
from storage.operator.notices import Notice
from storage.types import Reason
from tests.notify.examples import NOW, alert


def notices(count: int) -> list[Notice]:
    return [
        Notice(number, f"mfa-{number}/news", "", True, Reason.GONE, "answered 404", NOW, NOW, 0, None, "")
        for number in range(1, count + 1)
    ]


@pytest.mark.parametrize("count", [1, 2, SHOWN, SHOWN + 1, 3 * SHOWN])
def test_what_is_too_much_for_one_message_is_counted(count: int) -> None:
    message = compose(notices(count))
    shown = min(count, SHOWN)
    assert message.text.count("answered 404") == shown
    assert message.text.splitlines()[-1] == f"ref {', '.join(f'notice-{number}' for number in range(1, shown + 1))}"
    assert (f"and {count - SHOWN} more" in message.text) == (count > SHOWN)
    assert message.key.split(", ") == [f"notice-{number}" for number in range(1, count + 1)]


@pytest.mark.parametrize("called", ["./run", "presswatch", "python -m presswatch"])
def test_its_mends_name_the_program_as_it_was_called(called: str) -> None:
    text = compose(notices(2), command=called).text
    assert text.count(f"add it with: {called} sources add") == 2
    assert f"{called} notices list" in text


def test_its_page_is_that_of_other_mails() -> None:
    """The same head and styles, for light and for dark, whatever stands in it."""
    of_notices, of_alerts = (
        re.sub("<title>.*?</title>", "", message.page.partition("<body")[0], flags=re.DOTALL)
        for message in (compose(notices(1)), compose_alerts([alert()]))
    )
    assert of_notices == of_alerts
    assert "prefers-color-scheme" in of_notices
