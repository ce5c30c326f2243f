"""`python -m tests.screenshots [PLACE ...] [--into FOLDER]`."""

from __future__ import annotations

import argparse
import base64
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import time_machine
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from crawler.fetching.browser import executable
from tests.browser.places import OUTSIDE, PAGES, PLACES
from tests.browser.serving import Newsroom, in_use
from tests.browser.visits import patient, sign_in
from tests.fakes import newsroom

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
QUALITY = 42
"""Of WebP, of 100."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a page is looked at."""

    width: int = 1_280
    theme: Literal["light", "dark"] = "light"
    language: Literal["en", "ru"] = "en"
    tallest: int = 1_100
    """Pixels: of a longer page its beginning is shown."""


LOOKS = {
    "": Look(),
    "-dark": Look(theme="dark", tallest=900),
    "-phone": Look(390, tallest=900),
    "-ru": Look(language="ru", tallest=900),
}
"""By what a picture's name ends in. What is written from right to left is `statement-rtl`."""
MAIN = (
    "today", "search", "statement", "statement-rtl", "topics", "topic", "subscriptions", "sources", "trends", "kept",
    "settings", "sign-in",
)  # fmt: skip
"""What is shown in every look; the others in the first one."""


def main() -> int:
    """Take the pictures; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="./run screenshots", description="Make pictures of every page, in light and dark, on a phone, in Russian."
    )
    parser.add_argument("places", nargs="*", metavar="PLACE", help=f"which, of: {', '.join([*PLACES, *OUTSIDE])}")
    parser.add_argument("--into", type=Path, default=IMAGES, metavar="FOLDER", help="where to (default: docs/images)")
    arguments = parser.parse_args()
    unknown = [name for name in arguments.places if name not in {**PLACES, **OUTSIDE}]
    if unknown:
        parser.error(f"there is no place {unknown[0]!r}")
    if not executable():
        print("NO CHROMIUM: install Debian's package chromium.", file=sys.stderr)
        return 1
    arguments.into.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder, time_machine.travel(newsroom.NOW), in_use(Path(folder)) as desk:
        taken = take(desk, arguments.places or [*PAGES, *OUTSIDE, "statement-changed"], arguments.into)
    print(f"{taken} pictures in {arguments.into}")
    return 0


def take(desk: Newsroom, names: Sequence[str], into: Path) -> int:
    """Take pictures of these places, of the main ones in every look; return how many."""
    taken = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=["--no-sandbox"])
        for ending, look in LOOKS.items():
            wanted = [name for name in names if not ending or name in MAIN]
            with window(browser, look) as inside, window(browser, look) as outside:
                page, strange = inside.new_page(), outside.new_page()
                sign_in(page, desk.address)
                page.goto(desk.at(PLACES["search"]))  # what is asked for the first time takes longer
                with desk.in_russian() if look.language == "ru" else nullcontext():
                    for name in wanted:
                        shown = strange if name in OUTSIDE else page
                        shown.goto(desk.at({**PLACES, **OUTSIDE}[name]))
                        (into / f"{name}{ending}.webp").write_bytes(picture(shown, look))
            taken += len(wanted)
        browser.close()
    return taken


def window(browser: Browser, look: Look) -> BrowserContext:
    """A browser window of this look."""
    size: ViewportSize = {"width": look.width, "height": 800}
    return patient(browser.new_context(viewport=size, color_scheme=look.theme, locale=look.language))


def picture(page: Page, look: Look) -> bytes:
    """The present page as WebP, which Playwright itself does not write."""
    height = min(look.tallest, page.evaluate("document.documentElement.scrollHeight"))
    area = {"x": 0, "y": 0, "width": look.width, "height": height, "scale": 1}
    how = {"format": "webp", "quality": QUALITY, "captureBeyondViewport": True, "clip": area}
    session = page.context.new_cdp_session(page)
    try:
        return base64.b64decode(session.send("Page.captureScreenshot", how)["data"])
    finally:
        session.detach()


if __name__ == "__main__":
    sys.exit(main())
