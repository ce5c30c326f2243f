"""A real browser is asked, becomes a channel, and shows what is pushed to it. Its maker's service alone is left out."""

from __future__ import annotations

import json
from dataclasses import asdict

from playwright.sync_api import BrowserContext

from tests.browser.serving import Newsroom
from tests.fakes.browser import PushedBrowser
from tests.patience import PATIENCE, wait_until

ASKED = """
PushManager.prototype.subscribe = async ({ userVisibleOnly, applicationServerKey }) => {
  if (!userVisibleOnly || applicationServerKey.length !== 87) throw new Error("asked wrongly");
  const { endpoint, ...keys } = %s;
  return { toJSON: () => ({ endpoint, keys }) };
};
"""
"""In place of the browser's maker, whom nothing here may reach."""
SHOWN = "navigator.serviceWorker.ready.then(worker => worker.getNotifications()).then(all => all.map(one => \
[one.title, one.body, one.data.url]))"


def test_a_click_makes_the_browser_a_channel_and_what_is_pushed_comes_up(
    signed_in: BrowserContext, desk_in_use: Newsroom
) -> None:
    signed_in.grant_permissions(["notifications"], origin=desk_in_use.address)
    page = signed_in.new_page()
    says = {**asdict(PushedBrowser().says), "endpoint": "https://push.example/send/0123456789abcdef"}
    page.add_init_script(ASKED % json.dumps(says))
    page.goto(desk_in_use.at("/subscriptions"))
    page.get_by_role("button", name="Tell this browser").click()
    row = page.get_by_role("row").filter(has_text="vapid://push.example")
    row.wait_for()

    developer = signed_in.new_cdp_session(page)
    registered: list[dict[str, str]] = []
    developer.on("ServiceWorker.workerRegistrationUpdated", lambda event: registered.extend(event["registrations"]))
    developer.send("ServiceWorker.enable")
    page.wait_for_function("navigator.serviceWorker.ready", timeout=PATIENCE * 1000)
    [worker] = {each["registrationId"] for each in registered if each["scopeURL"] == f"{desk_in_use.address}/"}
    pushed = {"title": "A ministry on CSTO", "body": "A statement", "url": "/statements/1", "tag": "1"}
    sent = {"origin": desk_in_use.address, "registrationId": worker, "data": json.dumps(pushed)}
    developer.send("ServiceWorker.deliverPushMessage", sent)
    wait_until(lambda: page.evaluate(SHOWN) == [["A ministry on CSTO", "A statement", "/statements/1"]])
    row.get_by_role("link", name="Remove").click()
    page.get_by_role("button", name="Remove").click()
    developer.detach()  # the page ends with its window: Chromium may wait for ever where one that showed this is closed
