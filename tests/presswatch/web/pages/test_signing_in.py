"""Nobody sees anything who is not signed in; a link from the terminal makes the owner."""

from __future__ import annotations

import pytest

from presswatch.actions import signing_in
from presswatch.web.desk import Desk
from storage.types import Role
from tests.presswatch.web.visiting import PASSPHRASE, Person


async def test_a_stranger_is_asked_to_sign_in_and_comes_back(stranger: Person, owner: Person) -> None:
    await stranger.visit("/statements/1?version=2")
    assert stranger.place == "/sign-in?next=%2Fstatements%2F1%3Fversion%3D2"
    await stranger.send("/sign-in", name="Owner ", passphrase=PASSPHRASE)
    assert stranger.place == "/statements/1?version=2"


async def test_one_sentence_tells_of_a_wrong_name_and_of_a_wrong_passphrase(stranger: Person, owner: Person) -> None:
    said = set()
    for name, passphrase in (("owner", "guess-o-matic"), ("nobody", PASSPHRASE)):
        answer = await stranger.sign_in(name, passphrase)
        assert answer.status_code == 422
        assert passphrase not in answer.text
        said.add(stranger.tree.get_element_by_id("mistake").text_content())
    assert len(said) == 1


async def test_guessing_is_given_a_pause(stranger: Person, owner: Person) -> None:
    answers = [(await stranger.sign_in("owner", f"guess {number}")).status_code for number in range(6)]
    assert answers == [422] * 5 + [429]
    assert (await stranger.sign_in("owner")).status_code == 429


async def test_the_first_link_works_once_and_looking_at_it_uses_nothing_up(desk: Desk, stranger: Person) -> None:
    link = await signing_in.first_link(desk.database)
    for _ in range(3):
        assert (await stranger.visit(f"/begin/{link}")).status_code == 200
    answer = await stranger.send(f"/begin/{link}", name="ann", passphrase="short")
    assert answer.status_code == 422
    assert "ann" in answer.text
    await stranger.send(f"/begin/{link}", name="ann", passphrase=PASSPHRASE)
    assert await signing_in.first_link(desk.database) is None
    again = Person(desk)
    assert (await again.visit(f"/begin/{link}")).status_code == 404


async def test_an_invitation_makes_a_user_in_its_role(desk: Desk, owner: Person) -> None:
    link = await signing_in.invite(desk.database, Role.READER)
    guest = Person(desk)
    await guest.visit(f"/begin/{link}")
    await guest.send(f"/begin/{link}", name="guest", passphrase=PASSPHRASE, zone="Europe/Minsk")
    signed_in = await signing_in.sign_in(desk.database, "guest", PASSPHRASE)
    assert (signed_in.user.role, signed_in.user.preferences.zone) == (Role.READER, "Europe/Minsk")


async def test_another_passphrase_by_a_link_leaves_the_rest_as_it_was(desk: Desk, owner: Person) -> None:
    await owner.visit("/settings")
    await owner.send("/settings", zone="Europe/Minsk", theme="dark")
    link = await signing_in.renew(desk.database, "owner")
    again = Person(desk)
    await again.visit(f"/begin/{link}")
    await again.send(f"/begin/{link}", name="owner", passphrase="other words that nobody knows")
    await again.visit("/settings")
    assert again.tree.get("data-theme") == "dark"
    assert "Times in Europe/Minsk" in again.text
    await owner.visit("/settings")
    assert owner.place.startswith("/sign-in"), "who was signed in with the old one is out"


async def test_who_signs_out_is_out(owner: Person) -> None:
    await owner.visit("/statements/1")
    cookie = dict(owner._client.cookies)
    await owner.ask("POST", "/sign-out", data={"csrf": owner.tree.xpath("//input[@name='csrf']/@value")[0]})
    owner._client.cookies.update(cookie)
    await owner.visit("/statements/1")
    assert owner.place.startswith("/sign-in")


@pytest.mark.parametrize("next", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:x", "\t//x"])
async def test_signing_in_leads_to_no_other_host(stranger: Person, owner: Person, next: str) -> None:
    await stranger.visit("/sign-in")
    answer = await stranger.ask("POST", "/sign-in", data={"name": "owner", "passphrase": PASSPHRASE, "next": next})
    assert answer.headers["Location"] == "/"
