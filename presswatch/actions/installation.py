"""What an owner can see of how this presswatch is set up: which setting was decided where, and what lies where."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from presswatch.settings import Settings, config_file
from storage.database import Database

TABLES = ("oidc",)
"""Settings that are several; what is secret in them is not among their words."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A setting, its value in words, and the place where it was decided."""

    name: str
    value: str
    """Empty where there is none."""
    place: str
    """A variable of the environment, a file, `--data`, or nothing: it is as it comes."""
    line: int = 0
    """Of the file."""


def decided(settings: Settings, environment: Mapping[str, str] = os.environ) -> tuple[Decided, ...]:
    """Each setting of a process that has just read them. Secrets are only said to be there."""
    file = config_file()
    lines = _lines(file)
    unasked = Settings()
    found = []
    for name in Settings.model_fields:
        value = getattr(settings, name)
        place, line = _place(name, environment, file, lines)
        if value != getattr(unasked, name):
            place, line = f"--{name}", 0  # the command line goes before both
        found.append(Decided(name, "" if value is None else str(value), place, line))
    return tuple(found)


def _place(name: str, environment: Mapping[str, str], file: Path, lines: Mapping[str, int]) -> tuple[str, int]:
    variable = f"PRESSWATCH_{name.upper()}"
    named = variable if name not in TABLES else next((each for each in environment if each.startswith(variable)), "")
    if environment.get(named):
        return named, 0
    return (str(file), lines[name]) if name in lines else ("", 0)


def _lines(file: Path) -> dict[str, int]:
    """On which line of the file each setting stands first."""
    found: dict[str, int] = {}
    with suppress(OSError):
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
            if named := re.match(r"\s*\[?\s*([a-z_]+)\s*[=.\]]", line):
                found.setdefault(named[1], number)
    return found


@dataclass(frozen=True, slots=True)
class Data:
    """Where the database is, how large it is, and where the key is that opens the channels' addresses."""

    folder: Path
    size: int
    """Bytes."""
    key: str
    key_is_beside: bool
    """It lies beside the database: whoever takes one copy has both."""


async def data(database: Database) -> Data:
    """How the database lies on this machine."""
    keyring = database.keyring
    beside = not keyring.from_environment and keyring.file.parent == database.path.parent
    size = await asyncio.to_thread(_size, database.path)
    return Data(database.path.parent, size, keyring.place, beside)


def _size(path: Path) -> int:
    """Of a database with its journal, which may end while it is looked at."""
    total = 0
    for file in path.parent.glob(f"{path.name}*"):
        with suppress(OSError):
            total += file.stat().st_size
    return total
