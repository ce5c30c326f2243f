"""What a person does in a browser, again and again."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Page, expect

from tests.fakes import newsroom
from tests.patience import PATIENCE


def patient(context: BrowserContext) -> BrowserContext:
    """A window in which is waited for as long as tests wait."""
    context.set_default_timeout(PATIENCE * 1000)
    expect.set_options(timeout=PATIENCE * 1000)
    return context


def sign_in(page: Page, address: str, name: str = newsroom.NAME, passphrase: str = newsroom.PASSPHRASE) -> None:
    """As a person does."""
    page.goto(f"{address}/sign-in")
    form = page.locator("form", has=page.locator("[name=passphrase]"))  # by no word of it, in whichever language it is
    form.locator("[name=name]").fill(name)
    form.locator("[name=passphrase]").fill(passphrase)
    form.get_by_role("button").click()
    page.get_by_role("heading", level=1).wait_for()
