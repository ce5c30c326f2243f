"""How the command line speaks: event lines, tables, JSON, errors."""

from __future__ import annotations

import io
import itertools
import os
import re
import shlex
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

from presswatch.representations import plain
from presswatch.visible import visible, visible_json
from storage.types import day_in_words

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from storage.errors import PresswatchError
    from storage.types import Published

SECONDS_BETWEEN_LINES = 5.0
"""Of progress, where there is no terminal for a bar."""
PIPE_WIDTH = 200
"""Characters of a line where there is no terminal to ask."""
_GAP = 2
"""Blanks between two columns."""


_folder: Path | None = None
"""What `--data` said: only for hints."""
_database = ""
"""What `--database` said, without its password: only for hints."""


def named(folder: Path | None, database: str = "") -> None:
    """Hints of what to type next name this folder with `--data` from now on, or none, and so the database."""
    global _folder, _database
    _folder, _database = folder, without_password(database)


def without_password(address: str) -> str:
    """The address of a database as it may be shown."""
    return re.sub(r"(?<=://)([^:/?@]*):.*@", r"\1@", address).partition("?")[0]


def command(folder: Path | None = None) -> str:
    """How the person called us, for hints of what to type next; with the folder that he named, or this one."""
    called, folder = os.environ.get("PRESSWATCH_COMMAND") or _started_as(), folder or _folder
    options = {"--data": str(folder or ""), "--database": _database}
    return " ".join([called, *(f"{option} {shlex.quote(value)}" for option, value in options.items() if value)])


def _started_as() -> str:
    """`presswatch`, or `python -m presswatch` with the Python that was named."""
    is_module = Path(sys.argv[0]).parts[-2:] == ("presswatch", "__main__.py")
    return f"{shlex.quote(sys.orig_argv[0])} -m presswatch" if is_module else "presswatch"


def say(text: str = "") -> None:
    """One line to a person, on the terminal or in a log; shows control characters instead of obeying them."""
    print(visible(text), flush=True)


def note(text: str) -> None:
    """The same, on stderr: out of the way of what may be read by a program."""
    print(visible(text), file=sys.stderr, flush=True)


def as_it_can_be_shown(*streams: TextIO) -> None:
    """What a stream's encoding has no letters for is written as `\\u0426`; a display is never what fails."""
    for stream in streams:
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def silenced(stream: TextIO) -> None:
    """Whatever is still to be written to a stream that takes nothing more goes nowhere."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def fail(error: PresswatchError, code: int = 2) -> NoReturn:
    """One clear line with the mend, and the exit code: 2 for a person's mistake."""
    note(in_words(error, typed))
    raise SystemExit(code)


def in_words(error: PresswatchError, called: Callable[[str], str] = str) -> str:
    """What is wrong, where, and the mend: lines, the first one says it. `called` names the commands in a mend."""
    from storage.errors import MistakesError, UnreadableError

    what = f"{error.reason}: {error}" if isinstance(error, UnreadableError) else str(error)
    lines = [f"error: {what}", *_below(error, called)]
    for mistake in error.mistakes if isinstance(error, MistakesError) else ():
        lines += [f"- {mistake}", *_below(mistake, called)]
    return "\n".join(lines)


def _below(error: PresswatchError, called: Callable[[str], str]) -> Iterator[str]:
    """What stands below an error's message: where in a query it is, and the mend."""
    from storage.errors import QuerySyntaxError

    if isinstance(error, QuerySyntaxError):
        yield from (f"  {line}" for line in error.pointer().splitlines())
    if error.mend:
        yield f"  mend: {called(error.mend)}"


def typed(text: str) -> str:
    """A text in which commands are named as this person calls the program."""
    from storage.errors import as_called

    return as_called(text, command())


def as_json(value: Any) -> None:
    """Print a value as JSON: for a list, one document with all of it."""
    import json

    print(visible_json(json.dumps(value, ensure_ascii=False, indent=2, default=plain)))


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], *, empty: str) -> None:
    """Print rows under their headings, each as a block where words would be cut; or say that there are none."""
    listed = [tuple(map(visible, row)) for row in rows]
    if not listed:
        say(empty)
    elif not fits(columns, listed):
        for number, row in enumerate(listed):
            if number:
                say()
            fields({name: cell for name, cell in zip(columns, row, strict=True) if cell})
    elif sys.stdout.isatty() or not _fit_as_lines(columns, listed):
        console().print(_table(columns, listed))
    else:
        _print_lines(columns, listed)


def fits(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether a table stands in the width of the screen with all words whole."""
    return _stand_together(_widths([columns, *rows], str.split))


def _fit_as_lines(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether it does with no cell folded."""
    return _stand_together(_widths([columns, *rows], str.splitlines)) and not any("\n" in "".join(row) for row in rows)


def _stand_together(widths: Sequence[int]) -> bool:
    return sum(widths) + _GAP * (len(widths) - 1) <= _width()


def _widths(rows: Sequence[Sequence[str]], pieces: Callable[[str], list[str]]) -> list[int]:
    """Of each column, the cells of a terminal that its widest piece takes."""
    from rich.cells import cell_len

    return [
        max((cell_len(piece) for cell in cells for piece in pieces(cell)), default=0)
        for cells in zip(*rows, strict=True)
    ]


def _print_lines(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """What needs no laying out is written as it stands: that costs a command more than all else it does."""
    from rich.cells import set_cell_size

    widths = _widths([columns, *rows], str.splitlines)
    for row in (columns, *rows):
        cells = map(set_cell_size, row, widths)
        say((" " * _GAP).join(cells).rstrip())


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in columns:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table


def console() -> Console:
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else PIPE_WIDTH, highlight=False)


def _width() -> int:
    return console().width if sys.stdout.isatty() else PIPE_WIDTH


def moment(at: datetime | None) -> str:
    """A time to the minute, in the zone of the person's machine: `28 Nov 2026, 00:46 UTC`."""
    if at is None:
        return ""
    here = at.astimezone()
    return f"{day_in_words(here)}, {here:%H:%M %Z}"


def claimed(published: Published) -> str:
    """When a ministry says that it published: its time as the person's machine has it, or its day; else nothing."""
    if published.at is not None:
        return moment(published.at)
    return day_in_words(published.day) if published.day is not None else ""


def plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


@contextmanager
def progress(total: int, doing: str) -> Iterator[Callable[[str], None]]:
    """Show how far long work is, on stderr: a bar on a terminal, else a line every few seconds.

    Gives a function to call with the name of each thing that is done.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    terminal = Console(stderr=True)
    if not terminal.is_terminal:
        yield _progress_lines(total, doing)
        return
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=terminal, transient=True) as bar:
        task = bar.add_task(doing, total=total)
        yield lambda name: bar.update(task, advance=1, description=visible(f"{doing} {name[:60]}"))


def now_and_then() -> Callable[[str], None]:
    """`note`, but of what comes quickly no more than one every few seconds."""
    said_at = time.monotonic()

    def tell(text: str) -> None:
        nonlocal said_at
        if time.monotonic() - said_at >= SECONDS_BETWEEN_LINES:
            said_at = time.monotonic()
            note(text)

    return tell


def _progress_lines(total: int, doing: str) -> Callable[[str], None]:
    done, tell = itertools.count(1), now_and_then()
    return lambda name: tell(f"{doing}: {next(done)} of {total}, {name}")


def whole_progress(doing: str) -> Callable[[int, int], None]:
    """A function that shows how far work is that tells how much it has done, of how much. It shows nothing before.

    A bar on a terminal, else a line every few seconds; on stderr.
    """
    shown = ExitStack()
    one_done: Callable[[str], None] | None = None
    known = 0

    def tell(done: int, total: int) -> None:
        nonlocal one_done, known
        one_done = one_done or shown.enter_context(progress(total, doing))
        for _ in range(done - known):
            one_done("")
        known = done
        if done >= total:
            shown.close()

    return tell


@contextmanager
def looking() -> Iterator[Callable[[str], None]]:
    """Show on stderr what is looked at, where that takes long: one line that changes on a terminal, else a line every
    few seconds. Gives a function to call with the name of each thing."""
    from rich.console import Console
    from rich.text import Text

    terminal = Console(stderr=True, highlight=False)
    if not terminal.is_terminal:
        tell = now_and_then()
        yield lambda name: tell(f"looking at {name}")
        return
    with terminal.status("looking") as status:
        yield lambda name: status.update(Text(visible(f"looking at {name[:100]}")))


def fields(rows: Mapping[str, str]) -> None:
    """Print names and values, one a line, values aligned."""
    width = max(map(len, rows), default=0)
    for name, value in rows.items():
        say(f"{name:<{width}}  {value}")
