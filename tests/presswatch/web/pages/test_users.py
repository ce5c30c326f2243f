"""Users, for an owner: invited, given another role, removed; and what the operator decided."""

from __future__ import annotations

from pathlib import Path

import pytest

from presswatch.actions import channels, signing_in, topics
from presswatch.actions.installation import decided
from presswatch.settings import load
from presswatch.web.desk import Desk
from storage.database import Database
from storage.types import Role
from tests.presswatch.web.visiting import ADDRESS, HOSTILE, PASSPHRASE, Person, guest_of
from tests.storage.examples import subscribed, watched


async def test_the_first_steps_stand_on_today_until_they_are_done(owner: Person, desk: Desk) -> None:
    await owner.visit("/")
    steps = owner.tree.get_element_by_id("first-steps")
    assert steps.xpath(".//a/@href") == ["/sources", "/topics", "/subscriptions?channel=new#channels"]
    assert "done" not in steps.text_content()
    subscribed(desk.database, "Bridges")
    await owner.visit("/")
    steps = owner.tree.get_element_by_id("first-steps")
    assert (steps.xpath(".//a/@href"), steps.text_content().count("done")) == (["/sources"], 2)
    guest = await guest_of(desk)
    await guest.visit("/")
    assert "First steps" not in guest.text
    watched(desk.database)
    await owner.visit("/")
    assert "First steps" not in owner.text


async def test_somebody_is_invited_by_a_link_that_is_shown_once(owner: Person, desk: Desk) -> None:
    await owner.visit("/settings?open=invite")
    assert (await owner.send("/settings/users/invite", role="editor", mail="nobody")).status_code == 422
    assert owner.tree.get_element_by_id("mail").value == "nobody"
    await owner.send("/settings/users/invite", mail="ann@example.org")
    link = owner.tree.get_element_by_id("link").value
    await owner.visit("/settings")
    assert link not in owner.answer.text
    assert "ann@example.org invited editor" in owner.text
    ann = Person(desk)
    await ann.visit(link.removeprefix(ADDRESS))
    await ann.send(link.removeprefix(ADDRESS), name="ann", passphrase=PASSPHRASE)
    await owner.visit("/settings/users/log")
    assert "owner user invited editor ann@example.org pages" in owner.text
    assert "ann user added ann pages" in owner.text


async def test_an_invitation_is_taken_back(owner: Person, desk: Desk) -> None:
    await owner.visit("/settings?open=invite")
    await owner.send("/settings/users/invite")
    link = owner.tree.get_element_by_id("link").value.removeprefix(ADDRESS)
    [back] = [form.get("action") for form in owner.tree.forms if form.get("action").endswith("/withdraw")]
    await owner.send(back)
    assert "invited" not in owner.tree.get_element_by_id("users").text_content()
    assert (await Person(desk).visit(link)).status_code == 404


async def test_a_role_counts_from_the_next_request_on(owner: Person, desk: Desk) -> None:
    guest = await guest_of(desk, Role.READER)
    await owner.visit("/settings")
    assert "a reader" in owner.text
    await owner.send("/settings/users/2/role", role="owner")
    await guest.visit("/settings")
    assert "You are an owner" in guest.text
    await guest.send("/settings/users/2/role", role="reader")  # nobody keeps him from it: there is the first one
    await guest.visit("/settings/users/2/remove")
    assert guest.answer.status_code == 403


async def test_removing_says_before_what_is_lost(owner: Person, desk: Desk) -> None:
    guest = await guest_of(desk)
    await topics.add(desk.database, 2, "Bridges", "bridge")
    await channels.add(desk.database, 2, "console", "console", desk.policy)
    await owner.visit("/settings/users/2/remove")
    assert "1 topic 1 channel with its address 0 subscriptions" in owner.text
    assert await topics.listing(desk.database, 2), "looking removes nobody"
    await owner.send("/settings/users/2/remove")
    assert "a reader" not in owner.tree.get_element_by_id("users").text_content()
    await guest.visit("/settings")
    assert guest.place.startswith("/sign-in")


async def test_the_first_owner_can_neither_be_removed_nor_be_less(owner: Person, desk: Desk) -> None:
    second = await guest_of(desk, Role.OWNER)
    await second.visit("/settings")
    csrf = second.tree.xpath("//input[@name='csrf']/@value")[0]
    for act in ("remove", "role"):
        answer = await second.ask("POST", f"/settings/users/1/{act}", data={"csrf": csrf, "role": "reader"})
        assert answer.status_code == 422
        assert "the first owner" in second.text
    await owner.visit("/settings")
    assert "owner you owner: all, users too" in owner.text


async def test_who_is_no_owner_sees_no_users(owner: Person, desk: Desk) -> None:
    guest = await guest_of(desk, Role.EDITOR)
    await guest.visit("/settings?open=invite")
    assert "Tokens and feeds" in guest.text
    for words in ("owner: all", "Invite somebody", "This presswatch", "What was done"):
        assert words not in guest.text


async def test_what_was_decided_stands_with_its_place(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "presswatch.toml"
    file.write_text(f'# ours\ncontact = "mailto:{HOSTILE[:8]}@example.org"\nfastest = 60\n')
    monkeypatch.setenv("PRESSWATCH_CONFIG", str(file))
    monkeypatch.setenv("PRESSWATCH_FASTEST", "600")
    found = {each.name: (each.value, each.place, each.line) for each in decided(load(database.path.parent))}
    assert found["contact"] == ("mailto:<script>@example.org", str(file), 2)
    assert found["fastest"] == ("600", "PRESSWATCH_FASTEST", 0)
    assert found["data"] == (str(database.path.parent), "--data", 0)
    assert found["listen"] == ("127.0.0.1:8420", "", 0)
    desk = Desk(database, ADDRESS, decided=decided(load()))
    person = await _owner_of(desk)
    await person.visit("/settings")
    rows = [row.text_content().split() for row in person.tree.get_element_by_id("this").iter("tr")]
    assert ["contactmailto:<script>@example.org", f"{file},", "line", "2"] in rows
    assert "beside the database" in person.text


async def _owner_of(desk: Desk) -> Person:
    link = await signing_in.first_link(desk.database)
    person = Person(desk)
    await person.visit(f"/begin/{link}")
    await person.send(f"/begin/{link}", name="owner", passphrase=PASSPHRASE)
    return person
