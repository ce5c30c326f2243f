"""What holds for every answer: headers, hosts, the size of what is sent, and whose form it is.

Browsers are told to run nothing but our own two files, to frame us nowhere, and to send forms to us alone. Sources:
Content Security Policy Level 3; OWASP Application Security Verification Standard 5.0, chapters 3 and 50.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from presswatch.web.visitor import is_for_programs, visitor_of

HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "Content-Security-Policy": (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
            "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
            "frame-ancestors 'none'"
        ),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    }
)

LARGEST = 1_000_000
"""Bytes of a request: a watchlist of ten thousand lines is smaller."""
TOO_MUCH = "that is more than is taken here"


class WrongForm(Exception):
    """A form that this session was not shown."""


class Defence:
    """Answers nobody who asks for another host or sends too much, and adds the headers to every answer."""

    def __init__(self, application: ASGIApp, *, hosts: frozenset[str]) -> None:
        self._application = application
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._application(scope, receive, send)
        headers = dict(scope["headers"])
        guarded = _with_headers(send, scope["path"])
        if _host(headers.get(b"host", b"")) not in self._hosts:  # a name that leads here from elsewhere: DNS rebinding
            return await _refuse(guarded, scope["path"], 421, "this host is not served here")
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or int(length) > LARGEST:
            return await _refuse(guarded, scope["path"], 413, TOO_MUCH)
        received = 0

        async def bounded() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > LARGEST:
                raise HTTPException(413, TOO_MUCH)
            return message

        await self._application(scope, bounded, guarded)


def _with_headers(send: Send, path: str) -> Send:
    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            known = {name.lower() for name, _ in message.get("headers", ())}
            added = dict(HEADERS)
            if not path.startswith("/static/"):
                added["Cache-Control"] = "no-store"  # pages are somebody's
            message["headers"] = [
                *message.get("headers", ()),
                *(
                    (name.lower().encode(), value.encode())
                    for name, value in added.items()
                    if name.lower().encode() not in known
                ),
            ]
        await send(message)

    return guarded


async def _refuse(send: Send, path: str, status: int, why: str) -> None:
    kind, body = b"text/plain; charset=utf-8", why
    if is_for_programs(path):
        kind, body = b"application/problem+json", json.dumps({"type": "about:blank", "title": why, "status": status})
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body.encode()})


def _host(header: bytes) -> str:
    host = header.decode("latin-1").lower()
    return host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host


def hosts_of(address: str, *more: str) -> frozenset[str]:
    """The hosts that the pages answer to: that of their address, this machine's own names for itself, and `more`."""
    own = urlsplit(address).hostname or ""
    return frozenset({f"[{own}]" if ":" in own else own, "127.0.0.1", "localhost", "[::1]", *more})


async def form_of(request: Request) -> FormData:
    """What a form sent. Raises `WrongForm` where it does not carry the token of the session that sends it."""
    form = await request.form(max_files=1, max_fields=200)
    visitor = await visitor_of(request)
    sent = str(form.get("csrf", "")).encode(errors="replace")
    if visitor is not None and not hmac.compare_digest(sent, visitor.csrf.encode()):
        await form.close()
        raise WrongForm
    return form


def own_path(wanted: str) -> str:
    """A path of our own to go on to, or the first page: never another host, whatever browsers take for one."""
    begins_here = wanted.startswith("/") and not wanted.startswith("//")
    return wanted if begins_here and "\\" not in wanted and wanted.isprintable() else "/"
