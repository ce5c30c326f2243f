"""Sites on loopback that go wrong, each in its own way: what they send stands here byte by byte."""

from __future__ import annotations

import contextlib
import gzip
import multiprocessing
import selectors
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from multiprocessing.connection import Connection

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
        self.waited = 0.0
        """Seconds that the client was kept waiting."""
        self.path = self._read_path()

    def _read_path(self) -> str:
        head = b""
        while b"\r\n\r\n" not in head:
            more = self._connection.recv(65_536)
            if not more:
                return ""
            head += more
        return head.split(b" ", 2)[1].decode("latin-1")

    @property
    def site(self) -> str:
        """Host and port that were asked."""
        return "{}:{}".format(*self._connection.getsockname())

    def send(self, data: bytes) -> None:
        self._connection.sendall(data)

    def answer(self, body: bytes, status: int = 200, *headers: str, length: int | None = None) -> None:
        """A whole answer; `length` is what the head claims if that is not true."""
        claimed = len(body) if length is None else length
        lines = [f"HTTP/1.1 {status} So", "Content-Type: text/html", f"Content-Length: {claimed}", *headers]
        self.send("\r\n".join([*lines, "Connection: close", "", ""]).encode() + body)

    def wait(self, seconds: float) -> bool:
        """Let time go by; False when the site is closed meanwhile, or the client has hung up."""
        over = self._over.wait(seconds)
        self.waited += seconds
        return not over and not self._has_hung_up()

    def _has_hung_up(self) -> bool:
        try:
            return not self._connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return False

    def reset(self) -> None:
        """End the connection with RST instead of FIN."""
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._connection.close()


def not_there(talk: Talk) -> None:
    """What most sites say of a robots.txt."""
    talk.answer(b"", 404)


@dataclass(frozen=True, slots=True)
class Site:
    """How a site answers."""

    pages: Fault
    robots: Fault = not_there


class FaultySite:
    """A site that goes wrong, on a loopback address of its own."""

    def __init__(self, host: str, site: Site) -> None:
        self.asked = 0
        """How many requests for its pages have come."""
        self.waited = 0.0
        """Seconds that it has kept its clients waiting."""
        self._site = site
        self.socket = socket.create_server((host, 0))
        self.address = "http://{}:{}/news".format(*self.socket.getsockname())

    def talk(self, connection: socket.socket, over: threading.Event) -> None:
        """Answer one request."""
        with contextlib.suppress(OSError), connection:
            talk = Talk(connection, over)
            try:
                if talk.path == "/robots.txt":
                    self._site.robots(talk)
                elif talk.path:
                    self.asked += 1
                    self._site.pages(talk)
            finally:
                self.waited += talk.waited


def _host(number: int) -> str:
    """A loopback address for each number."""
    return f"127.{number // 62_500}.{number // 250 % 250}.{number % 250 + 2}"


@contextmanager
def sites(*faults: Fault | Site, first: int = 0) -> Iterator[list[FaultySite]]:
    """A site for each, on 127.0.0.2 and the addresses after it, or after the one that is the `first`."""
    whole = [one if isinstance(one, Site) else Site(one) for one in faults]
    running = [FaultySite(_host(number), site) for number, site in enumerate(whole, first)]
    over = threading.Event()
    accepting = threading.Thread(target=_accept, args=(running, over), daemon=True)
    accepting.start()
    try:
        yield running
    finally:
        over.set()
        accepting.join()
        for site in running:
            site.socket.close()


def _accept(running: Sequence[FaultySite], over: threading.Event) -> None:
    """Answer each request in a thread of its own, until it is over."""
    with selectors.DefaultSelector() as selector:
        for site in running:
            selector.register(site.socket, selectors.EVENT_READ, site)
        while not over.is_set():
            for key, _ in selector.select(0.1):
                connection, _ = key.data.socket.accept()
                threading.Thread(target=key.data.talk, args=(connection, over), daemon=True).start()


@contextmanager
def sites_elsewhere(
    make: Callable[..., Sequence[Site]], *args: object, first: int = 0
) -> Iterator[tuple[list[str], Callable[[], list[float]]]]:
    """The sites that `make(*args)` makes, in a process of their own: what they take is not that of the crawl.

    Their addresses, and what tells for how many seconds each has kept its clients waiting.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, first, make, args), daemon=True)
    process.start()
    theirs.close()  # else `recv` would wait for ever where the process cannot start

    def waited() -> list[float]:
        ours.send(None)
        seconds: list[float] = ours.recv()
        return seconds

    try:
        yield ours.recv(), waited
    finally:
        process.terminate()
        process.join()


def _serve(pipe: Connection, first: int, make: Callable[..., Sequence[Site]], args: Sequence[object]) -> None:
    with sites(*make(*args), first=first) as running, contextlib.suppress(EOFError):
        pipe.send([site.address for site in running])
        while True:
            pipe.recv()
            pipe.send([site.waited for site in running])


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


@cache
def bomb() -> bytes:
    """A quarter of a gigabyte of nothing, packed."""
    return gzip.compress(bytes(256 * 1024 * 1024), 1, mtime=0)


def gzip_bomb(talk: Talk) -> None:
    talk.answer(bomb(), 200, "Content-Encoding: gzip")


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
