"""Secrets that let in whoever bears them: of sessions and of tokens.

Each is 256 bits of the system's randomness; stored is its SHA-256, by which it is found. A slow hash, as passwords need
it, is for what can be guessed.
"""

from __future__ import annotations

import hashlib
import secrets

BYTES = 32


def new(prefix: str = "") -> str:
    """A secret, which stands in an address or a header as it is."""
    return prefix + secrets.token_urlsafe(BYTES)


def digest(secret: str) -> str:
    """What stands in the database for it."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
