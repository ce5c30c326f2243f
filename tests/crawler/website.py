"""A website on loopback that answers as it is told and remembers when it was asked for what; and a crawl that asks."""

from __future__ import annotations

import ssl
import threading
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any

import scrapy
from scrapy.http import Request, Response
from twisted.python.failure import Failure

from crawler.run import scrapy_runner
from storage.database import Database
from storage.types import TransportExceptions
from tests.patience import PATIENCE

LOOPBACK = {"PRESSWATCH_ALLOW_ADDRESSES": "127.0.0.1"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: its path and its headers."""

    path: str
    headers: Mapping[str, str]


class Website:
    """Answers 404 for every path until told otherwise. Use it as a context manager. With `tls` it speaks https."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls
        self.asked: list[Asked] = []
        self.company = 1
        """How many requests for pages have to be under way at a time before the first is answered."""
        self.lull = 0.0
        """Seconds that an answer then waits for one more, that should not come."""
        self.together = 0
        """The most requests for pages that were under way at a time."""
        self._under_way = 0
        self._changed = threading.Condition()
        self._answers: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self._walls: dict[str, tuple[str, int, dict[str, str]]] = {}

    @property
    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [asked.path for asked in self.asked]

    def address(self, path: str = "/") -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}{path}"

    def answer(self, path: str, body: bytes | str = b"", status: int = 200, **headers: str) -> None:
        """From now on answer so; an underscore in a header's name stands for a dash."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self._answers[path] = (status, named, body.encode() if isinstance(body, str) else body)

    def wall(self, path: str, cookie: str, status: int = 302, **headers: str) -> None:
        """From now on answer so whoever does not bring the cookie."""
        self._walls[path] = (cookie, status, {name.replace("_", "-"): value for name, value in headers.items()})

    def wait_for(self, path: str) -> None:
        """Wait until somebody has asked for it."""
        with self._changed:
            assert self._changed.wait_for(lambda: path in self.paths, PATIENCE), self.paths

    def __enter__(self) -> Website:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site._answer(self)

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: Any, client_address: Any) -> None:
                """A client that hangs up is part of the tests."""

        self._server = Server(("127.0.0.1", 0), Handler)
        if self._tls is not None:
            self._server.socket = self._tls.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        with self._changed:
            self.asked.append(Asked(handler.path, dict(handler.headers)))
            is_page = handler.path != "/robots.txt"  # which a crawl asks for at its own time: it is nobody's company
            self._under_way += is_page
            self.together = max(self.together, self._under_way)
            self._changed.notify_all()
            if is_page:
                self._changed.wait_for(lambda: self.together >= self.company, PATIENCE)
                self._changed.wait_for(lambda: self.together > self.company, self.lull)
        status, headers, body = self._answers.get(handler.path, (404, {}, b"no such page"))
        cookie, walled, said = self._walls.get(handler.path, ("", 0, {}))
        if cookie not in handler.headers.get("Cookie", ""):
            status, headers, body = walled, said, b""
        handler.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            handler.send_header(name, value)
        with self._changed:
            self._under_way -= is_page
        handler.end_headers()
        handler.wfile.write(body)


Outcome = Response | BaseException
Transport = Mapping[str, TransportExceptions]


class _Asking(scrapy.Spider):
    """Asks for addresses all at once, and keeps what came of each."""

    name = "asking"

    def __init__(
        self, addresses: Sequence[str], meta: dict[str, Any], outcomes: dict[str, Outcome], crawl: Any
    ) -> None:
        super().__init__()
        self.crawl = crawl
        self._addresses = addresses
        self._meta = meta
        self._outcomes = outcomes

    async def start(self) -> AsyncIterator[Any]:
        for address in self._addresses:
            yield Request(
                address,
                callback=self._answered,
                errback=self._failed,
                cb_kwargs={"asked": address},
                meta=dict(self._meta),
                dont_filter=True,
            )

    def _answered(self, response: Response, asked: str) -> None:
        self._outcomes[asked] = response

    def _failed(self, failure: Failure) -> None:
        assert failure.value is not None
        self._outcomes[failure.request.cb_kwargs["asked"]] = failure.value  # type: ignore[attr-defined]


async def ask(
    *addresses: str,
    delay: float = 0.0,
    database: Database | None = None,
    permitted: Transport | None = None,
    browser: bool = False,
    **settings: Any,
) -> list[Outcome]:
    """Ask for the addresses in one real crawl with the project's settings, these on top; return what came of each.

    With a database the crawl knows what earlier ones learned; `permitted` is what the hosts are allowed.
    """
    outcomes: dict[str, Outcome] = {}
    runner = scrapy_runner({**LOOPBACK, **settings})
    crawl = SimpleNamespace(database=database, permitted=permitted or {})
    await runner.crawl(
        _Asking, addresses=addresses, meta={"delay": delay, "browser": browser}, outcomes=outcomes, crawl=crawl
    )
    return [outcomes[address] for address in addresses]


def status(outcome: Outcome) -> int:
    """The status of an answer; what went wrong is raised."""
    if isinstance(outcome, BaseException):
        raise outcome
    return outcome.status
