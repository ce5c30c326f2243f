"""Everybody can use every page: axe-core finds nothing, in both themes and both languages, at a desk and on a phone."""

from __future__ import annotations

import re
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from presswatch.web.app import application
from presswatch.web.desk import Desk
from storage.database import Database
from tests.browser.conftest import NO_CHROMIUM, skipped_because
from tests.browser.places import NO_PAGES, OUTSIDE, PAGES, PLACES
from tests.browser.serving import Newsroom
from tests.presswatch.web.walking import walked

AXE = Axe().axe_script
ALL = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
"""Pixels by which a page is wider than the window."""

REFUSED = (
    ("/topics/1", {"query": "alias:CSTO AND ("}, "Save"),
    ("/topics/new", {"name": "", "query": "bridge AND NOT"}, "Save"),
    ("/subscriptions?new=1", {"quiet": "at night"}, "Subscribe"),
    ("/subscriptions?change=1", {"quiet": "25:00-26:00", "at": "noon"}, "Save"),
    ("/subscriptions?channel=new", {"name": "desk", "address": "carrier-pigeon://home"}, "Save"),
    ("/topics?pause=2", {"until": "tomorrow"}, "Pause"),
    ("/settings?open=invite", {"mail": "nobody"}, "Make a link"),
    ("/settings?open=token", {"name": "", "days": "0"}, "Make it"),
    ("/settings", {"old": "not this one", "new": "another four words for it"}, "Change it"),
)
"""Forms with a mistake in them: where, what is typed into which fields, and the button."""


def violations(page: Page, rules: dict[str, Any] = ALL) -> list[str]:
    """What axe-core finds on the present page."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    run = "options => axe.run(options).then(found => found.violations)"
    options = {"runOnly": rules, "resultTypes": ["violations"], "preload": False, "iframes": False}
    found = page.evaluate(run, options)
    return [f"{page.url} {each['id']}: {node['html'][:200]}" for each in found for node in each["nodes"]]


def in_both_themes(page: Page) -> list[str]:
    page.emulate_media(color_scheme="light")
    found = violations(page)
    page.emulate_media(color_scheme="dark")
    return found + violations(page, COLOURS)


def sideways(page: Page, width: int) -> list[str]:
    """Whether the page scrolls sideways in a window so wide."""
    page.set_viewport_size({"width": width, "height": 800})
    over = page.evaluate(SIDEWAYS)
    return [f"{page.url} is {over} pixels wider than {width}"] if over > 0 else []


def test_where_there_is_no_browser_it_is_said_and_continuous_integration_skips_nothing() -> None:
    assert skipped_because("/usr/bin/chromium", {}) == ""
    assert skipped_because("", {}) == NO_CHROMIUM
    assert skipped_because("", {"CI": "true"}) == ""


def test_no_page_is_forgotten_here(database: Database) -> None:
    known = [place.partition("?")[0] for place in (*PLACES.values(), *OUTSIDE.values())]
    pages = {
        each.template
        for each in walked(application(Desk(database, "http://127.0.0.1")))
        if each.method == "GET" and not each.is_api and each.template not in NO_PAGES
    }
    shapes = {page: re.compile(re.sub(r"{\w+:path}", ".+", re.sub(r"{\w+}", "[^/]+", page))) for page in pages}
    assert [page for page, shape in shapes.items() if not any(map(shape.fullmatch, known))] == []


def test_at_a_desk_in_english(page: Page, desk_in_use: Newsroom) -> None:
    found, complained = [], []
    page.on(
        "console",
        lambda said: complained.append(said.text) if said.type == "error" and "404" not in said.text else None,
    )
    page.on("pageerror", lambda error: complained.append(str(error)))
    for name, place in PLACES.items():
        answer = page.goto(desk_in_use.at(place))
        assert answer is not None and answer.status == (404 if name == "nothing" else 200), name
        found += in_both_themes(page)
    assert found == []
    assert complained == [], "the browser says what its policy forbids, and what a script of ours did wrong"


def test_on_a_phone_in_russian(page: Page, desk_in_use: Newsroom) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.emulate_media(color_scheme="dark")
    found = []
    with desk_in_use.in_russian():
        for name, place in PLACES.items():
            page.goto(desk_in_use.at(place))
            found += sideways(page, 320) + sideways(page, 390)
            found += violations(page) if name in PAGES else []
    assert found == []


def test_what_is_shown_outside(browser: Browser, desk_in_use: Newsroom) -> None:
    found = []
    for locale, width in (("en", 1280), ("ru", 320)):
        with browser.new_context(locale=locale, viewport={"width": width, "height": 800}) as outside:
            page = outside.new_page()
            for place in OUTSIDE.values():
                page.goto(desk_in_use.at(place))
                found += in_both_themes(page) + sideways(page, width)
            page.goto(desk_in_use.at(OUTSIDE["begin"]))
            page.locator("#name").fill("a")
            page.locator("#passphrase").fill("the same twelve letters")
            page.locator("#name").fill("the same twelve letters")
            page.locator("main button").click()
            page.locator("#mistake").wait_for()
            found += in_both_themes(page)
    assert found == []


def test_refused_forms(page: Page, desk_in_use: Newsroom) -> None:
    found = []
    for place, typed, button in REFUSED:
        page.goto(desk_in_use.at(place))
        form = page.locator("main form", has=page.get_by_role("button", name=button, exact=True)).first
        form.evaluate("form => { form.noValidate = true; }")  # a browser that sends whatever is typed
        for name, words in typed.items():
            field = form.locator(f"[name={name}]")
            field.evaluate("field => { if (field.type === 'date') field.type = 'text'; }")
            field.fill(words)
        with page.expect_navigation() as answered:
            form.get_by_role("button", name=button, exact=True).click()
        assert answered.value.status == 422, place
        found += in_both_themes(page)
    assert found == []


def test_an_open_dialog(page: Page, desk_in_use: Newsroom) -> None:
    page.goto(desk_in_use.at("/"))
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("heading").first.wait_for()
    assert in_both_themes(page) == []
    page.keyboard.press("Escape")
    dialog.wait_for(state="detached")
    assert page.url == desk_in_use.at("/"), "the page stayed beneath it"
