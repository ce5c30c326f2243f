"""One Chromium for all of these tests, in one process of the tests. Each is slow."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from crawler.fetching.browser import executable
from tests.browser.serving import Newsroom, in_use
from tests.browser.visits import patient, sign_in

WINDOW: ViewportSize = {"width": 1280, "height": 900}
NO_CHROMIUM = "NO CHROMIUM: the pages are NOT tested in a browser; install Debian's package chromium"


def skipped_because(found: str, environment: Mapping[str, str]) -> str:
    """Why there is nothing to test with, or nothing. Continuous integration skips nothing: there it fails."""
    return NO_CHROMIUM if not found and not environment.get("CI") else ""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    reason = skipped_because(executable(), os.environ)
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.xdist_group("pages in a browser"))
            if reason and "browser" in getattr(item, "fixturenames", ()):
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium. It ends with these tests: while it runs, this process's main thread has a loop of Playwright's."""
    with sync_playwright() as playwright:
        found = executable()
        assert found, NO_CHROMIUM
        with playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"]) as chromium:
            yield chromium


@pytest.fixture(scope="package")
def desk_in_use(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    with in_use(tmp_path_factory.mktemp("newsroom")) as newsroom:
        yield newsroom


@pytest.fixture(scope="package")
def signed_in(browser: Browser, desk_in_use: Newsroom) -> Iterator[BrowserContext]:
    """A browser window of somebody who is signed in there."""
    with browser.new_context(viewport=WINDOW) as context:
        sign_in(patient(context).new_page(), desk_in_use.address)
        yield context


@pytest.fixture
def page(signed_in: BrowserContext) -> Page:
    """That window's first page as it was at first. None is closed: Chromium may never answer that on a busy machine."""
    page = signed_in.pages[0]
    page.set_viewport_size(WINDOW)
    page.emulate_media(color_scheme="null")
    return page
