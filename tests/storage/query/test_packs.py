"""The user's alias packs: they mean something in every question, at once. A real database."""

from __future__ import annotations

from pathlib import Path

import pytest

from notify.matching.new_versions import MatchRun
from storage.database import Database
from storage.errors import QueryError
from storage.events import Event
from storage.opening import open_database
from storage.people import topics
from storage.query.aliases import shipped_packs
from storage.query.packs import AliasFolder
from storage.search.search import search
from storage.types import SOLE_OWNER
from tests.storage.examples import NOW, draft, store, subscribed, watched


def write(database: Database, file: str, content: str) -> Path:
    folder = database.path.parent / "aliases"
    folder.mkdir(exist_ok=True)
    path = folder / f"{file}.toml"
    path.write_text(content, encoding="utf-8")
    return path


def pack(name: str, *words: str) -> str:
    return f'name = "{name}"\ndescription = ""\n[names]\nen = {list(words)}\n'


def test_without_a_folder_the_shipped_packs_are_in_force(database: Database) -> None:
    assert database.packs == shipped_packs()


def test_a_pack_of_the_user_is_found_by_search(database: Database) -> None:
    store(database, draft(watched(database), body="The lake froze."))
    write(database, "waters", pack("Waters", "lake", "river"))
    assert database.read(search, database.packs, "alias:waters").total == 1


def test_a_pack_that_is_edited_means_the_new_words_at_once(database: Database) -> None:
    store(database, draft(watched(database), body="The lake froze."))
    write(database, "waters", pack("Waters", "river"))
    assert database.read(search, database.packs, "alias:waters").total == 0
    write(database, "waters", pack("Waters", "river", "lake"))
    assert database.read(search, database.packs, "alias:waters").total == 1


def test_what_has_not_changed_is_the_same_value(database: Database) -> None:
    write(database, "waters", pack("Waters", "river"))
    assert database.packs is database.packs


def test_a_shipped_pack_stays_where_the_user_s_own_is_damaged(database: Database) -> None:
    write(database, "csto", 'name = "CSTO"\n')
    write(database, "waters", pack("Waters", "river"))
    found = database.aliases.in_force
    assert found.packs["csto"] == shipped_packs()["csto"]
    assert [own.name for own in found.own] == ["Waters"]
    (problem,) = found.problems
    assert "csto.toml" in str(problem)
    assert problem.mend


def test_a_topic_of_an_unknown_alias_is_refused_and_of_a_known_one_saved(database: Database) -> None:
    with pytest.raises(QueryError, match="no alias waters"):
        database.write(topics.add, SOLE_OWNER, database.packs, "Waters", "alias:waters", NOW)
    write(database, "waters", pack("Waters", "river"))
    assert database.write(topics.add, SOLE_OWNER, database.packs, "Waters", "alias:waters", NOW).query == "alias:waters"


def test_the_user_s_packs_lie_where_the_operator_says_and_not_where_the_database_does(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "waters.toml").write_text(pack("Waters", "lake"), encoding="utf-8")
    for name in ("one", "another"):
        with open_database(tmp_path / name, aliases=AliasFolder(tmp_path / "shared")) as database:
            write(database, "beside", pack("Beside", "lake"))
            assert [own.name for own in database.aliases.in_force.own] == ["Waters"]
            store(database, draft(watched(database), body="The lake froze."))
            assert database.read(search, database.packs, "alias:waters").total == 1


async def test_alerts_follow_the_packs_without_a_restart(database: Database) -> None:
    told: list[Event] = []
    asking = MatchRun(database, told.append)
    path = write(database, "waters", pack("Waters", "river"))
    subscribed(database, "Waters", "alias:waters")
    source = watched(database)
    store(database, draft(source, 1, body="The lake froze."))
    assert await asking.match_new() == 0
    write(database, "waters", pack("Waters", "river", "lake"))
    store(database, draft(source, 2, body="The lake thawed."))
    assert await asking.match_new() == 1
    path.unlink()
    store(database, draft(source, 3, body="The lake froze again."))
    assert await asking.match_new() == 0
    assert "no alias waters" in str(told[0])
