"""Many sources of the catalogue are switched at once. Touches files; asks nobody on the internet."""

from __future__ import annotations

from pathlib import Path

from crawler.catalog import find_pack
from tests.fakes.program import Program


def test_a_pack_is_enabled_and_disabled_as_one(tmp_path: Path) -> None:
    program = Program(tmp_path)
    members = sorted(spec.key for spec in find_pack("baltic"))
    assert program("sources", "enable", members[0]).code == 0

    enabled = program("sources", "enable", "--pack", "baltic")
    assert f"{len(members) - 1} sources of the pack baltic are polled from now on\n1 was polled before" in enabled.out
    assert f"{len(members)} of them have not been seen live yet" in enabled.out
    assert [source["key"] for source in program("sources", "list", "--enabled", "--json").json] == members

    listed = program("sources", "list", "--pack", "baltic", "--json").json
    assert [(source["key"], source["enabled"]) for source in listed] == [(key, True) for key in members]
    assert all("baltic" in source["packs"] for source in listed)
    assert {(source["verified"], source["health"]) for source in listed} == {(False, None)}

    assert program("sources", "disable", "--pack", "baltic").code == 0
    assert program("sources", "list", "--enabled", "--json").json == []


def test_alias_packs_of_one_s_own_lie_where_the_setting_says(tmp_path: Path) -> None:
    program, folder = Program(tmp_path / "data"), tmp_path / "shared"
    folder.mkdir()
    (folder / "waters.toml").write_text('name = "Waters"\ndescription = ""\n[names]\nen = ["lake"]\n', encoding="utf-8")
    assert program("topics", "add", "Waters", "alias:waters").code == 2
    assert program("topics", "add", "Waters", "alias:waters", PRESSWATCH_ALIASES=str(folder)).code == 0
