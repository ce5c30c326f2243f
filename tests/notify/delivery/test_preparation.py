"""What a process that stays loads before its first message."""

from __future__ import annotations

import subprocess
import sys

import pytest

from notify.delivery.preparation import addresses_in_use
from storage.database import Database
from tests.storage.examples import channel_named

LOADED = """
import gc, sys
from notify.delivery.preparation import prepare
prepare({addresses!r})
print(*(name for name in ("apprise", "apprise.plugins.custom_json", "babel", "css_inline") if name in sys.modules))
if gc.get_freeze_count():
    print("stays")
"""


def loaded(*addresses: str) -> list[str]:
    script = LOADED.format(addresses=addresses)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return done.stdout.split()


@pytest.mark.slow
def test_what_no_channel_needs_is_not_loaded() -> None:
    assert "apprise" not in loaded()
    assert "babel" not in loaded()
    assert "apprise" not in loaded("console")
    assert "babel" in loaded("console")


def test_what_a_web_hook_needs_is_there_before_its_first_message() -> None:
    assert {"apprise", "apprise.plugins.custom_json", "babel"} <= set(loaded("json://127.0.0.1/hook"))


def test_the_collector_need_not_walk_through_what_was_loaded() -> None:
    assert "stays" not in loaded("console")
    assert "stays" in loaded("json://127.0.0.1/hook")


def test_one_address_of_each_kind_is_enough(database: Database) -> None:
    for number in (1, 2):
        channel_named(database, f"hook {number}", f"json://hooks.example/{number}")
    channel_named(database, "desk", "console")
    assert set(database.read(addresses_in_use, database.keyring)) == {"json://hooks.example/1", "console"}
