"""The browser's ways out."""

from __future__ import annotations

import asyncio
import json
import re
from html import escape
from pathlib import Path
from typing import Any

from crawler.fetching.browser import executable
from crawler.fetching.proxy import GuardingProxy
from storage.connection_guard import AddressPolicy, guarded_connections
from tests.crawler.website import ask
from tests.patience import PATIENCE
from tests.ssrf.world import World

EVERYWHERE = AddressPolicy.parse("0.0.0.0/0 ::/0")
LOADED = """<!doctype html><title>News</title><h1>News</h1><script>
const added = (name, values) => document.head.append(Object.assign(document.createElement(name), values));
const tried = [
  there => fetch(there, {mode: 'no-cors'}).catch(() => {}),
  there => navigator.sendBeacon(there, 'x'),
  there => new WebSocket(there.replace(/^http/, 'ws')),
  there => new EventSource(there),
  there => { new Image().src = there },
  there => added('script', {src: there}),
  there => added('script', {src: there, type: 'module'}),
  there => added('link', {rel: 'stylesheet', href: there}),
  there => added('link', {rel: 'preconnect', href: there}),
  there => added('link', {rel: 'dns-prefetch', href: there}),
  there => added('link', {rel: 'prefetch', href: there}),
  there => added('link', {rel: 'preload', as: 'fetch', href: there}),
  there => new Worker(there),
];
fetch(%s);
%s.forEach((there, number) => {
  for (const one of [tried[0], tried[number %% tried.length]]) try { one(there) } catch {}
});
for (const there of %s) document.body.append(Object.assign(document.createElement('iframe'), {src: there}));
</script>"""
"""A page that asks for addresses in all ways that a script has."""


def _script(value: Any) -> str:
    """A value in a script, which ends with the first `</script>` whatever that stands in."""
    return json.dumps(value).replace("<", "\\u003c")


async def pages_in_a_browser(world: World, log: Path) -> None:
    """What a page loads and where it leads, in a real Chromium, which keeps a log of its network."""
    world.answer("/page", LOADED % tuple(map(_script, (world.well, world.addresses, world.addresses[::20]))))
    led = []
    for number, address in enumerate(world.addresses[::40]):
        header = address.translate(dict.fromkeys(map(ord, "\r\n\0"))).encode().decode("latin-1")
        world.site.answer(f"/away/{number}", status=302, Location=header)
        world.answer(f"/script/{number}", f"<h1>News</h1><script>location.href = {_script(address)}</script>")
        world.answer(f"/meta/{number}", f"<meta http-equiv=refresh content='0; url={escape(address)}'><h1>News</h1>")
        led += [world.site.address(f"/{kind}/{number}") for kind in ("away", "script", "meta")]
    watched = log.with_name("chromium")
    watched.write_text(f'#!/bin/sh\nexec "{executable()}" --log-net-log="{log}" "$@"\n')
    watched.chmod(0o700)
    settings = {**world.settings, "PRESSWATCH_BROWSER": str(watched), "DOWNLOAD_TIMEOUT": int(PATIENCE)}
    await ask(world.site.address("/page"), *led, browser=True, **settings)


def resolved(log: Path) -> set[str]:
    """The names that Chromium's own resolver worked on."""
    text = log.read_text("utf-8", "replace")
    [listed] = re.findall(r'"logEventTypes": ?(\{.*?\})', text)
    kinds = json.loads(listed)
    jobs = {kinds[name] for name in kinds if name.startswith(("HOST_RESOLVER_MANAGER_JOB", "DNS_TRANSACTION"))}
    events = (json.loads(line.rstrip().rstrip(",")) for line in text.splitlines() if line.startswith('{"params"'))
    return {str(event["params"].get("host")) for event in events if event["type"] in jobs and "host" in event["params"]}


async def the_browsers_proxy(world: World) -> None:
    """Requests as a browser makes them, and worse ones, for each address: as a whole, and to be tunnelled.

    The guard of the process lets all through meanwhile: the proxy is a line of its own.
    """
    proxy = GuardingProxy(world.policy)
    port = await proxy.start()
    world.border.allow(port)
    try:
        with guarded_connections(EVERYWHERE):
            await _ask_all(world, port)
    finally:
        await proxy.close()


async def _ask_all(world: World, port: int) -> None:
    said = await asyncio.gather(*(_through(port, head) for address in world.addresses for head in _heads(address)))
    assert not any(said), "whoever is refused gets nothing"
    answer = await _through(port, f"GET {world.well} HTTP/1.1\r\nHost: x\r\n\r\n")
    assert answer.startswith(b"HTTP/1.0 200 ")


def _heads(address: str) -> list[str]:
    there = address.partition("://")[2].partition("/")[0] or address
    return [
        f"GET {address} HTTP/1.1\r\nHost: mfa.example\r\n\r\n",
        f"CONNECT {there} HTTP/1.1\r\nHost: mfa.example:443\r\n\r\n",
    ]


async def _through(port: int, head: str) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(head.encode("utf-8", "surrogateescape"))
        async with asyncio.timeout(PATIENCE):
            return await reader.read(4096)
    except ConnectionResetError:
        return b""
    finally:
        writer.close()
