"""What one has read and keeps is one's own; a collection is the desk's once its owner shares it."""

from __future__ import annotations

import json

import pytest

from presswatch.actions import signing_in
from presswatch.web.desk import Desk
from storage.database import Database
from storage.types import Role, Source
from tests.presswatch.web.visiting import PASSPHRASE, Person
from tests.storage.examples import BODY, NOW, draft, store, watched

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


@pytest.fixture
def source(database: Database) -> Source:
    return watched(database)


@pytest.fixture
def number(database: Database, source: Source) -> int:
    """Of a statement."""
    return store(database, draft(source, 1, title="On the bridge"), now=NOW)[0].item_id


@pytest.fixture
async def other(desk: Desk, owner: Person) -> Person:
    """Another user, who is signed in."""
    link = await signing_in.invite(desk.database, Role.READER)
    person = Person(desk)
    await person.visit(f"/begin/{link}")
    await person.send(f"/begin/{link}", name="other", passphrase=PASSPHRASE)
    return person


async def keep(person: Person, number: int, note: str = "For Monday's brief", **fields: str) -> None:
    await person.visit(f"/statements/{number}/keep")
    await person.send(f"/statements/{number}/keep", note=note, **fields)


async def collection(person: Person, name: str = "Brief", number: int = 0) -> str:
    """Make a collection, with a statement in it; give its address."""
    await person.visit("/kept")
    await person.send("/collections", name=name)
    place = person.place
    if number:
        await keep(person, number, within=place.rpartition("/")[2])
    return place


async def test_a_statement_is_marked_as_read_and_unread(
    owner: Person, other: Person, database: Database, source: Source, number: int
) -> None:
    await owner.visit(f"/statements/{number}")
    await owner.send("/read")
    assert owner.place == f"/statements/{number}"
    assert "Mark as unread" in owner.text
    await other.visit(f"/statements/{number}")
    assert "Mark as read" in other.text
    store(database, draft(source, 1, body=BODY + " More.", item_id=number), now=NOW)
    await owner.visit(f"/statements/{number}")
    assert "Mark as read" in owner.text, "an edit is not read yet"
    await owner.send("/read")
    await owner.send("/read")
    assert "Mark as read" in owner.text


async def test_a_day_is_marked_as_read_at_once(owner: Person, database: Database, source: Source, desk: Desk) -> None:
    stored = store(database, draft(source, 1), draft(source, 2), now=desk.clock())
    await owner.visit("/?by=time")
    assert "Mark these 2 as read" in owner.text
    await owner.send("/read")
    assert owner.place == "/?by=time"
    assert len(owner.tree.find_class("read")) == len(stored)
    assert not [form for form in owner.tree.forms if form.get("action") == "/read"]


async def test_a_statement_is_kept_with_a_note(owner: Person, number: int) -> None:
    await keep(owner, number)
    assert owner.place == f"/statements/{number}"
    assert "For Monday's brief" in owner.text
    await owner.visit("/kept")
    assert "On the bridge" in owner.text
    await keep(owner, number, "Not for Monday")
    await owner.visit("/kept")
    assert "Not for Monday" in owner.text
    assert len(owner.tree.find_class("row")) == 1
    await owner.visit(f"/statements/{number}/keep")
    await owner.send(f"/statements/{number}/let-go")
    assert owner.place == "/kept"
    assert "Nothing is kept yet" in owner.text


async def test_a_note_that_is_too_long_stays_in_its_field(owner: Person, number: int) -> None:
    await keep(owner, number, "x" * 4_001)
    assert owner.answer.status_code == 422
    field = owner.tree.get_element_by_id("note")
    assert field.get("aria-invalid") == "true"
    assert field.value == "x" * 4_001
    assert "4,000 characters at most" in owner.tree.get_element_by_id("note-mistake").text_content()


@pytest.mark.parametrize("name", [" ", "x" * 101, "Brief"])
async def test_a_collection_needs_a_name_of_its_own(owner: Person, name: str) -> None:
    await collection(owner)
    await owner.visit("/kept")
    await owner.send("/collections", name=name)
    assert owner.answer.status_code == 422
    assert owner.tree.get_element_by_id("name").value == name


async def test_a_collection_is_its_owners_until_it_is_shared(owner: Person, other: Person, number: int) -> None:
    place = await collection(owner, number=number)
    assert (await other.visit(place)).status_code == 404
    for kind in ("export.csv", "feed.atom", "remove"):
        assert (await other.visit(f"{place}/{kind}")).status_code == 404
    await owner.visit(place)
    await owner.send(f"{place}/share")
    await other.visit(place)
    assert "On the bridge" in other.text
    assert "For Monday's brief" in other.text
    assert "owner shares it with the desk" in other.text
    assert not [form for form in other.tree.forms if (form.get("action") or "").startswith(place)]
    await owner.send(f"{place}/share")
    assert (await other.visit(place)).status_code == 404


async def test_nobody_changes_what_is_anothers(owner: Person, other: Person, number: int) -> None:
    place = await collection(owner, number=number)
    await owner.visit(place)
    await owner.send(f"{place}/share")
    await other.visit(f"/statements/{number}")
    csrf = other.tree.xpath("//input[@name='csrf']/@value")[0]
    for act in (f"{place}/share", f"{place}/remove"):
        answer = await other.ask("POST", act, data={"csrf": csrf})
        assert answer.status_code == 404
    await other.ask("POST", f"/statements/{number}/let-go", data={"csrf": csrf})
    await other.ask("POST", f"/statements/{number}/keep", data={"csrf": csrf, "within": place.rpartition("/")[2]})
    await other.visit(place)
    assert len(other.tree.find_class("row")) == 1
    assert "For Monday's brief" in other.text


async def test_a_collection_is_a_file_and_a_feed(owner: Person, number: int) -> None:
    place = await collection(owner, number=number)
    await owner.visit(place)
    links = [link for link in owner.tree.xpath("//a/@href") if link.startswith((f"{place}/export", f"{place}/feed"))]
    assert len(links) == 7
    for link in links:
        answer = await owner.visit(link)
        assert answer.status_code == 200
        assert "On the bridge" in answer.text
    answer = await owner.visit(f"{place}/export.ndjson")
    assert json.loads(answer.text)["id"] == number
    assert "attachment" in answer.headers["Content-Disposition"]


async def test_removing_asks_and_what_was_in_it_stays_kept(owner: Person, number: int) -> None:
    place = await collection(owner, number=number)
    await owner.visit(f"{place}/remove")
    assert "its 1 statement stays kept" in owner.text
    await owner.send(f"{place}/remove")
    assert "On the bridge" in owner.text
    assert (await owner.visit(place)).status_code == 404


@pytest.mark.parametrize("path", ["/read", "/collections", "/statements/{}/keep", "/statements/{}/let-go"])
async def test_a_form_of_another_session_changes_nothing(owner: Person, number: int, path: str) -> None:
    answer = await owner.ask(
        "POST", path.format(number), data={"csrf": "guess", "items": "1", "name": "x", "note": "x"}
    )
    assert answer.status_code == 403
    await owner.visit("/kept")
    assert "Nothing is kept yet" in owner.text


async def test_no_word_of_a_person_is_markup(owner: Person, number: int) -> None:
    await collection(owner, HOSTILE)
    place = owner.place
    await keep(owner, number, HOSTILE, within=place.rpartition("/")[2])
    for path in ("/kept", place, f"{place}/remove", f"/statements/{number}", f"/statements/{number}/keep"):
        await owner.visit(path)
        assert not owner.tree.xpath("//script[not(@src)] | //img | //@onerror")
        assert HOSTILE in owner.tree.text_content()
