"""What is one's own: how the pages are shown, and the passphrase."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from presswatch.actions import signing_in
from presswatch.web.defence import form_of
from presswatch.web.desk import Desk, desk_of
from presswatch.web.pages.signing_in import zones
from presswatch.web.policy import Permission, needs
from presswatch.web.rendering import page
from presswatch.web.visitor import Visitor
from storage.errors import InvalidInputError
from storage.types import Preferences

router = APIRouter()

CurrentDesk = Annotated[Desk, Depends(desk_of)]
Reader = Annotated[Visitor, needs(Permission.READ)]
THEMES = ("", "light", "dark")


@router.get("/settings")
async def settings_page(request: Request, visitor: Reader, saved: bool = False) -> Response:
    """What is one's own."""
    return _page(request, visitor, saved=saved)


def _page(request: Request, visitor: Visitor, *, saved: bool = False, mistake: str = "", of: str = "") -> Response:
    told = {"saved": saved, "mistake": mistake, "of": of, "zones": zones(), "themes": THEMES}
    return page(request, visitor, "settings.html", status=422 if mistake else 200, **told)


@router.post("/settings")
async def prefer(request: Request, desk: CurrentDesk, visitor: Reader) -> Response:
    """Show the pages so from now on."""
    form = await form_of(request)
    zone, theme = str(form.get("zone", "")), str(form.get("theme", ""))
    wishes = Preferences(zone, theme if theme in THEMES else "", visitor.wishes.language, form.get("keys") == "yes")
    try:
        await signing_in.prefer(desk.database, visitor.user, wishes)
    except InvalidInputError as error:
        return _page(request, visitor, mistake=f"{error}: {error.mend}", of="zone")
    return RedirectResponse("/settings?saved=yes", 303)


@router.post("/settings/passphrase")
async def change(request: Request, desk: CurrentDesk, visitor: Reader) -> Response:
    """Take another passphrase: whoever is signed in with the old one elsewhere is signed out."""
    form = await form_of(request)
    old, new = str(form.get("old", "")), str(form.get("new", ""))
    try:
        await signing_in.change_password(desk.database, visitor.user, old, new, but=visitor.secret)
    except InvalidInputError as error:
        return _page(request, visitor, mistake=str(error), of="passphrase")
    return RedirectResponse("/settings?saved=yes", 303)
