"""`database copy`, as a person types it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from presswatch.cli import app
from storage.database import watching
from storage.errors import InvalidInputError, NotFoundError, StorageBusyError
from storage.opening import open_database
from tests.storage.examples import draft, store, watched

runner = CliRunner()


def typed(source: Path, target: object) -> Result:
    return runner.invoke(app, ["database", "copy", "--from", str(source), "--to", str(target)], catch_exceptions=False)


def test_a_database_is_copied_by_a_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESSWATCH_DATA", str(tmp_path / "keys"))
    old, new = tmp_path / "old", tmp_path / "new"
    with open_database(old) as database, watching(old):
        store(database, draft(watched(database)))
        (old / "evidence").mkdir()
        made = typed(old, f"sqlite:{new}")
    assert made.exit_code == 0
    assert re.search(r"new/presswatch.db holds what \S+old/presswatch.db held: 1 statement, \d+ rows", made.stdout)
    assert "what it stores from now on is not in the copy" in made.stdout
    assert f"bring {old / 'evidence'} into {new} before" in made.stdout
    assert "Statement 1" in runner.invoke(app, ["--data", str(new), "search", "bridge"]).stdout

    with pytest.raises(InvalidInputError, match="is not empty"):
        typed(old, new)
    with pytest.raises(NotFoundError, match="no database in"):
        typed(tmp_path / "none", tmp_path / "newer")
    with pytest.raises(StorageBusyError, match="does not answer") as away:
        typed(old, "postgresql://presswatch:hush@127.0.0.1:1/presswatch")
    assert "hush" not in str(away.value)
