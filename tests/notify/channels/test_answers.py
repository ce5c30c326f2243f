"""Answers without end: no more of them is read than is of use, and no thread is kept by them."""

from __future__ import annotations

import asyncio
import gzip
import io
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from notify.channels.connections import Connections
from notify.channels.kinds import sender_for
from notify.delivery import sending
from notify.delivery.sending import Sending
from notify.messages.compose import compose
from storage.errors import DeliveryError
from storage.events import Event
from tests.notify.examples import alert
from tests.patience import PATIENCE

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
Speak = Callable[[socket.socket], None]


class Receiver:
    """Takes one connection after the other and speaks as it is told, until the other side hangs up."""

    def __init__(self, speak: Speak) -> None:
        self._speak = speak
        self.sent = 0
        self.hung_up = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection:
            try:
                self._speak(connection)
            except OSError:
                self.hung_up.set()

    def close(self) -> None:
        self._listening.close()


@contextmanager
def receiving(speak: Speak) -> Iterator[Receiver]:
    receiver = Receiver(speak)
    try:
        yield receiver
    finally:
        receiver.close()


def without_end(head: bytes, piece: bytes) -> Speak:
    def speak(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(head)
        while True:
            connection.sendall(piece)

    return speak


def chunk(piece: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(piece), piece)


ENDLESS = {
    "a body": without_end(HEAD + b"\r\n", b"x" * 65536),
    "a body of chunks": without_end(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", chunk(b"x" * 65536)),
    "a body of a promised length": without_end(HEAD + b"Content-Length: 999999999999\r\n\r\n", b"x" * 65536),
    "a packed body": without_end(HEAD + b"Content-Encoding: gzip\r\n\r\n", gzip.compress(b"\0" * 20_000_000)),
}


@pytest.mark.parametrize("kind", ENDLESS)
def test_of_an_answer_without_end_no_more_is_read_than_is_of_use(kind: str) -> None:
    with receiving(ENDLESS[kind]) as receiver:
        address = f"json://127.0.0.1:{receiver.port}/hook"
        assert sender_for(address, sys.stdout).send(compose([alert()]), address).startswith("200 OK")
        assert receiver.hung_up.wait(PATIENCE)


def test_a_refusal_without_end_is_a_refusal() -> None:
    with receiving(without_end(HEAD.replace(b"200 OK", b"400 Bad Request") + b"\r\n", b"x" * 65536)) as receiver:
        address = f"json://127.0.0.1:{receiver.port}/hook"
        with pytest.raises(DeliveryError, match="400") as refused:
            sender_for(address, sys.stdout).send(compose([alert()]), address)
        assert refused.value.permanent
        assert receiver.hung_up.wait(PATIENCE)


def mail(greeting: bytes, piece: bytes) -> Speak:
    """A mail server that greets first."""

    def speak(connection: socket.socket) -> None:
        connection.sendall(greeting)
        while True:
            connection.sendall(piece)

    return speak


MAIL = {
    "a greeting": mail(b"", b"220-welcome\r\n" * 1000),
    "an answer": mail(b"220 here\r\n", b"250-mail.example\r\n" * 1000),
    "a line": mail(b"220 here\r\n250-", b"x" * 65536),
}


@pytest.mark.parametrize("kind", MAIL)
def test_a_mail_server_that_answers_without_end_fails(kind: str) -> None:
    with receiving(MAIL[kind]) as receiver:
        address = f"mailto://127.0.0.1:{receiver.port}?from=a@mfa.example&to=b@mfa.example&mode=insecure"
        with pytest.raises(DeliveryError):
            sender_for(address, sys.stdout).send(compose([alert()]), address)
        assert receiver.hung_up.wait(PATIENCE)


def drip(head: bytes) -> Speak:
    """A byte now and then: no silence is ever long enough to count as one."""

    def speak(connection: socket.socket) -> None:
        connection.sendall(head)
        pause = threading.Event()
        while not pause.wait(0.005):
            connection.sendall(b"x")

    return speak


SLOW = {
    "json://127.0.0.1:{}/hook": drip(HEAD + b"\r\n"),
    "json://127.0.0.1:{}/head": drip(HEAD + b"X-Slow: "),
    "mailto://127.0.0.1:{}?from=a@mfa.example&to=b@mfa.example&mode=insecure": drip(b"220-"),
}


@pytest.mark.parametrize("address", SLOW)
async def test_at_the_deadline_the_connection_is_cut_and_the_thread_is_free(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "DEADLINE", 0.5)
    told: list[Event] = []
    way = Sending("cut", console=io.StringIO(), report=told.append)
    with receiving(SLOW[address]) as receiver:
        with pytest.raises(DeliveryError, match="did not finish"):
            await way.send(address.format(receiver.port), lambda: compose([alert()]))
        assert await asyncio.to_thread(receiver.hung_up.wait, PATIENCE)
        async with asyncio.timeout(PATIENCE):
            while not way._threads._idle:
                await asyncio.sleep(0.01)
    assert told == []


def test_after_the_cut_no_further_connection_is_opened() -> None:
    with receiving(drip(b"")) as receiver:
        with Connections() as connections:
            first = socket.create_connection(("127.0.0.1", receiver.port))
            connections.cut()
            first.settimeout(PATIENCE)
            while first.recv(1):
                pass
            with pytest.raises(TimeoutError, match="over"):
                socket.create_connection(("127.0.0.1", receiver.port))
            first.close()
        socket.create_connection(("127.0.0.1", receiver.port)).close()
