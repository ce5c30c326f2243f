"""What the replica says to a crawler that has seen the page before."""

from __future__ import annotations

from collections.abc import Callable

from presswatch.demo.site import ReplicaSite
from tests.presswatch.demo.asking import get


def test_a_known_listing_is_answered_304_by_either_validator(site: ReplicaSite) -> None:
    statement = site.publish("A", "a")
    for address in (site.section(), statement.address, site.feed()):
        first = get(address)
        by_tag = get(address, {"If-None-Match": first.headers["ETag"]})
        by_date = get(address, {"If-Modified-Since": first.headers["Last-Modified"]})
        assert [(each.status, each.content) for each in (first, by_tag, by_date)] == [
            (200, first.content), (304, b""), (304, b""),
        ]  # fmt: skip
        assert by_tag.headers["ETag"] == first.headers["ETag"]


def test_each_change_ends_both_validators_even_within_a_second(site: ReplicaSite) -> None:
    statement = site.publish("A", "a")
    changes: tuple[Callable[[], object], ...] = (
        lambda: site.publish("B", "b"),
        lambda: site.edit(statement, title="C"),
        lambda: site.withdraw(statement),
        lambda: site.restore(statement),
    )
    for change in changes:
        known = get(site.section()).headers
        change()
        assert get(site.section(), {"If-None-Match": known["ETag"]}).status == 200
        assert get(site.section(), {"If-Modified-Since": known["Last-Modified"]}).status == 200


def test_a_change_in_one_language_leaves_the_other_unchanged(site: ReplicaSite) -> None:
    known = get(site.section("ru")).headers
    site.publish("A", "a", "en")
    assert get(site.section("ru"), {"If-None-Match": known["ETag"]}).status == 304
    assert get(site.section("ru"), {"If-Modified-Since": known["Last-Modified"]}).status == 304


def test_the_tag_goes_before_the_date(site: ReplicaSite) -> None:
    known = get(site.section()).headers
    both = {"If-None-Match": '"another"', "If-Modified-Since": known["Last-Modified"]}
    assert get(site.section(), both).status == 200
    assert get(site.section(), {"If-None-Match": f'"another", W/{known["ETag"]}'}).status == 304
    assert get(site.section(), {"If-Modified-Since": "yesterday"}).status == 200


def test_a_site_without_validators_always_answers_in_full() -> None:
    with ReplicaSite(validators=False) as site:
        first = get(site.section())
        assert first.headers["ETag"] is None
        assert first.headers["Last-Modified"] is None
        assert get(site.section(), {"If-None-Match": "*"}).status == 200
