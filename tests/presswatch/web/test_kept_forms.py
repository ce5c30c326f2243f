"""A session that ended returns to what was being written."""

from __future__ import annotations

from datetime import timedelta

from presswatch.actions import channels, topics
from presswatch.web.desk import Desk
from presswatch.web.kept_forms import LASTS, MOST, KeptForms
from storage.people import sessions
from tests.presswatch.web.visiting import HOSTILE, PASSPHRASE, Person
from tests.storage.examples import NOW


def signed_out(desk: Desk) -> None:
    desk.database.write(sessions.end_all, 1)


async def test_what_was_written_comes_back_after_signing_in_and_is_sent_by_its_writer_alone(
    owner: Person, desk: Desk
) -> None:
    await owner.visit("/topics/new")
    signed_out(desk)
    await owner.send("/topics/new", name=HOSTILE, query="bridge OR tunnel")
    assert owner.place.startswith("/sign-in?next=%2Fsign-in%2Fform%2F")
    await owner.send("/sign-in", name="owner", passphrase=PASSPHRASE)
    assert "Nothing was done yet" in owner.text
    assert await topics.listing(desk.database, 1) == ()
    await owner.send("/topics/new")
    [saved] = await topics.listing(desk.database, 1)
    assert (saved.topic.name, saved.topic.query) == (HOSTILE, "bridge OR tunnel")


async def test_what_is_secret_is_typed_anew(owner: Person, desk: Desk) -> None:
    await owner.visit("/subscriptions?channel=new")
    signed_out(desk)
    await owner.send("/channels", name="desk", address="json://user:hush7f3a@example.org")
    await owner.send("/sign-in", name="owner", passphrase=PASSPHRASE)
    assert "hush7f3a" not in owner.answer.text
    await owner.send("/channels")
    assert owner.answer.status_code == 422, "its own page asks for the address"
    assert await channels.listing(desk.database, 1) == ()


async def test_a_form_that_is_not_of_that_browser_s_session_is_not_kept(owner: Person, desk: Desk) -> None:
    await owner.visit("/topics/new")
    csrf = owner.tree.xpath("//input[@name='csrf']/@value")[0]
    signed_out(desk)
    written = {"name": "Bridges", "query": "bridge"}
    for person, sent in (
        (owner, {**written, "csrf": "0" * 64}),
        (owner, written),
        (owner, {**written, "csrf": csrf, "note": "x" * 70_000}),
        (owner, {"csrf": csrf}),
        (Person(desk, owner.pages), {**written, "csrf": csrf}),
    ):
        answer = await person.ask("POST", "/topics/new", data=sent)
        assert answer.headers["Location"] == "/sign-in?next=%2F"


def test_few_are_kept_and_not_for_long() -> None:
    at = [NOW]
    forms = KeptForms(lambda: at[0])
    first, *_, last = [forms.keep(f"/{number}", ()) for number in range(MOST + 1)]
    assert forms.find(first) is None
    assert forms.find(last) is not None
    at[0] += LASTS - timedelta(seconds=1)
    assert forms.find(last) is not None
    at[0] += timedelta(seconds=1)
    assert forms.find(last) is None
