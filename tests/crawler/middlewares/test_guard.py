"""No request leads to a forbidden address: not by its own, a redirect's or a name's."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest
from scrapy import Request
from scrapy.settings import Settings

from crawler.middlewares.guard import AddressIgnored, GuardMiddleware
from storage.types import Reason
from tests.crawler.middlewares.failures import why
from tests.crawler.website import Website, ask, status

pytestmark = pytest.mark.asyncio(loop_scope="session")  # Twisted has one reactor, and it has one loop


async def test_the_guard_looks_again_at_what_it_has_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.middlewares.guard.SITES_KEPT", 3)
    guard = GuardMiddleware(SimpleNamespace(settings=Settings(), spider=None))  # type: ignore[arg-type]
    for number in range(10):
        guard.process_request(Request(f"https://{number}.example/"))
        assert len(guard._permitted) <= 3
    with pytest.raises(AddressIgnored):
        guard.process_request(Request("https://127.0.0.1/"))


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://10.0.0.1/", "http://169.254.169.254/latest/",
     "http://2130706433/", "http://0x7f.1/"],
)  # fmt: skip
async def test_a_private_or_loopback_address_is_refused(address: str) -> None:
    [outcome] = await ask(address, PRESSWATCH_ALLOW_ADDRESSES="")
    assert isinstance(outcome, AddressIgnored)
    assert why(outcome)[0] is Reason.REFUSED


async def test_a_redirect_to_a_forbidden_address_is_refused_and_nobody_asks_there(
    site: Website, other: Website
) -> None:
    site.answer("/away", status=302, Location=other.address())
    [outcome] = await ask(site.address("/away"), PRESSWATCH_ALLOW_ADDRESSES=f"127.0.0.1:{site.port}")
    assert why(outcome)[0] is Reason.REFUSED
    assert "/away" in site.paths
    assert other.paths == []


@pytest.mark.parametrize("target", ["file:///etc/hostname", "ftp://127.0.0.1/x", "data:text/plain,x", "gopher://x/"])
async def test_a_redirect_away_from_the_web_is_not_followed(site: Website, target: str) -> None:
    site.answer("/away", status=302, Location=target)
    [outcome] = await ask(site.address("/away"))
    assert isinstance(outcome, AddressIgnored) or status(outcome) == 302


async def test_a_redirect_to_an_allowed_address_is_followed(site: Website, other: Website) -> None:
    site.answer("/away", status=301, Location=other.address())
    [outcome] = await ask(site.address("/away"))
    assert status(outcome) == 200
    assert other.paths == ["/robots.txt", "/"]


async def test_a_redirect_that_leads_in_a_circle_ends(site: Website) -> None:
    site.answer("/a", status=302, Location="/b")
    site.answer("/b", status=302, Location="/a")
    [outcome] = await ask(site.address("/a"))
    assert why(outcome)[0] is Reason.REDIRECTS
    assert len(site.paths) <= 1 + 6


NAMED = """
import asyncio, os, socket, sys

resolve, asked = socket.getaddrinfo, []

def lie(host, *args, **kwargs):
    asked.append(host)
    return resolve("127.0.0.1" if host == "mfa.example" else host, *args, **kwargs)

socket.getaddrinfo = lie
socket.gethostbyname = lambda host: lie(host, 0)[0][4][0]

from crawler.fetching.failures import of_failure
from storage.connection_guard import AddressPolicy, guarded_connections
from tests.crawler.website import ask

async def main():
    with guarded_connections(AddressPolicy()):
        [outcome] = await ask(f"http://mfa.example:{sys.argv[1]}/", PRESSWATCH_ALLOW_ADDRESSES="")
    print(*of_failure(outcome), "mfa.example" in asked, sep="|", flush=True)
    os._exit(0)

asyncio.run(main())
"""


async def test_a_name_that_leads_to_a_forbidden_address_is_refused_when_the_connection_opens(site: Website) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", NAMED, str(site.port)]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, env=environment)
    assert done.stdout.strip().split("|") == [
        "refused-address", "its name leads to a private, loopback or otherwise special address", "True",
    ], done.stderr  # fmt: skip
    assert site.paths == []
