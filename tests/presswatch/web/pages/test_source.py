"""One section: asked at once, its past read back while its page tells how far, stopped and gone on with."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator
from dataclasses import replace

import pytest

from presswatch.demo.site import ReplicaSite
from presswatch.web.desk import Desk
from scheduler.local import local
from storage.clock import now
from storage.connection_guard import AddressPolicy
from storage.database import Database
from storage.events import Event, MistakeMade
from storage.sources import sources
from storage.types import Role
from tests.crawler.website import LOOPBACK
from tests.patience import PATIENCE
from tests.presswatch.web.api.asking import Program, token_of, user
from tests.presswatch.web.visiting import ADDRESS, Person, first_owner
from tests.storage.examples import spec, subscribed

KEY = "replica/news"


@pytest.fixture
def site() -> Iterator[ReplicaSite]:
    """Twelve statements, two on a page."""
    with ReplicaSite(page_size=2) as replica:
        for number in range(1, 13):
            replica.publish(f"Statement {number}", "\n\n".join([f"It is number {number}, and of a bridge."] * 8))
        yield replica


async def at_rest(person: Person) -> Person:
    """Reload the page until nothing is under way any more, as a browser without scripts does."""
    async with asyncio.timeout(PATIENCE):
        while person.tree.xpath("//meta[@http-equiv='refresh']"):
            await asyncio.sleep(0.05)
            await person.visit(f"/sources/{KEY}")
    return person


async def press(person: Person, button: str, **more: str) -> None:
    """A button of the page, by its id."""
    [form] = person.tree.xpath(f"//form[.//button[@id='{button}']]")
    sent = {**dict(form.form_values()), **more}
    await person.ask("POST", form.action, data=sent, follow_redirects=True)


@pytest.mark.asyncio(loop_scope="session")  # Twisted has one reactor, and it has one loop
async def test_a_section_is_asked_at_once_and_its_past_is_read_back_with_a_stop_between(
    database: Database, site: ReplicaSite
) -> None:
    wanted = replace(spec(KEY), address=site.section("en"), delay=0.0, languages=("en",))
    database.write(sources.add, wanted, alert_first=False, now=now())
    subscribed(database, "Bridges", "bridge", channel="console")
    told: list[Event] = []
    async with local(database, console=io.StringIO(), report=told.append, settings=LOOPBACK) as node:
        desk = Desk(database, ADDRESS, AddressPolicy.parse("127.0.0.0/8"), node.crawl, node.dispatch)
        person = await first_owner(desk)
        await person.visit(f"/sources/{KEY}")
        assert "It has not been polled yet." in person.text
        assert 'key = "replica/news"' in person.text
        await press(person, "ask-now")
        assert "it is being asked now" in person.text
        await at_rest(person)
        assert person.tree.xpath("//section[@id='polls']//tbody/tr/td[1]/code/text()") == ["ok"]
        assert "2 statements" in person.text

        await press(person, "read-back", since="2999-01-01")
        assert person.answer.status_code == 422
        assert "is still to come" in person.text
        assert person.tree.xpath("//input[@id='since']/@value") == ["2999-01-01"]

        site.slow(0.1)
        await press(person, "read-back", since="2020-01-01")
        assert "It is being read back." in person.text
        again = await person.ask(
            "POST", "/sources/backfills", data={"csrf": _csrf(person), "key": KEY, "since": "2020-01-01"}
        )
        assert again.status_code == 422
        assert "is being read already" in again.text
        await person.visit(f"/sources/{KEY}")  # a reload changes nothing
        await press(person, "stop")
        await at_rest(person)
        assert "It was read back so far." in person.text
        assert not person.pages.state.backfills.is_here(KEY)

        site.mend()
        program = Program(desk, await token_of(database, await user(database, "ann", Role.EDITOR)), person.pages)
        [paused] = (await program.get("/backfills"))["data"]
        assert (paused["source"], paused["state"], paused["since"]) == (KEY, "paused", "2020-01-01")
        assert (await program.refused("POST", f"/backfills/{KEY}/stop"))[0] == 422
        assert (await program.post("/backfills", source=KEY))["state"] == "under way"
        await person.visit(f"/sources/{KEY}")
        assert "It is being read back." in person.text
        await at_rest(person)
        assert "It was read back." in person.text
        assert "12 statements" in person.text

        before = len((await program.get(f"/sources/{KEY}"))["polls"])
        await program.post(f"/sources/{KEY}/polls")
        await person.visit(f"/sources/{KEY}")
        await at_rest(person)
        assert len((await program.get(f"/sources/{KEY}"))["polls"]) == before + 1

        await person.visit(f"/sources/remove?key={KEY}")
        assert "Its 12 statements stay in the history." in person.text
        await person.send("/sources/remove")
        assert person.place == "/sources"
        assert database.read(sources.every) == ()
    assert [each for each in told if isinstance(each, MistakeMade)] == []
    assert database.read(lambda connection: connection.exec_driver_sql("SELECT count(*) FROM alerts").scalar()) == 0


def _csrf(person: Person) -> str:
    return str(person.tree.xpath("//input[@name='csrf']/@value")[0])
