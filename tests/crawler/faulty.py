"""Sites on loopback that go wrong, each in its own way: what they send stands here byte by byte."""

from __future__ import annotations

import contextlib
import gzip
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Fault = Callable[["Talk"], None]

STATEMENTS = "".join(
    f'<p>{day} November 2024 <a href="/news/{day}">The minister opened the bridge number {day}</a></p>'
    for day in range(10, 20)
)
LISTING = f"<html><head><title>News</title></head><body><h1>News</h1>{STATEMENTS}</body></html>".encode()


class Talk:
    """One request of a client, and how it is answered."""

    def __init__(self, connection: socket.socket, over: threading.Event) -> None:
        self._connection = connection
        self._over = over
        self.path = self._read_path()

    def _read_path(self) -> str:
        head = b""
        while b"\r\n\r\n" not in head:
            more = self._connection.recv(65_536)
            if not more:
                return ""
            head += more
        return head.split(b" ", 2)[1].decode("latin-1")

    def send(self, data: bytes) -> None:
        self._connection.sendall(data)

    def answer(self, body: bytes, status: int = 200, *headers: str, length: int | None = None) -> None:
        """A whole answer; `length` is what the head claims if that is not true."""
        claimed = len(body) if length is None else length
        lines = [f"HTTP/1.1 {status} So", "Content-Type: text/html", f"Content-Length: {claimed}", *headers]
        self.send("\r\n".join([*lines, "Connection: close", "", ""]).encode() + body)

    def wait(self, seconds: float) -> bool:
        """Let time go by; False when the site is closed meanwhile."""
        return not self._over.wait(seconds)

    def reset(self) -> None:
        """End the connection with RST instead of FIN."""
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._connection.close()


class FaultySite:
    """A site of one fault on a loopback address of its own; robots.txt is not there, as on most sites."""

    def __init__(self, number: int, fault: Fault) -> None:
        self.asked = 0
        """How many requests for its page have come."""
        self._fault = fault
        self._over = threading.Event()
        self._socket = socket.create_server((f"127.0.0.{number}", 0))
        self.address = "http://{}:{}/news".format(*self._socket.getsockname())
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._over.set()
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()

    def _serve(self) -> None:
        while not self._over.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            talk = Talk(connection, self._over)
            if talk.path == "/robots.txt":
                talk.answer(b"", 404)
            elif talk.path:
                self.asked += 1
                self._fault(talk)


@contextmanager
def sites(*faults: Fault) -> Iterator[list[FaultySite]]:
    """A site for each fault, on 127.0.0.2 and the addresses after it."""
    running = [FaultySite(number, fault) for number, fault in enumerate(faults, start=2)]
    try:
        yield running
    finally:
        for site in running:
            site.close()


# -- what goes wrong -------------------------------------------------------------------------------------------------


def healthy(talk: Talk) -> None:
    talk.answer(LISTING)


def silence(talk: Talk) -> None:
    while talk.wait(0.2):
        pass


def slow_head(talk: Talk) -> None:
    for byte in b"HTTP/1.1 200 OK\r\n" + b"X-Padding: slow\r\n" * 100:
        talk.send(bytes([byte]))
        if not talk.wait(0.1):
            return


def slow_body(talk: Talk) -> None:
    talk.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100000\r\n\r\n")
    while talk.wait(0.1):
        talk.send(b"<p>")


def reset(talk: Talk) -> None:
    talk.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + LISTING[:200])
    talk.reset()


def short_body(talk: Talk) -> None:
    talk.answer(LISTING[: len(LISTING) // 2], length=len(LISTING))


def bad_chunk(talk: Talk) -> None:
    talk.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" + LISTING)


BOMB = gzip.compress(bytes(256 * 1024 * 1024), 1)


def gzip_bomb(talk: Talk) -> None:
    talk.answer(BOMB, 200, "Content-Encoding: gzip")


def endless(talk: Talk) -> None:
    talk.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    while talk.wait(0):
        talk.send(LISTING * 400)


def redirect_loop(talk: Talk) -> None:
    talk.answer(b"", 302, f"Location: /{len(talk.path)}{talk.path}")


def to_a_forbidden_host(talk: Talk) -> None:
    talk.answer(b"", 302, "Location: http://10.0.0.1/admin")


def to_another_scheme(talk: Talk) -> None:
    talk.answer(b"", 302, "Location: file:///etc/passwd")


def cookie_redirect(talk: Talk) -> None:
    talk.answer(b"", 307, f"Location: {talk.path}", "Set-Cookie: seen=1")


def challenge(talk: Talk) -> None:
    talk.answer(
        b"<html><head><title>Just a moment...</title></head><body><h1>ministry.example</h1><p>Checking your browser "
        b'before accessing.</p><script src="/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1"></script>'
    )


def login(talk: Talk) -> None:
    talk.answer(
        b"<html><head><title>Sign in</title></head><body><h1>Sign in</h1><form method=post><input name=user>"
        b"<input type=password name=password><button>Sign in</button></form></body></html>"
    )


def soft_404(talk: Talk) -> None:
    talk.answer(
        b"<html><head><title>Page not found</title></head><body><h1>404 - Page not found</h1><p>The page that you look "
        b'for does not exist. <a href="/">Home</a></p></body></html>'
    )


def bogus_charset(talk: Talk) -> None:
    body = "<html><meta charset=klingon-8><h1>Новости</h1>" + "".join(
        f'<p>{day}.11.2024 <a href="/news/{day}">Министр открыл мост номер {day}</a></p>' for day in range(10, 20)
    )
    talk.answer(body.encode("cp1251"))


def full_of_nul(talk: Talk) -> None:
    talk.answer(LISTING.replace(b"bridge", b"br\0id\0ge"))


def nested(talk: Talk) -> None:
    talk.answer(b"<html><body>" + b"<div>" * 200_000 + b"deep" + b"</div>" * 200_000)


def binary(talk: Talk) -> None:
    talk.answer(bytes(range(256)) * 400)


def garbage(talk: Talk) -> None:
    talk.send(b"\x16\x03\x01 this is no HTTP at all\r\n\r\n")


def broken_gzip(talk: Talk) -> None:
    talk.answer(gzip.compress(LISTING)[:-200], 200, "Content-Encoding: gzip")


def huge_head(talk: Talk) -> None:
    talk.send(b"HTTP/1.1 200 OK\r\n")
    while talk.wait(0):
        talk.send(b"X-Padding: " + b"x" * 8_000 + b"\r\n")
