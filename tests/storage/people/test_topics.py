from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import insert

from storage import tables
from storage.database import Database
from storage.errors import InvalidInputError, NotFoundError, QueryError, QuerySyntaxError
from storage.people import channels, subscriptions, topics
from storage.types import SOLE_OWNER, ChannelHealth, ChannelReason
from tests.storage.examples import HOUR, NOW, channel_named, draft, matched, store, subscribed, watched


def test_a_topic_is_found_whatever_the_case_of_its_name(database: Database) -> None:
    topic = database.write(topics.add, SOLE_OWNER, database.packs, "Мосты", 'bridge OR "новый мост"', NOW)
    assert database.read(topics.get, SOLE_OWNER, "мОСТЫ") == topic
    assert (topic.query, topic.created_at) == ('bridge OR "новый мост"', NOW)


def test_a_name_is_given_once(database: Database) -> None:
    database.write(topics.add, SOLE_OWNER, database.packs, "Bridges", "bridge", NOW)
    with pytest.raises(InvalidInputError, match="bridges"):
        database.write(topics.add, SOLE_OWNER, database.packs, "bridges", "tolls", NOW)


@pytest.mark.parametrize("query", ["bridge AND", "", "(bridge", "alias:Nobody", "NOT bridge"])
def test_a_query_that_cannot_be_a_topic_is_refused_where_it_is_entered(database: Database, query: str) -> None:
    with pytest.raises(QueryError) as refused:
        database.write(topics.add, SOLE_OWNER, database.packs, "Bridges", query, NOW)
    assert refused.value.mend
    assert database.read(topics.every, SOLE_OWNER) == ()


def test_a_malformed_query_is_pointed_at(database: Database) -> None:
    with pytest.raises(QuerySyntaxError) as refused:
        database.write(topics.add, SOLE_OWNER, database.packs, "Bridges", "bridge AND )", NOW)
    line, caret = refused.value.pointer().splitlines()
    assert line[caret.index("^")] == ")"


def test_an_unknown_topic_is_told(database: Database) -> None:
    with pytest.raises(NotFoundError, match="Tunnels"):
        database.read(topics.get, SOLE_OWNER, "Tunnels")


def test_removing_a_topic_ends_its_subscriptions_and_frees_its_name(database: Database) -> None:
    subscribed(database)
    database.write(topics.remove, SOLE_OWNER, "bridges", NOW)
    assert not database.read(topics.every, SOLE_OWNER)
    assert not database.read(subscriptions.every, SOLE_OWNER)
    again = database.write(topics.add, SOLE_OWNER, database.packs, "Bridges", "bridge AND tolls", NOW)
    assert database.read(topics.every, SOLE_OWNER) == (again,)


def test_every_change_of_the_topics_shows(database: Database) -> None:
    seen = [database.read(topics.newest_change)]

    def changed() -> bool:
        seen.append(database.read(topics.newest_change))
        return seen[-1] not in seen[:-1]

    database.write(topics.add, SOLE_OWNER, database.packs, "Bridges", "bridge", NOW)
    assert changed()
    database.write(topics.add, SOLE_OWNER, database.packs, "Tolls", "toll", NOW)
    assert changed()
    database.write(topics.remove, SOLE_OWNER, "Tolls", NOW)
    database.write(topics.add, SOLE_OWNER, database.packs, "Tolls", "toll OR fee", NOW)
    assert changed()
    assert database.read(topics.newest_change) == seen[-1]


# -- channels and subscriptions -----------------------------------------------------------------------------------


def test_a_channel_is_found_by_its_name_and_by_its_address(database: Database) -> None:
    channel = channel_named(database, "desk", "json://desk.example/hook")
    assert database.read(channels.find, SOLE_OWNER, database.keyring, "desk") == channel
    assert database.read(channels.find, SOLE_OWNER, database.keyring, "json://desk.example/hook") == channel
    assert database.read(channels.find, SOLE_OWNER, database.keyring, "json://desk.example/") is None
    assert database.read(channels.health) == {channel.id: ChannelHealth(ChannelReason.UNUSED, "never used")}


def test_a_channels_name_is_given_once_until_it_is_removed(database: Database) -> None:
    channel_named(database, "desk", "console")
    with pytest.raises(InvalidInputError, match="desk"):
        database.write(channels.add, SOLE_OWNER, database.keyring, "desk", "console", NOW)
    database.write(channels.remove, SOLE_OWNER, database.keyring, "desk", NOW)
    assert database.read(channels.every, SOLE_OWNER) == ()
    again = database.write(channels.add, SOLE_OWNER, database.keyring, "desk", "console", NOW)
    assert database.read(channels.every, SOLE_OWNER) == (again,)


def test_removing_a_channel_ends_its_subscriptions(database: Database) -> None:
    subscribed(database, name="desk")
    kept = subscribed(database, name="other")
    database.write(channels.remove, SOLE_OWNER, database.keyring, "desk", NOW)
    assert database.read(subscriptions.every, SOLE_OWNER) == (kept,)
    with pytest.raises(NotFoundError, match="desk"):
        database.write(channels.remove, SOLE_OWNER, database.keyring, "desk", NOW)


def test_subscribing_again_changes_nothing(database: Database) -> None:
    first = subscribed(database)
    assert subscribed(database) == first
    assert (first.topic_name, first.channel_name) == ("Bridges", "console")
    assert database.read(subscriptions.every, SOLE_OWNER) == (first,)


def test_whoever_unsubscribed_can_subscribe_again(database: Database) -> None:
    first = subscribed(database)
    topic = database.read(topics.get, SOLE_OWNER, "Bridges")
    channel = database.read(channels.get, SOLE_OWNER, database.keyring, "console")
    assert database.write(subscriptions.unsubscribe, topic, channel, NOW + HOUR) == 1
    assert database.write(subscriptions.unsubscribe, topic, channel, NOW + HOUR) == 0
    assert database.read(subscriptions.every, SOLE_OWNER) == ()
    assert subscribed(database).id != first.id


def test_all_subscriptions_of_a_topic_end_together(database: Database) -> None:
    for name in ("desk", "other"):
        subscribed(database, name=name)
    tolls = subscribed(database, "Tolls", "toll", name="desk")
    assert database.write(subscriptions.unsubscribe, database.read(topics.get, SOLE_OWNER, "Bridges"), None, NOW) == 2
    assert database.read(subscriptions.every, SOLE_OWNER) == (tolls,)


def test_another_query_is_another_topic_that_the_same_are_told_of(database: Database) -> None:
    told = subscribed(database)
    before = database.read(topics.get, SOLE_OWNER, "Bridges")
    after = database.write(topics.change, database.packs, before, "bridge OR toll", NOW + HOUR)
    assert database.read(topics.every, SOLE_OWNER) == (after,)
    assert (after.query, after.created_at) == ("bridge OR toll", NOW + HOUR)
    assert database.read(subscriptions.every, SOLE_OWNER) == (replace(told, topic_id=after.id),)
    with pytest.raises(QueryError):
        database.write(topics.change, database.packs, after, "NOT bridge", NOW + HOUR)
    assert database.read(topics.every, SOLE_OWNER) == (after,), "all of it or nothing"


def test_what_was_announced_is_not_announced_again_when_the_query_changes(database: Database) -> None:
    told, source = subscribed(database), watched(database)
    assert matched(database, told, *store(database, draft(source))) == 1
    changed = database.write(
        topics.change, database.packs, database.read(topics.get, SOLE_OWNER, "Bridges"), "bridge OR toll", NOW
    )
    edit = store(database, draft(source, body="The bridge is closed."))
    assert matched(database, replace(told, topic_id=changed.id), *edit) == 0


@pytest.mark.parametrize("name", ["", "  ", "\t"])
def test_a_topic_needs_a_name(database: Database, name: str) -> None:
    with pytest.raises(InvalidInputError, match="needs a name"):
        database.write(topics.add, SOLE_OWNER, database.packs, name, "bridge", NOW)


# -- whose it is -----------------------------------------------------------------------------------------------------

ANOTHER = SOLE_OWNER + 1


def test_two_owners_may_give_things_the_same_names(database: Database) -> None:
    for owner in (SOLE_OWNER, ANOTHER):
        topic = database.write(topics.add, owner, database.packs, "Bridges", "bridge", NOW)
        channel = database.write(channels.add, owner, database.keyring, "desk", "json://desk.example/hook", NOW)
        told = database.write(subscriptions.subscribe, topic, channel, NOW)
        assert topic.owner_id == channel.owner_id == told.owner_id == owner
        assert database.read(topics.every, owner) == (topic,)
        assert database.read(channels.every, owner) == (channel,)
        assert database.read(subscriptions.every, owner) == (told,)
    assert [topic.owner_id for topic in database.read(topics.in_force)] == [SOLE_OWNER, ANOTHER]
    assert [channel.owner_id for channel in database.read(channels.in_force)] == [SOLE_OWNER, ANOTHER]
    assert [told.owner_id for told in database.read(subscriptions.in_force)] == [SOLE_OWNER, ANOTHER]


def test_nobody_finds_or_removes_what_is_another_owners(database: Database) -> None:
    kept = subscribed(database, channel="json://desk.example/hook", name="desk")
    assert database.read(topics.find, ANOTHER, "Bridges") is None
    for name_or_address in ("desk", "json://desk.example/hook"):
        assert database.read(channels.find, ANOTHER, database.keyring, name_or_address) is None
    with pytest.raises(NotFoundError):
        database.write(topics.remove, ANOTHER, "Bridges", NOW)
    with pytest.raises(NotFoundError):
        database.write(channels.remove, ANOTHER, database.keyring, "desk", NOW)
    assert database.read(subscriptions.every, SOLE_OWNER) == (kept,)


def test_a_changed_topic_stays_its_owners(database: Database) -> None:
    database.write(topics.add, SOLE_OWNER, database.packs, "Bridges", "bridge", NOW)
    before = database.write(topics.add, ANOTHER, database.packs, "Bridges", "bridge", NOW)
    after = database.write(topics.change, database.packs, before, "bridge OR toll", NOW)
    assert database.read(topics.every, ANOTHER) == (after,)
    assert [topic.query for topic in database.read(topics.every, SOLE_OWNER)] == ["bridge"]


def test_nobody_subscribes_to_another_owners_topic(database: Database) -> None:
    topic = database.write(topics.add, ANOTHER, database.packs, "Bridges", "bridge", NOW)
    channel = database.write(channels.add, SOLE_OWNER, database.keyring, "desk", "console", NOW)
    with pytest.raises(NotFoundError, match="there is no topic 'Bridges'"):
        database.write(subscriptions.subscribe, topic, channel, NOW)
    assert database.read(subscriptions.in_force) == ()


def test_what_is_written_without_an_owner_is_shown_to_nobody(database: Database) -> None:
    values = {"name": "Bridges", "query": "bridge", "created_at": NOW}
    database.write(lambda connection: connection.execute(insert(tables.topics).values(values)))
    assert database.read(topics.every, SOLE_OWNER) == ()
