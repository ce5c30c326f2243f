"""Signing in by the desk's directory, and letting it in as oneself.

The answer comes by GET, as the code flow has it, and begins a session: what it carries is good once, for ten minutes
and for the browser that was sent. A scanner that follows the address has no such cookie.
"""

from __future__ import annotations

import hmac
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from itsdangerous import BadSignature, URLSafeTimedSerializer

from presswatch.actions import directory as accounts
from presswatch.web.defence import form_of, own_path
from presswatch.web.desk import Desk, desk_of
from presswatch.web.directory import BACK, Begun, Directory, ForgedError
from presswatch.web.policy import Permission, needs, open_to_all
from presswatch.web.rendering import page
from presswatch.web.visitor import Visitor, browser_of, forget_this, remember, remember_this, remembered
from storage.errors import NotFoundError

router = APIRouter()

CurrentDesk = Annotated[Desk, Depends(desk_of)]
Anybody = Annotated[Visitor | None, open_to_all()]
Reader = Annotated[Visitor, needs(Permission.READ)]
COOKIE = "presswatch-directory"
LASTS = 600
"""Seconds that somebody has at the directory."""


async def the_directory(desk: CurrentDesk) -> Directory:
    """The desk's directory. Raises `NotFoundError` where it has none."""
    if desk.directory is None:
        raise NotFoundError("no directory signs people in here", mend="sign in with your name and passphrase")
    return desk.directory


TheDirectory = Annotated[Directory, Depends(the_directory)]


@router.get("/sign-in/directory")
async def begin(request: Request, visitor: Anybody, directory: TheDirectory, next: str = "/") -> Response:
    """To the directory. Who has signed in goes on."""
    if visitor is not None:
        return RedirectResponse(own_path(next), 303)
    address, begun = await directory.begin(own_path(next))
    answer = RedirectResponse(address, 303)
    remember_this(request, answer, COOKIE, _serializer(request).dumps(asdict(begun)), LASTS)
    return answer


@router.post("/settings/directory")
async def begin_linking(request: Request, visitor: Reader, desk: CurrentDesk) -> Response:
    """The link to the directory, which will let in as this user whoever signs in there. No form leads to another host:
    browsers are told so."""
    await form_of(request)
    directory = await the_directory(desk)
    address, begun = await directory.begin("/settings#sign-ins", visitor.id)
    answer = page(request, visitor, "directory_link.html", address=address, name=directory.name)
    remember_this(request, answer, COOKIE, _serializer(request).dumps(asdict(begun)), LASTS)
    return answer


@router.get(BACK)
async def finish(request: Request, visitor: Anybody, desk: CurrentDesk, directory: TheDirectory) -> Response:
    """Who was at the directory comes back. Raises `ForgedError`, `DirectoryError`, `NotAdmittedError`."""
    begun = _begun(request)
    if error := request.query_params.get("error"):
        raise ForgedError(f"it says {error[:100]}")
    if begun.user != (visitor.id if visitor and begun.user else 0):
        raise ForgedError("somebody else is signed in here by now")
    who = await directory.finish(begun, request.query_params)
    answer = RedirectResponse(begun.onward, 303)
    if begun.user and visitor:
        await accounts.link(desk.database, visitor.user, who)
    else:
        before = visitor.secret if visitor else ""
        signed_in = await accounts.sign_in(
            desk.database, who, directory.rules, instead_of=before, browser=browser_of(request)
        )
        remember(request, answer, signed_in.secret)
    forget_this(request, answer, COOKIE)
    return answer


def _begun(request: Request) -> Begun:
    """What began in this browser, where the answer belongs to it. Raises `ForgedError`."""
    try:
        begun = Begun(**_serializer(request).loads(remembered(request, COOKIE), max_age=LASTS))
    except BadSignature:
        raise ForgedError("it did not begin in this browser, or is too old") from None
    if not hmac.compare_digest(request.query_params.get("state", "").encode(errors="replace"), begun.state.encode()):
        raise ForgedError("it did not begin in this browser")
    return begun


def _serializer(request: Request) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(request.app.state.key, salt="directory")
