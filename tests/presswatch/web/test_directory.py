"""Signing in by a directory: a real provider on loopback, the good way, and each forged one."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
import time_machine
from joserfc.jwk import ECKey

from presswatch.actions import signing_in, users
from presswatch.settings import Admits, DirectorySettings
from presswatch.web.desk import Desk
from presswatch.web.directory import Directory
from presswatch.web.visitor import COOKIE
from storage.clock import now
from storage.connection_guard import AddressPolicy, guarded_connections
from storage.database import Database
from storage.types import Role
from tests.fakes.directory import CLIENT, SECRET, FakeProvider, provider_at_loopback
from tests.presswatch.web.visiting import ADDRESS, PASSPHRASE, Person

LOST = {"admits": Admits.MAPPED, "role_claim": "groups", "roles": {"desk": "editor", "all": "reader", "it": "owner"}}


@pytest.fixture(scope="module")
def listening() -> Iterator[FakeProvider]:
    with provider_at_loopback() as provider:
        yield provider


@pytest.fixture
def provider(listening: FakeProvider) -> FakeProvider:
    listening.knows("1", email="ann@example.org", email_verified=True, preferred_username="ann")
    return listening


def settings(provider: FakeProvider, **more: Any) -> DirectorySettings:
    said = {"issuer": provider.issuer, "client_id": CLIENT, "client_secret": SECRET, "name": "Our house"}
    return DirectorySettings.model_validate({**said, **more})


@pytest.fixture
def desk(database: Database, provider: FakeProvider) -> Desk:
    return Desk(database, ADDRESS, directory=Directory(settings(provider), ADDRESS))


def admitting(desk: Desk, provider: FakeProvider, **rules: Any) -> Desk:
    """The same desk, whose operator lets others in."""
    return Desk(desk.database, ADDRESS, directory=Directory(settings(provider, **rules), ADDRESS))


async def led_back(person: Person, address: str) -> str:
    """Where the provider sends the browser back to; it signs in there whom it knows."""
    async with httpx.AsyncClient() as browser:
        answer = await browser.get(address)
    return answer.headers["Location"].removeprefix(ADDRESS)


async def comes_in(person: Person, onward: str = "/settings") -> httpx.Response:
    """Sign in by the button, at the provider, and come back."""
    await person.visit(f"/sign-in?next={onward}")
    [button] = person.tree.xpath("//a[contains(., 'Our house')]/@href")
    to_the_provider = await person.ask("GET", button)
    return await person.visit(await led_back(person, to_the_provider.headers["Location"]))


async def known(desk: Desk) -> list[tuple[str, Role]]:
    return [(each.user.name, each.user.role) for each in await users.listing(desk.database)]


async def test_whose_address_was_invited_comes_in_and_is_known_again_by_the_subject(
    desk: Desk, owner: Person, provider: FakeProvider
) -> None:
    await signing_in.invite(desk.database, Role.EDITOR, "Ann@Example.org")
    ann = Person(desk)
    await comes_in(ann, "/topics")
    assert ann.place == "/topics"
    assert await known(desk) == [("owner", Role.OWNER), ("ann", Role.EDITOR)]
    provider.knows("1", email="other@example.org", email_verified=True, preferred_username="married")
    await comes_in(again := Person(desk))
    assert again.text.count("ann, editor") == 1
    provider.knows("2", email="ann@example.org", email_verified=True, preferred_username="ann")
    assert (await comes_in(Person(desk))).status_code == 403, "another one has got the address; the invitation is used"
    assert len(await known(desk)) == 2
    await owner.visit("/settings/users/log")
    assert "editor, by the directory" in owner.text


async def test_nobody_comes_in_who_was_not_invited_or_whose_address_nobody_verified(
    desk: Desk, owner: Person, provider: FakeProvider
) -> None:
    stranger = Person(desk)
    assert (await comes_in(stranger)).status_code == 403
    assert "ask the owner of this presswatch" in stranger.text
    await signing_in.invite(desk.database, Role.OWNER, "ann@example.org")
    for unverified in ({}, {"email_verified": False}, {"email_verified": "true"}):
        provider.knows("1", email="ann@example.org", preferred_username="owner", **unverified)
        assert (await comes_in(Person(desk))).status_code == 403
    assert await known(desk) == [("owner", Role.OWNER)]
    assert COOKIE not in stranger.cookies


async def test_a_role_follows_the_directory_and_who_has_lost_it_comes_in_no_more(
    desk: Desk, owner: Person, provider: FakeProvider
) -> None:
    mapped = admitting(desk, provider, **LOST)
    for groups, status, became in (
        (["others"], 403, None),
        (["others", "desk", "all"], 200, Role.EDITOR),
        ("all", 200, Role.READER),
        ([], 403, Role.READER),
        ([{"desk": 1}], 403, Role.READER),
    ):
        provider.knows("1", preferred_username="owner", groups=groups)
        assert (await comes_in(Person(mapped))).status_code == status, groups
        assert dict(await known(desk)).get("owner 2") == became, groups
    provider.knows("3", name="Bo\x00 B")
    everybody = admitting(desk, provider, admits=Admits.EVERYBODY)
    assert (await comes_in(Person(everybody))).status_code == 200
    assert (await known(desk))[-1] == ("Bo B", Role.READER)


async def test_nobody_comes_in_by_a_forged_token(desk: Desk, owner: Person, provider: FakeProvider) -> None:
    everybody, at = admitting(desk, provider, admits=Admits.EVERYBODY), int(time.time())
    strangers = ECKey.generate_key("P-256", {"kid": "1"})
    forged: list[dict[str, Any]] = [
        {"nonce": "another"}, {"nonce": None}, {"aud": "another"}, {"aud": ["another"]}, {"aud": [CLIENT, "another"]},
        {"aud": None}, {"azp": "another"}, {"exp": at - 3600}, {"exp": None}, {"exp": "never"}, {"iat": None},
        {"nbf": at + 3600}, {"iss": "https://evil.example"}, {"iss": f"{provider.issuer}/"}, {"iss": None},
        {"sub": None}, {"sub": ""}, {"sub": 1}, {"signed_as": "none"}, {"signed_as": "HS256"},
        {"signed_by": strangers}, {"signed_by": ECKey.generate_key("P-256", {"kid": "9"})},
    ]  # fmt: skip
    for claims in forged:
        provider.forges(**claims)
        person = Person(everybody)
        answer = await comes_in(person)
        assert answer.status_code == 403, claims
        assert "does not hold" in person.text, claims
        assert COOKIE not in person.cookies, claims
    assert await known(desk) == [("owner", Role.OWNER)]
    provider.forges()
    assert (await comes_in(Person(everybody))).status_code == 200, "the provider is well: what was forged decided"


async def test_an_answer_is_good_once_for_ten_minutes_and_for_the_browser_that_was_sent(
    desk: Desk, owner: Person, provider: FakeProvider
) -> None:
    everybody = admitting(desk, provider, admits=Admits.EVERYBODY)
    ann = Person(everybody)

    async def back_of(person: Person) -> str:
        return await led_back(person, (await person.ask("GET", "/sign-in/directory")).headers["Location"])

    back = await back_of(ann)
    eve = Person(everybody, ann.pages)
    await eve.ask("GET", "/sign-in/directory")
    for person in (Person(everybody, ann.pages), eve):
        assert (await person.visit(back)).status_code == 403, "another browser's state"
        assert "did not begin in this browser" in person.text, "said before the provider is asked"
    assert (await ann.visit(back.replace("code=", "code=x"))).status_code == 403, "another code"
    assert (await ann.visit(back)).status_code == 403, "an answer that was brought before"
    back, kept = await back_of(ann), dict(ann.cookies)
    assert (await ann.visit(f"{back}&iss=https://evil.example")).status_code == 403, "another directory's"
    back, kept = await back_of(ann), dict(ann.cookies)
    assert (await ann.visit(back)).status_code == 200
    ann.cookies.update(kept)
    assert (await ann.ask("GET", back)).status_code == 403, "replayed"
    late = Person(everybody, ann.pages)
    back = await back_of(late)
    with time_machine.travel(now() + timedelta(minutes=11), tick=False):
        assert (await late.visit(back)).status_code == 403, "too late"
    refused = await back_of(late)
    state = httpx.URL(refused).params["state"]
    await late.visit(f"/sign-in/directory/back?error=access_denied&state={state}")
    assert "access_denied" in late.text


async def test_a_key_that_the_provider_changed_is_asked_for(desk: Desk, owner: Person, provider: FakeProvider) -> None:
    everybody = admitting(desk, provider, admits=Admits.EVERYBODY)
    person = Person(everybody)
    await comes_in(person)
    before, asked = provider.key, len(provider.asked_for)
    try:
        provider.changes_its_key()
        assert (await comes_in(Person(everybody, person.pages))).status_code == 200
        assert "/keys" in provider.asked_for[asked:]
    finally:
        provider.key = before


async def test_who_has_an_account_lets_the_directory_in_as_himself(
    desk: Desk, owner: Person, provider: FakeProvider
) -> None:
    await owner.visit("/settings")
    await owner.send("/settings/directory")
    [to] = owner.tree.xpath("//a[contains(@class, 'main')]/@href")
    eve = Person(desk, owner.pages)
    back = await led_back(owner, to)
    eve.cookies.update({name: value for name, value in owner.cookies.items() if name != COOKIE})
    assert (await eve.visit(back)).status_code == 403, "not without the session that began it"
    await owner.visit(back)
    assert "Our house lets you in" in owner.text
    await comes_in(elsewhere := Person(desk))
    assert "owner, owner" in elsewhere.text
    await owner.visit("/settings/users/log")
    assert "directory linked" in owner.text


async def test_a_directory_that_does_not_answer_is_told_with_its_mend_and_passphrases_still_work(
    database: Database, provider: FakeProvider, owner: Person
) -> None:
    nowhere = settings(provider, issuer="http://127.0.0.1:9")
    person = Person(Desk(database, ADDRESS, directory=Directory(nowhere, ADDRESS)))
    answer = await person.visit("/sign-in/directory")
    assert (answer.status_code, "look whether it runs" in person.text) == (502, True)
    itself_else = settings(provider, issuer=f"{provider.issuer}/")
    person = Person(Desk(database, ADDRESS, directory=Directory(itself_else, ADDRESS)))
    assert (await person.visit("/sign-in/directory")).status_code == 502
    assert "calls itself" in person.text
    person = Person(Desk(database, ADDRESS, directory=Directory(settings(provider), ADDRESS)))
    with guarded_connections(AddressPolicy()):
        assert (await person.visit("/sign-in/directory")).status_code == 502
        assert "allow_addresses" in person.text
    await person.sign_in("owner", PASSPHRASE)
    assert person.place == "/"


async def test_a_desk_without_a_directory_has_no_button(database: Database, owner: Person) -> None:
    person = Person(Desk(database, ADDRESS))
    await person.visit("/sign-in")
    assert "Sign in by" not in person.text
    assert (await person.visit("/sign-in/directory")).status_code == 404
