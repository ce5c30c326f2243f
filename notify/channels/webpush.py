"""Web Push: Apprise encrypts a message for the browser that is to show it, signs and sends it; no file is needed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from notify.channels.apprise_sender import AppriseSender
from notify.channels.push_address import browser_of, key_of
from notify.messages.message import Message

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey, EllipticCurvePublicKey

KEPT = 7 * 86_400
"""Seconds for which the browser's service keeps a message while the device is off. Apprise allows a minute alone, so
that an alert would be lost with a telephone in a lift."""
_NAME = "browser"
"""What Apprise calls the one that is told."""


@dataclass(frozen=True, slots=True)
class PushSender(AppriseSender):
    """Sends through Apprise, with the keys that stand in the address."""

    def prepare(self, instance: Any, message: Message, address: str) -> None:
        browser = browser_of(address)
        instance.ttl = KEPT
        instance.targets = [_NAME]
        instance.pem = _pem()(key_of(address), instance.asset)
        keys = {"p256dh": browser.p256dh, "auth": browser.auth}
        instance.subscriptions.add({"endpoint": browser.endpoint, "keys": keys}, name=_NAME)


@cache
def _pem() -> Any:
    """Apprise's signing and encrypting, with a key that is at hand; its own reads one from a file."""
    from apprise.utils.pem import ApprisePEMController

    class Pem(ApprisePEMController):  # type: ignore[misc,unused-ignore]
        def __init__(self, key: EllipticCurvePrivateKey, asset: Any) -> None:
            super().__init__("", asset=asset)
            self._key = key

        def private_key(self, *_: Any, **__: Any) -> EllipticCurvePrivateKey:
            return self._key

        def public_key(self, *_: Any, **__: Any) -> EllipticCurvePublicKey:
            return self._key.public_key()

    return Pem
