"""Whatever is wrong in a file is told with its place and its mend, and repeats no secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from presswatch.loop import run
from presswatch.settings import Settings
from presswatch.watchlist.exporting import exported
from presswatch.watchlist.file_format import Form
from presswatch.watchlist.importing import LARGEST, import_file, import_watchlist
from storage.database import Database
from storage.errors import InvalidInputError, MistakesError, QuerySyntaxError
from storage.outbox import canaries
from storage.people import channels, subscriptions, topics
from storage.types import SOLE_OWNER
from tests.presswatch.watchlist.bringing import bring_in, mistakes
from tests.presswatch.watchlist.examples import settings
from tests.storage.examples import NOW

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
        ('[[subscription]]\ntopic = "Bridges"\nchannel = "desk"\non = "edits"', "nobody is told of 'edits'"),
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
