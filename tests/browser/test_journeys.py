"""Ways through the pages: two people at once, the keyboard alone, and no script at all."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from storage.items.store import store
from storage.sources import sources
from tests.browser.serving import Newsroom
from tests.browser.visits import patient, sign_in
from tests.fakes import newsroom
from tests.storage.examples import draft


@pytest.fixture
def page(browser: Browser, desk_in_use: Newsroom) -> Iterator[Page]:
    """A window of its own, nobody signed in."""
    with browser.new_context() as context:
        yield patient(context).new_page()


def comes_in(desk: Newsroom, number: int, title: str) -> None:
    """A ministry publishes."""
    source = desk.database.read(sources.get, "mfa-ka/news")
    desk.database.write(store, [draft(source, number, title=title)], now=newsroom.NOW)


def test_two_people_at_once(browser: Browser, desk_in_use: Newsroom, page: Page) -> None:
    with browser.new_context() as elsewhere:
        other = patient(elsewhere).new_page()
        sign_in(page, desk_in_use.address)
        sign_in(other, desk_in_use.address, newsroom.OTHER)
        comes_in(desk_in_use, 7001, "A bridge is opened")
        for each in (page, other):
            expect(each.get_by_role("status")).to_contain_text("1 new statement")
            expect(each.locator(".row", has_text="A bridge is opened")).to_have_count(0)
            each.get_by_role("link", name="Show them").click()
            expect(each.locator("#fresh .row")).to_contain_text("A bridge is opened")
        other.goto(desk_in_use.at("/topics/new"))
        other.get_by_label("Name").fill("Bridges")
        other.get_by_label("Query").fill("bridge")
        other.get_by_role("button", name="Save", exact=True).click()
        other.goto(desk_in_use.at("/topics"))
        expect(other.locator("tbody").first).to_contain_text("Bridges")
        assert "Grain" not in other.inner_text("main")
        page.goto(desk_in_use.at("/topics"))
        expect(page.locator("tbody").first).to_contain_text("Grain deliveries")
        assert "Bridges" not in page.inner_text("main")
        assert other.goto(desk_in_use.at("/topics/1")).status == 404  # type: ignore[union-attr]


def focused(page: Page) -> str:
    """What has the focus says its name; and it is seen, and shown to have it."""
    return str(
        page.evaluate("""() => {
            const here = document.activeElement, box = here.getBoundingClientRect(), style = getComputedStyle(here);
            const shown = box.bottom > 0 && box.top < innerHeight && style.outlineStyle !== "none";
            return (shown ? "" : "unseen: ") + (here.labels?.[0] ?? here).textContent.trim().replace(/\\s+/g, " ");
        }""")
    )


def tab_to(page: Page, name: str) -> None:
    """Press Tab until what is called so has the focus. On the way nothing may have it unseen."""
    on_the_way = []
    for _ in range(120):
        page.keyboard.press("Tab")
        on_the_way.append(focused(page))
        if on_the_way[-1] == name:
            break
    assert on_the_way[-1] == name, on_the_way
    assert [each for each in on_the_way if each.startswith("unseen")] == []


def test_the_keyboard_alone(page: Page, desk_in_use: Newsroom) -> None:
    page.goto(desk_in_use.at("/sign-in"))
    tab_to(page, "Name")
    page.keyboard.type(newsroom.NAME)
    tab_to(page, "Passphrase")
    page.keyboard.type(newsroom.PASSPHRASE)
    page.keyboard.press("Enter")
    expect(page.locator(".row").first).to_be_visible()
    page.keyboard.press("Tab")
    assert focused(page) == "To the text"

    page.keyboard.press("j")
    page.keyboard.press("j")
    title = focused(page)
    page.keyboard.press("k")
    assert focused(page) != title
    page.keyboard.press("j")
    page.keyboard.press("o")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    page.keyboard.press("n")
    assert page.evaluate("document.activeElement.tagName") == "MARK"

    page.keyboard.press("g")
    page.keyboard.press("s")
    page.wait_for_url("**/search")
    page.keyboard.press("/")
    page.keyboard.type("alias:CSTO lang:en g t ?")
    assert page.url.endswith("/search"), "in a field keys are letters"
    page.keyboard.press("Control+a")
    page.keyboard.type("alias:CSTO lang:en")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=alias**")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)

    page.keyboard.press("g")
    page.keyboard.press("u")
    page.wait_for_url("**/subscriptions")
    tab_to(page, "Change Sanctions, json")
    page.keyboard.press("Enter")
    page.wait_for_url("**/subscriptions?change=2*")
    tab_to(page, "Quiet hours")
    page.keyboard.press("Control+a")
    page.keyboard.type("23:00-06:00")
    page.keyboard.press("Enter")
    expect(page.locator("tbody").first).to_contain_text("23:00-06:00")


def test_without_a_script(browser: Browser, desk_in_use: Newsroom) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = patient(context).new_page()
        sign_in(page, desk_in_use.address)
        comes_in(desk_in_use, 7002, "A ferry is christened")
        page.get_by_role("link", name="Look for new ones").click()
        expect(page.locator("main")).to_contain_text("A ferry is christened")
        page.locator("#find").fill("alias:CSTO AND (")
        page.keyboard.press("Enter")
        expect(page.locator("#query-mistake")).to_be_visible()
        page.locator("#query").fill("alias:CSTO AND hospitals")
        page.get_by_role("button", name="Search").click()
        page.locator(".row a.title").first.click()
        page.get_by_role("link", name="What changed").click()
        expect(page.locator("#changed ins").first).to_be_visible()
        page.goto(desk_in_use.at("/topics/1"))
        page.get_by_label("Query").fill("alias:CSTO AND hospitals")
        page.get_by_role("button", name="Try it").click()
        expect(page.locator("#trial")).to_contain_text("lost")
        page.get_by_role("link", name="Keys: ?").or_(page.locator("a[href='/help/keys']")).first.click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
