"""Notices written out for the operator, and the test of a channel. Pure."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from notify.messages.content import MessageContent, NoticeContent
from notify.messages.message import Message
from notify.messages.snippets import plain
from notify.messages.ways import Way
from storage.errors import as_called
from storage.operator.notices import Evidence, Mistakes, Notice
from storage.types import moment_in_words

SHOWN = 20
"""Notices that one message spells out; the rest is counted."""


def compose(notices: Sequence[Notice], *, command: str = "presswatch") -> Message:
    """Write one message about all these notices, in their order. `command` is how a person calls the program.

    Raises `ValueError` where there is nothing to tell.
    """
    if not notices:
        raise ValueError("a message needs a notice")
    keys = ", ".join(notice.stable_key for notice in notices[:SHOWN])
    said = MessageContent(
        subject=_subject(notices),
        heading="presswatch" if len(notices) == 1 else _subject(notices),
        why="This channel is the operator's.",
        reference=f"ref {keys}",
        notices=tuple(_content(notice, command) for notice in notices[:SHOWN]),
        notes=(f"and {len(notices) - SHOWN} more",) if len(notices) > SHOWN else (),
        ways=(Way("All of them", f"{command} notices list"),),
    )
    return Message(said, key=", ".join(notice.stable_key for notice in notices), kind="notice")


def compose_test(channel: str) -> Message:
    """The message that shows whether a channel works; no two are the same."""
    said = MessageContent(
        subject="presswatch: a test",
        heading="presswatch",
        why="Somebody tests this channel.",
        reference="ref test",
        notices=(
            NoticeContent(
                f"This is a test of the channel {plain(channel)}", ("Alerts about your topics will come here.",)
            ),
        ),
    )
    return Message(said, key="test", identity=uuid.uuid4().hex, kind="test")


def _subject(notices: Sequence[Notice]) -> str:
    if len(notices) == 1:
        return f"presswatch: {_headline(notices[0])}"
    began = sum(notice.began for notice in notices)
    ended = len(notices) - began
    parts = [f"{began} began" if began else "", f"{ended} ended" if ended else ""]
    return f"presswatch: {len(notices)} notices, {', '.join(filter(None, parts))}"


def _headline(notice: Notice) -> str:
    if notice.channel:
        return (
            f"{notice.letters} {'alert' if notice.letters == 1 else 'alerts'} to {plain(notice.channel)} not delivered"
        )
    if isinstance(notice.reason, Mistakes):
        return "a mistake of presswatch's own"
    if isinstance(notice.reason, Evidence):
        return "where the evidence ends today"
    if not notice.key:
        return "sites cannot be reached from here" if notice.began else "sites can be reached from here again"
    return f"{notice.key}: {notice.reason}" if notice.began else f"{notice.key} is well again, was {notice.reason}"


def _content(notice: Notice, command: str) -> NoticeContent:
    organisation = f" ({plain(notice.organisation)})" if notice.organisation else ""
    lines = (plain(notice.detail), f"Mend: {as_called(notice.mend, command)}" if notice.mend else "")
    return NoticeContent(
        f"{_headline(notice)}{organisation}, {moment_in_words(notice.created_at)}", tuple(filter(None, lines))
    )
