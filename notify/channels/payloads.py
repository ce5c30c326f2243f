"""A message as one service gets it: in the form that it shows best, and in parts that it takes.

| service | form |
|---|---|
| web hooks | plain text, or what the address asks for (`format=markdown`), as it is: programs read it |
| mail over a service's interface | the page of a mail |
| browsers (Web Push) | a few words and a link, as JSON |
| Matrix, Telegram and others that show HTML | HTML of few tags |
| chats that show Markdown, whatever Apprise says of them | Markdown in which every word of a stranger is escaped |
| others that show Markdown alone | Markdown, which Apprise turns into their dialect |
| all others | plain text, which Apprise escapes where the service has markup of its own |

A stranger's words call nobody: a mention (`@everyone`, `<!channel>`) is broken by an invisible character.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from markupsafe import Markup

from notify.channels.splitting import parts_of
from notify.messages.as_markdown import escaped
from notify.messages.message import Message

if TYPE_CHECKING:
    from apprise.plugins import NotifyBase

TEXT, HTML, MARKDOWN = "text", "html", "markdown"
"""As Apprise calls them."""


class Form(Enum):
    """How a kind of channel gets its messages."""

    AS_SHOWN = auto()
    """What Apprise says that the service shows."""
    UNCHANGED = auto()
    """Plain text or what the address asks for, whole: a program reads it."""
    MAIL = auto()
    """The page of a mail, whole."""
    CHAT_HTML = auto()
    """HTML of few tags."""
    PUSH = auto()
    """A few words as JSON, whole: a page of ours reads it."""
    MARKDOWN = auto()
    """Markdown with CommonMark's escapes, and the title in it, whatever Apprise says."""


_CALLS = r"https?://[^\s<>\"]+|(?<![^\W_])@(?=\\?[\w*{])|#(?=\\?\*\\?\*)"
_IN_HTML = re.compile(_CALLS)
_IN_TEXT = re.compile(_CALLS + r"|<(?=\\?[@!#:/]|users/|t:)")
_ROOM = 0.9
"""How much of a service's limit is used where Apprise turns Markdown into another dialect, which may be longer."""


@dataclass(frozen=True, slots=True)
class Payload:
    """What one call of a service hands over."""

    title: str
    body: str
    form: str


def payloads(instance: NotifyBase, message: Message, kind: Form) -> Iterator[Payload]:
    """The message for this service, in as many parts as its limits ask for."""
    if kind is Form.PUSH:
        yield Payload("", message.push, TEXT)
        return
    body, form = _form(instance, message, kind)
    if kind in (Form.UNCHANGED, Form.MAIL):
        yield Payload(message.subject, body, form)
        return
    title, body = calm(message.content.heading), calm(body, form)
    if instance.title_maxlen <= 0 or kind is Form.MARKDOWN:
        title, body = "", _headed(title, body, form, kind)
    title = title if len(title) <= instance.title_maxlen else title[: max(instance.title_maxlen - 1, 0)] + "…"
    for number, part in enumerate(parts_of(body, _limit(instance, title, form))):
        yield Payload(title if number == 0 else "", part, form)


def calm(text: str, form: str = TEXT) -> str:
    """Text that calls nobody. In the address of a page the sign is encoded, which leads to the same page."""
    calls = _IN_HTML if form == HTML else _IN_TEXT
    return calls.sub(lambda found: found[0].replace("@", "%40") if len(found[0]) > 1 else f"{found[0]}\u200b", text)


def _form(instance: NotifyBase, message: Message, kind: Form) -> tuple[str, str]:
    if kind is Form.UNCHANGED:
        match instance.resolve_format(TEXT):
            case "markdown":
                return message.markdown, MARKDOWN
            case "html":
                return message.html, HTML
        return message.text, TEXT
    if kind is Form.MAIL:
        return message.page, HTML
    if kind is Form.CHAT_HTML:
        return message.html, HTML
    if kind is Form.MARKDOWN:  # as text where Apprise knows no Markdown of it: it would take the marks out
        taken = instance.resolve_format(MARKDOWN)
        return message.markdown, MARKDOWN if taken == MARKDOWN else TEXT
    shown = instance.resolve_format(TEXT)
    if shown == HTML:  # what Apprise makes of text is not escaped on every way: Telegram got a title's tags as tags
        return message.html, HTML
    return (message.markdown, MARKDOWN) if shown == MARKDOWN else (message.chat_text, TEXT)


def _headed(title: str, body: str, form: str, kind: Form) -> str:
    """The body with the title as its first line."""
    if form == MARKDOWN or kind is Form.MARKDOWN:
        return f"**{calm(escaped(title))}**\n\n{body}"
    if form == HTML:
        return Markup("<p><strong>{}</strong></p>\n").format(title) + Markup(body)
    return f"{title}\n\n{body}"


def _limit(instance: NotifyBase, title: str, form: str) -> int:
    """How long a part may be: some services count the title in."""
    limit = instance.body_maxlen or 2**20
    if title and instance.overflow_amalgamate_title:
        limit -= len(title) + 2 + instance.overflow_buffer
    return max(int(limit * (_ROOM if form == MARKDOWN else 1)), 20)
