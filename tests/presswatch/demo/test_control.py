"""A replica in a process of its own, driven by the same verbs."""

from __future__ import annotations

import datetime
import json
from urllib.error import URLError

import pytest

from presswatch.demo.control import RemoteSite, controlled
from presswatch.demo.site import ReplicaSite
from presswatch.demo.statements import drafts
from tests.presswatch.demo.asking import get


def test_a_replica_in_a_process_of_its_own_is_driven_by_the_same_verbs() -> None:
    with RemoteSite.started() as site:
        statement = site.publish("О визите", ["Он начался."], "ru", datetime.date(2021, 5, 19))
        assert get(statement.address).tree.cssselect("h1")[0].text == "О визите"
        assert site.edit(statement, title="О поездке").date == datetime.date(2021, 5, 19)
        assert get(site.section("ru")).titles == ["О поездке"]
        assert site.withdraw(statement).withdrawn
        assert get(statement.address).status == 404
        assert site.restore(statement) == site.statement(statement.slug)
        assert site.publish("Undated", "a", date=None, in_listing=False).date is None
        assert site.publish("Today", "a").date is not None
        site.block(418)
        assert get(site.section()).status == 418
        site.unblock()
        site.break_listing("empty")
        assert get(site.section()).titles == []
        site.break_feed()
        assert get(site.feed()).headers["Content-Type"] == "text/html"
        site.answer_with(429, {"Retry-After": "7"})
        assert get(site.section()).headers["Retry-After"] == "7"
        site.mend()
        assert get(site.section()).titles == ["Today"]
        site.slow(0.001)
        assert get(site.section()).titles == ["Today"]
        assert site.requests[-1].path == "/en/press/news_mfa/"
        assert site.wait_for_requests(len(site.requests)) == site.requests
        assert site.peak_concurrency == 1
        site.forget_requests()
        assert site.requests == []
        site.go_down()
        with pytest.raises(URLError):
            get(site.section())
        site.come_up()
        assert get(site.section()).status == 200


def test_a_process_of_its_own_may_start_with_the_bundled_statements() -> None:
    with RemoteSite.started("--filled") as site:
        assert len(get(site.section("en")).titles) == 10
        assert len(get(f"{site.section('ru')}?page=2").titles) == len(drafts("ru")) - 10


def test_a_wrong_verb_is_refused_and_the_replica_goes_on() -> None:
    with ReplicaSite() as site, controlled(site) as control:
        remote = RemoteSite(site.address, control)
        with pytest.raises(ValueError, match="published"):
            remote.statement("0" * 16)
        with pytest.raises(ValueError, match="'be'"):
            remote.publish("A", "a", "be")
        for body in (b'{"verb": "explode"}', b'{"verb": "publish"}', b"[]", b"nonsense", b"{}"):
            answer = get(control, {"Content-Type": "application/json"}, "POST", body)
            assert answer.status == 400
            assert json.loads(answer.content)["error"]
        assert remote.publish("A", "a").title == "A"


def test_a_form_of_a_web_page_cannot_drive_the_replica() -> None:
    with ReplicaSite() as site, controlled(site) as control:
        verb = b'{"verb": "block"}'
        assert get(control, {"Content-Type": "text/plain"}, "POST", verb).status == 405
        assert get(control).status == 405
        assert get(site.section()).status == 200
