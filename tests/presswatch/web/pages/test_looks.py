"""A section is added by its address: looked at while one waits, described, and only then watched."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from crawler.run import Crawl
from presswatch.actions.proposals import NewSource
from presswatch.demo.site import ReplicaSite
from presswatch.web.desk import Desk
from presswatch.web.looks import Look, Looks
from storage.connection_guard import AddressPolicy
from storage.database import Database
from storage.errors import InvalidInputError
from storage.sources import sources
from storage.types import Role
from tests.crawler.running import running
from tests.patience import PATIENCE
from tests.presswatch.web.visiting import ADDRESS, HOSTILE, Person, first_owner, guest_of
from tests.storage.examples import NOW

LOOPBACK = AddressPolicy.parse("127.0.0.0/8")


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """All of it is one host of ours."""
    monkeypatch.setattr("crawler.jobs.fetch.FETCH_DELAY", 0.0)


@pytest.fixture
def site() -> Iterator[ReplicaSite]:
    with ReplicaSite() as replica:
        for title in ("On a visit", HOSTILE):
            replica.publish(title, "\n\n".join([f"It took place on the bridge. {HOSTILE} was said there."] * 6))
        yield replica


@asynccontextmanager
async def at_the_desk(database: Database) -> AsyncIterator[tuple[Person, Desk]]:
    """The owner, at a desk whose process fetches."""
    async with running(Crawl(database)) as crawl:
        desk = Desk(database, ADDRESS, LOOPBACK, crawl)
        yield await first_owner(desk), desk


async def seen(person: Person) -> None:
    """Reload the page until nothing is asked any more, as a browser without scripts does."""
    async with asyncio.timeout(PATIENCE):
        while person.tree.xpath("//meta[@http-equiv='refresh']"):
            assert "asked now:" in person.text
            await asyncio.sleep(0.05)
            await person.visit(person.place)


async def look_at(person: Person, address: str) -> None:
    await person.visit("/sources")
    await person.send("/sources/looks", address=address)
    await seen(person)


@pytest.mark.asyncio(loop_scope="session")  # Twisted has one reactor, and it has one loop
async def test_a_section_is_looked_at_described_and_watched(database: Database, site: ReplicaSite) -> None:
    async with at_the_desk(database) as (person, desk):
        await look_at(person, site.section("en"))
        looked = person.place
        assert "A list of 2 statements" in person.text
        assert HOSTILE in person.text
        assert not person.tree.xpath("//img | //main//script")
        assert "The first article, as it would be stored" in person.text
        assert "It took place" in person.text
        assert database.read(sources.every) == ()
        action = person.tree.xpath("//form[starts-with(@action, '/sources/looks/')]/@action")[0]

        await person.send(action, key="No Key", country="Belarus", languages="english")
        assert person.answer.status_code == 422
        assert {each.get("name") for each in person.tree.xpath("//*[@aria-invalid]")} == {"key", "country", "languages"}
        assert person.tree.xpath("//input[@name='country']/@value") == ["Belarus"]
        assert database.read(sources.every) == ()

        other = await guest_of(desk, Role.EDITOR, person.pages)
        await other.visit(looked)  # the number is known, and another's
        assert "is not held any more" in other.text
        assert site.section("en") not in other.answer.text

        await person.visit(looked)
        await person.send(
            action, name="River news", key="rivers/news", country="BY", zone="Europe/Minsk", languages="be, ru"
        )
        [source] = database.read(sources.every)
        assert person.place == "/sources/rivers/news"
        assert (source.key, source.spec.name, source.spec.country, source.spec.zone) == (
            "rivers/news", "River news", "BY", "Europe/Minsk",
        )  # fmt: skip
        assert source.spec.languages == ("be", "ru")

        await look_at(person, site.section("en"))
        assert person.answer.status_code == 422
        assert "is already watched as rivers/news" in person.text
        assert person.tree.xpath("//p[@id='address-mistake']/a/@href") == ["/sources/rivers/news"]
        assert person.tree.xpath("//input[@id='address']/@value") == [site.section("en")]


@pytest.mark.asyncio(loop_scope="session")
async def test_what_cannot_be_looked_at_is_told_at_the_field(database: Database, site: ReplicaSite) -> None:
    async with at_the_desk(database) as (person, _):
        for address, why in (
            ("ftp://mfa.example/news", "is not an http or https address"),
            ("http://10.0.0.1/news", "is a private, loopback or otherwise special address"),
            ("", "No address is given"),
            (f"{site.address}/nowhere", "answered 404"),
            (f"javascript:{HOSTILE}", "is not an http or https address"),
        ):
            await look_at(person, address)
            told = " ".join(person.tree.get_element_by_id("address-mistake").text_content().split())
            assert why in told, address
            assert person.tree.xpath("//input[@id='address']/@value") == [address]
            assert person.tree.xpath("//input[@id='address']/@aria-invalid") == ["true"]
            assert not person.tree.xpath("//main//img | //main//script")
        assert database.read(sources.every) == ()


def test_what_comes_of_a_look_while_a_page_is_made_waits_for_the_next_page() -> None:
    looks = Looks(lambda: NOW)
    held = looks._held[1] = Look(1, 7, NewSource("https://mfa.example/news/"), NOW, "https://mfa.example/news/")
    shown = looks.find(7, 1)
    held.mistake = InvalidInputError("nothing is there", mend="look elsewhere")
    again = looks.find(7, 1)
    assert shown is not None and again is not None
    assert (shown.is_over, again.is_over) == (False, True)
    looks.drop(again)
    assert looks.find(7, 1) is None
