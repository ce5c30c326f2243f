"""A feed reader takes all topics of a user in one list, and then each of its feeds, without a login."""

from __future__ import annotations

from presswatch.watchlist import opml
from presswatch.web.desk import Desk
from tests.presswatch.web.visiting import HOSTILE, Person, guest_of
from tests.storage.examples import draft, store, subscribed, watched


async def test_a_reader_imports_the_list_and_reads_every_feed_in_it(
    desk: Desk, owner: Person, stranger: Person
) -> None:
    store(desk.database, draft(watched(desk.database)))
    for name, query in (("Bridges & <roads>", "bridge"), (HOSTILE, "nowhere"), ("Мосты", "мост")):
        subscribed(desk.database, name, query)
    await owner.visit("/topics")
    await owner.visit(owner.tree.xpath("//a[.='All topics as feeds']/@href")[0])
    await owner.send("/topics/feeds")
    answer = await stranger.visit(owner.tree.get_element_by_id("address").get("value"))
    assert answer.headers["Content-Type"] == "text/x-opml; charset=utf-8"
    feeds = opml.read(answer.content)
    assert [feed.title for feed in feeds] == ["Bridges & <roads>", HOSTILE, "Мосты"]
    assert [(await stranger.visit(feed.address)).text.count("urn:presswatch:item:") for feed in feeds] == [1, 0, 0]
    again = await stranger.visit(answer.request.url.raw_path.decode(), **{"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


async def test_the_list_has_nobody_elses_topics_and_asks_for_a_token(desk: Desk, owner: Person) -> None:
    subscribed(desk.database, "Bridges")
    guest = await guest_of(desk)
    await guest.visit("/feeds/topics.opml")
    assert guest.place == "/topics/feeds"
    await guest.send("/topics/feeds", name="")
    assert guest.answer.status_code == 422
    await guest.send("/topics/feeds", name="mine")
    await guest.visit(guest.tree.get_element_by_id("address").get("value"))
    assert "<outline" not in guest.answer.text
    assert (await guest.visit("/feeds/topics.opml?token=wrong")).status_code == 401
