"""The work of an import grows with the file, and not faster."""

from __future__ import annotations

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

import pytest
from sqlalchemy import Connection, delete, event

from presswatch.loop import run
from presswatch.watchlist.file_format import Form
from presswatch.watchlist.importing import import_watchlist
from storage import tables
from storage.database import Database
from storage.errors import MistakesError
from storage.types import SOLE_OWNER
from tests.presswatch.watchlist.bringing import bring_in
from tests.presswatch.watchlist.examples import settings
from tests.steps import growth

P = ParamSpec("P")
R = TypeVar("R")


class InThisThread(Database):
    """A database whose writes are done where they are asked for, so that their steps can be counted."""

    async def write_async(
        self, function: Callable[Concatenate[Connection, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        return self.write(function, *args, **kwargs)


def many(form: Form, size: int) -> bytes:
    """A file with so many sources, all of one host."""
    if form is Form.OPML:
        feeds = "".join(f'<outline text="News" xmlUrl="https://m.example/{n}/feed"/>' for n in range(size))
        return f'<opml version="2.0"><body>{feeds}</body></opml>'.encode()
    rows = (f'[[source]]\nkey = "m/{n}"\nname = "N"\naddress = "https://m.example/{n}"\n' for n in range(size))
    return "\n".join(rows).encode()


@pytest.mark.slow
@pytest.mark.parametrize("form", [Form.TOML, Form.OPML])
def test_the_work_of_an_import_grows_with_the_file(here: Database, form: Form) -> None:
    """What is known is looked at once, and not for each source: 2,678 had not ended after a quarter of an hour."""
    files = {size: many(form, size) for size in (60, 480)}
    with InThisThread(here.path.parent) as database:

        def import_so_many(size: int) -> None:
            database.write(lambda connection: connection.execute(delete(tables.sources)))
            changed = run(import_watchlist(database, SOLE_OWNER, files[size], form, settings()))
            assert len(changed) == size

        assert growth(import_so_many, 60, 480) < 1.5


@pytest.mark.slow
def test_an_import_of_what_is_known_and_a_removal_of_all_grow_with_the_file_too(here: Database) -> None:
    files = {size: many(Form.TOML, size) for size in (60, 480)}
    nothing = b'[[source]]\nkey = "m/other"\nname = "N"\naddress = "https://m.example/other"\n'
    with InThisThread(here.path.parent) as database:

        def again_and_away(size: int) -> None:
            run(import_watchlist(database, SOLE_OWNER, files[size], Form.TOML, settings()))
            renamed = files[size].replace(b'name = "N"', b'name = "M"')
            assert len(run(import_watchlist(database, SOLE_OWNER, renamed, Form.TOML, settings()))) == size
            run(import_watchlist(database, SOLE_OWNER, nothing, Form.TOML, settings(), prune=True))

        assert growth(again_and_away, 60, 480) < 1.5


@pytest.mark.parametrize("form", [Form.TOML, Form.OPML])
def test_a_large_file_costs_a_few_statements_a_source(here: Database, form: Form) -> None:
    executed: list[str] = []
    with InThisThread(here.path.parent) as database:
        event.listen(database.place.writer, "before_cursor_execute", lambda *said: executed.append(said[2]))
        run(import_watchlist(database, SOLE_OWNER, many(form, 200), form, settings()))
    assert len(executed) < 200 * 3
    assert sum("WHERE sources.removed_at IS NULL ORDER BY" in one for one in executed) <= 5  # looks at all of them


def test_two_sources_of_one_section_in_one_file_are_found_among_many(here: Database) -> None:
    twice = many(Form.TOML, 50) + b'\n[[source]]\nkey = "m/twice"\nname = "N"\naddress = "http://m.example/7/"\n'
    with pytest.raises(MistakesError) as refused:
        bring_in(here, twice.decode())
    assert len(refused.value.mistakes) == 2  # each of the two is told of the other
