"""Helpers of the import's tests: a file is brought in, or its mistakes are told."""

from __future__ import annotations

import pytest

from presswatch.loop import run
from presswatch.settings import Settings
from presswatch.watchlist.changes import WatchlistChange
from presswatch.watchlist.file_format import Form
from presswatch.watchlist.from_database import known
from presswatch.watchlist.importing import import_watchlist
from storage.database import Database
from storage.errors import MistakesError
from storage.types import SOLE_OWNER
from tests.presswatch.watchlist.examples import settings


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
