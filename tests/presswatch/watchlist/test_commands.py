"""`watchlist` as a person types it, and the example of its page."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from presswatch.cli import app
from presswatch.output import command, fail
from storage.errors import MistakesError
from storage.opening import open_database
from storage.people import topics
from storage.types import SOLE_OWNER
from tests.storage.examples import NOW, subscribed

EXAMPLE = re.search(r"```toml\n(.+?)```", Path("docs/watchlist.md").read_text("utf-8"), re.DOTALL)
runner = CliRunner()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with a topic that the console is told of, and the channel that the example names."""
    with open_database(tmp_path) as database:
        subscribed(database)
        subscribed(database, channel="json://desk.example/", name="desk")
        database.write(topics.add, SOLE_OWNER, database.packs, "Tolls", '"the tolls"', NOW)
    return tmp_path


def typed(data: Path, *words: str) -> str:
    """What a command answers."""
    outcome = runner.invoke(app, ["--data", str(data), "watchlist", *words], catch_exceptions=False)
    assert outcome.exit_code == 0, outcome.output
    return outcome.stdout


def test_what_is_exported_is_brought_in_unchanged(data: Path) -> None:
    file = str(data / "desk.toml")
    assert typed(data, "export", "--to", file) == f"2 topics, 2 subscriptions and 2 sources written to {file}\n"
    assert (data / "desk.toml").read_text("utf-8") == typed(data, "export")
    assert "query = '\"the tolls\"'" in typed(data, "export")
    assert typed(data, "import", file) == "nothing changes: all of it is there already\n"


def test_a_dry_run_shows_each_change_and_makes_none(data: Path) -> None:
    file = data / "desk.toml"
    file.write_text(
        '[[topic]]\nname = "Bridges"\nquery = "crossing"\n[[topic]]\nname = "Alps"\nquery = "alps"', "utf-8"
    )
    shown = typed(data, "import", str(file), "--prune", "--dry-run").splitlines()
    assert shown == [
        "- topic Tolls",
        "~ topic Bridges",
        '    query: "bridge" -> "crossing"',
        "+ topic Alps: alps",
        "1 would be added, 1 would be changed, 1 would be removed",
    ]
    assert typed(data, "import", str(file), "--dry-run").endswith("1 would be added, 1 would be changed\n")
    values = json.loads(typed(data, "import", str(file), "--json"))
    assert values["dry_run"] is False
    assert values["changes"][0] == {
        "verb": "changed",
        "kind": "topic",
        "name": "Bridges",
        "before": {"name": "Bridges", "query": "bridge"},
        "after": {"name": "Bridges", "query": "crossing"},
    }


def test_a_feed_reader_s_file_is_known_by_its_name(data: Path) -> None:
    file = data / "feeds.opml"
    file.write_text('<opml><body><outline text="A" xmlUrl="https://a.example/rss"/></body></opml>')
    assert typed(data, "import", str(file)).startswith("+ source a-example/rss: https://a.example/rss\n")
    assert typed(data, "export", "--to", str(file)).startswith("1 feed (2 sources without a feed left out) written")
    assert 'xmlUrl="https://a.example/rss"' in typed(data, "export", "--as", "opml")


def test_the_example_of_the_page_is_brought_in(data: Path) -> None:
    assert EXAMPLE is not None
    file = data / "example.toml"
    file.write_text(EXAMPLE[1], "utf-8")
    assert "added" in typed(data, "import", str(file), "--prune")
    assert typed(data, "import", str(file), "--prune") == "nothing changes: all of it is there already\n"


def test_every_mistake_is_shown_with_its_mend(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = data / "wrong.toml"
    file.write_text('[[topic]]\nname = "A"\nquery = "(a"\n[[subscription]]\ntopic = "A"\nchannel = "nobody"')
    with pytest.raises(MistakesError) as caught:
        typed(data, "import", str(file))
    with pytest.raises(SystemExit):
        fail(caught.value)
    head, *lines = capsys.readouterr().err.splitlines()
    assert head == f"error: {file}: 2 mistakes, nothing is imported"
    assert lines[0].startswith("- topic 1 (A), line 1: query: character 1: ")
    assert lines[1:3] == ["  (a", "  ^"]
    assert lines[-2:] == [
        "- subscription 1 (A), line 4: there is no channel 'nobody'",
        f"  mend: make it first: {command()} channels add 'nobody' ADDRESS",
    ]
