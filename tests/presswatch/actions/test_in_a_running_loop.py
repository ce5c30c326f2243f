"""Actions as a page calls them: side by side on a loop that runs already, with a real database, crawl and site."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator

import pytest

from crawler.run import Crawl
from presswatch.actions import aliases, channels, exports, history, items, proposals, subscriptions, topics
from presswatch.actions.proposals import NewSource
from presswatch.demo.site import ReplicaSite
from presswatch.demo.statements import demo_statements
from presswatch.doctor import examine_all
from presswatch.formats.kinds import FeedFormat, Format
from presswatch.settings import Settings
from presswatch.watchlist.exporting import exported
from presswatch.watchlist.file_format import Form
from presswatch.watchlist.importing import import_watchlist
from storage.clock import now
from storage.connection_guard import AddressPolicy
from storage.database import Database
from storage.errors import InvalidInputError, NotFoundError, QueryError
from storage.people.rhythms import WantedRhythm
from storage.sources import sources
from storage.types import SOLE_OWNER
from tests.crawler.running import running
from tests.storage.examples import draft, spec, store

LOOPBACK = AddressPolicy.parse("127.0.0.0/8")


@pytest.fixture
def site() -> Iterator[ReplicaSite]:
    with ReplicaSite() as replica:
        for each in demo_statements("before"):
            replica.publish(**each.as_arguments())
        yield replica


@pytest.fixture
def filled(database: Database) -> Database:
    """Three statements, two of which speak of a bridge."""
    source = database.write(sources.add, spec(), alert_first=False, now=now())
    store(database, draft(source, 1), draft(source, 2, body="A tunnel."), draft(source, 3, body="The bridge opens."),
          now=now())  # fmt: skip
    return database


@pytest.mark.slow
@pytest.mark.asyncio(loop_scope="session")  # Twisted has one reactor, and it has one loop
async def test_pages_ask_side_by_side_while_a_section_is_looked_at(filled: Database, site: ReplicaSite) -> None:
    async with running(Crawl(filled)) as crawl:
        wanted = NewSource(site.section("en"), "replica/news")
        found, tried, proposal, told = await asyncio.gather(
            history.search(filled, "bridge"),
            topics.preview(filled, SOLE_OWNER, "bridge OR tunnel"),
            proposals.propose(filled, crawl, wanted, LOOPBACK),
            subscriptions.subscribe(filled, SOLE_OWNER, "CSTO", "console", LOOPBACK, WantedRhythm("daily 08:00")),
        )
        assert [hit.item.id for hit in found.found] == [3, 1]
        assert tried.found == 3
        assert proposal.spec.key == "replica/news"
        assert proposal.listing.entries
        assert (told.topic_name, told.channel_name) == ("CSTO", "console")
        watched = await proposals.watch(filled, proposal)
        [checked] = await proposals.check(filled, crawl, [watched.key])
        assert checked.drift == ()
        findings = await examine_all(filled, Settings(data=filled.path.parent), crawl)
        assert {"replica/news", "topic CSTO"} <= {each.what for each in findings if each.state == "ok"}


async def test_the_history_is_read_counted_and_taken_out(filled: Database) -> None:
    query = await history.query_of(filled, SOLE_OWNER, "bridge", "")
    pieces: list[str] = []
    _, counted, shown, verdict, spread, feed = await asyncio.gather(
        exports.export(filled, query, Format.NDJSON, pieces.append),
        exports.count(filled, query),
        items.show(filled, 3),
        items.why(filled, SOLE_OWNER, 2, query),
        history.spread(filled, SOLE_OWNER, query),
        exports.feed(filled, query, "bridges", FeedFormat.ATOM),
    )
    assert (len(pieces), counted, spread.total) == (2, 2, 2)
    assert (shown.version.body, shown.item.source_key) == ("The bridge opens.", "mfa-xy/news")
    assert not verdict.explanation.holds
    assert feed.count("<entry>") == 2
    with pytest.raises(NotFoundError, match="has no version 7"):
        await items.show(filled, 3, 7)
    with pytest.raises(InvalidInputError, match="expected a query, or a topic"):
        await history.query_of(filled, SOLE_OWNER, "", "")


async def test_whoever_goes_away_ends_his_export(filled: Database) -> None:
    """A page whose reader has left is cancelled; the thread that reads for it ends at the next statement."""
    reached, go_on = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    pieces: list[str] = []

    def write(piece: str) -> None:
        pieces.append(piece)
        loop.call_soon_threadsafe(reached.set)
        asyncio.run_coroutine_threadsafe(go_on.wait(), loop).result()

    export = asyncio.create_task(exports.export(filled, "bridge OR tunnel", Format.NDJSON, write))
    await reached.wait()
    export.cancel()
    with pytest.raises(asyncio.CancelledError):
        await export
    go_on.set()
    await asyncio.to_thread(filled.close)  # waits for the thread
    assert len(pieces) == 1


async def test_topics_channels_and_subscriptions_are_made_and_ended(database: Database) -> None:
    saved = await topics.add(database, SOLE_OWNER, "Bridges", "bridge")
    await channels.add(database, SOLE_OWNER, "desk", "json://me:secret@127.0.0.1:9/", LOOPBACK)
    await subscriptions.subscribe(database, SOLE_OWNER, saved.name, "desk", LOOPBACK)
    [listed] = await topics.listing(database, SOLE_OWNER)
    assert listed.channels == ("desk",)
    [channel] = await channels.listing(database, SOLE_OWNER)
    assert channel.address.startswith("json://")
    assert "secret" not in repr(channel)
    changed = await topics.change(database, SOLE_OWNER, "Bridges", "tunnel")
    assert changed.query == "tunnel"
    assert await subscriptions.unsubscribe(database, SOLE_OWNER, "Bridges") == 1
    assert await subscriptions.listing(database, SOLE_OWNER) == ()
    with pytest.raises(QueryError):
        await topics.add(database, SOLE_OWNER, "Not", "NOT tunnel")


async def test_a_refused_subscription_makes_no_topic_and_no_channel(database: Database) -> None:
    with pytest.raises(InvalidInputError):
        await subscriptions.subscribe(database, SOLE_OWNER, "CSTO", "file:///tmp/x", LOOPBACK)
    with pytest.raises(NotFoundError, match="no channel 'nobody'"):
        await subscriptions.subscribe(database, SOLE_OWNER, "CSTO", "nobody", LOOPBACK)
    with pytest.raises(NotFoundError, match="no topic and no alias"):
        await subscriptions.subscribe(database, SOLE_OWNER, "no such thing", "console", LOOPBACK)
    assert await topics.listing(database, SOLE_OWNER) == ()
    assert await channels.listing(database, SOLE_OWNER) == ()


async def test_what_one_owner_has_no_other_one_sees(database: Database) -> None:
    other = SOLE_OWNER + 1
    await topics.add(database, SOLE_OWNER, "Bridges", "bridge")
    assert await topics.listing(database, other) == ()
    with pytest.raises(NotFoundError):
        await topics.remove(database, other, "Bridges")
    with pytest.raises(NotFoundError):
        await history.query_of(database, other, "", "Bridges")
    assert (await topics.add(database, other, "Bridges", "tunnel")).query == "tunnel"


async def test_a_channel_is_tried_and_its_key_changed(database: Database) -> None:
    console = io.StringIO()
    await channels.add(database, SOLE_OWNER, "desk", "console", LOOPBACK)
    assert await channels.test(database, SOLE_OWNER, "desk", console) == "printed"
    assert "This is a test of the channel desk" in console.getvalue()
    await channels.add(database, SOLE_OWNER, "hook", "json://127.0.0.1:9/", LOOPBACK)
    assert await channels.rotate_key(database) == 1
    await channels.set_operator(database, SOLE_OWNER, "desk")
    operator = await channels.operator(database, SOLE_OWNER)
    assert operator is not None
    assert operator.name == "desk"


async def test_a_watchlist_goes_out_and_comes_in(database: Database) -> None:
    settings = Settings(data=database.path.parent)
    file = b'[[topic]]\nname = "Bridges"\nquery = "bridge"\n'
    [change] = await import_watchlist(database, SOLE_OWNER, file, Form.TOML, settings)
    assert (change.verb, change.name) == ("added", "Bridges")
    assert "Bridges" in (await exported(database, SOLE_OWNER, Form.TOML)).text
    found = await aliases.show(database, "CSTO")
    assert "ОДКБ" in {name.text for name in found.pack.names}
