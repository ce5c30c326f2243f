"""A backup holds everything of one moment, is its owner's alone, and goes on elsewhere."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.database import Database
from storage.errors import InvalidInputError
from storage.items import items
from storage.leases import owner
from storage.opening import open_database
from storage.outbox import alerts, deliveries
from storage.sources import polls
from tests.storage.backups.making import ADDRESS, LATER, OWN_PACK, backed_up, contents, names, restored, seen
from tests.storage.examples import NOW, draft, store, subscribed, watched

# -- what it holds -----------------------------------------------------------------------------------------------------


def test_a_backup_brings_everything_back_into_a_new_folder(living: Database, tmp_path: Path) -> None:
    made = backed_up(living, tmp_path / "backup.tar.gz")
    assert (made.statements, made.has_key, made.unopened) == (20, True, ())
    back = restored(tmp_path / "backup.tar.gz", tmp_path / "new" / "place")
    assert back == made
    assert seen(tmp_path / "new" / "place") == (20, ["Bridges"], [ADDRESS])
    assert (tmp_path / "new" / "place" / "aliases" / "mine.toml").read_text() == OWN_PACK
    assert names(tmp_path / "new" / "place") == ["aliases", "presswatch.db", "secret.key"]


def test_the_file_and_what_comes_out_of_it_are_their_owner_s_alone(living: Database, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        backed_up(living, tmp_path / "backup.tar.gz")
        restored(tmp_path / "backup.tar.gz", tmp_path / "new")
    finally:
        os.umask(before)
    files = [
        tmp_path / "backup.tar.gz",
        tmp_path / "new",
        *(tmp_path / "new" / each for each in ("presswatch.db", "secret.key")),
    ]
    assert [oct(stat.S_IMODE(file.stat().st_mode)) for file in files] == ["0o600", "0o700", "0o600", "0o600"]


def test_nothing_else_is_left_behind(living: Database, tmp_path: Path) -> None:
    backed_up(living, tmp_path / "backup.tar.gz")
    with pytest.raises(InvalidInputError):
        backed_up(living, tmp_path / "backup.tar.gz")
    with pytest.raises(InvalidInputError):
        backed_up(living, tmp_path / "nowhere" / "backup.tar.gz")
    assert names(tmp_path) == ["backup.tar.gz", "living"]
    backed_up(living, tmp_path / "backup.tar.gz", replace=True)
    assert names(tmp_path) == ["backup.tar.gz", "living"]


def test_it_is_of_one_moment_while_others_write(living: Database, tmp_path: Path) -> None:
    """Each transaction stores two statements: a backup never has one of the two."""
    source = watched(living, "mfa-xy/other")
    stop = threading.Event()

    def publish() -> None:
        number = 100
        while not stop.is_set():
            store(living, draft(source, number), draft(source, number + 1))
            number += 2

    writer = threading.Thread(target=publish)
    writer.start()
    try:
        made = [backed_up(living, tmp_path / f"{number}.tar.gz") for number in range(4)]
    finally:
        stop.set()
        writer.join()
    assert all(each.statements % 2 == 0 for each in made)
    assert made[-1].statements > made[0].statements
    assert living.read(items.count) >= made[-1].statements


def test_what_was_deleted_does_not_go_along(living: Database, tmp_path: Path) -> None:
    living.write(lambda connection: connection.execute(text("CREATE TABLE secrets (value TEXT)")))
    living.write(lambda connection: connection.execute(text("INSERT INTO secrets VALUES ('hunter2-hunter2')")))
    living.write(lambda connection: connection.execute(text("DROP TABLE secrets")))
    backed_up(living, tmp_path / "backup.tar.gz")
    assert b"hunter2" not in contents(tmp_path / "backup.tar.gz")["presswatch.db"]


# -- going on ----------------------------------------------------------------------------------------------------------


def test_what_was_claimed_when_it_was_made_is_free_when_it_comes_back(living: Database, tmp_path: Path) -> None:
    """The process that had claimed it lives, perhaps, on another machine: it works on another database."""
    [poll] = living.write(polls.claim_due, owner(), NOW, limit=1)
    subscribed(living)
    backed_up(living, tmp_path / "backup.tar.gz")
    restored(tmp_path / "backup.tar.gz", tmp_path / "new")
    with open_database(tmp_path / "new") as database:
        assert database.read(polls.open_owners) == ()
        assert database.read(deliveries.open_tokens) == ()
        again = database.write(polls.claim_due, "elsewhere/1/a", LATER, limit=1)
        assert [each.source.key for each in again] == [poll.source.key]
        assert database.read(alerts.count_by_state) == living.read(alerts.count_by_state)
    assert living.read(polls.open_owners) == (owner(),)
