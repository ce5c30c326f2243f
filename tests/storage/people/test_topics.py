from __future__ import annotations

from dataclasses import replace

import pytest

from storage.database import Database
from storage.errors import InvalidInputError, NotFoundError, QueryError, QuerySyntaxError
from storage.people import channels, subscriptions, topics
from tests.storage.examples import HOUR, NOW, channel_named, draft, matched, store, subscribed, watched


def test_a_topic_is_found_whatever_the_case_of_its_name(database: Database) -> None:
    topic = database.write(topics.add, "Мосты", 'bridge OR "новый мост"', NOW)
    assert database.read(topics.get, "мОСТЫ") == topic
    assert (topic.query, topic.created_at) == ('bridge OR "новый мост"', NOW)


def test_a_name_is_given_once(database: Database) -> None:
    database.write(topics.add, "Bridges", "bridge", NOW)
    with pytest.raises(InvalidInputError, match="bridges"):
        database.write(topics.add, "bridges", "tolls", NOW)


@pytest.mark.parametrize("query", ["bridge AND", "", "(bridge", "alias:Nobody", "NOT bridge"])
def test_a_query_that_cannot_be_a_topic_is_refused_where_it_is_entered(database: Database, query: str) -> None:
    with pytest.raises(QueryError) as refused:
        database.write(topics.add, "Bridges", query, NOW)
    assert refused.value.mend
    assert database.read(topics.every) == ()


def test_a_malformed_query_is_pointed_at(database: Database) -> None:
    with pytest.raises(QuerySyntaxError) as refused:
        database.write(topics.add, "Bridges", "bridge AND )", NOW)
    line, caret = refused.value.pointer().splitlines()
    assert line[caret.index("^")] == ")"


def test_an_unknown_topic_is_told(database: Database) -> None:
    with pytest.raises(NotFoundError, match="Tunnels"):
        database.read(topics.get, "Tunnels")


def test_removing_a_topic_ends_its_subscriptions_and_frees_its_name(database: Database) -> None:
    subscribed(database)
    database.write(topics.remove, "bridges", NOW)
    assert not database.read(topics.every)
    assert not database.read(subscriptions.every)
    again = database.write(topics.add, "Bridges", "bridge AND tolls", NOW)
    assert database.read(topics.every) == (again,)


def test_every_change_of_the_topics_shows(database: Database) -> None:
    seen = [database.read(topics.newest_change)]

    def changed() -> bool:
        seen.append(database.read(topics.newest_change))
        return seen[-1] not in seen[:-1]

    database.write(topics.add, "Bridges", "bridge", NOW)
    assert changed()
    database.write(topics.add, "Tolls", "toll", NOW)
    assert changed()
    database.write(topics.remove, "Tolls", NOW)
    database.write(topics.add, "Tolls", "toll OR fee", NOW)
    assert changed()
    assert database.read(topics.newest_change) == seen[-1]


# -- channels and subscriptions -----------------------------------------------------------------------------------


def test_a_channel_is_found_by_its_name_and_by_its_address(database: Database) -> None:
    channel = channel_named(database, "desk", "json://desk.example/hook")
    assert database.read(channels.find, "desk") == channel
    assert database.read(channels.find, "json://desk.example/hook") == channel
    assert database.read(channels.find, "json://desk.example/") is None
    assert database.read(channels.health) == {channel.id: "ok"}


def test_a_channels_name_is_given_once_until_it_is_removed(database: Database) -> None:
    channel_named(database, "desk", "console")
    with pytest.raises(InvalidInputError, match="desk"):
        database.write(channels.add, "desk", "console", NOW)
    database.write(channels.remove, "desk", NOW)
    assert database.read(channels.every) == ()
    again = database.write(channels.add, "desk", "console", NOW)
    assert database.read(channels.every) == (again,)


def test_removing_a_channel_ends_its_subscriptions(database: Database) -> None:
    subscribed(database, name="desk")
    kept = subscribed(database, name="other")
    database.write(channels.remove, "desk", NOW)
    assert database.read(subscriptions.every) == (kept,)
    with pytest.raises(NotFoundError, match="desk"):
        database.write(channels.remove, "desk", NOW)


def test_subscribing_again_changes_nothing(database: Database) -> None:
    first = subscribed(database)
    assert subscribed(database) == first
    assert (first.topic_name, first.channel_name) == ("Bridges", "console")
    assert database.read(subscriptions.every) == (first,)


def test_whoever_unsubscribed_can_subscribe_again(database: Database) -> None:
    first = subscribed(database)
    topic = database.read(topics.get, "Bridges")
    channel = database.read(channels.get, "console")
    assert database.write(subscriptions.unsubscribe, topic, channel, NOW + HOUR) == 1
    assert database.write(subscriptions.unsubscribe, topic, channel, NOW + HOUR) == 0
    assert database.read(subscriptions.every) == ()
    assert subscribed(database).id != first.id


def test_all_subscriptions_of_a_topic_end_together(database: Database) -> None:
    for name in ("desk", "other"):
        subscribed(database, name=name)
    tolls = subscribed(database, "Tolls", "toll", name="desk")
    assert database.write(subscriptions.unsubscribe, database.read(topics.get, "Bridges"), None, NOW) == 2
    assert database.read(subscriptions.every) == (tolls,)


def test_another_query_is_another_topic_that_the_same_are_told_of(database: Database) -> None:
    told = subscribed(database)
    before = database.read(topics.get, "Bridges")
    after = database.write(topics.change, before, "bridge OR toll", NOW + HOUR)
    assert database.read(topics.every) == (after,)
    assert (after.query, after.created_at) == ("bridge OR toll", NOW + HOUR)
    assert database.read(subscriptions.every) == (replace(told, topic_id=after.id),)
    with pytest.raises(QueryError):
        database.write(topics.change, after, "NOT bridge", NOW + HOUR)
    assert database.read(topics.every) == (after,), "all of it or nothing"


def test_what_was_announced_is_not_announced_again_when_the_query_changes(database: Database) -> None:
    told, source = subscribed(database), watched(database)
    assert matched(database, told, *store(database, draft(source))) == 1
    changed = database.write(topics.change, database.read(topics.get, "Bridges"), "bridge OR toll", NOW)
    edit = store(database, draft(source, body="The bridge is closed."))
    assert matched(database, replace(told, topic_id=changed.id), *edit) == 0


@pytest.mark.parametrize("name", ["", "  ", "\t"])
def test_a_topic_needs_a_name(database: Database, name: str) -> None:
    with pytest.raises(InvalidInputError, match="needs a name"):
        database.write(topics.add, name, "bridge", NOW)
