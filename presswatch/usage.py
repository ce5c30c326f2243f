"""What Typer says of a command line that it cannot read, in the words of every other error."""

from __future__ import annotations

import re
import shlex
from typing import Any

from typer import BadParameter, TyperException

from presswatch.output import command
from storage.errors import InvalidInputError, did_you_mean

_WORDS = (
    (r"^Value error, ", ""),
    (r"^'(.*)' is not one of (.*)\.$", r"\1 is none of \2"),
    (r"^Input should be a valid integer.*", "it has to be a whole number"),
    (r"^Input should be a valid number.*", "it has to be a number"),
    (r"^Input should be greater than or equal to (\S+)$", r"it has to be \1 or more"),
    (r"^Input should be less than or equal to (\S+)$", r"it has to be \1 or less"),
    (r"^'(.*)' does not match the formats? '%Y-%m-%d'\.$", r"\1 is not written like 2024-01-31"),
)
"""Sentences of pydantic and Typer, and ours."""


def in_our_words(error: TyperException) -> InvalidInputError:
    """The same mistake as an error of ours, with its mend."""
    context = getattr(error, "ctx", None)
    called = context.command_path if context is not None else command()
    said = str(error.format_message()) if hasattr(error, "format_message") else str(error)
    usual = f"see what it takes with: {called} --help"
    if near := re.search(r"^No such command '(.*?)'\.(?: Did you mean (.*)\?)?", said):
        return InvalidInputError(f"there is no command {near[1]!r}", mend=_did_you_mean(near[2], usual))
    option = getattr(error, "option_name", None)
    if option and said.startswith("No such option"):
        mend = _did_you_mean(", ".join(getattr(error, "possibilities", None) or ()), usual)
        if not option.startswith("--"):  # of one letter: a query was taken for options
            mend = "a query that begins with - goes last, behind --"
        return InvalidInputError(f"{called} has no option {option}", mend=mend)
    if extra := re.search(r"^Got unexpected extra arguments?(?:\(s\))? \((.*)\)", said, re.DOTALL):
        return InvalidInputError(f"{extra[1]} is one word too many", mend=_in_quotes(context, extra[1]) or usual)
    if missing := re.search(r"^Missing (?:argument|option|parameter) '?(.*?)'?\.", said):
        return InvalidInputError(
            f"{missing[1].upper() if '-' not in missing[1] else missing[1]} is missing", mend=usual
        )
    if isinstance(error, BadParameter):
        said = _worded(error.message)
        near = re.fullmatch(r"(.*) is none of (.*)", said)
        return InvalidInputError(
            f"{_name(error)}: {said}", mend=(did_you_mean(near[1], near[2].split(", ")) if near else "") + usual
        )
    return InvalidInputError(said.rstrip("."), mend=usual)


def _name(error: Any) -> str:
    """Of the option or the argument, as a person types it."""
    named = re.search(r"Invalid value for '?(.*?)'?:", error.format_message())
    return named[1] if named else "the value"


def _worded(said: str) -> str:
    for pattern, ours in _WORDS:
        said = re.sub(pattern, ours, said)
    return said.replace("'", "")


def _did_you_mean(near: str | None, otherwise: str) -> str:
    return f"did you mean {near.replace(chr(39), '')}?" if near else otherwise


def _in_quotes(context: Any, extra: str) -> str:
    """How a query of several words is typed, where the command takes one."""
    params = context.params if context is not None else {}
    taken = next((str(params[name]) for name in ("query", "topic") if params.get(name)), "")
    if not taken:
        return "put what belongs together in quotes"
    return f"put what belongs together in quotes: {context.command_path} {shlex.quote(f'{taken} {extra}')}"
