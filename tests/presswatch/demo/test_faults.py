"""The ways in which the replica breaks, blocks or refuses, and what a crawler sees of it."""

from __future__ import annotations

import pytest

from presswatch.demo.pages import Breakage
from presswatch.demo.site import ReplicaSite
from tests.presswatch.demo.asking import get


def test_a_broken_feed_is_a_web_page(site: ReplicaSite) -> None:
    site.publish("A", "a")
    site.break_feed()
    answer = get(site.feed())
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/html")
    assert b"<rss" not in answer.content
    assert get(site.section()).titles == ["A"]
    site.mend()
    assert get(site.feed()).headers["Content-Type"] == "application/rss+xml"


@pytest.mark.parametrize(
    ("how", "sign"),
    [("redesign", "#newsroom"), ("empty", "div.tabs"), ("login", 'input[type="password"]')],
)
def test_a_broken_listing_answers_200_without_any_statement(site: ReplicaSite, how: Breakage, sign: str) -> None:
    statement = site.publish("A", "a")
    known = get(site.section()).headers["ETag"]
    site.break_listing(how)
    answer = get(site.section(), {"If-None-Match": known})
    assert (answer.status, answer.titles, len(answer.tree.cssselect(sign))) == (200, [], 1)
    assert statement.path.encode() not in answer.content
    assert get(statement.address).status == 200
    site.mend()
    assert get(site.section(), {"If-None-Match": known}).status == 304


def test_an_unknown_way_to_break_is_refused(site: ReplicaSite) -> None:
    with pytest.raises(ValueError, match="redesign"):
        site.break_listing("sideways")  # type: ignore[arg-type]
    site.publish("A", "a")
    assert get(site.section()).titles == ["A"]


@pytest.mark.parametrize("status", [200, 403])
def test_a_blocked_site_shows_the_filters_page_everywhere_but_in_robots_txt(site: ReplicaSite, status: int) -> None:
    statement = site.publish("A", "a")
    site.block(status)
    for address in (site.section(), statement.address, site.feed()):
        answer = get(address)
        assert answer.status == status
        assert b"<title>Web Page Blocked</title>" in answer.content
    assert b"Disallow" in get(f"{site.address}/robots.txt").content
    site.unblock()
    assert get(statement.address).tree.cssselect("h1")[0].text == "A"


def test_any_status_can_be_answered_with_any_headers(site: ReplicaSite) -> None:
    site.answer_with(503, {"Retry-After": "120"})
    answer = get(site.section())
    assert (answer.status, answer.headers["Retry-After"]) == (503, "120")
    assert get(f"{site.address}/robots.txt").status == 200
    site.mend()
    assert get(site.section()).status == 200


def test_a_status_can_be_for_one_path_alone(site: ReplicaSite) -> None:
    site.answer_with(500, path="/robots.txt")
    assert get(f"{site.address}/robots.txt").status == 500
    assert get(site.section()).status == 200
    site.answer_with(302, {"Location": "http://127.0.0.1:1/"}, "/en/press/news_mfa/")
    assert get(site.section()).headers["Location"] == "http://127.0.0.1:1/"
    assert get(f"{site.address}/robots.txt").status == 200
