"""The application: every route of the pages and the API, behind one door.

A route declares who may ask it, or the application does not start. What goes wrong is told in the form that was asked
for: a page, a part of one, or problem+json.
"""

from __future__ import annotations

import mimetypes
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from presswatch.web import api, pages
from presswatch.web.defence import Defence, WrongForm, hosts_of
from presswatch.web.desk import Desk
from presswatch.web.policy import Forbidden, SignInNeeded, refuse_undeclared
from presswatch.web.rendering import page
from presswatch.web.throttle import Throttle
from presswatch.web.visitor import visitor_of
from storage.errors import InvalidInputError, NotFoundError, PresswatchError, StorageError

FOREVER = "public, max-age=31536000, immutable"


def application(desk: Desk) -> FastAPI:
    """The pages and the API of a desk. Raises `TypeError` where a route declares no policy."""
    mimetypes.add_type("application/manifest+json", ".webmanifest")
    made = FastAPI(title="presswatch", openapi_url=None, docs_url=None, redoc_url=None)
    made.state.desk = desk
    made.state.throttle = Throttle()
    for router in (*pages.ROUTERS, *api.ROUTERS):
        made.include_router(router)
    refuse_undeclared(made)
    made.mount("/static", _Static(packages=[("presswatch.web", "static")]))
    made.add_middleware(Defence, hosts=hosts_of(desk.address))
    made.add_exception_handler(SignInNeeded, _sign_in_needed)
    made.add_exception_handler(Forbidden, _told(403, "You may not do this"))
    made.add_exception_handler(WrongForm, _told(403, "This form is out of date"))
    made.add_exception_handler(NotFoundError, _told(404, "There is nothing here"))
    made.add_exception_handler(InvalidInputError, _told(422, "That cannot be done"))
    made.add_exception_handler(StorageError, _told(503, "The archive does not answer"))
    made.add_exception_handler(HTTPException, _of_http)
    return made


class _Static(StaticFiles):
    """Our own files: their addresses change with them."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        answer = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        answer.headers["Cache-Control"] = FOREVER
        return answer


async def _sign_in_needed(request: Request, _: Exception) -> Response:
    """To the page where one signs in, and back; a part of a page says so instead, it is never a form."""
    if api.is_asked(request):
        return api.problem(request, 401, "Nobody is signed in", mend="send a token: Authorization: Bearer ...")
    if request.headers.get("HX-Request"):
        return page(request, None, "parts/signed_out.html", status=401)
    back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"/sign-in?next={quote(back if request.method == 'GET' else '/', safe='')}", 303)


def _told(status: int, headline: str):  # type: ignore[no-untyped-def]
    async def tell(request: Request, error: Exception) -> Response:
        detail, mend = (str(error), error.mend) if isinstance(error, PresswatchError) else ("", "")
        return await _failure(request, status, headline, detail, mend)

    return tell


async def _of_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return await _failure(
        request, error.status_code, "There is nothing here" if error.status_code == 404 else "", "", ""
    )


async def _failure(request: Request, status: int, headline: str, detail: str, mend: str) -> Response:
    if api.is_asked(request):
        return api.problem(request, status, headline, detail=detail, mend=mend)
    visitor = await visitor_of(request)
    return page(request, visitor, "failure.html", status=status, headline=headline, detail=detail, mend=mend)
