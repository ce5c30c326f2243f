"""The addresses of pages that messages lead to.

What is stored is for who is signed in. One's subscriptions are ended and changed without a login, by a signed link: it
names their numbers and whose they are, and the signature (HMAC-SHA256, with a secret made from the database's key for
this purpose alone) says that a message of ours brought it. It holds as long as the subscription and the key do: a mail
may be read after years.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from itsdangerous import BadData, URLSafeSerializer

from storage.errors import KeyUnusableError, NotFoundError
from storage.people.keyring import Keyring

PURPOSE = "links in messages"


@dataclass(frozen=True, slots=True)
class Signed:
    """What a link is signed for."""

    owner: int
    subscriptions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PageLinks:
    """Where the pages of one address have what a message tells of."""

    address: str
    """Without a slash at its end."""
    is_public: bool = False
    """Whether the operator said that people find it there: then mail programs get a button too, as over https."""
    keys: tuple[bytes, ...] = field(default=(), repr=False)
    """The newest first; without one nothing is signed."""

    def statement(self, item_id: int) -> str:
        return f"{self.address}/statements/{item_id}"

    def why(self, item_id: int, topic: str) -> str:
        return f"{self.statement(item_id)}?{urlencode({'why': topic})}#why"

    def subscriptions(self, owner: int, numbers: Sequence[int]) -> str:
        return f"{self.address}/links/{sign(Signed(owner, tuple(numbers)), self.keys)}" if self.keys else ""

    def one_click(self, owner: int, numbers: Sequence[int]) -> str:
        signed = self.subscriptions(owner, numbers) if self.is_public or self.address.startswith("https:") else ""
        return f"{signed}/end" if signed else ""


def links_of(address: str, keyring: Keyring, *, is_public: bool) -> Callable[[], PageLinks]:
    """The links to the pages of an address, with the keys that there are whenever it is called."""
    return lambda: PageLinks(address, is_public, secrets_of(keyring))


def secrets_of(keyring: Keyring) -> tuple[bytes, ...]:
    """What signs links, the newest first; nothing where there is no key, or none that can be read."""
    try:
        return keyring.derived(PURPOSE)
    except KeyUnusableError:
        return ()


def sign(link: Signed, keys: Sequence[bytes]) -> str:
    """The part of an address that says this, and that we said so."""
    return str(_serializer(keys).dumps([link.owner, *link.subscriptions]))


def signed(words: str, keys: Sequence[bytes]) -> Signed:
    """What was signed. Raises `NotFoundError` for what none of these keys has signed."""
    try:
        if not keys:
            raise BadData("no key")
        owner, *numbers = _serializer(keys).loads(words)
    except BadData:
        raise NotFoundError(
            "this link is not one of ours", mend="open the whole link of the message, or sign in"
        ) from None
    return Signed(owner, tuple(numbers))


def _serializer(keys: Sequence[bytes]) -> URLSafeSerializer:
    how = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
    return URLSafeSerializer(list(reversed(keys)), salt=PURPOSE, signer_kwargs=how)
