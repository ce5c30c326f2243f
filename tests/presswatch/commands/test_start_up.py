"""A command that only asks imports what it needs: that is most of what it costs. Modules are counted, not seconds."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from storage.clock import now
from storage.opening import open_database
from storage.people import channels, topics
from storage.sources import sources
from storage.types import SOLE_OWNER
from tests.storage.examples import draft, spec, store, subscribed

pytestmark = pytest.mark.slow

HEAVY = frozenset(
    {
        "alembic", "apprise", "apscheduler", "babel", "css_inline", "htmldate", "jinja2", "lxml", "multiprocessing",
        "paho", "py3langid", "pypdf", "resiliparse", "scrapy", "tomlkit", "trafilatura",
        "twisted",
    }
)  # fmt: skip
"""What fetches, reads, composes, sends or migrates: a question does none of it."""

MOST_BESIDE_THE_LIBRARIES = 350
"""Modules of ours and of the standard library that a question may import beside what a database costs."""

QUESTIONS = (
    ("topics", "list"), ("topics", "list", "--json"), ("subscriptions", "list"), ("alerts", "list"),
    ("sources", "list"), ("notices", "list"), ("aliases", "list"), ("aliases", "show", "CSTO"), ("search", "bridge"),
    ("show", "1"), ("why", "1", "Bridges"), ("facets", "bridge"), ("trend", "bridge"), ("silence",),
    ("export", "bridge"), ("feed", "bridge"), ("topics", "test", "bridge"), ("channels", "list"),
)  # fmt: skip

ASK = """
import contextlib, gc, io, json, sys
gc.disable()
sys.argv = ["presswatch", *sys.argv[1:]]
from presswatch.cli import main
code = 0
with contextlib.redirect_stdout(io.StringIO()) as out:
    try:
        main()
    except SystemExit as ended:
        code = ended.code
print(json.dumps([code, len(out.getvalue()), sorted(sys.modules)]))
"""

DATABASE_COSTS = """
import asyncio, json, sys
import pydantic_settings, rich.table, sqlalchemy.dialects.postgresql, sqlalchemy.dialects.sqlite, sqlite3, typer
print(json.dumps(sorted(sys.modules)))
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small database: a source, a statement, a topic that it meets, a channel of each common kind."""
    folder = tmp_path_factory.mktemp("data")
    with open_database(folder) as database:
        source = database.write(sources.add, spec(), alert_first=False, now=now())
        database.write(topics.add, SOLE_OWNER, database.packs, "Bridges", "bridge", now())
        store(database, draft(source, 1), now=now())
        subscribed(database)
        for name, address in (("hook", "json://127.0.0.1/"), ("mail", "mailtos://a:b@127.0.0.1?to=c@example.org")):
            database.write(channels.add, SOLE_OWNER, database.keyring, name, address, now())
    return folder


def printed(code: str, *words: str) -> list[object]:
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=True)
    told: list[object] = json.loads(done.stdout.splitlines()[-1])
    return told


def imported_by(data: Path, *words: str) -> set[str]:
    """What a process has imported that has answered."""
    code, length, modules = printed(ASK, *words, "--data", str(data))
    assert (code, bool(length)) == (0, True)
    assert isinstance(modules, list)
    return set(modules)


@pytest.mark.parametrize("words", QUESTIONS, ids=" ".join)
def test_a_question_imports_nothing_that_fetches_reads_composes_or_sends(data: Path, words: tuple[str, ...]) -> None:
    assert {name.partition(".")[0] for name in imported_by(data, *words)} & HEAVY == set()


@pytest.mark.parametrize("words", [("topics", "list"), ("search", "bridge")], ids=" ".join)
def test_a_question_imports_little_beside_the_libraries_of_a_database(data: Path, words: tuple[str, ...]) -> None:
    beside = imported_by(data, *words) - {str(name) for name in printed(DATABASE_COSTS)}
    assert len(beside) < MOST_BESIDE_THE_LIBRARIES, sorted(beside)


def test_nothing_asks_unicode_about_all_characters_before_a_text_is_read() -> None:
    code = (
        "import json, storage.query.words as words\n"
        "made = [each.cache_info().currsize for each in (words._marks, words._token, words._piece, words._unified)]\n"
        "print(json.dumps(made))"
    )
    assert printed(code) == [0, 0, 0, 0]


def test_garbage_is_not_looked_for_among_what_is_imported() -> None:
    code = (
        "import gc, json\n"
        "gc.disable()\n"
        "from presswatch.context import work_begins\n"
        "work_begins()\n"
        "print(json.dumps([gc.isenabled(), gc.get_freeze_count() > 1000]))"
    )
    assert printed(code) == [True, True]
