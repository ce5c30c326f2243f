"""Every key of the help does what the help says, on any keyboard, and nothing once it is switched off."""

from __future__ import annotations

import re
from dataclasses import replace

from playwright.sync_api import Page, expect

from storage.people import users
from tests.browser.serving import Newsroom
from tests.fakes import newsroom

PLACES = {"t": "/", "s": "/search", "o": "/topics", "u": "/subscriptions", "c": "/sources", "r": "/trends",
          "e": "/settings"}  # fmt: skip
TYPED = "([key, code]) => document.body.dispatchEvent(new KeyboardEvent('keydown', {key, code, bubbles: true}))"
"""A key of a keyboard that is not Latin."""


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.textContent"))


def test_keys_lead_to_every_page(page: Page, desk_in_use: Newsroom) -> None:
    for key, where in PLACES.items():
        page.goto(desk_in_use.at("/help/keys"))
        page.keyboard.press("g")
        page.keyboard.press(key)
        page.wait_for_url(desk_in_use.at(where))


def test_rows_are_walked_opened_and_left(page: Page, desk_in_use: Newsroom) -> None:
    page.goto(desk_in_use.at("/search?q=alias:CSTO"))
    titles = page.locator(".row .title").all_text_contents()
    assert len(titles) > 2
    for key, at in (("j", 0), ("j", 1), ("k", 0), ("k", 0)):
        page.keyboard.press(key)
        assert focused(page) == titles[at]
        expect(page.locator('.row[aria-current="true"]')).to_have_count(1)
    page.keyboard.press("/")
    expect(page.locator("#query")).to_be_focused()
    page.keyboard.press("j")  # a letter of the query
    expect(page.locator("#query")).to_have_value(re.compile("j"))
    page.keyboard.press("Escape")
    expect(page.locator("#query")).not_to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("o")
    page.wait_for_url("**/statements/*")


def test_a_statement_is_read_by_keys(page: Page, desk_in_use: Newsroom) -> None:
    page.goto(desk_in_use.at("/statements/{edited}"))
    marks = page.locator("main mark").all_text_contents()
    assert len(marks) > 1
    page.keyboard.press("n")
    assert focused(page) == marks[0]
    page.keyboard.press("p")
    assert focused(page) == marks[-1]
    page.keyboard.press("d")
    page.wait_for_url("**compare=*#changed")
    page.keyboard.press("l")
    page.wait_for_url(lambda url: "/statements/" in url and "compare" not in url)
    here = page.url
    page.keyboard.press("[")
    page.wait_for_url(lambda url: "/statements/" in url and url != here)


def test_help_with_the_keys_opens_and_closes(page: Page, desk_in_use: Newsroom) -> None:
    page.goto(desk_in_use.at("/search"))
    page.keyboard.press("?")
    expect(page.locator("dialog h1")).to_have_text("Keys")
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)


def test_keys_do_the_same_where_letters_are_not_latin(page: Page, desk_in_use: Newsroom) -> None:
    page.goto(desk_in_use.at("/search?q=alias:CSTO"))
    page.evaluate(TYPED, ["о", "KeyJ"])
    assert focused(page) == page.locator(".row .title").first.text_content()


def test_keys_that_are_switched_off_do_nothing(page: Page, desk_in_use: Newsroom) -> None:
    reader = desk_in_use.database.read(users.get, newsroom.NAME)
    wishes = reader.preferences
    desk_in_use.database.write(users.set_preferences, reader, replace(wishes, keys=False))
    page.goto(desk_in_use.at("/search?q=alias:CSTO"))
    page.keyboard.press("j")
    expect(page.locator('.row[aria-current="true"]')).to_have_count(0)
    desk_in_use.database.write(users.set_preferences, reader, wishes)
    page.reload()
    page.keyboard.press("j")
    expect(page.locator('.row[aria-current="true"]')).to_have_count(1)
