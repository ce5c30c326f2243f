"""Whom the desk watches: the worst first, each fault with its mend; who edits says what is watched."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest

from crawler.catalog import catalogue, packs
from presswatch.web.desk import Desk
from storage.sources import polls, sources
from storage.types import Reason
from tests.presswatch.web.visiting import Person
from tests.storage.examples import NOW, draft, poll_result, polling, store, watched


@pytest.fixture
def section(desk: Desk) -> str:
    """A section that is watched."""
    return desk.database.write(sources.set_enabled, watched(desk.database).key, True, NOW).key


async def test_what_is_watched_stands_there_and_leads_to_its_page(owner: Person, section: str) -> None:
    await owner.visit("/sources")
    assert "1 section is watched" in owner.text
    assert "not polled yet" in owner.text
    await owner.visit(f"/sources/{section}")
    assert owner.answer.status_code == 200
    assert section in owner.text
    assert "It has not been polled yet." in owner.text


async def test_a_section_is_watched_no_longer_and_again(owner: Person, desk: Desk, section: str) -> None:
    await owner.visit(f"/sources/{section}")
    await owner.send("/sources")
    assert owner.place == f"/sources/{section}"
    assert not desk.database.read(sources.get, section).enabled
    await owner.send("/sources")
    assert desk.database.read(sources.get, section).enabled


async def test_the_worst_stands_first_with_its_reason_its_mend_and_its_last_polls(
    owner: Person, desk: Desk, section: str
) -> None:
    troubled = desk.database.write(sources.set_enabled, watched(desk.database, "mfa-zz/news").key, True, NOW).key
    for reason in (Reason.OK, Reason.LOGIN, Reason.LOGIN):
        poll = polling(desk.database, desk.database.read(sources.get, troubled))
        result = poll_result(poll, reason, detail="it answered with a login page" if reason is Reason.LOGIN else "")
        desk.database.write(polls.end_polls, [result])
    await owner.visit("/sources")
    assert "1 is in trouble" in owner.text
    first, second = owner.tree.xpath("//table[1]/tbody/tr")
    assert first.xpath("th/a/@href") == [f"/sources/{troubled}"]
    told = " ".join(first.text_content().split())
    assert "Login · it answered with a login page" in told
    assert "The section now asks for a password: find another one." in told
    assert "login ×2, ok" in told
    assert second.xpath("th/a/@href") == [f"/sources/{section}"]
    await owner.visit("/topics")
    assert owner.tree.get_element_by_id("in-trouble").text_content().strip() == "1 in trouble"
    newest = {"after": "9", "version": "9"}
    part = await owner.ask("GET", "/today/new", params={**newest, "troubled": "0"})
    assert [each.text_content().strip() for each in owner.tree.xpath("//template[@data-count='1']")] == ["1 in trouble"]
    assert part.status_code == 200
    assert (await owner.ask("GET", "/today/new", params={**newest, "troubled": "1"})).status_code == 204
    await owner.visit("/sources?view=trouble")
    assert len(owner.tree.xpath("//table[1]/tbody/tr")) == 1
    await owner.visit("/sources?view=known&by=country&start=40")
    assert "There are no more." in owner.text


async def test_days_on_which_a_section_was_not_read_are_a_hole_among_what_it_published(
    owner: Person, desk: Desk, section: str
) -> None:
    source = desk.database.read(sources.get, section)
    store(desk.database, draft(source), now=desk.clock() - timedelta(days=3))
    for days in range(10, -1, -1):
        at = desk.clock() - timedelta(days=days)
        poll = polling(desk.database, source, now=at)
        result = poll_result(poll, Reason.LOGIN if days in (5, 6) else Reason.OK, at=at)
        desk.database.write(polls.end_polls, [result])
    await owner.visit("/sources")
    [drawn] = owner.tree.find_class("sparkline")
    assert drawn.get("aria-label") == "1 statement in 30 days; not read on 21 days"
    assert len(drawn.find_class("column")) == 1
    before_it_was_watched, login = drawn.find_class("hole")
    assert float(login.get("width")) == pytest.approx(2 * 124 / 30 - 1, abs=0.1)
    assert float(before_it_was_watched.get("width")) == pytest.approx(19 * 124 / 30 - 1, abs=0.1)


async def test_sections_are_shown_by_kind_and_taken_out_as_files(owner: Person, desk: Desk) -> None:
    desk.database.write(sources.sync_catalogue, catalogue(), NOW)
    desk.database.write(sources.set_many_enabled, [spec.key for spec in catalogue()], False, NOW)
    keys = [spec.key for spec in catalogue() if "defence" in spec.packs][:3]
    desk.database.write(sources.set_many_enabled, [*keys, "mfa-by/news-en"], True, NOW)
    await owner.visit("/sources")
    assert "Defence 3" in owner.text
    assert "Heads" not in owner.text
    await owner.visit("/sources?view=defence&by=country")
    assert len(owner.tree.xpath("//table[1]/tbody/tr")) == 3
    [file] = owner.tree.xpath("//a[text()='CSV']/@href")
    rows = list(csv.DictReader(io.StringIO((await owner.visit(file)).text.removeprefix("\ufeff"))))
    assert [row["key"] for row in rows] == sorted(keys, key=lambda key: (key.split("/")[0][-2:], key))
    assert {row["watched"] for row in rows} == {"yes"}
    assert len((await owner.visit("/sources.csv?view=known")).text.splitlines()) == len(catalogue()) + 1
    feeds = await owner.visit("/sources.opml")
    assert feeds.headers["Content-Type"].startswith("text/x-opml")
    assert "<opml" in feeds.text


async def test_who_is_new_finds_packs_and_countries_and_is_told_how_many_are_watched(owner: Person, desk: Desk) -> None:
    await owner.visit("/sources")
    assert "No source yet" in owner.text
    desk.database.write(sources.sync_catalogue, catalogue(), NOW)
    desk.database.write(sources.set_many_enabled, [spec.key for spec in catalogue()], False, NOW)
    assert "/sources/packs" in owner.tree.xpath("//p[@class='empty']/a/@href")
    await owner.visit("/sources/packs")
    of_pack, of_country = len(packs()["csto"]), sum(spec.country == "PL" for spec in catalogue())
    assert f"Watch {of_pack} more" in _row(owner, "pack-csto")
    assert f"Watch {of_country} more" in _row(owner, "country-PL")
    await _press(owner, "pack", "csto", "yes")
    assert f"{of_pack}{of_pack} Watch no longer" in _row(owner, "pack-csto")
    await _press(owner, "country", "PL", "yes")
    keys = {spec.key for spec in catalogue() if spec.country == "PL"} | {spec.key for spec in packs()["csto"]}
    assert {source.key for source in desk.database.read(sources.every) if source.enabled} == keys
    await _press(owner, "country", "PL", "no")
    await _press(owner, "pack", "csto", "no")
    assert not any(source.enabled for source in desk.database.read(sources.every))


def _row(person: Person, name: str) -> str:
    return " ".join(person.tree.get_element_by_id(name).text_content().split())


async def _press(person: Person, what: str, name: str, enabled: str) -> None:
    """The button of a pack or a country."""
    row = person.tree.get_element_by_id(f"{what}-{name}")
    [form] = row.xpath(f".//form[.//button[@value='{enabled}']]")
    sent = {**dict(form.form_values()), "enabled": enabled}
    await person.ask("POST", form.action, data=sent, follow_redirects=True)
    assert person.answer.status_code == 200


async def test_a_section_that_is_none_is_told_so(owner: Person) -> None:
    assert (await owner.visit("/sources/nobody/news")).status_code == 404
