"""Signed web hooks: whoever receives one can tell that it is ours, whole, and not an old one sent again.

An address with `secret=whsec_...` is signed after Standard Webhooks (github.com/standard-webhooks, specification
1.0.0): `webhook-id` is the same in every repetition, `webhook-timestamp` is of this attempt in seconds, and
`webhook-signature` is the HMAC-SHA256 of both and the body. Any library of that name verifies it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, quote

from storage.errors import InvalidInputError

PREFIX = "whsec_"
PARAMETER = "secret"
BYTES = 32
SHORTEST, LONGEST = 24, 64
"""Bytes of a secret, as the specification has them."""

Request = Any
"""What `requests` is about to send."""


def with_secret(address: str) -> tuple[str, str]:
    """The address with a new secret in it, and the secret alone: whoever receives needs it, and it is shown once."""
    secret = PREFIX + base64.b64encode(secrets.token_bytes(BYTES)).decode()
    joint = "&" if "?" in address else "?"
    return f"{address}{joint}{PARAMETER}={quote(secret, safe='')}", secret


def key_of(address: str) -> bytes | None:
    """With what an address is signed; None where it is not. Raises `InvalidInputError` where that cannot be."""
    given = dict(parse_qsl(address.partition("?")[2])).get(PARAMETER, "")
    if not given.startswith(PREFIX):
        return None
    try:
        key = base64.b64decode(given.removeprefix(PREFIX).replace(" ", "+"), validate=True)  # a plus is read as a blank
    except binascii.Error:
        key = b""
    if not SHORTEST <= len(key) <= LONGEST:
        mend = f"write {PREFIX} and {SHORTEST} to {LONGEST} bytes in base64, or have one made with --signed"
        raise InvalidInputError("the web hook's secret cannot sign", mend=mend)
    if "@" in address.partition("://")[2].partition("/")[0]:
        raise InvalidInputError(
            "a signed web hook has no user and password", mend="leave them out: the signature says who sends"
        )
    return key


def signer(key: bytes, identity: str, at: datetime) -> Callable[[Request], Request]:
    """What signs a request in the last moment before it leaves; `identity` is that of the message."""

    def sign(request: Request) -> Request:
        body = request.body if isinstance(request.body, bytes) else str(request.body).encode()
        request.headers.update(headers(key, identity, at, body))
        return request

    return sign


def headers(key: bytes, identity: str, at: datetime, body: bytes) -> dict[str, str]:
    """The headers that sign a body. Pure."""
    number = f"msg_{hashlib.sha256(identity.encode()).hexdigest()[:32]}"
    moment = str(int(at.timestamp()))
    signature = hmac.new(key, f"{number}.{moment}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": number,
        "webhook-timestamp": moment,
        "webhook-signature": f"v1,{base64.b64encode(signature).decode()}",
    }
