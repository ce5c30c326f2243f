"""The address of a browser that was allowed to tell of alerts (Web Push): where it is reached, and three keys.

    vapid://push.example/send/TOKEN?p256dh=...&auth=...&key=...&from=desk@example.org

is the endpoint `https://push.example/send/TOKEN` that the browser has at its maker's service, its public key and secret
(RFC 8291), and our private key, by which that service knows us again (RFC 8292). Ours is made from the database's key
and stands in the address, which is sealed: so it is kept when that key is changed, and no file has to be. `query` is
what follows a question mark in the endpoint. Pure.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from storage.errors import InvalidInputError

if TYPE_CHECKING:  # heavy to import, and not needed by who has no such channel
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

SCHEME = "vapid"
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the curve P-256: SEC 2, 2.4.2. A private key is above 0 and below it."""
_SECRET = 16
"""Bytes of the browser's secret: RFC 8291, 3.2."""


@dataclass(frozen=True, slots=True)
class Browser:
    """What a browser says of itself when it is asked to tell of alerts."""

    endpoint: str = field(repr=False)
    p256dh: str = field(repr=False)
    auth: str = field(repr=False)


def address_of(browser: Browser, key: EllipticCurvePrivateKey, sender: str) -> str:
    """The channel address of a browser that was asked with this key; `sender` is a mail address of whoever sends.

    Raises `InvalidInputError` for an endpoint that is none.
    """
    try:
        parts = urlsplit(browser.endpoint)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme != "https" or not parts.hostname or "@" in parts.netloc:
        raise InvalidInputError("the browser has no address to push to", mend="try another browser")
    keys = {
        "p256dh": browser.p256dh,
        "auth": browser.auth,
        "key": _text(key.private_numbers().private_value),
        "from": sender,
    }
    asked = {"query": parts.query} if parts.query else {}
    return urlunsplit((SCHEME, parts.netloc, parts.path, urlencode({**keys, **asked}), ""))


def browser_of(address: str) -> Browser:
    """The browser that an address leads to. Raises `InvalidInputError` where its keys cannot be used."""
    from cryptography.hazmat.primitives.asymmetric import ec

    parts, said = urlsplit(address), _parameters(address)
    endpoint = urlunsplit(("https", parts.netloc, parts.path, said.get("query", ""), ""))
    browser = Browser(endpoint, said.get("p256dh", ""), said.get("auth", ""))
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(browser.p256dh))
        usable = len(_bytes(browser.auth)) == _SECRET and "@" not in parts.netloc
    except (ValueError, binascii.Error):
        usable = False
    if not usable:
        mend = "let the browser itself make the channel: Subscriptions, This browser"
        raise InvalidInputError("the keys of the browser cannot be used", mend=mend)
    return browser


def key_of(address: str) -> EllipticCurvePrivateKey:
    """Our private key in an address. Raises `InvalidInputError` where there is none."""
    try:
        return _private(int.from_bytes(_bytes(_parameters(address).get("key", "")), "big"))
    except (ValueError, binascii.Error):
        mend = "let the browser itself make the channel: Subscriptions, This browser"
        raise InvalidInputError("the address of the browser has no key of ours", mend=mend) from None


def key_from(secret: bytes) -> EllipticCurvePrivateKey:
    """The private key that a secret of 32 bytes makes."""
    return _private(int.from_bytes(secret, "big") % (_ORDER - 1) + 1)


def public_text(key: EllipticCurvePrivateKey) -> str:
    """What a browser is asked with: `applicationServerKey` (W3C Push API)."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()


def _parameters(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query))


def _private(number: int) -> EllipticCurvePrivateKey:
    from cryptography.hazmat.primitives.asymmetric import ec

    return ec.derive_private_key(number, ec.SECP256R1())


def _text(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes(32, "big")).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
