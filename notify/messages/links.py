"""Where a message leads: to the stored copy of a statement, and out of a subscription.

With the address of the web pages (`base_url`) these are links, else commands of the program. A link that ends a
subscription is signed, so that nobody can end another one by counting (RFC 8058 asks for that). Pure.
"""

from __future__ import annotations

import hashlib
import shlex
from dataclasses import dataclass
from functools import lru_cache

from itsdangerous import BadData, URLSafeSerializer

_PURPOSE = "presswatch unsubscribe"
"""What else is signed with the same keys stands for no subscription."""


@dataclass(frozen=True, slots=True)
class Links:
    """What is needed to write them."""

    base_url: str = ""
    """Of the web pages, without a slash at its end; empty: there are none."""
    secrets: tuple[bytes, ...] = ()
    """What links are signed with, the newest first."""
    command: str = "presswatch"
    """How a person calls the program."""

    def item(self, item_id: int) -> str:
        """Where the stored copy of a statement can be read."""
        return f"{self.base_url}/items/{item_id}" if self.base_url else f"{self.command} show {item_id}"

    def unsubscribe(self, subscription_id: int, topic: str, channel: str) -> str:
        """How a subscription is ended."""
        if self.web:
            return f"{self.base_url}/unsubscribe/{self.token(subscription_id)}"
        return shlex.join([*self.command.split(), "unsubscribe", topic, "--to", channel])

    def change(self, topic: str, channel: str) -> str:
        """How a subscription is changed."""
        if self.base_url:
            return f"{self.base_url}/subscriptions"
        return shlex.join([*self.command.split(), "subscribe", topic, "--to", channel])

    @property
    def web(self) -> bool:
        """Whether a subscription can be ended by a link."""
        return bool(self.base_url and self.secrets)

    def token(self, subscription_id: int) -> str:
        """What stands for a subscription in a link."""
        return _signing(self.secrets).dumps(subscription_id)

    def subscription_of(self, token: str) -> int | None:
        """The subscription that a link's token stands for, or None for one that we have not signed."""
        try:
            subscription_id = _signing(self.secrets).loads(token)
        except (BadData, UnicodeError):
            return None
        return subscription_id if isinstance(subscription_id, int) else None


@lru_cache(8)
def _signing(secrets: tuple[bytes, ...]) -> URLSafeSerializer:
    oldest_first = list(reversed(secrets))  # the last one signs, all are good
    return URLSafeSerializer(oldest_first, salt=_PURPOSE, signer_kwargs={"digest_method": hashlib.sha256})
