"""Deliveries to servers that strangers wrote, read back on the receiving side: a status is not a delivery."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from notify.channels.kinds import check_channel_address, sender_for
from notify.messages.compose import compose
from notify.messages.message import Message
from storage.connection_guard import AddressPolicy, guarded_connections
from storage.errors import DeliveryError
from tests.fakes.synapse import Account, Synapse, synapse
from tests.notify.examples import alert, hit
from tests.patience import PATIENCE

TITLE = "Заявление по итогам заседания ОДКБ <b>не жирно</b> @room"
BODY = "Министры встретились в четверг. Они приветствовали работу ОДКБ & «партнёров»."
MESSAGE = compose([alert(title=TITLE, body=BODY, hits=(hit(TITLE, "ОДКБ", "title"), hit(BODY, "ОДКБ")))])
pytestmark = pytest.mark.slow

LOOPBACK = AddressPolicy.parse("127.0.0.0/8")


def send(address: str, message: Message = MESSAGE) -> str:
    check_channel_address(address, LOOPBACK)
    with guarded_connections(LOOPBACK):
        return sender_for(address, sys.stdout).send(message, address)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def installed(program: str) -> str:
    """The path of a program of Debian, installed where this machine lets us, else the test is skipped aloud."""
    path = shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if path is None and os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {"DEBIAN_FRONTEND": "noninteractive", **os.environ}
        for command in (["apt-get", "update", "-q"], ["apt-get", "install", "-qy", "--no-install-recommends", program]):
            subprocess.run(command, env=quiet, capture_output=True, timeout=600, check=False)
        path = shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if path is None:
        pytest.skip(f"{program.upper()} IS NOT HERE AND CANNOT BE INSTALLED: this service is not tested")
    return path


@contextmanager
def running(command: list[str], port: int) -> Iterator[None]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), PATIENCE).close()
                break
            except OSError:
                assert process.poll() is None, f"{command[0]} ended"
                assert time.monotonic() < until, f"{command[0]} does not start"
                time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE)


# -- Matrix --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Synapse, Account, str]]:
    """A server, the account of a reader, and a room in which the bot `watch` may speak."""
    with synapse(tmp_path_factory.mktemp("synapse")) as server:
        reader, bot = server.account("reader"), server.account("watch")
        room = reader.make_room("news", "watch")
        bot.join(room)
        yield server, reader, room


@pytest.mark.xdist_group("matrix")  # one server for all of them
def test_a_matrix_room_shows_the_whole_message(chat: tuple[Synapse, Account, str]) -> None:
    server, reader, room = chat
    send(server.address("watch", "news"))
    event = reader.read(room)[-1]
    assert event["sender"] == "@watch:test.local"
    content = event["content"]
    assert content["format"] == "org.matrix.custom.html"
    page = content["formatted_body"]
    assert "Заявление по итогам заседания <mark>ОДКБ</mark> &lt;b&gt;не жирно&lt;/b&gt; @\u200broom" in page
    assert "работу <mark>ОДКБ</mark> &amp; «партнёров»" in page
    assert '<a href="https://mfa.example/en/news/345/">' in page
    assert "не жирно" in content["body"]
    assert "@room" not in content["body"]


@pytest.mark.xdist_group("matrix")  # one server for all of them
def test_a_matrix_password_that_is_wrong_is_no_success(chat: tuple[Synapse, Account, str]) -> None:
    server, reader, room = chat
    before = len(reader.read(room))
    with pytest.raises(DeliveryError) as raised:
        send(server.address("watch", "news").replace("correct", "wrong"))
    assert raised.value.permanent
    assert "403" in str(raised.value)
    assert len(reader.read(room)) == before


# -- IRC -----------------------------------------------------------------------------------------------------------


class Listener:
    """A client that sits in a channel of an IRC server and remembers what is said."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self.heard = ""
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()
        self._say("NICK reader\r\nUSER reader 0 * :reader\r\n")
        self.wait_for(" 001 ")
        self._say("JOIN #news\r\n")
        self.wait_for(" 366 ")

    def _say(self, line: str) -> None:
        self._socket.sendall(line.encode())

    def _listen(self) -> None:
        with suppress(OSError):  # the end of the test
            while data := self._socket.recv(65536):
                with self._changed:
                    self.heard += data.decode("utf-8", "replace")
                    self._changed.notify_all()
                for ping in re.findall(rb"PING (\S+)", data):
                    self._socket.sendall(b"PONG " + ping + b"\r\n")

    def wait_for(self, text: str) -> str:
        with self._changed:
            assert self._changed.wait_for(lambda: text in self.heard, PATIENCE), self.heard[-2000:]
            return self.heard

    def close(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(10)
        self._socket.close()


def test_an_irc_channel_hears_the_message(tmp_path: Path) -> None:
    port = free_port()
    config = tmp_path / "ngircd.conf"
    config.write_text(
        f"[Global]\nName = irc.test.local\nInfo = test\nListen = 127.0.0.1\nPorts = {port}\n"
        "[Limits]\nMaxConnectionsIP = 0\nMaxPenaltyTime = 0\n[Options]\nDNS = no\nIdent = no\nPAM = no\n"
    )
    with running([installed("ngircd"), "-n", "-f", str(config)], port):
        listener = Listener(port)
        try:
            send(f"irc://watch@127.0.0.1:{port}/%23news?join=yes")
            heard = listener.wait_for("ref 12-345")
        finally:
            listener.close()
    said = [line for line in heard.splitlines() if "PRIVMSG #news" in line]
    assert all(len(line.encode()) <= 510 for line in said)  # RFC 2812, 2.3
    words = " ".join(line.partition(" :")[2] for line in said)
    assert "Они приветствовали работу *ОДКБ* & «партнёров»." in words
    assert "https://mfa.example/en/news/345/" in words


# -- MQTT ----------------------------------------------------------------------------------------------------------


def test_an_mqtt_subscriber_gets_the_message(tmp_path: Path) -> None:
    from paho.mqtt import client as mqtt
    from paho.mqtt.enums import CallbackAPIVersion

    port = free_port()
    config = tmp_path / "mosquitto.conf"
    config.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\n")
    got, arrived, listening = [], threading.Event(), threading.Event()

    def keep(_: object, __: object, message: mqtt.MQTTMessage) -> None:
        got.append((message.topic, message.payload.decode()))
        arrived.set()

    with running([installed("mosquitto"), "-c", str(config)], port):
        subscriber = mqtt.Client(CallbackAPIVersion.VERSION2)
        subscriber.on_message = keep
        subscriber.on_subscribe = lambda *_: listening.set()
        subscriber.connect("127.0.0.1", port)
        subscriber.subscribe("news/csto", qos=1)
        subscriber.loop_start()
        try:
            assert listening.wait(20)
            send(f"mqtt://127.0.0.1:{port}/news/csto?qos=1")
            assert arrived.wait(20), "nothing arrived"
        finally:
            subscriber.disconnect()
            subscriber.loop_stop()
    [(topic, payload)] = got
    assert topic == "news/csto"
    assert "Они приветствовали работу *ОДКБ* & «партнёров»." in payload
    assert payload.endswith("ref 12-345")
