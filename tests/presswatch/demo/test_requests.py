"""What the replica does with connections, and what it remembers of who asked."""

from __future__ import annotations

import http.client
from concurrent.futures import ThreadPoolExecutor

import pytest

from presswatch.demo.site import ReplicaSite
from tests.patience import PATIENCE
from tests.presswatch.demo.asking import get


def test_connections_are_kept_alive(site: ReplicaSite) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=PATIENCE)
    ends = []
    for path in ("/en/press/news_mfa/", "/nothing", "/robots.txt"):
        connection.request("GET", path)
        connection.getresponse().read()
        ends.append(connection.sock.getsockname() if connection.sock else None)
    connection.close()
    assert ends[0] is not None
    assert len(set(ends)) == 1


def test_a_head_request_gets_the_head_alone(site: ReplicaSite) -> None:
    whole, head = get(site.section()), get(site.section(), method="HEAD")
    assert head.content == b""
    assert head.headers["Content-Length"] == str(len(whole.content))
    assert head.headers["ETag"] == whole.headers["ETag"]


def test_every_request_is_remembered_with_its_headers(site: ReplicaSite) -> None:
    get(f"{site.address}/robots.txt")
    get(f"{site.section()}?page=2", {"User-Agent": "a polite crawler", "If-None-Match": '"x"'})
    assert [(each.method, each.path) for each in site.requests] == [
        ("GET", "/robots.txt"),
        ("GET", "/en/press/news_mfa/?page=2"),
    ]
    assert site.requests[1].headers["user-agent"] == "a polite crawler"
    assert site.requests[1].headers["if-none-match"] == '"x"'
    assert site.requests[0].time <= site.requests[1].time
    site.forget_requests()
    assert site.requests == []


def test_the_peak_counts_requests_that_are_answered_at_once(site: ReplicaSite) -> None:
    for _ in range(5):
        get(site.section())
    assert site.peak_concurrency == 1
    site.slow(60)
    with ThreadPoolExecutor(3) as three:
        answers = [three.submit(get, site.section()) for _ in range(3)]
        assert len(site.wait_for_requests(8)) == 8
        site.mend()
        assert [answer.result().status for answer in answers] == [200, 200, 200]
    assert site.peak_concurrency == 3


def test_waiting_for_requests_that_do_not_come_ends(site: ReplicaSite) -> None:
    get(site.section())
    with pytest.raises(TimeoutError, match="1 of 2"):
        site.wait_for_requests(2, seconds=0.01)


def test_many_may_publish_at_once(site: ReplicaSite) -> None:
    with ThreadPoolExecutor(8) as eight:
        published = list(eight.map(lambda number: site.publish(f"Number {number}", "a"), range(200)))
    assert len({statement.address for statement in published}) == 200
    assert get(published[-1].address).status == 200
