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
