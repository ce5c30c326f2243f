"""Options and arguments that several commands share."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from storage.errors import InvalidInputError

_LONGEST_NUMBER = 18
"""Digits that a database has numbers for."""

AsJSON = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]

UntilDay = Annotated[
    datetime,
    typer.Option("--until", formats=["%Y-%m-%d"], help="The day on which it goes on by itself.", metavar="YYYY-MM-DD"),
]

Statement = Annotated[
    str, typer.Argument(help="A statement's number, as search shows it, or its address.", metavar="ITEM")
]


def number(typed: str, of: str = "statement") -> int:
    """A number as lists show it, `52` or `#52`. Raises `InvalidInputError`."""
    digits = typed.strip().removeprefix("#")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST_NUMBER):
        raise InvalidInputError(f"{typed!r} is no {of}'s number", mend="give one such as 12 or '#12'")
    return int(digits)


def number_or_address(typed: str) -> int | str:
    """What names a statement. Raises `InvalidInputError`."""
    is_address = typed.strip().lower().startswith(("http://", "https://"))
    return typed.strip() if is_address else number(typed)
