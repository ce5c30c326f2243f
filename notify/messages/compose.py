"""Alerts written out for people: one message as plain text, Markdown, HTML and a mail's page, from one model. Pure.

There is no template that a person could write: what a message says is decided here, and every word of a site is cleaned
and escaped, so that a title can change neither the subject nor the layout.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from notify.messages.as_chat_html import as_html
from notify.messages.as_mail_html import as_page
from notify.messages.as_markdown import as_markdown
from notify.messages.as_text import as_text
from notify.messages.content import brief
from notify.messages.links import Links
from storage.types import Alert, Mention


@dataclass(frozen=True, slots=True)
class Message:
    """What one delivery says. `text` marks the met words with asterisks."""

    subject: str
    text: str
    html: str
    """For chats: a few tags, one block a line."""
    markdown: str
    key: str
    """The keys of the alerts in it: a message that came twice carries the same ones."""
    page: str = ""
    """For mail: a whole document."""
    identity: str = ""
    """The same for the same alerts to the same channel, and never the same for others: the mail's Message-ID."""
    thread: str = ""
    """The same for all messages about one story to one channel; empty where a message has several stories."""
    unsubscribe: str = ""
    """A link that ends the only subscription in it, by a POST too (RFC 8058); empty without web pages."""


def compose(
    alerts: Sequence[Alert],
    *,
    command: str = "presswatch",
    digest: bool = False,
    mentions: Sequence[Mention] = (),
    notes: Sequence[str] = (),
    links: Links | None = None,
) -> Message:
    """Write one message about all these alerts, in their order. `command` is how a person calls the program.

    A `digest` has no quotes. `mentions` are further statements of stories in this message or in an earlier one,
    `notes` what else there is to say, `links` where the web pages are. Raises `ValueError` where there is nothing to
    tell.
    """
    links = links or Links(command=command)
    said = brief(alerts, links, digest=digest, mentions=mentions, notes=notes)
    stories = {alert.story_id for alert in alerts}
    subscriptions = {alert.subscription_id for alert in alerts}
    key = ", ".join(alert.key for alert in alerts)
    return Message(
        subject=said.subject,
        text=as_text(said),
        html=as_html(said),
        markdown=as_markdown(said),
        key=key,
        page=as_page(said),
        identity=_fingerprint(alerts[0], key),
        thread=_fingerprint(alerts[0], f"story {stories.pop()}") if len(stories) == 1 else "",
        unsubscribe=said.subscribed[0].unsubscribe if len(subscriptions) == 1 and links.web else "",
    )


def _fingerprint(alert: Alert, of: str) -> str:
    """Of something sent to the alert's channel. When the channel was made tells one installation from another."""
    channel = alert.channel
    return hashlib.sha256(f"{channel.id} {channel.created_at.isoformat()} {of}".encode()).hexdigest()[:32]
