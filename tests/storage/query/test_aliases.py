"""Alias packs: their own examples, and files that are none. Reads the shipped packs."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.query.aliases import AliasName, AliasPack, Example, by_name, find_alias, read_packs, shipped_packs
from storage.query.evaluate import evaluate
from storage.query.parser import parse
from storage.query.resolve import ResolvedQuery, name_atoms, resolve
from storage.query.text import analyse

PACKS = {pack.name: pack for pack in shipped_packs().values()}
LIMITED = {pack.name for pack in PACKS.values() if any(name.only for name in pack.names)}


def named(pack: AliasPack) -> ResolvedQuery:
    return resolve(parse(f'alias:"{pack.name}"'))


@pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS)
def test_a_pack_answers_its_examples_rightly(pack: AliasPack) -> None:
    query = named(pack)
    for example in pack.examples:
        languages = [example.language, *([""] if _is_clear(pack.name, example) else [])]
        for language in languages:
            assert evaluate(query, analyse("", example.text, language)).matches is example.matches, (example, language)


def _is_clear(alias: str, example: Example) -> bool:
    """Whether the answer is to be the same where the language is not known: its stems are then those of its script,
    and a name that counts in some languages only counts."""
    return example.language in ("en", "ru") and (example.matches or alias not in LIMITED)


@pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS)
def test_a_pack_has_names_in_english_and_russian_and_sentences_for_all_of_its_languages(pack: AliasPack) -> None:
    languages = {name.language for name in pack.names}
    assert languages >= {"en", "ru"}
    assert {example.language for example in pack.examples if example.matches} >= languages
    assert {example.language for example in pack.examples if not example.matches} >= {"en", "ru"}


def test_there_are_packs_for_what_a_desk_writes_about() -> None:
    assert len(PACKS) >= 50


@pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS)
def test_each_name_of_a_pack_is_found_in_a_text_of_its_language(pack: AliasPack) -> None:
    query = named(pack)
    for name in pack.names:
        written = name.text.replace("*", "")
        assert evaluate(query, analyse("", f"… {written}, …", name.language)).matches, name


@pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS)
def test_no_name_of_a_pack_is_listed_that_another_finds(pack: AliasPack) -> None:
    seen: set[object] = set()
    for name in pack.names:
        found = (name.language, name_atoms(name))
        assert found not in seen, name
        seen.add(found)


@pytest.mark.parametrize("name", ["CSTO", "csto", "odkb", "ОДКБ", " Csto "])
def test_a_pack_is_found_by_its_name_and_synonyms_in_any_case(name: str) -> None:
    pack = find_alias(name)
    assert pack is not None
    assert pack.name == "CSTO"


def write(folder: Path, name: str, word: str, *, file: str = "water") -> None:
    folder.mkdir(exist_ok=True)
    (folder / f"{file}.toml").write_text(f'name = "{name}"\ndescription = ""\n[names]\nen = ["{word}"]\n')


def test_a_later_pack_stands_in_place_of_an_earlier_one_of_its_name(tmp_path: Path) -> None:
    write(tmp_path, "csto", "lake")
    packs = by_name([*shipped_packs().values(), *read_packs(tmp_path)[0]])
    assert packs["csto"].names == (AliasName("lake", "en"),)
    assert find_alias("ODKB", packs) is None
    assert find_alias("NATO", packs) == find_alias("NATO")


def test_a_bad_file_never_stops_the_others(tmp_path: Path) -> None:
    write(tmp_path, "Lake", "lake", file="a")
    write(tmp_path, "Sea", "", file="b")
    write(tmp_path, "LAKE", "sea", file="c")
    packs, problems = read_packs(tmp_path)
    assert [pack.name for pack in packs] == ["Lake"]
    assert [str(problem).partition("b.toml")[2][:3] for problem in problems[:1]] == [" is"]
    assert "c.toml: 'LAKE' is what a.toml calls its pack" in str(problems[1])
    assert all(problem.mend for problem in problems)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("name = ", id="no TOML"),
        pytest.param('name = "Water"\ndescription = ""', id="no names"),
        pytest.param('name = "Water"\ndescription = ""\n[names]', id="names that are empty"),
        pytest.param('name = "Water"\ndescription = ""\n[names]\nen = ["!"]', id="a name without a word"),
        pytest.param('name = "Water"\ndescription = ""\n[names]\nen = [1]', id="a name that is a number"),
        pytest.param('name = 1\ndescription = ""\n[names]\nen = ["sea"]', id="a pack whose name is a number"),
        pytest.param('name = "Water"\ndescription = ""\n[names]\nen = "sea"', id="names that are no list"),
        pytest.param('name = "W"\ndescription = ""\n[names]\nen = ["=sea*"]', id="an exact name with a star"),
        pytest.param('name = "W"\ndescription = ""\n[names]\nen = ["se*"]', id="a name of two letters and a star"),
        pytest.param('name = "W"\ndescription = ""\n[names]\nen = [{name = "a", in = "en"}]', id="a name of no shape"),
        pytest.param(
            'name = "W"\ndescription = ""\n[names]\nen = [{name = "a", languages = "en"}]', id="languages of no shape"
        ),
        pytest.param(
            'name = "W"\ndescription = ""\n[names]\nen = ["a"]\n[matches]\nen = "a"', id="no list of sentences"
        ),
        pytest.param(
            'name = "W"\ndescription = ""\n[names]\nen = ["a"]\n[macthes]\nen = ["a"]', id="a word that is wrong"
        ),
    ],
)
def test_a_file_that_is_no_pack_is_refused_by_its_name(tmp_path: Path, content: str) -> None:
    (tmp_path / "water.toml").write_text(content)
    _, (problem,) = read_packs(tmp_path)
    assert "water.toml" in str(problem)
    assert problem.mend
