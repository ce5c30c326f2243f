"""What the API is, for programs: OpenAPI 3.1, made from the routes and the shapes of what they answer."""

from __future__ import annotations

import re
from functools import cache
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from presswatch.web.api.answers import answer
from presswatch.web.api.asking import ROOT
from presswatch.web.api.examples import add_examples
from presswatch.web.api.problems import MEDIA_TYPE
from presswatch.web.api.programs import LONGEST_KEY
from presswatch.web.policy import open_to_all

ABOUT = """\
Everything that the desk's pages can do, for programs.

A program sends a token, which its user makes in Settings or with `presswatch tokens add`: `Authorization: Bearer ...`.
Lists give `next`, the `start` of the following page. Answers have an `ETag`: send it as `If-None-Match` to hear 304
while nothing changed, and as `If-Match` with a change to hear 412 instead of undoing somebody else's. A POST with an
`Idempotency-Key` is done once, however often it is sent within a day. What goes wrong is told as problem+json
(RFC 9457), with a mend. A token has 600 requests a minute. New statements and edits come in as server-sent events at
`/api/v1/events`; each has the number to go on behind as its id.
"""

PROBLEM = {
    "title": "Problem",
    "type": "object",
    "required": ["type", "title", "status", "instance"],
    "properties": {
        "type": {"type": "string", "examples": ["about:blank"]},
        "title": {"type": "string", "examples": ["There is nothing here"]},
        "status": {"type": "integer", "examples": [404]},
        "detail": {"type": "string", "examples": ["there is no topic 'sanction'"]},
        "mend": {
            "type": "string",
            "examples": ["did you mean sanctions? see all of them with: presswatch topics list"],
        },
        "instance": {"type": "string", "examples": [f"{ROOT}/topics/sanction"]},
        "query": {"type": "string", "description": "A query that cannot be read."},
        "position": {"type": "integer", "description": "At which character, from 0."},
        "pointer": {"type": "string", "description": "The query, and a mark under that character."},
        "mended": {"type": "string", "description": "The query as it may have been meant."},
        "mistakes": {
            "type": "array",
            "items": {"type": "object"},
            "description": "Each place, and what is wrong there.",
        },
    },
}
ALWAYS = {
    400: "That is no JSON",
    401: "Nobody is signed in",
    403: "The token or its user may not do this",
    404: "There is nothing here",
    413: "That is more than is taken here",
    422: "That is not understood",
    429: "Too many requests",
    503: "The archive does not answer",
}
_CHANGING = ("put", "patch", "delete")

router = APIRouter(prefix=ROOT)


@router.get("/openapi.json", include_in_schema=False, dependencies=[open_to_all()])
async def openapi(request: Request) -> Response:
    """What the API is. It says nothing of what is watched."""
    return answer(request, description(), headers={"Cache-Control": "no-cache"})


@cache
def description() -> dict[str, Any]:
    """The whole description."""
    from presswatch.web.api import ROUTERS

    routes = [route for each in ROUTERS for route in each.routes if isinstance(route, APIRoute)]
    described = get_openapi(title="presswatch", version=version("presswatch"), description=ABOUT, routes=routes)
    parts: dict[str, Any] = described["components"]
    parts["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    parts["schemas"] = {"Problem": PROBLEM} | {
        name: schema for name, schema in parts["schemas"].items() if "ValidationError" not in name
    }
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            _complete(path, method, operation)
            add_examples(path, operation, parts["schemas"])
    return {**described, "security": [{"token": []}], "servers": [{"url": "/"}]}


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    """Add what all operations of a kind have: conditions, keys, and what can go wrong."""
    operation["operationId"] = re.sub(r"\W+", "_", f"{method} {path.removeprefix(ROOT)}").strip("_")
    told = dict(ALWAYS)
    if method in _CHANGING:
        told[412] = "It has changed meanwhile"
        _header(operation, "If-Match", "The ETag of what the program has seen.")
    stream = operation["responses"].get("200", {}).get("content", {}).get("text/event-stream", {})
    stream.pop("itemSchema", None)  # a word of OpenAPI 3.2
    if method == "get" and not stream:
        operation["responses"]["304"] = {"description": "Nothing changed"}
        _header(operation, "If-None-Match", "The ETag of what the program has.")
    if method == "post":
        told |= {409: "The first request with this key is being answered", 502: "The other side did not take it"}
        _header(operation, "Idempotency-Key", "The same for each repetition.", maxLength=LONGEST_KEY, minLength=1)
    for status, what in told.items():
        content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        operation["responses"][str(status)] = {"description": what, "content": content}


def _header(operation: dict[str, Any], name: str, what: str, **schema: Any) -> None:
    header = {
        "name": name,
        "in": "header",
        "required": False,
        "description": what,
        "schema": {"type": "string", **schema},
    }
    operation.setdefault("parameters", []).append(header)
