"""The watchlist as a file: topics, subscriptions and sources, taken out and brought in."""

from __future__ import annotations

from typing import Annotated

from fastapi import Request, Response
from pydantic import Field

from presswatch import representations
from presswatch.representations import JSON
from presswatch.watchlist.changes import WatchlistChange
from presswatch.watchlist.exporting import exported
from presswatch.watchlist.file_format import Form
from presswatch.watchlist.importing import LARGEST, import_watchlist
from presswatch.web.api import shapes
from presswatch.web.api.answers import answer, listed
from presswatch.web.api.asking import Follower, Reader, Sent, TheDesk
from presswatch.web.api.asking import router as routes_of
from presswatch.web.brought import looked_at

router = routes_of("watchlist")

EXAMPLE = '[[topic]]\nname = "Roads"\nquery = "road"\n'


class BroughtIn(Sent):
    """A file's text. With `prune`, what it does not name is removed, of the kinds that it speaks of."""

    content: Annotated[str, Field(max_length=LARGEST, examples=[EXAMPLE])]
    form: Form = Form.TOML
    prune: bool = False
    dry_run: Annotated[bool, Field(description="Only tell what would change.")] = False


@router.get("/watchlist", response_model=shapes.WatchlistFile)
async def take_out(request: Request, visitor: Reader, desk: TheDesk, form: Form = Form.TOML) -> Response:
    """One's topics and subscriptions and the desk's sources as TOML, or the feeds that are watched as OPML. Channels
    are only named."""
    written = await exported(desk.database, visitor.id, form)
    return answer(request, {"form": form, "content": written.text})


@router.post("/watchlist", response_model=shapes.Page[shapes.WatchlistChange])
async def bring_in(request: Request, visitor: Follower, desk: TheDesk, sent: BroughtIn) -> Response:
    """Add and change what a file says: all of it, or nothing where anything in it is wrong."""
    content = sent.content.encode()
    changed = await looked_at(desk, visitor, content, sent.form, prune=sent.prune)
    if not sent.dry_run:
        changed = await import_watchlist(desk.database, visitor.id, content, sent.form, desk, prune=sent.prune)
    return listed(request, [_told(change) for change in changed])


def _told(change: WatchlistChange) -> JSON:
    before, after = (dict(each.row) if each else None for each in (change.before, change.after))
    return representations.watchlist_change(change.verb, change.kind, change.name, before, after)
