"""A page that does not exist says what is near; who is not signed in hears of none."""

from __future__ import annotations

import pytest

from presswatch.web.near import PLACES, near
from presswatch.web.rendering import offset
from tests.presswatch.web.visiting import Person
from tests.storage.examples import NOW


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/topic", "/topics"), ("/Subscriptions/all", "/subscriptions"), ("/statements/none", "/search"),
        ("/source/mfa-xy", "/sources"), ("/help", "/help/query"), ("/nothing-here", ""), ("/", ""),
    ],
)  # fmt: skip
def test_the_page_is_near_that_an_address_begins_with_or_may_be_a_slip_of(path: str, page: str) -> None:
    assert near(path) == page


async def test_who_goes_astray_is_led_to_it(owner: Person, stranger: Person) -> None:
    for slip in ("/topics/nothing/here", "/topic", "/statements/999"):
        assert (await owner.visit(slip)).status_code == 404
        [link] = owner.tree.xpath("//main//a[@href!='/']")
        assert f"What is near: {link.text}" in owner.text
        assert (await owner.visit(link.get("href"))).status_code == 200
    await owner.visit("/nothing-here")
    assert "What is near" not in owner.text
    await stranger.visit("/topic")
    assert "What is near" not in stranger.text


async def test_whatever_is_near_is_there(owner: Person) -> None:
    for page in set(PLACES.values()):
        await owner.visit(f"{page}/no/such/page")
        assert page in owner.tree.xpath("//main//a/@href") or owner.answer.status_code == 200
        assert (await owner.visit(page)).status_code == 200


@pytest.mark.parametrize(
    ("zone", "words"),
    [("Europe/Minsk", "UTC+3"), ("UTC", "UTC+0"), ("America/St_Johns", "UTC-3:30"), ("Asia/Kathmandu", "UTC+5:45")],
)
def test_the_foot_says_by_how_much_the_readers_clock_is_ahead(zone: str, words: str) -> None:
    assert offset(NOW, zone) == words
