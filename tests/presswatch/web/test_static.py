"""Our own files, and the one of others that is vendored."""

from __future__ import annotations

import hashlib
import re

from presswatch.web.rendering import STATIC

SHEET, SCRIPT = 20 * 1024, 10 * 1024
"""Bytes that the sheet and the script of ours stay below."""


def test_the_vendored_script_is_the_one_that_was_published() -> None:
    vendor = STATIC / "vendor"
    told = re.findall(r"`([0-9a-f]{64})`", (vendor / "README.md").read_text("utf-8"))
    assert told == [hashlib.sha256((vendor / "htmx.min.js").read_bytes()).hexdigest()]


def test_sheet_and_script_stay_small() -> None:
    assert len((STATIC / "presswatch.css").read_bytes()) < SHEET
    assert len((STATIC / "presswatch.js").read_bytes()) < SCRIPT


def test_nothing_of_ours_asks_another_host() -> None:
    for name in ("presswatch.css", "presswatch.js", "presswatch.webmanifest"):
        assert not re.search(r"https?:|//\w", (STATIC / name).read_text("utf-8").replace("// ", "")), name
