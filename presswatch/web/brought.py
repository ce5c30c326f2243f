"""What a watchlist would change that somebody brings in: sources are the desk's, and only editors change them."""

from __future__ import annotations

from presswatch.watchlist.changes import WatchlistChange
from presswatch.watchlist.file_format import Form
from presswatch.watchlist.importing import import_watchlist
from presswatch.watchlist.model import Kind
from presswatch.web.desk import Desk
from presswatch.web.policy import GRANTED, Permission
from presswatch.web.visitor import Visitor
from storage.errors import InvalidInputError


async def looked_at(
    desk: Desk, visitor: Visitor, content: bytes, form: Form, *, prune: bool = False
) -> tuple[WatchlistChange, ...]:
    """What it would change; nothing is changed yet.

    Raises `InvalidInputError` where that is sources and the visitor may not change them, and as `import_watchlist`.
    """
    changes = await import_watchlist(desk.database, visitor.id, content, form, desk, prune=prune, dry_run=True)
    if Permission.EDIT not in GRANTED[visitor.role] and any(each.kind is Kind.SOURCE for each in changes):
        mend = "leave [[source]] out of the file, or ask an editor"
        raise InvalidInputError("sources are the desk's, and this file changes some", mend=mend)
    return changes
