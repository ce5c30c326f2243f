"""What goes wrong, for programs: the words and mends of the command line in the form of RFC 9457."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from presswatch.web.api.answers import Changed, written
from presswatch.web.api.programs import Busy, TooMany
from presswatch.web.visitor import PREFIX, is_for_programs
from storage.errors import MistakesError, QuerySyntaxError

MEDIA_TYPE = "application/problem+json"


def is_asked(request: Request) -> bool:
    """Whether a program asks."""
    return is_for_programs(request.url.path)


def problem(request: Request, status: int, title: str, *, detail: str = "", mend: str = "", **more: Any) -> Response:
    """What went wrong, and what to do; `more` are members of this kind of problem."""
    said = {
        "type": "about:blank",
        "title": title or HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "mend": mend,
        "instance": request.url.path,
        **more,
    }
    return Response(written({name: value for name, value in said.items() if value}), status, media_type=MEDIA_TYPE)


def not_understood(request: Request, errors: Sequence[Any]) -> Response:
    """What was sent is none of what is taken: each place, and what is wrong there."""
    mistakes = [
        {"place": ".".join(map(str, each["loc"])), "problem": each["msg"].removeprefix("Value error, ")}
        for each in errors
    ]
    detail = "; ".join(f"{each['place']}: {each['problem']}" for each in mistakes)
    mend = f"see {PREFIX}v1/openapi.json for what is taken"
    return problem(request, 422, "That is not understood", detail=detail, mend=mend, mistakes=mistakes)


def places_of(error: Exception | None) -> Mapping[str, Any]:
    """Where the mistakes are in what was sent, as members of a problem."""
    if isinstance(error, QuerySyntaxError):
        mended = {"mended": error.mended} if error.mended else {}
        return {"query": error.query, "position": error.position, "pointer": error.pointer(), **mended}
    if isinstance(error, MistakesError):
        return {"mistakes": [{"problem": str(each), "mend": each.mend} for each in error.mistakes]}
    return {}


async def _changed(request: Request, _: Exception) -> Response:
    mend = "read it again, and send the change with the ETag of that"
    return problem(request, 412, "It has changed meanwhile", mend=mend)


async def _busy(request: Request, _: Exception) -> Response:
    mend = "ask again with the same key when the first request is answered"
    return problem(request, 409, "This is being done", mend=mend)


async def _too_many(request: Request, error: Exception) -> Response:
    assert isinstance(error, TooMany)
    told = problem(request, 429, "Too many requests", mend=f"go on in {error.retry_after} seconds")
    told.headers["Retry-After"] = str(error.retry_after)
    return told


ANSWERED: Mapping[type[Exception], Callable[[Request, Exception], Awaitable[Response]]] = MappingProxyType(
    {Changed: _changed, Busy: _busy, TooMany: _too_many}
)
"""What only programs are answered."""
