"""A file is brought in whole: what it changes, and what it leaves."""

from __future__ import annotations

from presswatch.watchlist.from_database import known
from storage.database import Database
from storage.outbox import canaries
from storage.people import rhythms, subscriptions, topics
from storage.sources import sources
from storage.types import SOLE_OWNER
from tests.presswatch.watchlist.bringing import bring_in
from tests.storage.examples import NOW, subscribed

WHOLE = """
[[topic]]
name = "Bridges"
query = 'bridge OR "new crossing"'

[[subscription]]
topic = "Bridges"
channel = "desk"
rhythm = "weekly friday 08:30"
zone = "Europe/Minsk"
cap = 3

[[source]]
key = "own/news"
name = "News"
address = "https://ministry.example/news/"
enabled = true

[[source]]
key = "mfa-by/news-ru"
enabled = false
"""


def test_a_file_adds_what_is_not_there_and_a_second_time_nothing(here: Database) -> None:
    assert bring_in(here, WHOLE, dry_run=True) == bring_in(here, WHOLE)
    assert bring_in(here, WHOLE) == []
    [told] = here.read(subscriptions.every, SOLE_OWNER)
    assert told.rhythm == rhythms.parse("weekly friday 08:30", zone="Europe/Minsk", cap=3)
    assert here.read(sources.get, "own/news").origin == "user"
    assert not here.read(sources.get, "mfa-by/news-ru").enabled


def test_a_dry_run_changes_nothing(here: Database) -> None:
    before = here.read(known, SOLE_OWNER)
    assert bring_in(here, WHOLE, dry_run=True) == [
        "added topic Bridges",
        "added subscription Bridges to desk",
        "added source own/news",
        "changed source mfa-by/news-ru",
    ]
    assert here.read(known, SOLE_OWNER) == before


def test_what_a_file_does_not_name_stays_unless_it_is_to_be_pruned(here: Database) -> None:
    bring_in(here, WHOLE)
    shorter = WHOLE.replace("Bridges", "Tunnels").replace("own/news", "own/other").replace("/news/", "/other/")
    assert "removed" not in " ".join(bring_in(here, shorter))
    assert bring_in(here, shorter, prune=True) == [
        "removed subscription Bridges to desk",
        "removed topic Bridges",
        "removed source own/news",
        "changed source mfa-by/news-en",
    ]
    assert not here.read(sources.get, "mfa-by/news-en").enabled


def test_only_the_kinds_that_a_file_has_are_pruned(here: Database) -> None:
    bring_in(here, WHOLE)
    assert bring_in(here, "subscription = []", prune=True) == ["removed subscription Bridges to desk"]
    assert bring_in(here, "", prune=True) == []
    bring_in(here, WHOLE)
    removed = ["removed subscription Bridges to desk", "removed topic Bridges"]
    assert bring_in(here, "topic = []", prune=True) == removed, "they end with their topic"


def test_another_query_is_asked_from_now_on_and_the_subscription_goes_on(here: Database) -> None:
    told = subscribed(here)
    assert bring_in(here, '[[topic]]\nname = "BRIDGES"\nquery = "bridge OR tunnel"') == ["changed topic BRIDGES"]
    [topic], [after] = here.read(topics.every, SOLE_OWNER), here.read(subscriptions.every, SOLE_OWNER)
    assert (topic.name, topic.query) == ("BRIDGES", "bridge OR tunnel")
    assert topic.created_at > NOW, "it is not asked about what was seen before"
    assert (after.id, after.topic_name, after.created_at) == (told.id, "BRIDGES", told.created_at)


def test_another_rhythm_or_canary_is_a_change(here: Database) -> None:
    here.write(canaries.topic, SOLE_OWNER, NOW)
    told = '[[subscription]]\ntopic = "canary"\nchannel = "console"\n'
    assert bring_in(here, told) == ["added subscription canary to console"]
    assert bring_in(here, f'{told}rhythm = "grouped 5m"\ncanary = 30') == ["changed subscription canary to console"]
    [after] = here.read(subscriptions.every, SOLE_OWNER)
    assert (after.rhythm.minutes, after.canary) == (5, 30)
    assert bring_in(here, told) == ["changed subscription canary to console"], "what is not said is as usual"
    assert here.read(subscriptions.every, SOLE_OWNER)[0].canary == 0


def test_a_source_at_another_address_is_another_source_of_that_name(here: Database) -> None:
    bring_in(here, WHOLE)
    first = here.read(sources.get, "own/news")
    assert bring_in(here, WHOLE.replace('name = "News"', 'name = "The news"')) == ["changed source own/news"]
    assert here.read(sources.get, "own/news").id == first.id
    assert bring_in(here, WHOLE.replace("/news/", "/press/")) == ["changed source own/news"]
    moved = here.read(sources.get, "own/news")
    assert moved.id != first.id
    assert moved.baseline_at is None, "its first poll is silent"


def test_addresses_can_change_places(here: Database) -> None:
    two = WHOLE + WHOLE[WHOLE.index("[[source]]") : WHOLE.index('[[source]]\nkey = "mfa')].replace("news", "press")
    bring_in(here, two)
    renamed = WHOLE.replace("own/news", "own/renamed")
    assert [line for line in bring_in(here, renamed, prune=True) if "own/renamed" in line] == [
        "added source own/renamed"
    ]
