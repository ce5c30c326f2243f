"""What the operator is told, in JSON. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from presswatch.representations.values import JSON
from storage.errors import PresswatchError
from storage.types import NodeRecord

if TYPE_CHECKING:  # heavy to import, and named in annotations alone
    from storage.operator.notices import Notice


def node(node: NodeRecord) -> JSON:
    """A node, and what it holds."""
    return {
        "node": node.number,
        "name": node.name,
        "roles": list(node.roles),
        "version": node.version,
        "load": node.load,
        "sources": node.sources,
        "alerts": node.alerts,
        "started_at": node.started_at,
        "beat_at": node.beat_at,
        "ended_at": node.ended_at,
        "ended": node.ended or None,
    }


def notice(notice: Notice) -> JSON:
    """What there was to tell the operator, and whether he was told."""
    return {
        "id": notice.id,
        "key": notice.stable_key,
        "source": notice.key or None,
        "channel": notice.channel or None,
        "state": "began" if notice.began else "ended",
        "reason": notice.reason,
        "detail": notice.detail,
        "mend": notice.mend,
        "created_at": notice.created_at,
        "due_at": notice.due_at,
        "attempts": notice.attempts,
        "last_error": notice.last_error,
        "sent_at": notice.sent_at,
    }


def finding(what: str, state: str, detail: str, mend: str) -> JSON:
    """What `doctor` found of one thing: `ok`, `warn` or `fail`."""
    return {"what": what, "state": state, "detail": detail, "mend": mend}


def problem(error: PresswatchError) -> JSON:
    """What is wrong, and what a person can do about it."""
    return {"problem": str(error), "mend": error.mend}
