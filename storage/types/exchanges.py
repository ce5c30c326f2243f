"""What went over the wire for a page: the request, and the answer as it came, before anything was made of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its answer, less what is ours alone: cookies and authorizations stand in neither."""

    address: str
    at: datetime
    """When the answer was there."""
    request: Headers
    status: int
    protocol: str
    """Of the answer: `HTTP/1.1`."""
    response: Headers
    body: bytes
    """As it came: compressed where the headers say so."""
    rendered: bool = False
    """Whether it is the page as it stood when its scripts had run, rather than what a server sent."""
