"""Pages read after their scripts have run: Debian's Chromium behind our guard, for the sources that ask for it.

Nothing of it is loaded or started before the first such request. The browser reaches the web through
`crawler.fetching.proxy` alone, so that whatever a page loads, and wherever it is led, the address really connected to
is checked. Each page has a context of its own, without pictures, media, fonts, service workers and downloads; `PAGES`
at a time.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import os
import shutil
import sys
import time
from pathlib import Path
from typing import Any

from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, DownloadTimeoutError
from scrapy.http import Request, Response

from crawler.fetching.proxy import GuardingProxy
from crawler.middlewares.guard import AddressIgnored
from storage.connection_guard import AddressPolicy

PAGES = 2
"""Pages at a time: each may take a few hundred megabytes."""

QUIET = 5.0
"""Seconds that a page gets, once it is loaded, until nothing is loaded any more."""

CLOSING = 2.0
"""Seconds that a page or the browser gets to close, before it is ended."""

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_REFUSED = "{} leads to a private, loopback or otherwise special address"
_UNNEEDED = frozenset({"image", "media", "font", "websocket", "eventsource", "manifest", "texttrack"})
_FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",  # names are the proxy's to resolve: no hint to a DNS
    "--js-flags=--max-old-space-size=256",
)


class BrowserMissing(Exception):
    """There is no browser to read pages with."""


def executable(named: str = "") -> str:
    """The path of Chromium: the one that is named, or the first on the PATH; nothing where there is none."""
    if named:
        return named if Path(named).is_file() else ""
    return next((path for name in _NAMES if (path := shutil.which(name))), "")


def missing(named: str = "") -> tuple[str, str] | None:
    """What is missing to read pages in a browser, and the mend; None where nothing is."""
    if importlib.util.find_spec("scrapy_playwright") is None:
        uv = Path(sys.executable).with_name("uv")
        installer = (
            f"UV_SYSTEM_CERTS=1 {uv} pip install --python {sys.executable}"
            if uv.exists()
            else f"{sys.executable} -m pip install"
        )
        return "the extra `browser` is not installed", f"install it: {installer} scrapy-playwright"
    if not executable(named):
        what = f"there is no browser at {named}" if named else "there is no Chromium on the PATH"
        return what, "install Debian's chromium, or name another one's path with PRESSWATCH_BROWSER"
    return None


class Browser:
    """The browser of a crawl, started with its first page."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._settings = crawler.settings
        self._policy = AddressPolicy.parse(crawler.settings.get("PRESSWATCH_ALLOW_ADDRESSES") or "")
        self._places = asyncio.Semaphore(PAGES)
        self._starting = asyncio.Lock()
        self._proxy: GuardingProxy | None = None
        self._handler: Any = None
        self._number = 0

    async def download(self, request: Request) -> Response:
        """The page as it stands when its scripts have run. Raises `BrowserMissing`, and what a download raises."""
        async with self._places:
            handler = await self._started()
            assert self._proxy is not None
            began = time.monotonic()
            self._number += 1
            name = f"page-{self._number}"
            rendered = request.replace(meta={**request.meta, **self._meta(name)})
            try:
                async with asyncio.timeout(request.meta.get("download_timeout") or 30):
                    response: Response = await handler.download_request(rendered)
            except TimeoutError:
                raise DownloadTimeoutError(f"{request.url} is not rendered in time") from None
            except Exception as error:
                if refused := self._proxy.refused_since(began):  # it, or where it led
                    raise AddressIgnored(_REFUSED.format(refused)) from error
                if type(error).__name__ == "TimeoutError":
                    raise DownloadTimeoutError(str(error)) from error
                raise
            finally:
                await self._close_page(name)
        request.meta.update({key: value for key, value in rendered.meta.items() if key.startswith("redirect_")})
        if len(response.body) > self._settings.getint("DOWNLOAD_MAXSIZE"):
            raise DownloadCancelledError(f"{request.url} is larger than is read")
        return response

    async def close(self) -> None:
        """End the browser, whatever its pages do."""
        handler, self._handler = self._handler, None
        if handler is not None:
            with contextlib.suppress(Exception):
                async with asyncio.timeout(CLOSING):
                    await handler.browser.close()
            with contextlib.suppress(Exception):
                async with asyncio.timeout(CLOSING):
                    await handler.browser_provider.close()  # it ends Playwright, and Playwright its browser
        if self._proxy is not None:
            await self._proxy.close()

    def _meta(self, name: str) -> dict[str, Any]:
        from scrapy_playwright.page import PageMethod

        return {
            "playwright": True,
            "playwright_include_page": True,  # else a page that is given up on stays open
            "playwright_context": name,
            "playwright_context_kwargs": {
                "user_agent": self._settings["USER_AGENT"],
                "service_workers": "block",
                "accept_downloads": False,
            },
            "playwright_page_methods": [PageMethod(_settled)],
        }

    async def _started(self) -> Any:
        async with self._starting:
            if self._handler is None:
                self._handler = await self._start()
            return self._handler

    async def _start(self) -> Any:
        named = self._settings.get("PRESSWATCH_BROWSER") or ""
        if lacking := missing(named):
            raise BrowserMissing(lacking[0])
        from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

        self._proxy = GuardingProxy(self._policy)
        port = await self._proxy.start()
        handler = ScrapyPlaywrightDownloadHandler(self._crawler)
        handler.process_request_headers = None  # the context says who asks, for all that the page loads
        handler.abort_request = is_unneeded
        handler.config.launch_options = {
            "executable_path": executable(named),
            # Loopback goes through the proxy too: it is refused there.
            "proxy": {"server": f"http://127.0.0.1:{port}", "bypass": "<-loopback>"},
            "args": list(_FLAGS),
            "chromium_sandbox": not _is_root(),  # Chromium's own sandbox does not work for root
            "handle_sigint": False,
            "handle_sigterm": False,
            "handle_sighup": False,
        }
        await handler._launch()
        return handler

    async def _close_page(self, name: str) -> None:
        wrapper = self._handler.context_wrappers.get(name) if self._handler is not None else None
        if wrapper is None:
            return
        try:
            async with asyncio.timeout(CLOSING):
                await wrapper.context.close()
        except Exception:  # it hangs beyond help: the next page gets a browser of its own
            await self.close()


def is_unneeded(request: Any) -> bool:
    """Whether a page can be read without it."""
    return request.resource_type in _UNNEEDED


async def _settled(page: Any) -> None:
    """Wait until the page loads nothing more; one that never comes to rest is read as it is."""
    from playwright.async_api import TimeoutError as NotSettled

    with contextlib.suppress(NotSettled):
        await page.wait_for_load_state("networkidle", timeout=QUIET * 1000)


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0
