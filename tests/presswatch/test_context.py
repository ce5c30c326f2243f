"""What a command works on is handed to it: nothing of one is remembered for the next."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from presswatch.actions import topics
from presswatch.cli import app
from presswatch.context import opened
from storage.types import SOLE_OWNER

runner = CliRunner()


async def test_two_data_folders_are_open_side_by_side(tmp_path: Path) -> None:
    with opened(tmp_path / "one") as (first, one), opened(tmp_path / "two") as (second, two):
        assert (first.data, second.data) == (tmp_path / "one", tmp_path / "two")
        await topics.add(one, SOLE_OWNER, "Bridges", "bridge")
        assert await topics.listing(two, SOLE_OWNER) == ()
        assert [each.topic.name for each in await topics.listing(one, SOLE_OWNER)] == ["Bridges"]


def test_a_folder_that_one_command_named_is_not_the_next_one_s(tmp_path: Path) -> None:
    other = {"PRESSWATCH_DATA": str(tmp_path / "other"), "PRESSWATCH_CONFIG": str(tmp_path / "none.toml")}
    named = runner.invoke(app, ["--data", str(tmp_path / "named"), "topics", "add", "Bridges", "bridge"], env=other)
    assert named.exit_code == 0, named.output
    assert runner.invoke(app, ["topics", "list", "--json"], env=other).stdout == "[]\n"
    assert (tmp_path / "other").is_dir()
