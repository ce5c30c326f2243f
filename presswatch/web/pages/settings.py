"""What is one's own: how the pages are shown, and the passphrase. Beneath stands what others' modules change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from presswatch.actions import directory, installation, sessions, signing_in, tokens, users
from presswatch.actions.today import View
from presswatch.web.defence import form_of
from presswatch.web.desk import Desk, desk_of
from presswatch.web.languages import LANGUAGES
from presswatch.web.pages.signing_in import zones
from presswatch.web.policy import GRANTED, Permission, needs
from presswatch.web.rendering import page
from presswatch.web.visitor import Visitor
from storage.errors import InvalidInputError
from storage.types import NewToken, Preferences, Role, Scope

router = APIRouter()

CurrentDesk = Annotated[Desk, Depends(desk_of)]
Reader = Annotated[Visitor, needs(Permission.READ)]
THEMES = ("", "light", "dark")
DEEDS = 8
"""Rows of the log that stand on the page."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What stands open on the page, what was typed into it, what is wrong with that, and what is shown this once."""

    what: str = ""
    """`token` or `invite`; `zone` or `passphrase` where a mistake is there."""
    mistake: InvalidInputError | None = None
    typed: Mapping[str, str] = field(default_factory=dict)
    token: NewToken | None = None
    link: str = field(default="", repr=False)
    link_for: str = ""
    """The name or the role of whom the link is for."""


@router.get("/settings")
async def settings_page(
    request: Request, desk: CurrentDesk, visitor: Reader, saved: bool = False, open: str = ""
) -> Response:
    """What is one's own, and for an owner the users and what this presswatch was told."""
    return await with_opened(request, desk, visitor, Opened(open if open in ("token", "invite") else ""), saved=saved)


async def with_opened(
    request: Request, desk: Desk, visitor: Visitor, opened: Opened, *, saved: bool = False
) -> Response:
    """The page with something open on it; 422 where something in that is wrong."""
    governs = Permission.GOVERN in GRANTED[visitor.role]
    return page(
        request,
        visitor,
        "settings.html",
        status=422 if opened.mistake else 200,
        opened=opened,
        saved=saved,
        zones=zones(),
        themes=THEMES,
        languages=LANGUAGES,
        views=View,
        sessions=await sessions.listing(desk.database, visitor.id),
        directory=desk.directory,
        is_linked=desk.directory is not None
        and await directory.is_linked(desk.database, visitor.id, desk.directory.settings.issuer),
        tokens=await tokens.listing(desk.database, visitor.id),
        scopes=[scope for scope in Scope if governs or scope is not Scope.METRICS],
        governs=governs,
        users=await users.listing(desk.database) if governs else (),
        invited=await users.invitations_open(desk.database) if governs else (),
        roles=list(Role),
        deeds=await users.audited(desk.database, DEEDS) if governs else (),
        data=await installation.data(desk.database) if governs else None,
        decided=desk.decided if governs else (),
    )


@router.post("/settings")
async def prefer(request: Request, desk: CurrentDesk, visitor: Reader) -> Response:
    """Show the pages so from now on."""
    form = await form_of(request)
    zone, theme, language, today = (str(form.get(name, "")) for name in ("zone", "theme", "language", "today"))
    wishes = Preferences(
        zone,
        theme if theme in THEMES else "",
        language if language in LANGUAGES else "",
        form.get("keys") == "yes",
        today if today in list(View) else View.TOPIC,
        form.get("live") == "yes",
    )
    try:
        await signing_in.prefer(desk.database, visitor.user, wishes)
    except InvalidInputError as error:
        return await with_opened(request, desk, visitor, Opened("zone", error))
    return RedirectResponse("/settings?saved=yes", 303)


@router.post("/settings/passphrase")
async def change(request: Request, desk: CurrentDesk, visitor: Reader) -> Response:
    """Take another passphrase: whoever is signed in with the old one elsewhere is signed out."""
    form = await form_of(request)
    old, new = str(form.get("old", "")), str(form.get("new", ""))
    try:
        await signing_in.change_password(desk.database, visitor.user, old, new, but=visitor.secret)
    except InvalidInputError as error:
        return await with_opened(request, desk, visitor, Opened("passphrase", error))
    return RedirectResponse("/settings?saved=yes", 303)
