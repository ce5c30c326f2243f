"""How the lines of a mail are written.

Lines are long, so that no link is broken: some mail programs do not put it together again. A header that has to be
encoded keeps the limits of RFC 2047, 2: an encoded word has 75 characters at most, its line 76. It is folded by
`email.header`: the newer folding of `email.policy` loses blanks between encoded words (Python 3.11).
"""

from __future__ import annotations

from email.header import Header
from email.headerregistry import Address
from email.policy import EmailPolicy
from typing import Any

_FOLD = "\r\n"
_ENCODED_LINE = 70
"""What `Header` is told: its lines come out up to four characters longer."""


class MailPolicy(EmailPolicy):
    """The policy of all our mails."""

    def fold(self, name: str, value: Any) -> str:
        folded: str = super().fold(name, value) if self._as_it_is(value) else f"{name}: {_encoded(name, value)}{_FOLD}"
        return folded

    def fold_binary(self, name: str, value: Any) -> bytes:
        if self._as_it_is(value):
            folded: bytes = super().fold_binary(name, value)
            return folded
        return self.fold(name, value).encode("ascii")

    def _as_it_is(self, value: Any) -> bool:
        """What needs no encoding, and what none can help: an address whose own letters are not ASCII (RFC 6531)."""
        beyond = any(not address.addr_spec.isascii() for address in getattr(value, "addresses", ()))
        return self.utf8 or beyond or str(value).isascii()


POLICY = MailPolicy(linesep=_FOLD, max_line_length=300)


def _encoded(name: str, value: Any) -> str:
    addresses = getattr(value, "addresses", None)
    if addresses is None:
        return _words(name, str(value))
    return f",{_FOLD} ".join(_address(name, address) for address in addresses)


def _address(name: str, address: Address) -> str:
    if address.display_name.isascii():
        return str(address)
    return f"{_words(name, address.display_name)}{_FOLD} <{address.addr_spec}>"


def _words(name: str, text: str) -> str:
    return Header(text, "utf-8", header_name=name, maxlinelen=_ENCODED_LINE).encode(linesep=_FOLD)
