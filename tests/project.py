"""What the project consists of: its folder, its packages, its files and its commands."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import typer
from typer.core import TyperCommand, TyperGroup

from presswatch.cli import app

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ["crawler", "notify", "presswatch", "scheduler", "storage"]
TOP_LEVEL = {
    *PACKAGES,
    ".ci",
    ".gitignore",
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "bootstrap",
    "deploy",
    "docs",
    "pyproject.toml",
    "requirements-postgres.lock",
    "requirements-test.lock",
    "requirements.lock",
    "run",
    "scrapy.cfg",
    "tests",
}


def files() -> list[Path]:
    """The project's own files: what git would commit; without git, what lies in the known places."""
    git = ["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        names = subprocess.run(git, capture_output=True, check=True).stdout.decode().split("\0")
        found = [ROOT / name for name in names if name]
    except (OSError, subprocess.CalledProcessError):
        found = [path for name in TOP_LEVEL for path in [ROOT / name, *(ROOT / name).rglob("*")]]
    return [path for path in found if path.is_file() and "__pycache__" not in path.parts]


def commands(group: TyperGroup, words: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], TyperCommand]]:
    """Every command of the command line that does something, with the words that call it."""
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from commands(command, (*words, name))
        elif isinstance(command, TyperCommand):
            yield (*words, name), command


EVERY_COMMAND = dict(commands(typer.main.get_group(app)))
