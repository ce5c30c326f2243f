"""What a representation consists of. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Any

JSON = dict[str, Any]


def plain(value: Any) -> str:
    """What JSON has no form for, as `json.dumps` asks for it: a time in ISO 8601, all else in its words."""
    return value.isoformat() if isinstance(value, datetime) else str(value)
