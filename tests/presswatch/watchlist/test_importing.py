"""A file is brought in whole or not at all, and whatever is wrong in it is told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

import pytest
from sqlalchemy import Connection, delete, event

from presswatch.loop import run
from presswatch.settings import Settings
from presswatch.watchlist.changes import WatchlistChange
from presswatch.watchlist.exporting import exported
from presswatch.watchlist.file_format import Form
from presswatch.watchlist.from_database import known
from presswatch.watchlist.importing import LARGEST, import_file, import_watchlist
from storage import tables
from storage.database import Database
from storage.errors import InvalidInputError, MistakesError, QuerySyntaxError
from storage.outbox import canaries
from storage.people import channels, rhythms, subscriptions, topics
from storage.sources import sources
from storage.types import SOLE_OWNER
from tests.presswatch.watchlist.examples import desk, settings
from tests.steps import growth
from tests.storage.examples import NOW, subscribed

P = ParamSpec("P")
R = TypeVar("R")

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


@pytest.fixture
def here(database: Database) -> Database:
    return desk(database)


def bring_in(here: Database, text: str, *, prune: bool = False, dry_run: bool = False) -> list[str]:
    """Import a file; returns what changed, in words."""
    changed = run(
        import_watchlist(here, SOLE_OWNER, text.encode(), Form.TOML, settings(), prune=prune, dry_run=dry_run)
    )
    return list(map(in_words, changed))


def in_words(change: WatchlistChange) -> str:
    return f"{change.verb} {change.kind} {change.name}"


def mistakes(here: Database, text: str, current: Settings | None = None) -> list[str]:
    """What is wrong with a file, each with its mend; nothing of it is brought in."""
    before = here.read(known, SOLE_OWNER)
    with pytest.raises(MistakesError, match="nothing is imported") as caught:
        run(import_watchlist(here, SOLE_OWNER, text.encode(), Form.TOML, current or settings()))
    assert here.read(known, SOLE_OWNER) == before
    assert all(mistake.mend for mistake in caught.value.mistakes)
    return [f"{mistake}; {mistake.mend}" for mistake in caught.value.mistakes]


# -- what changes ------------------------------------------------------------------------------------------------------


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


# -- what is wrong -----------------------------------------------------------------------------------------------------


def test_every_mistake_is_told_with_its_place_and_mend(here: Database) -> None:
    told = mistakes(
        here,
        """
[[topic]]
name = "Bridges"
query = "bridge AND"

[[topic]]
name = "everything"
query = "NOT bridge"

[[topic]]
nmae = "Tolls"
query = 7

[[subscription]]
topic = "Bridges"
channel = "nobody"

[[subscription]]
topic = "CSTO"
channel = "desk"
rhythm = "hourly"

[[source]]
key = "Own/News"
name = "News"
address = "ftp://ministry.example/"
interval = 5
listing = { enrty = "li" }

[[source]]
key = "mfa-by/news-en"
enabled = true
interval = 60
""",
    )
    expected = [
        "topic 3, line 10: nmae: there is no such field; did you mean name?",
        "topic 3, line 10: name: it is missing",
        "topic 3, line 10: query: it is not a text",
        "subscription 2 (CSTO), line 18: there is no rhythm 'hourly'",
        "source 1 (Own/News), line 23: address: 'ftp://ministry.example/' is not an http or https address",
        "source 1 (Own/News), line 23: interval: 5 is not a whole number from 30",
        "source 1 (Own/News), line 23: listing: enrty: there is no such selector",
        "source 1 (Own/News), line 23: 'Own/News' cannot be a key",
        "source 2 (mfa-by/news-en), line 30: interval: the catalogue says that of it",
        "topic 1 (Bridges), line 2: query: character",
        "topic 2 (everything), line 6: query: the query only excludes",
        "subscription 1 (Bridges), line 14: there is no channel 'nobody'; "
        "make it first: presswatch channels add 'nobody' ADDRESS",
    ]
    assert [line[: len(start)] for line, start in zip(told, expected, strict=True)] == expected


def test_a_line_is_one_as_editors_count_them_and_is_not_guessed(here: Database) -> None:
    odd = '[[topic]]\nname = "A\u2028"\nquery = "a"\n[[topic]]\nname = "B"\nquery = "(b"'
    assert mistakes(here, odd)[0].startswith("topic 2 (B), line 4: query: ")
    looking_alike = odd + '\n[[topic]]\nname = "C"\nquery = """c\n[[topic]]"""'
    assert mistakes(here, looking_alike)[0].startswith("topic 2 (B): query: ")


def test_a_query_s_mistake_is_pointed_at(here: Database) -> None:
    with pytest.raises(MistakesError) as caught:
        bring_in(here, '[[topic]]\nname = "Bridges"\nquery = "(bridge"')
    [mistake] = caught.value.mistakes
    assert isinstance(mistake, QuerySyntaxError)
    assert mistake.pointer().startswith("(bridge\n")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[[subscription]]\ntopic = "CSTO"\nchannel = "desk"', 'add it to the file: [[topic]], name = "CSTO", query'),
        ('[[subscription]]\ntopic = "Atlantis"\nchannel = "desk"', "there is no topic 'Atlantis'"),
        ('[[topic]]\nname = " "\nquery = "bridge"', "needs a name"),
        ('[[topic]]\nname = "A"\nquery = "b"\n[[topic]]\nname = "a"\nquery = "c"', "stands there already: topic 1 (A)"),
        ('topic = "Bridges"', "write each as [[topic]]"),
        ('[[topics]]\nname = "Bridges"', "did you mean topic?"),
        ('[[source]]\nkey = "mfa-by/news-enn"\nenabled = true', "did you mean mfa-by/news-en?"),
        ('[[source]]\nkey = "mfa-by/news-en"', "enabled: it is missing"),
        ("[[source]]\nkey = 7", "key: it is not a text"),
        ('[[source]]\nkey = "a"\nname = "A"\naddress = "https://mfa.gov.by/en/press/news_mfa/"', "is already watched"),
        ('[[source]]\nkey = "own/a"\nname = "A"\naddress = "http://10.0.0.1/"', "PRESSWATCH_ALLOW_ADDRESSES=10.0.0.1"),
        ('[[source]]\nkey = "own/a"\nname = "A"\naddress = "https://a.example/"\nalert_first = 1', "not true or false"),
        ('[[source]]\nkey = "own/a"\nname = "A"\naddress = "https://[a/"', "Invalid IPv6"),
        ('[[source]]\nkey = "a"\nname = "A"\naddress = "https://a.example/"\nlisting.entry = "li[["', "is not a CSS"),
        (
            '[[source]]\nkey = "own/a"\nname = "A"\naddress = "https://a.example/"\n'
            '[[source]]\nkey = "own/b"\nname = "B"\naddress = "https://a.example"',
            "is already watched as own/b",
        ),
        ('[[subscription]]\ntopic = "Bridges"\nchannel = "desk"\ncanary = 5', "has no canaries"),
        ('[[subscription]]\ntopic = "canary"\nchannel = "desk"\ncanary = 5000', "use minutes from 1 to 1440"),
        ('[[subscription]]\ntopic = "Bridges"\nchannel = "desk"\ncap = true', "cap: it is not a whole number"),
    ],
)  # fmt: skip
def test_a_mistake_is_refused(here: Database, text: str, words: str) -> None:
    here.write(topics.add, SOLE_OWNER, here.packs, "Bridges", "bridge", NOW)
    here.write(canaries.topic, SOLE_OWNER, NOW)
    assert words in mistakes(here, text)[0]


def test_a_source_that_needs_a_browser_needs_one_here_too(here: Database) -> None:
    text = '[[source]]\nkey = "own/a"\nname = "A"\naddress = "https://a.example/"\nbrowser = true\nenabled = '
    lacking = Settings(allow_addresses="", browser="/no/such/chromium")
    assert "cannot be read" in mistakes(here, f"{text}true", lacking)[0]
    assert run(import_watchlist(here, SOLE_OWNER, f"{text}false".encode(), Form.TOML, lacking))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"[[topic]\nname = 1", "line 1"),
        (b"\xff\xfe", "not UTF-8"),
        (b"a = " + b"[" * 100_000, "nested"),
        (b"a = " + b"9" * 10_000, "not TOML"),
        (b"#" * (LARGEST + 1), "more than 5 MB"),
    ],
    ids=["syntax", "encoding", "depth", "digits", "size"],
)
def test_what_is_no_file_of_ours_is_refused(here: Database, content: bytes, words: str) -> None:
    with pytest.raises(InvalidInputError, match=words):
        run(import_watchlist(here, SOLE_OWNER, content, Form.TOML, settings()))


def test_a_file_that_cannot_be_read_is_a_clear_mistake(here: Database, tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match=r"gone\.toml cannot be read"):
        run(import_file(here, SOLE_OWNER, tmp_path / "gone.toml", Form.TOML, settings()))
    (tmp_path / "wrong.toml").write_text("topic = 1")
    with pytest.raises(MistakesError, match=r"wrong\.toml: 1 mistake"):
        run(import_file(here, SOLE_OWNER, tmp_path / "wrong.toml", Form.TOML, settings()))


# -- secrets -----------------------------------------------------------------------------------------------------------


def test_no_secret_of_a_channel_leaves_with_a_file(here: Database) -> None:
    secrets = [f"CANARY{number:03}secret" for number in range(20)]
    topic = here.write(topics.add, SOLE_OWNER, here.packs, "Bridges", "bridge", NOW)
    for number, secret in enumerate(secrets):
        address = f"mailtos://user{number}:{secret}@mail.example?to=desk@mail.example"
        channel = here.write(channels.add, SOLE_OWNER, here.keyring, f"channel {number}", address, NOW)
        here.write(subscriptions.subscribe, topic, channel, NOW)
    files = run(exported(here, SOLE_OWNER, Form.TOML)).text + run(exported(here, SOLE_OWNER, Form.OPML)).text
    assert 'channel = "channel 19"' in files
    assert [word for word in (*secrets, "mailtos", "mail.example") if word in files] == []


def test_an_address_in_a_file_is_refused_and_not_repeated(here: Database) -> None:
    secret = "tgram://123456:CANARYsecret/42"
    for channel in (f'"{secret}"', f'["{secret}"]'):
        told = mistakes(here, f'[[subscription]]\ntopic = "Bridges"\nchannel = {channel}\naddress = "{secret}"')
        assert any("channels add NAME ADDRESS" in line for line in told)
        assert [line for line in told if "CANARY" in line] == []


# -- a large one -------------------------------------------------------------------------------------------------------


class InThisThread(Database):
    """A database whose writes are done where they are asked for, so that their steps can be counted."""

    async def write_async(
        self, function: Callable[Concatenate[Connection, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        return self.write(function, *args, **kwargs)


def many(form: Form, size: int) -> bytes:
    """A file with so many sources, all of one host."""
    if form is Form.OPML:
        feeds = "".join(f'<outline text="News" xmlUrl="https://m.example/{n}/feed"/>' for n in range(size))
        return f'<opml version="2.0"><body>{feeds}</body></opml>'.encode()
    rows = (f'[[source]]\nkey = "m/{n}"\nname = "N"\naddress = "https://m.example/{n}"\n' for n in range(size))
    return "\n".join(rows).encode()


@pytest.mark.parametrize("form", [Form.TOML, Form.OPML])
def test_the_work_of_an_import_grows_with_the_file(here: Database, form: Form) -> None:
    """What is known is looked at once, and not for each source: 2,678 had not ended after a quarter of an hour."""
    files = {size: many(form, size) for size in (60, 480)}
    with InThisThread(here.path.parent) as database:

        def import_so_many(size: int) -> None:
            database.write(lambda connection: connection.execute(delete(tables.sources)))
            changed = run(import_watchlist(database, SOLE_OWNER, files[size], form, settings()))
            assert len(changed) == size

        assert growth(import_so_many, 60, 480) < 1.5


def test_an_import_of_what_is_known_and_a_removal_of_all_grow_with_the_file_too(here: Database) -> None:
    files = {size: many(Form.TOML, size) for size in (60, 480)}
    nothing = b'[[source]]\nkey = "m/other"\nname = "N"\naddress = "https://m.example/other"\n'
    with InThisThread(here.path.parent) as database:

        def again_and_away(size: int) -> None:
            run(import_watchlist(database, SOLE_OWNER, files[size], Form.TOML, settings()))
            renamed = files[size].replace(b'name = "N"', b'name = "M"')
            assert len(run(import_watchlist(database, SOLE_OWNER, renamed, Form.TOML, settings()))) == size
            run(import_watchlist(database, SOLE_OWNER, nothing, Form.TOML, settings(), prune=True))

        assert growth(again_and_away, 60, 480) < 1.5


@pytest.mark.parametrize("form", [Form.TOML, Form.OPML])
def test_a_large_file_costs_a_few_statements_a_source(here: Database, form: Form) -> None:
    executed: list[str] = []
    with InThisThread(here.path.parent) as database:
        event.listen(database._writer, "before_cursor_execute", lambda *said: executed.append(said[2]))
        run(import_watchlist(database, SOLE_OWNER, many(form, 200), form, settings()))
    assert len(executed) < 200 * 3
    assert sum("WHERE sources.removed_at IS NULL ORDER BY" in one for one in executed) <= 5  # looks at all of them


def test_two_sources_of_one_section_in_one_file_are_found_among_many(here: Database) -> None:
    twice = many(Form.TOML, 50) + b'\n[[source]]\nkey = "m/twice"\nname = "N"\naddress = "http://m.example/7/"\n'
    with pytest.raises(MistakesError) as refused:
        bring_in(here, twice.decode())
    assert len(refused.value.mistakes) == 2  # each of the two is told of the other
