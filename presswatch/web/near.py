"""Which page is near an address at which there is none. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from storage.errors import nearest

BEHIND: Mapping[str, str] = MappingProxyType({"statements": "/search", "collections": "/kept"})
"""Where one comes from to what has no page of all of them."""
PLACES: Mapping[str, str] = MappingProxyType(
    {
        **{name: f"/{name}" for name in ("search", "topics", "subscriptions", "sources", "trends", "kept", "settings")},
        "help": "/help/query",
        **BEHIND,
    }
)


def near(path: str) -> str:
    """The page that the beginning of a path names, or that it may be a slip of; nothing where none is near."""
    first = path.strip("/").partition("/")[0].lower()
    return PLACES.get(first) or PLACES.get(nearest(first, PLACES), "")
