"""What tells whether a page has changed since it was fetched."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Validators:
    """A page's validators (RFC 9110, 8.8), and a hash of its body for the sites that send none."""

    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None

    def with_body(self, body_hash: str | None) -> Validators:
        """The same headers, of a page with this body."""
        return replace(self, body_hash=body_hash)


FORGOTTEN = Validators()
"""Nothing is known of the page: it is fetched whole, and read even if it is what it was."""
