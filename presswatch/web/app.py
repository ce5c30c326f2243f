"""The application: every route of the pages and the API, behind one door.

A route declares who may ask it, or the application does not start. What goes wrong is told in the form that was asked
for: a page, a part of one, or problem+json.
"""

from __future__ import annotations

import asyncio
import mimetypes
import secrets
from collections.abc import Awaitable, Callable
from urllib.parse import quote

from fastapi import Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException
from starlette.staticfiles import PathLike, StaticFiles

from presswatch.actions.directory import NotAdmittedError
from presswatch.web import api, monitoring, pages, tools, troubles
from presswatch.web.backfills import Backfills
from presswatch.web.compression import Compression
from presswatch.web.defence import HEADERS, Defence, WrongForm, hosts_of, own_path
from presswatch.web.desk import Desk
from presswatch.web.directory import DirectoryError, ForgedError
from presswatch.web.kept_forms import KeptForms, kept
from presswatch.web.looks import Looks
from presswatch.web.near import near
from presswatch.web.policy import Forbidden, SignInNeeded, refuse_undeclared
from presswatch.web.rendering import page
from presswatch.web.throttle import Throttle
from presswatch.web.visitor import FEEDS, visitor_of
from storage.errors import (
    DeliveryError,
    InvalidInputError,
    NotFoundError,
    PresswatchError,
    QueryError,
    SettingsError,
    StorageError,
    UnreadableError,
)

FOREVER = "public, max-age=31536000, immutable"
WORKER = "push-worker.js"
"""What shows pushed messages: it may speak for all pages, although it lies in a folder."""


def application(desk: Desk) -> FastAPI:
    """The pages and the API of a desk. Raises `TypeError` where a route declares no policy."""
    return seated(routed(desk.address), desk)


def seated(made: FastAPI, desk: Desk) -> FastAPI:
    """The same application at a desk, where nobody has asked anything yet."""
    made.state.desk = desk
    made.state.throttle = Throttle()
    made.state.key = secrets.token_bytes(32)
    made.state.kept_forms = KeptForms(desk.clock)
    made.state.programs = api.Programs()
    made.state.looks = Looks(desk.clock)
    made.state.backfills = Backfills()
    made.state.leaving = asyncio.Event()  # streams end when it is set
    return made


def routed(address: str) -> FastAPI:
    """All routes at an address, for any desk there. Raises `TypeError` where one declares no policy."""
    mimetypes.add_type("application/manifest+json", ".webmanifest")
    made = FastAPI(title="presswatch", openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    for router in pages.ROUTERS:
        made.include_router(router, dependencies=[Depends(troubles.noted)])
    for router in (*api.ROUTERS, monitoring.router, tools.router):
        made.include_router(router)
    refuse_undeclared(made)
    made.mount("/static", _Static(packages=[("presswatch.web", "static")]))
    made.add_middleware(Compression)
    made.add_middleware(Defence, hosts=hosts_of(address))
    made.add_exception_handler(SignInNeeded, _sign_in_needed)
    made.add_exception_handler(Forbidden, _told(403, "You may not do this"))
    made.add_exception_handler(WrongForm, _told(403, "This form is out of date"))
    made.add_exception_handler(NotFoundError, _told(404, "There is nothing here"))
    made.add_exception_handler(InvalidInputError, _told(422, "That cannot be done"))
    made.add_exception_handler(QueryError, _told(422, "That cannot be asked"))
    made.add_exception_handler(NotAdmittedError, _told(403, "You are not let in"))
    made.add_exception_handler(ForgedError, _told(403, "This sign-in does not hold"))
    made.add_exception_handler(DirectoryError, _told(502, "The directory does not sign you in"))
    made.add_exception_handler(DeliveryError, _told(502, "The channel did not take it"))
    made.add_exception_handler(UnreadableError, _told(422, "That cannot be read"))
    made.add_exception_handler(StorageError, _told(503, "The archive does not answer"))
    made.add_exception_handler(SettingsError, _told(501, "This desk has none of that"))
    made.add_exception_handler(RequestValidationError, _not_understood)
    made.add_exception_handler(HTTPException, _of_http)
    made.add_exception_handler(Exception, _mistake)
    for error, answered in api.ANSWERED.items():
        made.add_exception_handler(error, answered)
    return made


class _Static(StaticFiles):
    """Our own files: their addresses change with them."""

    def file_response(self, full_path: PathLike, *args: object, **kwargs: object) -> Response:
        answer = super().file_response(full_path, *args, **kwargs)  # type: ignore[arg-type]
        if str(full_path).endswith(WORKER):  # a browser looks by itself whether it has changed
            answer.headers.update({"Cache-Control": "no-cache", "Service-Worker-Allowed": "/"})
        else:
            answer.headers["Cache-Control"] = FOREVER
        return answer


async def _sign_in_needed(request: Request, _: Exception) -> Response:
    """To the page where one signs in, and back; a part of a page says so instead, it is never a form."""
    if api.is_asked(request):
        told = api.problem(request, 401, "Nobody is signed in", mend="send a token: Authorization: Bearer ...")
        told.headers["WWW-Authenticate"] = "Bearer"  # RFC 9110, 11.6.1
        return told
    if request.url.path.startswith(FEEDS) and "token" in request.query_params:
        return Response("this feed's token does not hold: make a new address at the search", 401)
    if request.headers.get("HX-Request"):
        return page(request, None, "parts/signed_out.html", status=401)
    return RedirectResponse(f"/sign-in?next={quote(await _back(request), safe='')}", 303)


async def _back(request: Request) -> str:
    """Where to go on after signing in: to the page that was asked for, or to what was written."""
    if request.method == "GET":
        return request.url.path + (f"?{request.url.query}" if request.url.query else "")
    key = await kept(request, request.app.state.kept_forms)
    return f"/sign-in/form/{key}" if key else "/"


def _told(status: int, headline: str) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def tell(request: Request, error: Exception) -> Response:
        detail, mend = (str(error), error.mend) if isinstance(error, PresswatchError) else ("", "")
        return await _failure(request, status, headline, detail, mend, error)

    return tell


async def _of_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    path = request.url.path
    if error.status_code == 404 and path.endswith("/") and not api.is_asked(request):
        return RedirectResponse(own_path(path.rstrip("/") or "/"), 307)  # a person's slip; a program is told
    headline = {400: "That is not understood", 404: "There is nothing here"}.get(error.status_code, "")
    detail = error.detail if error.status_code == 400 else ""
    answer = await _failure(request, error.status_code, headline, detail, "")
    answer.headers.update(error.headers or {})  # of 405, what is allowed
    return answer


async def _not_understood(request: Request, error: Exception) -> Response:
    """What was sent is none of what is taken. A page that is asked with what cannot be a number is not there."""
    assert isinstance(error, RequestValidationError)
    if api.is_asked(request):
        return api.not_understood(request, error.errors())
    in_path = any(each["loc"][0] == "path" for each in error.errors())
    return await _failure(request, 404 if in_path else 422, "There is nothing here" if in_path else "", "", "")


async def _mistake(request: Request, error: Exception) -> Response:
    """A mistake of our own. It stands in the log; nothing of it is shown. This is answered outside of `Defence`."""
    told = "This is a mistake of presswatch's own"
    mend = "report it with the traceback that stands in the log"
    if api.is_asked(request):
        answer = api.problem(request, 500, told, mend=mend)
    else:
        answer = page(request, None, "failure.html", status=500, headline=told, detail="", mend=mend, near="")
    answer.headers.update({**HEADERS, "Cache-Control": "no-store"})
    return answer


async def _failure(
    request: Request, status: int, headline: str, detail: str, mend: str, error: Exception | None = None
) -> Response:
    if api.is_asked(request):
        return api.problem(request, status, headline, detail=detail, mend=mend, **api.places_of(error))
    visitor = await visitor_of(request)
    told = {"headline": headline, "detail": detail, "mend": mend}
    close = near(request.url.path) if status == 404 and visitor is not None else ""
    return page(request, visitor, "failure.html", status=status, near=close, **told)
