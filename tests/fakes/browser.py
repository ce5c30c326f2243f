"""A browser that was allowed to tell of alerts, with its maker's service on loopback: what it got is what it shows."""

from __future__ import annotations

import base64
import json
import os
import ssl
from pathlib import Path
from typing import Any

import trustme
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from notify.channels.push_address import Browser
from tests.fakes.sinks import HTTPSink

_CURVE = ec.SECP256R1()


class PushedBrowser(HTTPSink):
    """Decrypts what is pushed to it (RFC 8188, 8291), by nothing of ours or Apprise's. Use it as a context manager."""

    def __init__(self) -> None:
        super().__init__()
        self._authority = trustme.CA(key_type=trustme.KeyType.ECDSA)
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._authority.issue_cert("127.0.0.1", key_type=trustme.KeyType.ECDSA).configure_cert(self._context)
        self._private = ec.generate_private_key(_CURVE)
        self._secret = os.urandom(16)

    def trusted_by(self, folder: Path) -> str:
        """A file with the authority that vouches for the service."""
        file = folder / "authority.pem"
        self._authority.cert_pem.write_to_path(str(file))
        return str(file)

    @property
    def says(self) -> Browser:
        """What `PushSubscription.toJSON` gives a page."""
        endpoint = f"https://127.0.0.1:{self.port}/push/v2/0123456789abcdefghij?token=a%3Db"
        return Browser(endpoint, _text(_point(self._private.public_key())), _text(self._secret))

    def read(self, body: bytes) -> dict[str, Any]:
        salt, sender, sealed = body[:16], body[21 : 21 + body[20]], body[21 + body[20] :]
        shared = self._private.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, sender))
        parties = _point(self._private.public_key()) + sender
        secret = _derived(shared, self._secret, b"WebPush: info\0" + parties, 32)
        key = _derived(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
        opened = AESGCM(key).decrypt(_derived(secret, salt, b"Content-Encoding: nonce\0", 12), sealed, None)
        said: dict[str, Any] = json.loads(opened.rstrip(b"\0").removesuffix(b"\x02"))
        return said


def signed_by(header: str) -> tuple[str, dict[str, Any]]:
    """The public key and the claims of an `Authorization` (RFC 8292, 3). Raises `InvalidSignature`."""
    token, key = (part.strip().partition("=")[2] for part in header.removeprefix("vapid ").split(","))
    said, _, signature = token.rpartition(".")
    numbers = _bytes(signature)
    if len(numbers) != 64:
        raise InvalidSignature
    r, s = (int.from_bytes(half, "big") for half in (numbers[:32], numbers[32:]))
    public = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, _bytes(key))
    public.verify(encode_dss_signature(r, s), said.encode(), ec.ECDSA(SHA256()))
    claims: dict[str, Any] = json.loads(_bytes(said.partition(".")[2]))
    return key, claims


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
