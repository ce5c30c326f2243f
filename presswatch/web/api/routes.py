"""How each route of the API answers: requests are counted, and repeated ones answered as the first was."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from presswatch.web.api.programs import LONGEST_KEY
from presswatch.web.visitor import visitor_of
from storage.errors import InvalidInputError


class ProgramRoute(APIRoute):
    """A route that knows who asks it how often, and what of it must be done once."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handler = super().get_route_handler()

        async def handled(request: Request) -> Response:
            visitor, programs = await visitor_of(request), request.app.state.programs
            if visitor is not None:
                programs.count(visitor)
            key = request.headers.get("Idempotency-Key")
            if visitor is None or key is None or request.method != "POST":
                return await handler(request)
            if not 0 < len(key) <= LONGEST_KEY:
                raise InvalidInputError("that is no Idempotency-Key", mend=f"give 1 to {LONGEST_KEY} characters")
            told: Response = await programs.once(visitor, key, await _digest(request), lambda: handler(request))
            return told

        return handled


async def _digest(request: Request) -> str:
    """By which a repetition is told from another request."""
    return hashlib.sha256(f"{request.method} {request.url}\n".encode() + await request.body()).hexdigest()
