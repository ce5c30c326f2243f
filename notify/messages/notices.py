"""Notices written out for the operator: one message as plain text, HTML and Markdown. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from notify.messages.compose import Message
from notify.messages.rendering import plain_template
from notify.messages.snippets import plain
from storage.operator.notices import Mistakes, Notice

SHOWN = 20
"""Notices that one message spells out; the rest is counted."""

_MARKDOWN_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+!|~])")


def compose(notices: Sequence[Notice], *, command: str = "presswatch") -> Message:
    """Write one message about all these notices, in their order. `command` is how a person calls the program.

    Raises `ValueError` where there is nothing to tell.
    """
    if not notices:
        raise ValueError("a message needs a notice")
    subject = _subject(notices)
    paragraphs = [_lines(notice) for notice in notices[:SHOWN]]
    if len(notices) > SHOWN:
        paragraphs.append([f"and {len(notices) - SHOWN} more"])
    keys = ", ".join(notice.stable_key for notice in notices[:SHOWN])
    paragraphs.append([f"All of them: {command} notices list", f"ref {keys}"])
    return Message(
        subject=subject,
        text="\n\n".join("\n".join(lines) for lines in [[subject], *paragraphs]),
        html=plain_template("notices.html").render(paragraphs=paragraphs).rstrip("\n"),
        markdown="\n\n".join("  \n".join(map(_escaped, lines)) for lines in [[subject], *paragraphs]),
        key=", ".join(notice.stable_key for notice in notices),
    )


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
    if not notice.key:
        return "sites cannot be reached from here" if notice.began else "sites can be reached from here again"
    return f"{notice.key}: {notice.reason}" if notice.began else f"{notice.key} is well again, was {notice.reason}"


def _lines(notice: Notice) -> list[str]:
    organisation = f" ({plain(notice.organisation)})" if notice.organisation else ""
    lines = [f"{_headline(notice)}{organisation}, {notice.created_at:%Y-%m-%d %H:%M} UTC"]
    if notice.detail:
        lines.append(plain(notice.detail))
    if notice.mend:
        lines.append(f"Mend: {notice.mend}")
    return lines


def _escaped(text: str) -> str:
    return _MARKDOWN_SPECIAL.sub(r"\\\1", text)
