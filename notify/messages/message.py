"""One message, in the form that a channel asks for.

A form is written when it is asked for, and once: a web hook pays for no mail. Pure.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from notify.messages.as_chat_html import as_html
from notify.messages.as_fields import MessageFields, as_fields
from notify.messages.as_mail_html import as_page
from notify.messages.as_markdown import as_markdown
from notify.messages.as_push import as_push
from notify.messages.as_text import as_chat_text, as_text
from notify.messages.content import MessageContent
from storage.types import Alert

T = TypeVar("T")


class UnwritableError(Exception):
    """A form of a message cannot be written, for the cause that it was raised from: it never will be."""


@dataclass(frozen=True)
class Message:
    """What one delivery says. Its forms raise `UnwritableError`."""

    content: MessageContent
    key: str
    """The keys of the alerts in it: a message that came twice carries the same ones."""
    identity: str = ""
    """The same for the same alerts to the same channel, and never the same for others: the mail's Message-ID."""
    thread: str = ""
    """The same for all messages about one story to one channel; empty where a message has several stories."""
    kind: str = "alert"
    """`alert`, `notice` or `test`."""
    alerts: tuple[Alert, ...] = ()
    """What it tells of."""

    @property
    def subject(self) -> str:
        return self.content.subject

    @cached_property
    def text(self) -> str:
        """Plain text; the met words stand between asterisks."""
        return self._written(as_text)

    @cached_property
    def chat_text(self) -> str:
        """Plain text that goes below its heading."""
        return self._written(as_chat_text)

    @cached_property
    def html(self) -> str:
        """For chats: a few tags, one block a line."""
        return self._written(as_html)

    @cached_property
    def markdown(self) -> str:
        """CommonMark."""
        return self._written(as_markdown)

    @cached_property
    def page(self) -> str:
        """For mail: a whole document."""
        return self._written(as_page)

    @cached_property
    def push(self) -> str:
        """For browsers: JSON of a few words and a link."""
        return self._written(lambda content: as_push(content, self.identity or self.key))

    @cached_property
    def fields(self) -> MessageFields:
        """For programs."""
        return self._written(lambda content: as_fields(self.kind, self.key, content, self.alerts))

    def _written(self, form: Callable[[MessageContent], T]) -> T:
        try:
            return form(self.content)
        except Exception as error:
            raise UnwritableError from error
