"""Alerts written out for people: one message, from one model. Pure.

There is no template that a person could write: what a message says is decided here, and every word of a site is cleaned
and escaped, so that a title can change neither the subject nor the layout.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from notify.messages.commands import Commands
from notify.messages.content import brief
from notify.messages.links import Links
from notify.messages.message import Message
from storage.types import Alert, Mention


def compose(
    alerts: Sequence[Alert],
    *,
    command: str = "presswatch",
    links: Links | None = None,
    digest: bool = False,
    mentions: Sequence[Mention] = (),
    notes: Sequence[str] = (),
) -> Message:
    """Write one message about all these alerts, in their order.

    `command` is how a person calls the program; with `links` a message leads to pages instead of naming commands.
    A `digest` has no quotes. `mentions` are further statements of stories in this message or in an earlier one,
    `notes` what else there is to say. Raises `ValueError` where there is nothing to tell.
    """
    said = brief(alerts, Commands(command), links, digest=digest, mentions=mentions, notes=notes)
    stories = {alert.story_id for alert in alerts}
    key = ", ".join(alert.key for alert in alerts)
    return Message(
        content=said,
        key=key,
        alerts=tuple(alerts),
        identity=_fingerprint(alerts[0], key),
        thread=_fingerprint(alerts[0], f"story {stories.pop()}") if len(stories) == 1 else "",
    )


def _fingerprint(alert: Alert, of: str) -> str:
    """Of something sent to the alert's channel. When the channel was made tells one installation from another."""
    channel = alert.channel
    return hashlib.sha256(f"{channel.id} {channel.created_at.isoformat()} {of}".encode()).hexdigest()[:32]
