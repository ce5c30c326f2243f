"""What programs get: JSON, with a tag of what it says; and changes of nothing but what they have seen.

Sources: RFC 9110, 8.8.3 (ETag) and 13 (conditions); RFC 8288 (Link).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from types import MappingProxyType
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from presswatch.representations import plain

HEADERS = {"Cache-Control": "private, no-cache", "Vary": "Authorization, Cookie"}
"""An answer is somebody's, and asked for again before it is used again."""
_TAG = re.compile(r'(?:W/)?"[^"]*"')


class Changed(Exception):
    """What was to be changed is not what the program has seen."""


def written(value: Any) -> bytes:
    """A value as JSON."""
    return json.dumps(value, default=plain, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")


def tag_of(body: bytes) -> str:
    """The entity tag of an answer: it differs whenever the answer does."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def answer(
    request: Request, value: Any, status: int = 200, headers: Mapping[str, str] = MappingProxyType({})
) -> Response:
    """A value with its tag, or that it is what the program has already (304)."""
    return tagged(request, written(value), "application/json", status, headers)


def tagged(
    request: Request,
    body: bytes,
    media_type: str,
    status: int = 200,
    headers: Mapping[str, str] = MappingProxyType({}),
) -> Response:
    """What is written with its tag, or that it is what the program has already (304)."""
    told = {**HEADERS, "ETag": tag_of(body), **headers}
    if request.method in ("GET", "HEAD") and _names(request.headers.get("If-None-Match", ""), told["ETag"]):
        return Response(None, 304, told)
    return Response(body, status, told, media_type)


def listed(request: Request, data: Sequence[Any], next: str | None = None, **more: Any) -> Response:
    """Some of many: `next` is the `start` of the following page, in the body and as a link; none after the last."""
    links = {}
    if next:
        following = request.url.include_query_params(start=next)
        links = {"Link": f'<{following.path}?{following.query}>; rel="next"'}
    return answer(request, {"data": data, "next": next or None, **more}, headers=links)


def made(request: Request, value: Any, at: str) -> Response:
    """What was made, and where it is from now on."""
    return answer(request, value, 201, {"Location": at})


def gone() -> Response:
    """What was removed."""
    return Response(None, 204, HEADERS)


@asynccontextmanager
async def as_seen(request: Request, now_is: Callable[[], Awaitable[Any]]) -> AsyncIterator[None]:
    """Change something that is, when it is this program's turn, what it has seen: its `If-Match` is of that.

    Raises `Changed`, and what `now_is` raises.
    """
    async with request.app.state.programs.turn:
        current, condition = await now_is(), request.headers.get("If-Match")
        if condition is not None and not _names(condition, tag_of(written(current))):
            raise Changed
        yield


def _names(condition: str, tag: str) -> bool:
    """Whether a condition is met by what has this tag."""
    return condition.strip() == "*" or tag in {each.removeprefix("W/") for each in _TAG.findall(condition)}
