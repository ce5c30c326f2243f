"""Behind a proxy: the pages come by https, as they are, and a stranger's word of himself counts for nothing."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
import trustme
from fastapi import APIRouter, Request

from presswatch.actions import signing_in
from presswatch.settings import Settings
from presswatch.web import pages as pages_of_desk
from presswatch.web.app import application
from presswatch.web.defence import LARGEST
from presswatch.web.desk import Desk
from presswatch.web.policy import open_to_all
from presswatch.web.server import listening, serving
from storage.database import Database
from tests.patience import PATIENCE
from tests.presswatch.web.visiting import PASSPHRASE
from tests.project import ROOT

HOST = "presswatch.example.org"
UPSTREAM = Settings.model_fields["listen"].default
FORGED = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "gopher", "X-Forwarded-Host": "evil.example"}
READER = "127.0.0.5"
"""From where somebody asks: an address that is not the proxy's."""


class Proxy(NamedTuple):
    """How one is started: the program, and what makes a command of a folder and the texts to put into its file."""

    program: str
    file: str
    command: Callable[[Path, str, int], list[str]]


def _nginx(folder: Path, text: str, port: int) -> list[str]:
    text = re.sub(r"^    listen \[.*\n", "", text, flags=re.MULTILINE)  # a machine may have no IPv6
    text = text.replace("listen 443 ", f"listen 127.0.0.1:{port} ").replace("listen 80;", f"listen 127.0.0.2:{port};")
    text = re.sub(r"/etc/letsencrypt/live/[^/]+", str(folder), text)
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "all.conf").write_text(f"{user} pid {folder}/pid; events {{}} http {{ {text} }}", "utf-8")
    return ["nginx", "-p", str(folder), "-c", str(folder / "all.conf"), "-e", "stderr", "-g", "daemon off;"]


def _caddy(folder: Path, text: str, port: int) -> list[str]:
    keys = f"tls {folder}/fullchain.pem {folder}/privkey.pem"
    text = text.replace(f"{HOST} {{", f"https://{HOST}:{port} {{\n\tbind 127.0.0.1\n\t{keys}")
    (folder / "Caddyfile").write_text(f"{{\n\tadmin off\n\tauto_https disable_redirects\n}}\n{text}", "utf-8")
    return ["caddy", "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


PROXIES = {"nginx": Proxy("nginx", "nginx.conf", _nginx), "caddy": Proxy("caddy", "Caddyfile", _caddy)}


@pytest.fixture
def whoami(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that says who asks for it."""
    router = APIRouter()

    @router.get("/whoami", dependencies=[open_to_all()])
    async def who(request: Request) -> str:
        return f"{request.client.host if request.client else ''} by {request.url.scheme}"

    monkeypatch.setattr(pages_of_desk, "ROUTERS", (*pages_of_desk.ROUTERS, router))


@asynccontextmanager
async def pages_at(database: Database, address: str, proxies: str) -> AsyncIterator[int]:
    """The pages on a port of this machine."""
    at = listening("127.0.0.1:0")
    async with serving(application(Desk(database, address)), at, proxies):
        yield at.getsockname()[1]


@pytest.mark.parametrize("proxies", ["", "127.0.0.9", "10.0.0.0/8"])
async def test_who_is_no_proxy_of_ours_asks_for_himself(database: Database, whoami: None, proxies: str) -> None:
    async with pages_at(database, f"https://{HOST}", proxies) as port, httpx.AsyncClient() as stranger:
        answer = await stranger.get(f"http://127.0.0.1:{port}/whoami", headers=FORGED)
        assert answer.json() == "127.0.0.1 by http"


async def test_a_proxy_of_ours_is_believed_but_not_what_it_passes_on(database: Database, whoami: None) -> None:
    async with pages_at(database, f"https://{HOST}", "127.0.0.0/8") as port, httpx.AsyncClient() as proxy:
        passed_on = {"X-Forwarded-For": "10.9.9.9, 203.0.113.9, 127.0.0.3", "X-Forwarded-Proto": "https"}
        answer = await proxy.get(f"http://127.0.0.1:{port}/whoami", headers=passed_on)
        assert answer.json() == "203.0.113.9 by https"


@pytest.mark.parametrize("proxies", ["*", "localhost", "127.0.0.1/8", "127.0.0.1, x"])
def test_a_proxy_is_an_address_or_a_network(proxies: str) -> None:
    with pytest.raises(ValueError, match="addresses or networks of proxies"):
        Settings(proxies=proxies)


@pytest.mark.parametrize("proxy", PROXIES.values(), ids=PROXIES)
def test_the_configuration_leads_to_where_the_pages_are(proxy: Proxy) -> None:
    text = (ROOT / "deploy" / proxy.file).read_text("utf-8")
    assert re.findall(r"\d+\.\d+\.\d+\.\d+:\d+", text) == [UPSTREAM]
    assert f'address = "https://{HOST}"' in (ROOT / "docs" / "server.md").read_text("utf-8")
    assert HOST in text
    [limit] = re.findall(r"(?:client_max_body_size|max_size) (\d+)(?:m|MiB)\b", text)
    assert LARGEST < int(limit) * 1_048_576 < 1.1 * LARGEST


@asynccontextmanager
async def behind(proxy: Proxy, folder: Path, pages: int) -> AsyncIterator[httpx.AsyncClient]:
    """Who asks through the proxy, from an address of his own."""
    authority = trustme.CA()
    certificate = authority.issue_cert(HOST)
    certificate.private_key_pem.write_to_path(folder / "privkey.pem")
    for each in certificate.cert_chain_pems:
        each.write_to_path(folder / "fullchain.pem", append=True)
    with listening("127.0.0.1:0") as free:
        port = free.getsockname()[1]
    text = (ROOT / "deploy" / proxy.file).read_text("utf-8").replace(UPSTREAM, f"127.0.0.1:{pages}")
    command = proxy.command(folder, text, port)
    home = {
        "HOME": str(folder),
        "XDG_DATA_HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
        "PATH": os.environ["PATH"],
    }
    with (folder / "log").open("wb") as log:
        running = subprocess.Popen(command, cwd=folder, env=home, stdout=log, stderr=log)
    trusted = ssl.create_default_context()
    authority.configure_trust(trusted)
    transport = httpx.AsyncHTTPTransport(verify=trusted, local_address=READER)
    try:
        base = f"https://127.0.0.1:{port}"
        async with httpx.AsyncClient(transport=transport, base_url=base, headers={"Host": HOST}) as reader:
            await _answers(reader, running, folder / "log")
            yield reader
    finally:
        running.terminate()
        running.wait(PATIENCE)


async def _answers(reader: httpx.AsyncClient, running: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the proxy answers."""
    async with asyncio.timeout(PATIENCE):
        while True:
            assert running.poll() is None, log.read_text()
            try:
                await reader.get("/healthz", extensions={"sni_hostname": HOST})
                return
            except httpx.ConnectError:
                await asyncio.sleep(0.02)


@pytest.mark.slow
@pytest.mark.parametrize("proxy", PROXIES.values(), ids=PROXIES)
async def test_the_pages_behind_a_real_one(proxy: Proxy, database: Database, whoami: None, tmp_path: Path) -> None:
    if shutil.which(proxy.program) is None:
        pytest.skip(f"{proxy.program} is not installed")
    folder = tmp_path / "proxy"
    folder.mkdir()
    here = {"sni_hostname": HOST}
    async with (
        pages_at(database, f"https://{HOST}", "127.0.0.1") as pages,
        behind(proxy, folder, pages) as reader,
    ):
        told = await reader.get("/whoami", headers=FORGED, extensions=here)
        assert told.json() == f"{READER} by https"
        assert told.headers["Strict-Transport-Security"] == "max-age=31536000"

        stranger = await reader.get("/sign-in", headers={"Host": "evil.example"}, extensions=here)
        assert "passphrase" not in stranger.text.lower()

        link = await signing_in.first_link(database)
        begun = await reader.post(
            f"/begin/{link}", data={"name": "ann", "passphrase": PASSPHRASE, "zone": "UTC"}, extensions=here
        )
        assert (begun.status_code, begun.headers["Location"]) == (303, "/")
        assert re.match(r"__Host-presswatch=.*; Secure", begun.headers["Set-Cookie"])
        assert (await reader.get("/", extensions=here)).status_code == 200

        more = await reader.post("/sign-in", content=b"a" * (LARGEST + 1), extensions=here)
        assert (more.status_code, "more than is taken here" in more.text) == (413, True)
        much_more = await reader.post("/sign-in", content=b"a" * 2 * LARGEST, extensions=here)
        assert much_more.status_code in (413, 502), "Caddy 2.6 says 502"

        async with asyncio.timeout(PATIENCE), reader.stream("GET", "/events", extensions=here) as stream:
            first = await anext(stream.aiter_text())
            assert "from now on" in first
