"""What goes wrong, for programs: the words and mends of the command line in the form of RFC 9457."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import Request
from fastapi.responses import JSONResponse, Response

PREFIX = "/api/"


def is_asked(request: Request) -> bool:
    """Whether a program asks."""
    return request.url.path.startswith(PREFIX)


def problem(request: Request, status: int, title: str, *, detail: str = "", mend: str = "") -> Response:
    """What went wrong, and what to do."""
    said = {
        "type": "about:blank",
        "title": title or HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "mend": mend,
        "instance": request.url.path,
    }
    return JSONResponse(
        {name: value for name, value in said.items() if value}, status, media_type="application/problem+json"
    )
