"""Our own files, and the one of others that is vendored."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from presswatch.web import rendering
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
    for name in ("presswatch.css", "presswatch.js", "push-worker.js", "presswatch.webmanifest"):
        assert not re.search(r"https?:|//\w", (STATIC / name).read_text("utf-8").replace("// ", "")), name


def test_the_sheet_names_no_side_so_that_a_page_from_right_to_left_is_its_mirror() -> None:
    sheet = re.sub(r"/\*.*?\*/", "", (STATIC / "presswatch.css").read_text("utf-8"), flags=re.DOTALL)
    declared = [each.strip() for block in re.findall(r"{([^{}]*)}", sheet) for each in block.split(";") if each.strip()]
    assert len(declared) > 400
    assert [each for each in declared if re.search(r"\b(left|right)\b", each)] == []
    uneven = [each for each in declared if re.match(r"(padding|margin|inset|border-width):(\s+\S+){4}$", each)]
    assert [each for each in uneven if each.split()[2] != each.split()[4]] == []


def test_every_class_of_the_sheet_is_used() -> None:
    sheet = re.sub(r"/\*.*?\*/", "", (STATIC / "presswatch.css").read_text("utf-8"), flags=re.DOTALL)
    named = {name for rule in re.findall(r"([^{}]+){", sheet) for name in re.findall(r"\.([a-z][\w-]*)", rule)}
    web = Path(rendering.__file__).parent
    written = [*(web / "templates").rglob("*.html"), *web.rglob("*.py"), web / "static" / "presswatch.js"]
    used = set(re.findall(r"[\w-]+", " ".join(each.read_text("utf-8") for each in written)))
    made = {"htmx-request", *(f"heat{number}" for number in range(1, 5))}  # by htmx, by a number
    assert len(named) > 80
    assert named - used == made
