"""Receiving sides of deliveries, real servers on loopback: what they received is what was delivered."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Generic, Self, TypeVar

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.patience import PATIENCE

Received = TypeVar("Received")


def keys_of(message: Mapping[str, Any]) -> list[str]:
    """The keys of the alerts in a web hook's message."""
    return re.findall(r"\d+-\d+(?:-[a-z]+-\d+)?", message["message"].rpartition("ref ")[2])


class _Sink(Generic[Received]):
    """Keeps what was received, in order."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.port = 0
        self._arrived = threading.Condition()

    def _keep(self, one: Received) -> None:
        with self._arrived:
            self.received.append(one)
            self._arrived.notify_all()

    def wait_for(self, count: int, seconds: float = PATIENCE) -> list[Received]:
        """Wait until `count` have been received and return all. Raises `AssertionError` after `seconds`."""
        return self.wait_until(lambda received: len(received) >= count, seconds)

    def wait_until(self, enough: Callable[[list[Received]], bool], seconds: float = PATIENCE) -> list[Received]:
        """Wait until what was received is enough and return it. Raises `AssertionError` after `seconds`."""
        with self._arrived:
            arrived = self._arrived.wait_for(lambda: enough(self.received), seconds)
            assert arrived, f"not enough in {seconds} s; received {len(self.received)}: {self.received[-3:]}"
            return list(self.received)


class HTTPSink(_Sink[dict[str, Any]]):
    """Takes JSON bodies of POSTs, and answers 200 until told otherwise. Use it as a context manager."""

    def __init__(self) -> None:
        super().__init__()
        self.connections = 0
        self.logins: list[str] = []
        """What stood in the headers `Authorization`."""
        self.raw: list[tuple[dict[str, str], bytes]] = []
        """The headers and the bytes of each request that had any."""
        self._behaviour = "answer"
        self._status = 200
        self._headers: dict[str, str] = {}
        self._body = b"{}"
        self._released = threading.Event()
        self._context: ssl.SSLContext | None = None
        """With which it speaks TLS."""

    @property
    def address(self) -> str:
        """The channel address that delivers here."""
        return f"json://127.0.0.1:{self.port}/hook"

    def answer_with(self, status: int, headers: Mapping[str, str] | None = None, body: bytes = b"{}") -> None:
        """Keep what comes, then answer so."""
        self._behaviour, self._status, self._headers, self._body = "answer", status, dict(headers or {}), body

    def hang(self) -> None:
        """Keep what comes and answer nothing until the sink is told otherwise or closes."""
        self._released.clear()
        self._behaviour = "hang"

    def reset(self) -> None:
        """Break each connection off before anything is kept."""
        self._behaviour = "reset"

    def babble(self) -> None:
        """Answer what is not HTTP."""
        self._behaviour = "babble"

    def release(self) -> None:
        """End the hanging, and answer 200."""
        self.answer_with(200)
        self._released.set()

    def read(self, body: bytes) -> dict[str, Any]:
        """What a body says."""
        said: dict[str, Any] = json.loads(body)
        return said

    def __enter__(self) -> Self:
        sink = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                sink._handle(self)

            def do_GET(self) -> None:
                sink._handle(self)

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 1024  # five, as by default, are fewer than connect at once: the next waits a second

            def process_request(self, request: Any, client_address: Any) -> None:
                sink.connections += 1
                super().process_request(request, client_address)

            def handle_error(self, request: Any, client_address: Any) -> None:
                """A client that was killed is part of the tests."""

        self._server = Server(("127.0.0.1", 0), Handler)
        if self._context is not None:
            self._server.socket = self._context.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handle(self, handler: BaseHTTPRequestHandler) -> None:
        if self._behaviour == "reset":
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            handler.connection.close()
            return
        self.logins += handler.headers.get_all("Authorization", [])
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        if body:
            self.raw.append((dict(handler.headers.items()), body))
            self._keep(self.read(body))
        if self._behaviour == "hang":
            self._released.wait()
        if self._behaviour == "babble":
            handler.wfile.write(b"\x00\xff not HTTP at all\r\n\r\n")
            return
        handler.send_response(self._status)
        for name, value in self._headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(self._body)))
        handler.end_headers()
        handler.wfile.write(self._body)


class MailSink(_Sink[EmailMessage]):
    """Takes mail over SMTP. Use it as a context manager."""

    def __init__(self) -> None:
        super().__init__()
        self.envelopes: list[Envelope] = []
        self._refusal = ""
        self._ready = threading.Event()

    @property
    def address(self) -> str:
        """The channel address that delivers here."""
        return f"mailto://127.0.0.1:{self.port}?mode=insecure&from=watch@example.org&to=reader@example.org"

    def refuse_with(self, reply: str) -> None:
        """Refuse recipients with this SMTP reply, such as `550 no such mailbox`; an empty one takes mail again."""
        self._refusal = reply

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, to: str, options: list[str]) -> str:
        if self._refusal:
            return self._refusal
        envelope.rcpt_tos.append(to)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        message = BytesParser(policy=default).parsebytes(content)
        assert isinstance(message, EmailMessage)
        self.envelopes.append(envelope)
        self._keep(message)
        return "250 taken"

    def __enter__(self) -> MailSink:
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._thread.start()
        assert self._ready.wait(PATIENCE), "the mail sink does not start"
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        server = await self._loop.create_server(
            lambda: SMTP(self, hostname="sink.example", loop=self._loop), "127.0.0.1", 0
        )
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()
        await server.wait_closed()
