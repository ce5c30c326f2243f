"""The chain: a line for each record, and the digest by which it is held to all lines before it. Pure.

A line has the fields of a `Link` and, last, the SHA-256 of the digest before it, a space, and these fields. Before the
first line stands the head of the file; its SHA-256 is the digest before the first record.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

HEAD = "presswatch-evidence-1"
NONE = "-"


class Kind(StrEnum):
    """What a record is."""

    BEGINNING = "beginning"
    """Of a file: which program writes it (`warcinfo`)."""
    RESPONSE = "response"
    """An answer and its request (`response`, `request`)."""
    REPEATED = "repeated"
    """The same for an answer whose body is in another record already (`revisit`, `request`)."""
    RENDERED = "rendered"
    """A page as it stood when its scripts had run (`resource`)."""
    REREAD = "reread"
    """What a version said before it was read again from its record, and after (`metadata`)."""


@dataclass(frozen=True, slots=True)
class Link:
    """One record of the evidence, as the chain holds it."""

    number: int
    """From 1."""
    file: str
    offset: int
    length: int
    """Bytes in the file."""
    sha256: str
    """Of these bytes."""
    kind: str
    """Of `Kind`."""
    item: int
    """The statement's number; 0 where it belongs to none."""
    version: int
    text: str
    """SHA-256 of what the version says, as `text_of` writes it."""
    payload: str
    """SHA-256 of the answer's body as it came."""
    at: datetime
    """When the answer was there."""

    @property
    def end(self) -> int:
        """Where the next record of the file begins."""
        return self.offset + self.length

    @property
    def fields(self) -> str:
        """What the digest is made of beside the one before."""
        at = self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        numbers = (self.number, self.file, self.offset, self.length, self.sha256)
        return " ".join(map(str, (*numbers, self.kind, self.item, self.version, self.text, self.payload, at)))


def head_of(node: str) -> str:
    """The first line of the chain of a node."""
    return f"{HEAD} {node}"


def node_of(head: str) -> str:
    """The node whose chain begins so. Raises `ValueError`."""
    form, _, node = head.partition(" ")
    if form != HEAD or not node.replace("-", "").isalnum():
        raise ValueError("it does not begin as a chain of presswatch does")
    return node


def first_digest(node: str) -> str:
    """The digest that stands before the first record."""
    return digest_of(head_of(node).encode())


def digest_after(before: str, fields: str) -> str:
    """The digest of a record, by its fields and the digest before it."""
    return digest_of(f"{before} {fields}".encode())


def line_of(link: Link, digest: str) -> str:
    """The line of the chain file, with its end."""
    return f"{link.fields} {digest}\n"


def number_of(line: str) -> int:
    """The number of the record that a line is of. Raises `ValueError`."""
    return int(line.split(" ", 1)[0])


def text_of(title: str, body: str) -> str:
    """What a version says, as it is written to a file and as its digest is made."""
    return f"{title}\n\n{body}\n"


def digest_of(content: bytes) -> str:
    """SHA-256, in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()
