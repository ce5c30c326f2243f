"""A newcomer's way, with a real process, a real site and real mail: from the first link to the last message."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import update

from presswatch.demo.site import ReplicaSite
from presswatch.demo.statements import demo_statements
from storage.clock import now
from storage.tables import items, sources
from tests.browser.visits import patient
from tests.fakes.program import Program
from tests.fakes.sinks import MailSink
from tests.presswatch.web.visiting import PASSPHRASE


@pytest.fixture
def site() -> Iterator[ReplicaSite]:
    with ReplicaSite() as site:
        for each in demo_statements("before"):
            site.publish(**each.as_arguments())
        yield site


@pytest.fixture
def program(tmp_path: Path) -> Program:
    program = Program(tmp_path / "data")
    program.environment["PRESSWATCH_LISTEN"] = "127.0.0.1:0"
    return program


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context() as context:
        yield patient(context).new_page()


def time_passes(program: Program) -> None:
    """Every section and every statement is due to be read again."""
    with program.database() as database:
        database.write(lambda connection: connection.execute(update(sources).values(next_poll_at=now())))
        database.write(lambda connection: connection.execute(update(items).values(next_revisit_at=now())))


def test_from_the_first_link_to_the_last_message(page: Page, program: Program, site: ReplicaSite) -> None:
    draft = next(each for each in demo_statements("live") if "CSTO" in each.title)
    with MailSink() as mail, program.started() as running:
        page.goto(running.wait_for("become the owner at").split(" at ")[1].split(" (")[0])
        becomes_the_owner(page)
        watches(page, site.section("en"))
        running.wait_for("poll      ")  # the first one, which is silent
        follows_csto(page)
        has_a_channel(page, mail.address)
        assert "test" in mail.wait_for(1)[0]["Subject"].lower()
        subscribes(page)

        statement = site.publish(**draft.as_arguments())
        time_passes(program)
        message = mail.wait_for(2)[1]
        written = message.get_body(("plain",))
        assert written is not None
        links = re.findall(r"http://127\.0\.0\.1:\d+/(?:statements|links)/\S+", written.get_content())
        page.goto(next(link for link in links if "/statements/" in link))
        expect(page.get_by_role("heading", level=1)).to_have_text(draft.title)
        expect(page.locator("#told")).to_contain_text("sent")

        page.locator("#find").fill("alias:CSTO AND hospital")
        page.keyboard.press("Enter")
        page.get_by_role("link", name=draft.title).click()
        site.edit(statement, body=[*draft.body, "The text of this statement has been clarified."])
        time_passes(program)
        running.wait_for("edited, version 2")
        page.reload()
        page.get_by_role("link", name="What changed").click()
        expect(page.locator("#changed ins")).to_contain_text("clarified")

        page.goto(next(link for link in links if "/links/" in link))
        page.get_by_role("button", name="Unsubscribe").click()
        expect(page.get_by_role("alert")).to_contain_text("is told of CSTO no longer")
        site.publish("Another session of the CSTO", "The CSTO met again.")
        time_passes(program)
        running.wait_for("Another session of the CSTO")
        assert running.stop() == 0
        assert len(mail.received) == 2, "nothing more came"


def becomes_the_owner(page: Page) -> None:
    page.get_by_label("Your name").fill("N. Halitsa")
    page.get_by_label("Passphrase").fill(PASSPHRASE)
    page.get_by_role("button", name="Begin").click()
    expect(page.locator("main")).to_contain_text("No source yet")


def watches(page: Page, section: str) -> None:
    """Add a section by its address, with a look at it."""
    page.get_by_role("link", name="Sources", exact=True).click()
    page.get_by_role("textbox", name="Add a section by its address").fill(section)
    page.get_by_role("button", name="Look at it").click()
    expect(page.locator("#look")).to_contain_text("A list of 4 statements.")
    expect(page.locator("#look")).to_contain_text("CSTO")
    page.get_by_role("button", name="Watch it").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("News")


def follows_csto(page: Page) -> None:
    page.get_by_role("link", name="Topics", exact=True).click()
    page.get_by_role("link", name="Follow CSTO").click()
    expect(page.locator("#trial")).to_contain_text("What it would have found")
    page.get_by_label("Query").fill("alias:CSTO AND NOT zebra")
    expect(page.locator("#trial .figures")).to_contain_text("1")  # the preview follows what is written
    page.get_by_label("Query").fill("alias:CSTO")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("main")).to_contain_text("tells nobody")


def has_a_channel(page: Page, address: str) -> None:
    """Add it, and send it a test; what the other side answered is shown."""
    page.get_by_role("link", name="Subscriptions", exact=True).click()
    page.get_by_role("link", name="Add a channel").first.click()
    page.get_by_label("Name", exact=True).fill("desk")
    page.get_by_label("Address", exact=True).fill(address)
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Send a test desk").click()
    expect(page.locator(".note.ok")).to_contain_text("taken")


def subscribes(page: Page) -> None:
    page.get_by_role("link", name="Subscribe", exact=True).click()
    page.get_by_label("Topic").select_option("CSTO")
    page.get_by_label("Channel").select_option("desk")
    page.get_by_role("button", name="Subscribe").click()
    expect(page.locator("tr", has_text="desk").first).to_contain_text("at once")
