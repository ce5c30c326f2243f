"""A browser becomes a channel by one click, shows what met a topic, and ends as every channel does."""

from __future__ import annotations

import io
import json
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from notify.delivery.dispatch import Dispatch
from presswatch.actions import channels, push
from presswatch.links import links_of
from presswatch.web.desk import Desk
from presswatch.web.rendering import STATIC
from storage.connection_guard import AddressPolicy
from storage.database import Database
from storage.outbox import alerts
from storage.types import SOLE_OWNER, AlertState
from tests.fakes.browser import PushedBrowser, signed_by
from tests.presswatch.web.visiting import ADDRESS, HOSTILE, Person, guest_of
from tests.storage.examples import draft, matched, store, subscribed, watched

LOOPBACK = AddressPolicy.parse("127.0.0.0/8")


@pytest.fixture
def browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PushedBrowser]:
    with PushedBrowser() as browser:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", browser.trusted_by(tmp_path))
        browser.answer_with(201)
        yield browser


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database, ADDRESS, LOOPBACK)


async def clicks(person: Person, browser: PushedBrowser, **otherwise: str) -> None:
    """What the script of the page does when somebody wants this browser told."""
    await person.visit("/subscriptions")
    [csrf] = person.tree.xpath("//form[@data-push]//input[@name='csrf']/@value")
    [asks] = person.tree.xpath("//form[@data-push]/@data-key")
    asked = (await person.ask("POST", asks, data={"csrf": csrf})).json()
    says = browser.says
    said = {"endpoint": says.endpoint, "p256dh": says.p256dh, "auth": says.auth, **asked, **otherwise}
    await person.ask("POST", "/channels/push", data={"csrf": csrf, **said}, follow_redirects=True)


async def test_a_browser_that_was_clicked_once_shows_headline_and_link(
    desk: Desk, owner: Person, browser: PushedBrowser
) -> None:
    await clicks(owner, browser)
    await clicks(owner, browser)  # again is no second channel
    [channel] = await channels.in_use(desk.database, SOLE_OWNER)
    assert channel.channel.name == "browser"
    assert "vapid://127.0.0.1" in owner.text
    for secret in (browser.says.auth, browser.says.p256dh, "0123456789abcdef"):
        assert secret not in owner.answer.text
    await owner.send(f"/channels/{channel.channel.id}/test")
    assert browser.wait_for(1)[0]["body"].startswith("This is a test of the channel browser")
    assert "201 Created" in owner.text

    told, source = subscribed(desk.database, name="browser"), watched(desk.database)
    matched(desk.database, told, *store(desk.database, draft(source, title=HOSTILE)))
    dispatch = Dispatch(desk.database, owner="host/1/a", console=io.StringIO())
    dispatch.lead_to(links_of(ADDRESS, desk.database.keyring, is_public=False))
    await dispatch.deliver_due()
    await dispatch.settled()
    pushed = browser.wait_for(2)[1]
    assert pushed["title"].endswith("on Bridges")
    assert HOSTILE in pushed["body"]
    assert pushed["url"] == f"{ADDRESS}/statements/1"
    headers, body = browser.raw[1]
    assert len(body) <= 4096
    assert headers["Content-Encoding"] == "aes128gcm"
    assert int(headers["TTL"]) >= 86_400
    key, claims = signed_by(headers["Authorization"])
    assert key == await push.key(desk.database)
    assert claims["aud"] == f"https://127.0.0.1:{browser.port}"
    assert claims["sub"] == f"mailto:{push.sender_at(ADDRESS)}"
    assert push.sender_at("https://desk.example.org") == "presswatch@desk.example.org"

    browser.answer_with(410)
    matched(desk.database, told, *store(desk.database, draft(source, 2)))
    await dispatch.deliver_due()
    await dispatch.settled()
    assert [each.state for each in desk.database.read(alerts.listing, SOLE_OWNER)][:1] == [AlertState.DEAD]
    await owner.visit("/subscriptions")
    assert "browser refuses our messages: vapid://127.0.0.1" in owner.text
    assert "answered 410 Gone" in owner.text


async def test_a_browser_goes_on_when_the_key_was_changed(desk: Desk, owner: Person, browser: PushedBrowser) -> None:
    await clicks(owner, browser)
    before = await push.key(desk.database)
    await channels.rotate_key(desk.database)
    assert await push.key(desk.database) != before
    await channels.test(desk.database, SOLE_OWNER, "browser", io.StringIO())
    assert signed_by(browser.raw[0][0]["Authorization"])[0] == before


async def test_what_is_no_browser_or_leads_into_our_own_network_is_refused(
    desk: Desk, owner: Person, browser: PushedBrowser
) -> None:
    for name, value in (
        ("endpoint", "http://push.example/x"),
        ("endpoint", "https://[/x"),
        ("endpoint", "https://user@push.example/x"),
        ("endpoint", "https://10.1.2.3/x"),
        ("endpoint", ""),
        ("p256dh", "AAAA"),
        ("auth", "é"),
        ("key", "another"),
        ("key", ""),
    ):
        await clicks(owner, browser, **{name: value})
        assert owner.answer.status_code == 422, f"{name}={value}"
    assert await channels.in_use(desk.database, SOLE_OWNER) == ()


async def test_each_has_his_own_browsers(desk: Desk, owner: Person, browser: PushedBrowser) -> None:
    await clicks(owner, browser)
    guest = await guest_of(desk)
    await clicks(guest, browser)
    assert [each.channel.owner_id for each in await channels.in_use(desk.database, SOLE_OWNER)] == [SOLE_OWNER]
    assert guest.answer.status_code == 200


async def test_the_site_can_be_installed_and_its_worker_speaks_for_all_pages(stranger: Person) -> None:
    await stranger.visit("/sign-in")
    [manifest] = stranger.tree.xpath("//link[@rel='manifest']/@href")
    [touch] = stranger.tree.xpath("//link[@rel='apple-touch-icon']/@href")
    icons = json.loads((await stranger.visit(manifest)).text)["icons"]
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in icons}
    assert any(icon.get("purpose") == "maskable" for icon in icons)
    for icon in [*icons, {"src": touch, "sizes": "180x180", "type": "image/png"}]:
        answer = await stranger.visit(icon["src"])
        assert answer.headers["Content-Type"].partition(";")[0] == icon["type"]
        if icon["type"] == "image/png":
            assert (
                "x".join(map(str, struct.unpack(">II", answer.content[16:24]))) == icon["sizes"]
            )  # of a PNG's first chunk
            assert len(answer.content) < 10_000
    worker = await stranger.visit("/static/push-worker.js")
    assert worker.headers["Service-Worker-Allowed"] == "/"
    assert worker.headers["Cache-Control"] == "no-cache"
    assert len((STATIC / "push-worker.js").read_bytes()) < 2_000
