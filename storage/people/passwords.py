"""Passwords, and their hashes: argon2id with the parameters of RFC 9106 for little memory, which argon2-cffi has as its
defaults. Hashing takes some 50 ms and 64 MiB on purpose: it belongs into a thread.

What is hashed is the password in NFKC, so that an `é` is one whichever keyboard wrote it (NIST SP 800-63B, 3.1.1.2).
"""

from __future__ import annotations

import secrets
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from storage.errors import InvalidInputError

if TYPE_CHECKING:  # heavy to import, and no list of sources needs it
    from argon2 import PasswordHasher

LEAST, MOST = 12, 256
"""Characters of a password. The upper bound keeps a stranger from having us hash megabytes."""


def check(name: str, password: str) -> None:
    """Raise `InvalidInputError` where somebody of this name cannot have that password. Length is all that counts."""
    mend = f"take {LEAST} characters or more: several words that do not belong together are easy to keep in mind"
    written = _written(password)
    if len(written) < LEAST:
        raise InvalidInputError(f"a password of {len(written)} characters is guessed", mend=mend)
    if len(written) > MOST:
        raise InvalidInputError(f"a password has {MOST} characters at most", mend="take a shorter one")
    if len(set(written.casefold())) < 4 or written.casefold().replace(name.casefold(), "") == "":
        raise InvalidInputError("a password that repeats one thing is guessed", mend=mend)


def hashed(password: str) -> str:
    """The hash of a password, with its salt and parameters, as it is stored."""
    return _hasher().hash(_written(password))


def matches(stored: str | None, password: str) -> bool:
    """Whether that is the password. Where nothing is stored it takes as long, so that nobody learns who there is."""
    from argon2.exceptions import InvalidHashError, VerificationError

    if len(password) > MOST:
        return False
    try:
        _hasher().verify(_of_nobody() if stored is None else stored, _written(password))
        return stored is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with other parameters than one made now: it is made anew when its user signs in."""
    return _hasher().check_needs_rehash(stored)


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher()


@cache
def _of_nobody() -> str:
    return _hasher().hash(secrets.token_urlsafe())


def _written(password: str) -> str:
    return unicodedata.normalize("NFKC", password)
