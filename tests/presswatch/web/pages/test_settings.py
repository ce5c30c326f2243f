"""What is one's own: zone, theme, keys and passphrase."""

from __future__ import annotations

from presswatch.actions import signing_in
from presswatch.web.desk import Desk
from tests.presswatch.web.visiting import PASSPHRASE, Person

NEW = "other words that nobody knows"


async def test_the_pages_are_shown_as_one_likes(owner: Person) -> None:
    await owner.visit("/settings")
    await owner.send("/settings", zone="Europe/Minsk", theme="dark")
    assert "Saved." in owner.text
    assert owner.tree.get("data-theme") == "dark"
    assert "Times in Europe/Minsk" in owner.text


async def test_the_first_page_opens_as_one_likes_and_is_still_where_one_wants_that(owner: Person) -> None:
    def chosen() -> list[str]:
        return list(owner.tree.xpath("//nav[@class='tabs']/a[@aria-current]/text()"))

    await owner.visit("/")
    assert chosen() == ["By topic"]
    assert owner.tree.find_class("news")[0].get("data-ask")
    await owner.visit("/settings")
    [form] = [each for each in owner.tree.forms if each.get("action") == "/settings"]
    sent = {name: value for name, value in form.form_values() if name != "live"} | {"today": "time"}
    await owner.ask("POST", "/settings", data=sent)
    await owner.visit("/")
    assert chosen() == ["By time"]
    assert owner.tree.find_class("news")[0].keys() == ["class"]
    assert "Look for new ones" in owner.text_of("news")
    [before] = owner.tree.xpath("//a[@rel='prev']/@href")
    await owner.visit(before)
    assert chosen() == ["By time"]
    await owner.visit("/?by=topic")
    assert chosen() == ["By topic"]
    await owner.visit("/settings")
    assert (owner.tree.get_element_by_id("today").value, owner.tree.xpath("//input[@name='live']/@checked")) == (
        "time",
        [],
    )


async def test_a_zone_that_is_none_is_refused(owner: Person) -> None:
    await owner.visit("/settings")
    csrf = owner.tree.xpath("//input[@name='csrf']/@value")[0]
    answer = await owner.ask("POST", "/settings", data={"csrf": csrf, "zone": "Nowhere/At all", "theme": ""})
    assert answer.status_code == 422
    assert "there is no time zone" in owner.text


async def test_another_passphrase_signs_the_others_out(owner: Person, desk: Desk) -> None:
    elsewhere = Person(desk)
    await elsewhere.sign_in("owner")
    await owner.visit("/settings")
    assert (await owner.send("/settings/passphrase", old="a wrong one", new=NEW)).status_code == 422
    await owner.send("/settings/passphrase", old=PASSPHRASE, new=NEW)
    assert "Saved." in owner.text
    await elsewhere.visit("/settings")
    assert elsewhere.place.startswith("/sign-in")
    assert (await signing_in.sign_in(desk.database, "owner", NEW)).user.name == "owner"


async def test_where_one_is_signed_in_is_seen_and_ended(owner: Person, desk: Desk) -> None:
    elsewhere, third = Person(desk), Person(desk)
    for person in (elsewhere, third):
        person.browses_with("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/131.0 Mobile Safari/537.36")
        await person.sign_in("owner")
    await owner.visit("/settings")
    assert owner.text.count("Chrome on Android") == 2
    assert "a browser this one" in owner.text
    [number, _] = [form.get("action") for form in owner.tree.forms if form.get("action", "").endswith("/end")]
    await owner.send(number)
    await owner.send("/settings/sessions/others")
    assert owner.tree.get_element_by_id("sign-ins").text_content().count("Android") == 0
    for person in (elsewhere, third):
        await person.visit("/settings")
        assert person.place.startswith("/sign-in")
    assert (await owner.visit("/settings")).status_code == 200


async def test_a_token_is_shown_once_and_ends_when_it_is_revoked(owner: Person) -> None:
    await owner.visit("/settings?open=token")
    refused = await owner.send("/settings/tokens", name="wall screen", days="4000", write="yes")
    assert refused.status_code == 422
    assert owner.tree.get_element_by_id("token-name").value == "wall screen"
    assert "within a year" in owner.text
    await owner.send("/settings/tokens", days="30")
    secret = owner.tree.get_element_by_id("secret").value
    borne = {"Authorization": f"Bearer {secret}"}
    assert (await owner.ask("GET", "/api/v1/me", headers=borne)).json()["scopes"] == ["read", "write"]
    await owner.visit("/settings")
    assert secret not in owner.answer.text
    assert "wall screen read, change" in owner.text
    await owner.send("/settings/tokens/revoke")
    assert "wall screen read" not in owner.text
    assert (await owner.ask("GET", "/api/v1/me", headers=borne)).status_code == 401
