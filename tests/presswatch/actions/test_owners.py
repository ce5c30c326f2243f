"""No action shows or changes what is another owner's: every one that there is, found by looking, is tried.

The law is that of non-interference. Two databases differ in nothing but what the other owner's topic, query, channel
and address are called. Whatever is done in the name of the first owner, with the very names that the other one uses in
one of them, comes to the same in both, to the letter of an error and in each of his rows; and the other one's rows stay
as they were. Done in the name of the other owner it comes to something else: there was something to be seen.
"""

from __future__ import annotations

import importlib
import inspect
import io
import pkgutil
import shutil
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

import presswatch.actions
from notify.channels.push_address import Browser
from presswatch.actions import (
    alerts,
    aliases,
    backfill,
    channels,
    deliveries,
    directory,
    evidence,
    exports,
    first_steps,
    health,
    history,
    items,
    kept,
    news,
    nodes,
    notices,
    pauses,
    polling,
    push,
    searches,
    sessions,
    source_overview,
    sources,
    statements,
    subscriptions,
    today,
    tokens,
    topic_activity,
    topics,
    trends,
    trials,
    vitals,
)
from presswatch.actions.searches import Wanted as Searched
from presswatch.actions.statements import Wanted
from presswatch.actions.today import View
from presswatch.formats.kinds import FeedFormat, Format
from presswatch.settings import Settings
from presswatch.watchlist.exporting import exported
from presswatch.watchlist.file_format import Form
from presswatch.watchlist.importing import import_watchlist
from storage.clock import now
from storage.connection_guard import AddressPolicy
from storage.database import Database
from storage.errors import MistakesError, PresswatchError
from storage.opening import open_database
from storage.operator.vitals import Totals
from storage.people.rhythms import WantedRhythm
from storage.search.intervals import Interval
from storage.types import Actor, Face, Scope
from tests.presswatch.actions.two_owners import KNOWN, MINE, OURS, THEIRS, UNKNOWN, fill, rows_of
from tests.storage.examples import HOUR, NOW

LOOPBACK = AddressPolicy.parse("127.0.0.0/8")
NAMED, CALLED, TO = KNOWN.topic, KNOWN.query, KNOWN.channel
DEAD = 2
"""The number of the other owner's dead alert."""
ITS = 2
"""The number of the other owner's collection."""
THEIR_TOPIC = THEIR_CHANNEL = THEIR_SUBSCRIPTION = THEIR_SESSION = 2
"""The numbers of what is the other owner's."""

Act = Callable[[Database, int], Awaitable[Any]]


async def taken_out(database: Database, query: str) -> str:
    pieces: list[str] = []
    await exports.export(database, query, Format.NDJSON, pieces.append)
    return "".join(pieces)


async def sent(database: Database, owner: int, name: str) -> tuple[str, str]:
    console = io.StringIO()
    return await channels.test(database, owner, name, console), console.getvalue()


async def signed(database: Database, owner: int, name: str) -> object:
    channel, _ = await channels.add_signed(database, owner, name, "json://127.0.0.1:9/signed", LOOPBACK)
    return channel


async def pushed(database: Database, owner: int) -> object:
    point = "BG" + "sX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU"
    browser = Browser("https://127.0.0.1:9/push", point, "AAAAAAAAAAAAAAAAAAAAAA")
    return await push.add(database, owner, browser, await push.key(database), LOOPBACK, "https://desk.example.org")


def file_of(database: Database, content: str, owner: int, *, prune: bool = False) -> Awaitable[Any]:
    settings = Settings(data=database.path.parent)
    return import_watchlist(database, owner, content.encode(), Form.TOML, settings, prune=prune)


def told_of(topic: str, channel: str) -> str:
    return f'[[subscription]]\ntopic = "{topic}"\nchannel = "{channel}"\n'


OWNED: dict[str, list[Act]] = {
    "alerts.listing": [
        lambda db, owner: alerts.listing(db, owner),
        lambda db, owner: alerts.listing(db, owner, limit=1),
    ],
    "alerts.counts": [lambda db, owner: alerts.counts(db, owner)],
    "alerts.attempts": [lambda db, owner: alerts.attempts(db, owner, DEAD)],
    "alerts.again": [lambda db, owner: alerts.again(db, owner, DEAD)],
    "alerts.retry": [lambda db, owner: alerts.retry(db, owner, [DEAD]), lambda db, owner: alerts.retry(db, owner)],
    "channels.in_use": [lambda db, owner: channels.in_use(db, owner)],
    "channels.numbered": [lambda db, owner: channels.numbered(db, owner, THEIR_CHANNEL)],
    "channels.readdress": [
        lambda db, owner: channels.readdress(db, owner, TO, "json://127.0.0.1:9/new", LOOPBACK),
        lambda db, owner: channels.readdress(db, owner, OURS.channel, KNOWN.address, LOOPBACK),
    ],
    "channels.listing": [lambda db, owner: channels.listing(db, owner)],
    "channels.add": [
        lambda db, owner: channels.add(db, owner, TO, "json://127.0.0.1:9/new", LOOPBACK),
        lambda db, owner: channels.add(db, owner, "mine too", KNOWN.address, LOOPBACK),
    ],
    "channels.add_signed": [lambda db, owner: signed(db, owner, TO)],
    "channels.show": [lambda db, owner: channels.show(db, owner, TO)],
    "channels.test": [lambda db, owner: sent(db, owner, TO), lambda db, owner: sent(db, owner, KNOWN.address)],
    "channels.remove": [
        lambda db, owner: channels.remove(db, owner, TO),
        lambda db, owner: channels.remove(db, owner, KNOWN.address),
    ],
    "channels.operator": [lambda db, owner: channels.operator(db, owner)],
    "channels.set_operator": [
        lambda db, owner: channels.set_operator(db, owner, TO),
        lambda db, owner: channels.set_operator(db, owner, None),
    ],
    "deliveries.listing": [
        lambda db, owner: deliveries.listing(db, owner),
        lambda db, owner: deliveries.listing(db, owner, before=3),
    ],
    "health.look": [lambda db, owner: health.look(db, owner)],
    "history.query_of": [lambda db, owner: history.query_of(db, owner, "", NAMED)],
    "history.topic_of": [lambda db, owner: history.topic_of(db, owner, NAMED)],
    "history.spread": [lambda db, owner: history.spread(db, owner, CALLED)],
    "history.covered": [
        lambda db, owner: history.covered(db, owner, 3),
        lambda db, owner: history.covered(db, owner, 3, NAMED),
    ],
    "items.why": [lambda db, owner: items.why(db, owner, 1, NAMED)],
    "kept.mark": [lambda db, owner: kept.mark(db, owner, [1])],
    "kept.unmark": [lambda db, owner: kept.unmark(db, owner, [1])],
    "kept.keep": [
        lambda db, owner: kept.keep(db, owner, 1, "why"),
        lambda db, owner: kept.keep(db, owner, 2, "why", [ITS]),
    ],
    "kept.let_go": [lambda db, owner: kept.let_go(db, owner, 1)],
    "kept.listing": [lambda db, owner: kept.listing(db, owner)],
    "kept.own": [lambda db, owner: kept.own(db, owner, 1)],
    "kept.collections": [lambda db, owner: kept.collections(db, owner)],
    "kept.collection": [lambda db, owner: kept.collection(db, owner, ITS)],
    "kept.make_collection": [lambda db, owner: kept.make_collection(db, owner, NAMED)],
    "kept.share": [lambda db, owner: kept.share(db, owner, ITS, True)],
    "kept.remove_collection": [lambda db, owner: kept.remove_collection(db, owner, ITS)],
    "kept.export_collection": [lambda db, owner: kept.export_collection(db, owner, ITS, Format.NDJSON)],
    "kept.collection_feed": [lambda db, owner: kept.collection_feed(db, owner, ITS, FeedFormat.ATOM)],
    "first_steps.first_steps": [lambda db, owner: first_steps.first_steps(db, owner)],
    "directory.is_linked": [lambda db, owner: directory.is_linked(db, owner, "https://login.example.org")],
    "notices.listing": [lambda db, owner: notices.listing(db, owner)],
    "searches.find": [
        lambda db, owner: searches.find(db, owner, Searched(CALLED), NOW.date()),
        lambda db, owner: searches.find(db, owner, Searched(topics=(NAMED,)), NOW.date()),
    ],
    "searches.whole_query": [lambda db, owner: searches.whole_query(db, owner, Searched(topics=(NAMED,)))],
    "sessions.listing": [lambda db, owner: sessions.listing(db, owner)],
    "sessions.end": [lambda db, owner: sessions.end(db, owner, THEIR_SESSION)],
    "sessions.end_others": [lambda db, owner: sessions.end_others(db, owner, "")],
    "statements.statement": [
        lambda db, owner: statements.statement(db, owner, 1),
        lambda db, owner: statements.statement(db, owner, 1, Wanted(why=NAMED)),
    ],
    "pauses.pause": [
        lambda db, owner: pauses.pause(db, owner, NAMED, None, now() + timedelta(days=1)),
        lambda db, owner: pauses.pause(db, owner, OURS.topic, TO, now() + timedelta(days=1)),
    ],
    "pauses.go_on": [lambda db, owner: pauses.go_on(db, owner, NAMED, TO)],
    "push.add": [lambda db, owner: pushed(db, owner)],
    "subscriptions.listing": [lambda db, owner: subscriptions.listing(db, owner)],
    "subscriptions.proofs": [lambda db, owner: subscriptions.proofs(db, owner)],
    "subscriptions.change": [
        lambda db, owner: subscriptions.change(db, owner, THEIR_SUBSCRIPTION, WantedRhythm("daily 08:00"))
    ],
    "subscriptions.end": [lambda db, owner: subscriptions.end(db, owner, THEIR_SUBSCRIPTION)],
    "subscriptions.go_on": [lambda db, owner: subscriptions.go_on(db, owner, THEIR_SUBSCRIPTION)],
    "subscriptions.pause": [
        lambda db, owner: subscriptions.pause(db, owner, THEIR_SUBSCRIPTION, now() + timedelta(days=1))
    ],
    "subscriptions.show": [lambda db, owner: subscriptions.show(db, owner, THEIR_SUBSCRIPTION)],
    "subscriptions.subscribe": [
        lambda db, owner: subscriptions.subscribe(db, owner, NAMED, "console", LOOPBACK),
        lambda db, owner: subscriptions.subscribe(db, owner, "CSTO", TO, LOOPBACK, WantedRhythm("daily 08:00")),
    ],
    "subscriptions.subscribe_canary": [lambda db, owner: subscriptions.subscribe_canary(db, owner, TO, LOOPBACK, 60)],
    "subscriptions.unsubscribe": [
        lambda db, owner: subscriptions.unsubscribe(db, owner, NAMED),
        lambda db, owner: subscriptions.unsubscribe(db, owner, OURS.topic, TO),
    ],
    "today.today": [
        lambda db, owner: today.today(db, owner, "UTC", NOW + HOUR),
        lambda db, owner: today.today(db, owner, "UTC", NOW + HOUR, view=View.COUNTRY),
        lambda db, owner: today.today(db, owner, "UTC", NOW + HOUR, view=View.TIME),
    ],
    "today.newer_lines": [lambda db, owner: today.newer_lines(db, owner, NOW + HOUR, 0)],
    "tokens.listing": [lambda db, owner: tokens.listing(db, owner)],
    "tokens.show": [lambda db, owner: tokens.show(db, owner, KNOWN.token)],
    "tokens.add": [lambda db, owner: tokens.add(db, owner, Actor(owner, Face.API), KNOWN.token, [Scope.READ])],
    "tokens.revoke": [lambda db, owner: tokens.revoke(db, owner, Actor(owner, Face.API), KNOWN.token)],
    "topics.listing": [lambda db, owner: topics.listing(db, owner)],
    "topic_activity.overview": [lambda db, owner: topic_activity.overview(db, owner, "UTC", NOW)],
    "topics.numbered": [lambda db, owner: topics.numbered(db, owner, THEIR_TOPIC)],
    "topics.save": [
        lambda db, owner: topics.save(db, owner, THEIR_TOPIC, "Rails", "rails"),
        lambda db, owner: topics.save(db, owner, 1, NAMED, "masons"),
    ],
    "topics.pause": [lambda db, owner: topics.pause(db, owner, THEIR_TOPIC, now() + timedelta(days=1))],
    "topics.go_on": [lambda db, owner: topics.go_on(db, owner, THEIR_TOPIC)],
    "trials.trial": [lambda db, owner: trials.trial(db, owner, CALLED, THEIR_TOPIC)],
    "topics.show": [lambda db, owner: topics.show(db, owner, NAMED)],
    "topics.add": [lambda db, owner: topics.add(db, owner, NAMED, "tunnel")],
    "topics.change": [lambda db, owner: topics.change(db, owner, NAMED, "tunnel")],
    "topics.remove": [lambda db, owner: topics.remove(db, owner, NAMED)],
    "topics.preview": [
        lambda db, owner: topics.preview(db, owner, NAMED),
        lambda db, owner: topics.preview(db, owner, "river", NAMED),
    ],
    "trends.grid": [
        lambda db, owner: trends.grid(db, owner, "", NOW.date()),
        lambda db, owner: trends.grid(db, owner, NAMED, NOW.date()),
    ],
    "trends.over_time": [lambda db, owner: trends.over_time(db, owner, CALLED, 30, NOW.date())],
    "watchlist.exported": [lambda db, owner: exported(db, owner, Form.TOML)],
    "watchlist.import_watchlist": [
        lambda db, owner: file_of(db, told_of(OURS.topic, TO), owner),
        lambda db, owner: file_of(db, told_of(NAMED, OURS.channel), owner),
        lambda db, owner: file_of(db, f'[[topic]]\nname = "{NAMED}"\nquery = "tunnel"\n', owner, prune=True),
    ],
}
"""Ways to do each action that has an owner, with the names that the other owner uses."""

EVERYBODYS: dict[str, tuple[str, list[Act]]] = {
    "aliases.listing": ("packs are the installation's", [lambda db, owner: aliases.listing(db)]),
    "aliases.named_in": ("packs are the installation's", [lambda db, owner: aliases.named_in(db, "alias:CSTO")]),
    "aliases.show": ("packs are the installation's", [lambda db, owner: aliases.show(db, "CSTO")]),
    "backfill.listing": ("sources are shared", [lambda db, owner: backfill.listing(db)]),
    "evidence.export": ("statements are shared", [lambda db, owner: evidence.export(db, 1)]),
    "evidence.records": ("statements are shared", [lambda db, owner: evidence.records(db, 1)]),
    "evidence.heads": ("statements are shared", [lambda db, owner: evidence.heads(db)]),
    "evidence.kept_head": ("statements are shared", [lambda db, owner: evidence.kept_head(db, "0" * 64)]),
    "evidence.verify": ("statements are shared", [lambda db, owner: evidence.verify(db)]),
    "exports.count": ("statements are shared", [lambda db, owner: exports.count(db, CALLED)]),
    "exports.export": ("statements are shared", [lambda db, owner: taken_out(db, CALLED)]),
    "exports.feed": ("statements are shared", [lambda db, owner: exports.feed(db, CALLED, "a", FeedFormat.ATOM)]),
    "history.search": ("statements are shared", [lambda db, owner: history.search(db, CALLED)]),
    "history.alias_of": ("packs are the installation's", [lambda db, owner: history.alias_of(db, "CSTO")]),
    "history.trend": ("statements are shared", [lambda db, owner: history.trend(db, CALLED, Interval.WEEK)]),
    "health.troubles": ("sources are shared", [lambda db, owner: health.troubles(db)]),
    "items.newest": ("statements are shared", [lambda db, owner: items.newest(db)]),
    "items.of_story": ("statements are shared", [lambda db, owner: items.of_story(db, 1)]),
    "items.show": ("statements are shared", [lambda db, owner: items.show(db, 1)]),
    "news.newest": ("statements are shared", [lambda db, owner: news.newest(db)]),
    "news.since": ("statements are shared", [lambda db, owner: news.since(db, 0)]),
    "nodes.listing": ("nodes are the installation's", [lambda db, owner: nodes.listing(db)]),
    "source_overview.overview": (
        "sources are shared",
        [lambda db, owner: source_overview.overview(db, "UTC", NOW + HOUR)],
    ),
    "source_overview.listing": (
        "sources are shared",
        [lambda db, owner: source_overview.listing(db, source_overview.View.KNOWN, source_overview.by_country)],
    ),
    "polling.history": ("sources are shared", [lambda db, owner: polling.history(db, 1)]),
    "sources.countries": ("the catalogue is the installation's", [lambda db, owner: sources.countries(db)]),
    "sources.listing": ("sources are shared", [lambda db, owner: sources.listing(db)]),
    "sources.packs": ("packs are the catalogue's", [lambda db, owner: sources.packs(db)]),
    "sources.show": ("sources are shared", [lambda db, owner: sources.show(db, "mfa-xy/news")]),
    "sources.chosen": ("sources are shared", [lambda db, owner: sources.chosen(db)]),
    "vitals.look": ("it counts; the page asks for the owner's right", [lambda db, owner: vitals.look(db, Totals())]),
    "vitals.not_ready": ("it tells nothing of what is stored", [lambda db, owner: vitals.not_ready(db, None)]),
    "statements.difference": ("statements are shared", [lambda db, owner: statements.difference(db, 1)]),
    "today.newer": ("statements are shared", [lambda db, owner: today.newer(db, NOW + HOUR, 0, 1, NOW)]),
    "topics.remarks": (
        "it asks for sources",
        [lambda db, owner: topics.remarks(db, f"{CALLED} and source:mfa-zz/news")],
    ),
}
"""Actions without an owner that ask the database, why they have none, and ways to do them."""

NOBODYS = {
    "rereading.look": "statements are shared; it reads what was fetched, and stores nothing",
    "web_archives.import_file": "statements are shared; it reads a file",
    "backfill.claim": "sources are shared; it changes these alone",
    "backfill.read_back": "sources are shared; it reads a site",
    "backup.make": "the operator's: all of the database in a file",
    "backup.check": "the operator's: it looks at a file",
    "backup.restore": "the operator's: all of the database from a file",
    "databases.copy": "the operator's: all of a database into another one",
    "channels.checked_address": "it looks at the address alone",
    "channels.rotate_key": "the operator's: the key is the installation's, and no address is shown",
    "new_source.from_address": "a source's entry for the catalogue; it writes files",
    "new_source.from_file": "a source's entry for the catalogue; it writes files",
    "pages.read_addresses": "it reads pages and stores nothing",
    "pages.read_files": "it reads files and stores nothing",
    "polling.ask_now": "sources are shared; it asks a site",
    "proposals.check": "sources are shared; it reads sites",
    "proposals.examine": "sources are shared; it reads sites",
    "proposals.refuse": "sources are shared",
    "proposals.propose": "sources are shared; it reads a site",
    "proposals.watch": "sources are shared",
    "directory.link": "a user's own",
    "directory.sign_in": "whoever the directory knows",
    "installation.data": "an owner's; it says where and how large the database is",
    "signing_in.accept": "whoever has the link: it names whom",
    "signing_in.change_password": "a user's own",
    "signing_in.first_link": "the operator's: it stands in the log",
    "signing_in.invitation_of": "whoever has the link",
    "signing_in.invite": "an owner's",
    "signing_in.prefer": "a user's own",
    "signing_in.renew": "an owner's",
    "signing_in.session_of": "whoever has the session's secret",
    "signing_in.sign_in": "whoever has the password",
    "signing_in.sign_out": "whoever has the session's secret",
    "push.key": "the installation's, and public",
    "signed_links.change": "whoever has the signed link: it names whose",
    "signed_links.end": "whoever has the signed link: it names whose",
    "signed_links.go_on": "whoever has the signed link: it names whose",
    "signed_links.opened": "whoever has the signed link: it names whose",
    "signed_links.pause": "whoever has the signed link: it names whose",
    "sources.remove": "sources are shared",
    "sources.switch": "sources are shared",
    "sources.switch_country": "sources are shared",
    "sources.switch_pack": "sources are shared",
    "tokens.bearer": "whoever has the token's secret",
    "users.add": "an owner's, and the operator's: the faces' policy lets nobody else",
    "users.audited": "an owner's",
    "users.invitations_open": "an owner's",
    "users.numbered": "an owner's; of what somebody owns it says how much",
    "users.withdraw": "an owner's",
    "users.listing": "an owner's; of what somebody owns it says how much",
    "users.show": "an owner's",
    "users.named": "an owner's",
    "users.remove": "an owner's",
    "users.set_password": "an owner's, and each user's own",
    "users.set_role": "an owner's",
}
"""Actions without an owner that are not tried here, and why nobody's rows are in danger."""


def actions() -> dict[str, Callable[..., Any]]:
    """Every coroutine that a module of actions offers, by its name."""
    return {
        f"{module.name}.{name}": function
        for module in pkgutil.iter_modules(presswatch.actions.__path__)
        for name, function in inspect.getmembers(importlib.import_module(f"presswatch.actions.{module.name}"))
        if inspect.iscoroutinefunction(function)
        and function.__module__ == f"presswatch.actions.{module.name}"
        and not name.startswith("_")
    }


def test_every_action_is_tried_here_or_says_why_not() -> None:
    listed = [name for name in OWNED if not name.startswith("watchlist.")]
    assert sorted([*listed, *EVERYBODYS, *NOBODYS]) == sorted(actions())


def test_an_action_takes_an_owner_without_a_default_or_is_listed_as_everybody_s() -> None:
    for name, function in actions().items():
        owner = inspect.signature(function).parameters.get("owner")
        assert (owner is not None) == (name in OWNED), name
        assert owner is None or owner.default is inspect.Parameter.empty, name


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The two databases, filled once."""
    made = {}
    for name, theirs in (("known", KNOWN), ("unknown", UNKNOWN)):
        made[name] = tmp_path_factory.mktemp(name)
        with open_database(made[name]) as database:
            fill(database, theirs)
    return made


@pytest.fixture
def copied(folders: dict[str, Path], tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """A function that copies one of them into a folder of its own."""
    numbers = iter(range(100))

    def copy(name: str) -> Path:
        return Path(shutil.copytree(folders[name], tmp_path / f"{name}-{next(numbers)}"))

    with time_machine.travel(NOW + HOUR, tick=False):
        yield copy


async def came_to(folder: Path, act: Act, owner: int) -> tuple[str, bool]:
    """What an action came to: its answer or error, and the owner's rows; and whether it spared the other one's."""
    with open_database(folder) as database:
        other = THEIRS if owner == MINE else MINE
        before = database.read(rows_of, other, sealed=True)
        try:
            answer = repr(await act(database, owner))
        except PresswatchError as error:
            every = error.mistakes if isinstance(error, MistakesError) else [error]
            answer = "; ".join(f"{type(each).__name__}: {each} ({each.mend})" for each in every)
        own = database.read(rows_of, owner, sealed=False)
        return f"{answer} {own}", database.read(rows_of, other, sealed=True) == before


@pytest.mark.parametrize(
    "act",
    [pytest.param(act, id=f"{name}-{at}") for name, acts in OWNED.items() for at, act in enumerate(acts, 1)],
)
async def test_what_one_owner_does_neither_shows_nor_changes_what_the_other_has(
    copied: Callable[[str], Path], act: Act
) -> None:
    mine, spared = await came_to(copied("known"), act, MINE)
    elsewhere, spared_there = await came_to(copied("unknown"), act, MINE)
    theirs, _ = await came_to(copied("known"), act, THEIRS)
    assert mine == elsewhere
    assert spared
    assert spared_there
    assert theirs != mine, "the other owner sees no more than that: nothing is proved"


@pytest.mark.parametrize(
    "act",
    [pytest.param(act, id=name) for name, (_, acts) in EVERYBODYS.items() for act in acts],
)
async def test_what_is_everybody_s_says_nothing_of_what_anybody_has(copied: Callable[[str], Path], act: Act) -> None:
    here, spared = await came_to(copied("known"), act, MINE)
    there, _ = await came_to(copied("unknown"), act, MINE)
    assert here == there
    assert spared


async def test_each_owner_sees_what_he_has(copied: Callable[[str], Path]) -> None:
    with open_database(copied("known")) as database:
        for owner, has in ((MINE, OURS), (THEIRS, KNOWN)):
            assert [each.topic.name for each in await topics.listing(database, owner)] == [has.topic]
            assert [each.name for each in await channels.listing(database, owner)] == [has.channel]
            assert {each.alert.topic.name for each in await alerts.listing(database, owner)} == {has.topic}
            assert [notice.channel for notice in await notices.listing(database, owner)] == [has.channel]
            assert (await history.spread(database, owner, "river")).topics == {has.topic: 2}
            assert await alerts.retry(database, owner) == 1


async def test_one_name_is_two_owners_and_each_has_his_own(copied: Callable[[str], Path]) -> None:
    """The names of one owner are free for the other, and mean his own then."""
    with open_database(copied("known")) as database:
        await topics.add(database, MINE, NAMED, "masons")
        assert await history.query_of(database, MINE, "", NAMED) == "masons"
        assert await history.query_of(database, THEIRS, "", NAMED) == CALLED
        await topics.remove(database, MINE, NAMED)
        assert await history.query_of(database, THEIRS, "", NAMED) == CALLED


def test_one_place_says_whose_the_command_line_is() -> None:
    faces = sorted(Path(presswatch.__path__[0]).rglob("*.py"))
    assert [path.name for path in faces if "SOLE_OWNER" in path.read_text("utf-8")] == ["context.py"]
