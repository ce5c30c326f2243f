"""The demo in a browser: the ministry's day comes in while one looks."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.browser.visits import patient, sign_in
from tests.fakes.program import Program


def test_a_statement_its_alert_its_edit_and_a_withdrawal_come_in_live(browser: Browser, tmp_path: Path) -> None:
    program = Program(tmp_path / "data")
    program.environment["PRESSWATCH_LISTEN"] = "127.0.0.1:0"
    with program.started("demo") as running, browser.new_context() as context:
        *_, address, _, name, _, passphrase = running.wait_for("watch it in a browser too: ").split()
        today, edited = patient(context).new_page(), "Deputy Minister I.Lazovskaya attends consultations on Afghanistan"
        sign_in(today, address, name, passphrase)
        news = today.get_by_role("status")
        expect(news).to_contain_text("new statement")
        running.wait_for("the ministry silently edits")  # all that it says is there by now, and shown by one click
        news.get_by_role("link", name="Show them").click()
        row = today.locator(".row", has_text=edited).first
        expect(row).to_contain_text("CSTO")
        expect(row.locator(".state.edit")).to_contain_text("edited")
        running.wait_for("look around in the browser")
        row.locator("a.title").click()
        today.get_by_role("link", name="What changed").click()
        expect(today.locator("#changed ins")).to_contain_text("The text of this statement has been clarified.")
        expect(today.locator("#told")).to_contain_text("sent")
        today.goto(address)
        expect(today.locator("#changed")).to_contain_text("Withdrawn")
        assert running.stop() == 0
