"""One Chromium for all of these tests, in one process of the tests. Each is slow."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from crawler.fetching.browser import executable
from presswatch.web.desk import Desk
from storage.database import Database
from storage.opening import open_database
from storage.people import users
from tests.fakes import newsroom
from tests.patience import PATIENCE
from tests.presswatch.web.browser.serving import served

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


@dataclass(frozen=True)
class Newsroom:
    """A desk in the middle of its day, and where its pages are."""

    address: str
    database: Database
    named: Mapping[str, str]
    """What stands for the parts of an address in `places`."""

    def at(self, place: str) -> str:
        """The whole address of a place."""
        return self.address + place.format(**self.named)

    @contextmanager
    def in_russian(self) -> Iterator[None]:
        """Meanwhile its reader has the interface in Russian."""
        reader = self.database.read(users.get, newsroom.NAME)
        self.database.write(users.set_preferences, reader, replace(reader.preferences, language="ru"))
        yield
        self.database.write(users.set_preferences, reader, reader.preferences)


@pytest.fixture(scope="package")
def desk_in_use(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    with open_database(tmp_path_factory.mktemp("newsroom")) as database:
        with ThreadPoolExecutor() as beside:  # in this thread there may be Playwright's loop
            named = beside.submit(newsroom.fill, database).result()
        with served(Desk(database, "http://127.0.0.1", clock=lambda: newsroom.NOW)) as address:
            yield Newsroom(address, database, named)


@pytest.fixture(scope="package")
def signed_in(browser: Browser, desk_in_use: Newsroom) -> Iterator[BrowserContext]:
    """A browser window of somebody who is signed in there."""
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        context.set_default_timeout(PATIENCE * 1000)
        sign_in(context.new_page(), desk_in_use.address)
        yield context


def sign_in(page: Page, address: str, name: str = newsroom.NAME, passphrase: str = newsroom.PASSPHRASE) -> None:
    """As a person does."""
    page.goto(f"{address}/sign-in")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Passphrase").fill(passphrase)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", level=1).wait_for()
