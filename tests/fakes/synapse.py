"""A real Matrix server: matrix-synapse from PyPI, in an environment of its own that is made once and kept.

The environment lies in `.synapse_cache` beside the tests' own, or in the user's cache folder where the project's folder
cannot be written; its name is that of the lock's content, so that a new lock makes a new one.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.patience import PATIENCE

LOCK = Path(__file__).parent / "requirements-synapse.lock"
ROOT = Path(__file__).parents[2]

_CONFIG = """
server_name: test.local
listeners:
  - port: {port}
    bind_addresses: ["127.0.0.1"]
    type: http
    resources: [{{names: [client]}}]
database: {{name: sqlite3, args: {{database: ":memory:"}}}}
signing_key_path: {folder}/signing.key
log_config: {folder}/log.yaml
media_store_path: {folder}/media
pid_file: {folder}/pid
report_stats: false
enable_registration: false
registration_shared_secret: {secret}
macaroon_secret_key: {secret}
form_secret: {secret}
bcrypt_rounds: 4
trusted_key_servers: []
suppress_key_server_warning: true
federation_domain_whitelist: []
enable_metrics: false
presence: {{enabled: false}}
rc_message: {{per_second: 1000, burst_count: 1000}}
rc_login: {{address: {{per_second: 1000, burst_count: 1000}}, account: {{per_second: 1000, burst_count: 1000}}}}
"""
_LOG = """
version: 1
handlers: {{file: {{class: logging.FileHandler, filename: {folder}/log}}}}
root: {{level: WARNING, handlers: [file]}}
"""


def environment() -> Path:
    """The Python of an environment with synapse; made when it is not there yet, by one process at a time."""
    name = hashlib.sha256(LOCK.read_bytes() + sys.version.encode()).hexdigest()[:12]
    folder = ROOT / ".synapse_cache"
    if not os.access(ROOT, os.W_OK):
        folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "presswatch" / "synapse"
    folder.mkdir(parents=True, exist_ok=True)
    python = folder / name / "bin" / "python"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / name / "complete").exists():
            shutil.rmtree(folder / name, ignore_errors=True)
            uv = [sys.executable, "-m", "uv"]
            subprocess.run([*uv, "venv", "-q", "--python", sys.executable, folder / name], check=True)
            install: list[str | Path] = [
                *uv,
                "pip",
                "install",
                "-q",
                "--python",
                python,
                "--require-hashes",
                "-r",
                LOCK,
            ]
            subprocess.run(install, check=True)
            (folder / name / "complete").touch()
    return python


class Account:
    """A person of the chat."""

    def __init__(self, server: Synapse, name: str) -> None:
        self._server = server
        self.name = name
        self.token: str = server.ask(
            "POST", "/_matrix/client/v3/login",
            {
                "type": "m.login.password",
                "identifier": {"type": "m.id.user", "user": name},
                "password": server.password,
            },
        )["access_token"]  # fmt: skip

    def make_room(self, alias: str, *invited: str) -> str:
        """Make a room that everybody may join and return its id."""
        room = {"room_alias_name": alias, "preset": "public_chat", "invite": [f"@{one}:test.local" for one in invited]}
        return str(self._ask("POST", "/_matrix/client/v3/createRoom", room)["room_id"])

    def join(self, room: str) -> None:
        self._ask("POST", f"/_matrix/client/v3/rooms/{quote(room)}/join", {})

    def read(self, room: str) -> list[dict[str, Any]]:
        """The messages of a room, the oldest first: content and sender."""
        answer = self._ask("GET", f"/_matrix/client/v3/rooms/{quote(room)}/messages?dir=b&limit=100", None)
        return [event for event in reversed(answer["chunk"]) if event["type"] == "m.room.message"]

    def _ask(self, method: str, path: str, body: Any) -> Any:
        return self._server.ask(method, path, body, self.token)


class Synapse:
    """The server, running."""

    password = "correct horse battery"

    def __init__(self, port: int, secret: str) -> None:
        self.port = port
        self._secret = secret

    def address(self, name: str, alias: str) -> str:
        """The channel address that speaks with a person's name in a room."""
        return f"matrix://{name}:{quote(self.password)}@127.0.0.1:{self.port}/%23{alias}"

    def account(self, name: str) -> Account:
        """Register a person and log in."""
        nonce = self.ask("GET", "/_synapse/admin/v1/register")["nonce"]
        told = "\0".join((nonce, name, self.password, "notadmin")).encode()
        signed = hmac.new(self._secret.encode(), told, hashlib.sha1).hexdigest()
        person = {"nonce": nonce, "username": name, "password": self.password, "admin": False, "mac": signed}
        self.ask("POST", "/_synapse/admin/v1/register", person)
        return Account(self, name)

    def ask(self, method: str, path: str, body: Any = None, token: str = "") -> Any:
        """Ask the server's interface. Raises `urllib.error.URLError`."""
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data, headers, method=method)
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.load(answer)


@contextmanager
def synapse(folder: Path) -> Iterator[Synapse]:
    """Start a server with its files in `folder`, and stop it again."""
    python, secret = environment(), "s3cret-of-the-tests"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "hs.yaml").write_text(_CONFIG.format(port=port, folder=folder, secret=secret))
    (folder / "log.yaml").write_text(_LOG.format(folder=folder))
    module: list[str | Path] = [python, "-m", "synapse.app.homeserver", "-c", folder / "hs.yaml"]
    subprocess.run([*module, "--generate-keys"], check=True, capture_output=True)
    with (folder / "out").open("w") as out:
        process = subprocess.Popen(module, stdout=out, stderr=out, cwd=folder)
    try:
        server = Synapse(port, secret)
        _await(server, process, folder)
        yield server
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _await(server: Synapse, process: subprocess.Popen[bytes], folder: Path) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            server.ask("GET", "/_matrix/client/versions")
            return
        except (urllib.error.URLError, OSError):
            ended = process.poll() is not None
            assert not ended, f"synapse ended: {(folder / 'out').read_text()[-2000:]}"
            assert time.monotonic() < until, f"synapse does not start: {(folder / 'out').read_text()[-2000:]}"
            time.sleep(0.1)
