"""The replica over real HTTP: its statements change and vanish, and it goes down and comes up."""

from __future__ import annotations

import datetime
import http.client
import socket
from urllib.error import URLError

import pytest

from presswatch.demo.site import ReplicaSite
from tests.patience import PATIENCE
from tests.presswatch.demo.asking import get


def test_an_edit_changes_the_words_and_neither_address_nor_date(site: ReplicaSite) -> None:
    statement = site.publish("Before", ["one", "two"], date=datetime.date(2024, 1, 9))
    edited = site.edit(statement, title="After", body=[*statement.body, "three"])
    assert (edited.address, edited.date, edited.body) == (statement.address, statement.date, ("one", "two", "three"))
    tree = get(statement.address).tree
    assert tree.cssselect("h1")[0].text == "After"
    assert [each.text for each in tree.cssselect("section.content-page > p")] == ["one", "two", "three"]
    assert tree.cssselect("span.date")[0].text == "9 January 2024"
    assert get(site.section()).titles == ["After"]
    assert site.edit(statement, body="new").title == "After"


def test_a_withdrawn_statement_is_gone_until_it_is_restored(site: ReplicaSite) -> None:
    statement = site.publish("A", "a")
    assert site.withdraw(statement).withdrawn
    assert get(statement.address).status == 404
    assert get(site.section()).titles == []
    site.restore(statement)
    assert get(statement.address).status == 200
    assert get(site.section()).titles == ["A"]


def test_what_was_never_published_is_not_found(site: ReplicaSite) -> None:
    statement = site.publish("A", "a")
    for path in ("/nothing", f"/press/news_mfa/{statement.slug}.html", "/en/press/news_mfa/0000.html", "/en/section0/"):
        assert get(site.address + path).status == 404
    with pytest.raises(ValueError, match="published"):
        site.statement("0" * 16)


def test_a_language_that_the_site_does_not_have_is_refused(site: ReplicaSite) -> None:
    with pytest.raises(ValueError, match="'be'"):
        site.publish("A", "a", "be")
    with pytest.raises(ValueError, match="'be'"):
        site.section("be")


def test_robots_txt_forbids_service_folders_and_may_ask_for_a_delay(site: ReplicaSite) -> None:
    plain = get(f"{site.address}/robots.txt").content.decode()
    assert "Disallow: /print/\n" in plain
    assert "Crawl-delay" not in plain
    assert "news_mfa" not in plain
    with ReplicaSite(crawl_delay=2.5) as slow:
        assert "Crawl-delay: 2.5\n" in get(f"{slow.address}/robots.txt").content.decode()


def test_a_site_that_is_down_refuses_connections_and_comes_back_on_its_port(site: ReplicaSite) -> None:
    site.publish("A", "a")
    port = site.port
    site.go_down()
    for _ in range(3):
        with pytest.raises(URLError) as refusal:
            get(site.section())
        assert isinstance(refusal.value.reason, ConnectionRefusedError)
    site.publish("B", "b")
    site.come_up()
    assert site.port == port
    assert get(site.section()).titles == ["B", "A"]


def test_the_port_of_a_site_that_is_down_is_nobody_elses(site: ReplicaSite) -> None:
    site.go_down()
    with socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind(("127.0.0.1", site.port))


def test_going_down_breaks_a_connection_that_was_kept_open(site: ReplicaSite) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=PATIENCE)
    connection.request("GET", "/en/")
    connection.getresponse().read()
    assert connection.sock is not None
    site.go_down()
    with pytest.raises((ConnectionError, http.client.RemoteDisconnected)):
        connection.request("GET", "/en/")
        connection.getresponse()
    connection.close()


def test_going_down_and_coming_up_twice_is_like_once(site: ReplicaSite) -> None:
    site.go_down()
    site.go_down()
    site.come_up()
    site.come_up()
    assert get(site.section()).status == 200


def test_mending_also_brings_a_site_up(site: ReplicaSite) -> None:
    site.block()
    site.go_down()
    site.mend()
    assert get(site.section()).status == 200


def test_a_stopped_site_gives_its_port_back() -> None:
    with ReplicaSite() as site:
        port = site.port
    with ReplicaSite(port) as again:
        assert get(again.section()).status == 200
