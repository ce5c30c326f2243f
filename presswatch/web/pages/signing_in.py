"""Signing in and out, and the one-time links that make the owner, a user, or a new passphrase."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Annotated
from zoneinfo import available_timezones

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from presswatch.actions import signing_in as accounts
from presswatch.web.defence import form_of, own_path
from presswatch.web.desk import Desk, desk_of
from presswatch.web.kept_forms import KeptForms
from presswatch.web.languages import CHOICE, LANGUAGES
from presswatch.web.policy import Permission, needs, open_to_all
from presswatch.web.rendering import page
from presswatch.web.throttle import Throttle
from presswatch.web.visitor import Visitor, browser_of, forget, remember
from storage.errors import InvalidInputError, NotFoundError
from storage.types import User

router = APIRouter()

CurrentDesk = Annotated[Desk, Depends(desk_of)]
Anybody = Annotated[Visitor | None, open_to_all()]
Somebody = Annotated[Visitor, needs(Permission.READ)]


@router.get("/sign-in")
async def sign_in_page(request: Request, visitor: Anybody, desk: CurrentDesk, next: str = "/") -> Response:
    """Where one signs in. Who has done so goes on."""
    if visitor is not None:
        return RedirectResponse(own_path(next), 303)
    return page(request, None, "sign_in.html", directory=desk.directory, next=own_path(next), name="", mistake="")


@router.post("/sign-in")
async def sign_in(request: Request, visitor: Anybody, desk: CurrentDesk) -> Response:
    """Begin a session. One sentence tells of a wrong name and of a wrong passphrase."""
    form = await request.form()
    name, passphrase = str(form.get("name", "")).strip(), str(form.get("passphrase", ""))
    onward = own_path(str(form.get("next", "/")))
    throttle: Throttle = request.app.state.throttle
    client = request.client.host if request.client else ""
    if not throttle.lets(name, client):
        mistake = f"Too many tries: there is a pause of {throttle.PAUSE_MINUTES} minutes."
        return page(
            request, None, "sign_in.html", directory=desk.directory, status=429, next=onward, name=name, mistake=mistake
        )
    try:
        signed_in = await accounts.sign_in(
            desk.database,
            name,
            passphrase,
            instead_of=visitor.secret if visitor else "",
            browser=browser_of(request),
        )
    except InvalidInputError as error:
        throttle.failed(name, client)
        return page(
            request,
            None,
            "sign_in.html",
            directory=desk.directory,
            status=422,
            next=onward,
            name=name,
            mistake=f"{error}.",
        )
    await _keep_language(request, desk, signed_in.user)
    answer = RedirectResponse(onward, 303)
    remember(request, answer, signed_in.secret)
    return answer


@router.get("/sign-in/form/{link}")
async def kept_form(request: Request, visitor: Somebody, link: str) -> Response:
    """What was written when the session ended, for its writer to send it again. Raises `NotFoundError`."""
    forms: KeptForms = request.app.state.kept_forms
    form = forms.find(link)
    if form is None:
        raise NotFoundError("what was written is not kept any more", mend="go back in your browser: it may have it")
    return page(request, visitor, "kept_form.html", form=form)


@router.post("/sign-out")
async def sign_out(request: Request, visitor: Somebody, desk: CurrentDesk) -> Response:
    """End the session."""
    await form_of(request)
    await accounts.sign_out(desk.database, visitor.secret)
    answer = RedirectResponse("/sign-in", 303)
    forget(request, answer)
    return answer


@router.get("/begin/{link}")
async def begin_page(request: Request, _: Anybody, desk: CurrentDesk, link: str) -> Response:
    """What a one-time link is for. Looking at it uses nothing up: mail scanners do. Raises `NotFoundError`."""
    await accounts.invitation_of(desk.database, link)
    return page(request, None, "begin.html", link=link, name="", zone_wanted="", mistake="", zones=zones())


@router.post("/begin/{link}")
async def begin(request: Request, _: Anybody, desk: CurrentDesk, link: str) -> Response:
    """Use the link: who has it has an account now, and is signed in."""
    form = await request.form()
    name, passphrase, zone = (str(form.get(field, "")) for field in ("name", "passphrase", "zone"))
    try:
        signed_in = await accounts.accept(
            desk.database, link, name.strip(), passphrase, zone, browser=browser_of(request)
        )
    except InvalidInputError as error:
        told = {"link": link, "name": name, "zone_wanted": zone, "mistake": f"{error}.", "zones": zones()}
        return page(request, None, "begin.html", status=422, **told)
    await _keep_language(request, desk, signed_in.user)
    answer = RedirectResponse("/", 303)
    remember(request, answer, signed_in.secret)
    return answer


async def _keep_language(request: Request, desk: Desk, user: User) -> None:
    """Who chose a language where he signed in has it from then on."""
    chosen = request.query_params.get(CHOICE, "")
    if chosen in LANGUAGES:
        await accounts.prefer(desk.database, user, replace(user.preferences, language=chosen))


@cache
def zones() -> list[str]:
    """The zones that one can choose: places, and UTC."""
    return ["UTC", *sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))]
