"""A small HTTP/1.1 server on loopback that remembers what it was asked, and that can really go down."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked."""

    method: str
    path: str
    """With the query string."""
    headers: Mapping[str, str]
    """Their names are in lower case."""
    time: float
    """Seconds of the monotonic clock: good for intervals between requests."""
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered. With `etag` or `modified` a conditional request may get 304 instead."""

    status: int
    content: bytes
    content_type: str
    headers: Mapping[str, str] = field(default_factory=dict)
    etag: str = ""
    modified: datetime | None = None


def is_unchanged(answer: Answer, headers: Mapping[str, str]) -> bool:
    """Whether a conditional request already has this answer (RFC 9110, 13.1: If-None-Match goes before the date)."""
    known = headers.get("if-none-match")
    if answer.etag and known is not None:
        tags = {tag.strip().removeprefix("W/") for tag in known.split(",")}
        return answer.etag in tags or "*" in tags
    since = headers.get("if-modified-since")
    if answer.modified is None or since is None:
        return False
    try:
        return answer.modified <= parsedate_to_datetime(since)
    except (TypeError, ValueError):  # a date that is none is ignored (RFC 9110, 13.1.3)
        return False


class LoopbackServer:
    """Answers each request by `answer`, which runs in the connection's own thread, and records them all."""

    def __init__(self, answer: Callable[[Request], Answer], port: int = 0) -> None:
        self.port = port
        """The port; 0 until `come_up` has found a free one."""
        self.requests: list[Request] = []
        self.peak_concurrency = 0
        self._answer = answer
        self._lock = threading.Condition()
        self._in_flight = 0
        self._switch = threading.Lock()
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None
        self._place: socket.socket | None = None

    @property
    def is_up(self) -> bool:
        """Whether connections are accepted."""
        return self._server is not None

    def come_up(self) -> None:
        """Listen, on the same port as before. Does nothing if it listens. Raises `OSError` if the port is taken."""
        with self._switch:
            if self._server is not None:
                return
            self._give_up_place()
            self._server = _Server(self, self.port)
            self.port = self._server.server_address[1]
            self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
            self._thread.start()

    def go_down(self) -> None:
        """Close the listening socket and every open connection; new ones are refused. The port stays reserved."""
        with self._switch:
            if self._server is None or self._thread is None:
                return
            self._server.shutdown()
            self._server.server_close()
            self._server.break_connections()
            self._thread.join()
            self._server = self._thread = None
            # A bound socket that does not listen refuses connections and keeps the port from everybody else, also
            # from a client that by chance would be given it as its own port and so would reach itself.
            self._place = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            self._place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._place.bind((HOST, self.port))

    def close(self) -> None:
        """Go down and give the port back."""
        self.go_down()
        with self._switch:
            self._give_up_place()

    def take(self, request: Request) -> Answer:
        """Record a request and find its answer: the one a conditional request gets, if it is one."""
        with self._lock:
            self.requests.append(request)
            self._in_flight += 1
            self.peak_concurrency = max(self.peak_concurrency, self._in_flight)
            self._lock.notify_all()
        try:
            answer = self._answer(request)
        finally:
            # Before the answer leaves: who has it may already be asking the next thing.
            with self._lock:
                self._in_flight -= 1
        if answer.status == 200 and is_unchanged(answer, request.headers):
            return Answer(304, b"", "", answer.headers, answer.etag, answer.modified)
        return answer

    def wait_for(self, count: int, seconds: float) -> list[Request]:
        """Wait until `count` requests have come and return all. Raises `TimeoutError` after `seconds`."""
        with self._lock:
            if not self._lock.wait_for(lambda: len(self.requests) >= count, seconds):
                raise TimeoutError(f"{len(self.requests)} of {count} requests came in {seconds:g} s")
            return list(self.requests)

    def forget(self) -> None:
        """Forget what was asked so far."""
        with self._lock:
            self.requests.clear()
            self.peak_concurrency = self._in_flight

    def _give_up_place(self) -> None:
        if self._place is not None:
            self._place.close()
            self._place = None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, owner: LoopbackServer, port: int) -> None:
        self.owner = owner
        self._connections: set[Any] = set()
        self._guard = threading.Lock()
        super().__init__((HOST, port), _Handler)

    def server_bind(self) -> None:
        TCPServer.server_bind(self)  # not HTTPServer's, which looks its own name up
        self.server_name, self.server_port = HOST, self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._guard:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._guard:
            self._connections.discard(request)
        super().shutdown_request(request)

    def break_connections(self) -> None:
        with self._guard:
            for connection in self._connections:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # the client has gone already

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that breaks off is part of the play."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "replica"
    sys_version = ""
    # Head and body leave in one piece: two small writes would wait for each other's acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        self._handle()

    def do_HEAD(self) -> None:
        self._handle()

    def do_POST(self) -> None:
        self._handle()

    def _handle(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length") or 0))
        answer = self.server.owner.take(Request(self.command, self.path, headers, time.monotonic(), body))
        self.send_response(answer.status)
        for name, value in _head(answer).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.content)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def _head(answer: Answer) -> dict[str, str]:
    head = dict(answer.headers)
    if answer.etag:
        head["ETag"] = answer.etag
    if answer.modified:
        head["Last-Modified"] = format_datetime(answer.modified, usegmt=True)
    if answer.status not in (204, 304):
        head |= {"Content-Type": answer.content_type, "Content-Length": str(len(answer.content))}
    return head
