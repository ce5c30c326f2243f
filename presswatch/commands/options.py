"""Options and arguments that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

from storage.errors import InvalidInputError

AsJSON = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]

ItemNumber = Annotated[str, typer.Argument(help="A statement's number, as search shows it.", metavar="ITEM")]


def number(typed: str, of: str = "statement") -> int:
    """The number of a statement as search shows it, `52` or `#52`. Raises `InvalidInputError`."""
    digits = typed.strip().removeprefix("#")
    if not (digits.isascii() and digits.isdigit()):
        raise InvalidInputError(f"{typed!r} is no {of}'s number", mend="give one such as 12 or '#12'")
    return int(digits)
